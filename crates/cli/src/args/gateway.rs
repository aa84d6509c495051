//! Which gateway a command is for.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;

/// Where the gateway is.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Gateway options")]
pub(crate) struct Where {
    /// The gateway [default: PLACET_GATEWAY, or what `placet config` keeps]
    #[arg(long, value_name = "URL")]
    pub(crate) gateway: Option<String>,
    /// Speak plain HTTP with a gateway on another machine
    #[arg(long)]
    pub(crate) plain_http: bool,
}

/// Options of every command of an administrator.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Gateway options")]
pub(crate) struct GatewayArgs {
    /// Where it is.
    #[command(flatten)]
    pub(crate) place: Where,
    /// File with the token [default: PLACET_ADMIN_TOKEN, or what `placet config` keeps]
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

/// Options of commands that look at this machine unless told otherwise.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Gateway options")]
pub(crate) struct MaybeGateway {
    /// Ask the gateway instead of this machine
    #[arg(long)]
    pub(crate) remote: bool,
    /// Which, and by which token.
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

impl MaybeGateway {
    /// The gateway's options, if it is asked. A variable alone never changes what is looked at.
    ///
    /// # Errors
    /// When there are options for a gateway and it is not asked.
    pub(crate) fn wanted(&self) -> Result<Option<&GatewayArgs>, Failure> {
        let GatewayArgs { place: Where { gateway, plain_http }, token_file } = &self.gateway;
        if self.remote || gateway.is_some() {
            return Ok(Some(&self.gateway));
        }
        if token_file.is_some() || *plain_http {
            return Err(Failure::arguments("`--token-file` and `--plain-http` are for a gateway")
                .hint("add `--remote` or `--gateway URL`"));
        }
        Ok(None)
    }
}
