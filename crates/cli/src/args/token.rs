//! `placet token …`

use std::path::PathBuf;

use clap::Subcommand;
use clap::builder::NonEmptyStringValueParser;

use super::GatewayArgs;

/// The commands about tokens for administration.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token with some rights and an end, and show it this once
    #[command(after_help = "Examples:\n  $ placet token create ci --rights policies:read,policies:apply\n  \
            $ placet token create watch --rights records:read --expires 12h --output watch.token\n\n\
            The manual lists the rights. Nobody gives a right that they have not.")]
    Create {
        /// Its name: letters, digits, and any of `.`, `_`, `-`, `@`
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
        /// What it allows
        #[arg(long, value_name = "A,B", value_delimiter = ',', required = true)]
        rights: Vec<String>,
        /// How long it holds: `12h`, `30d` or `never` [default: 90d]
        #[arg(long, value_name = "TIME")]
        expires: Option<String>,
        /// Write the token into this file, for you alone, instead of showing it
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// List the tokens, without their text
    #[command(after_help = "Example:\n  $ placet token list --all")]
    List {
        /// Those that ended too
        #[arg(long)]
        all: bool,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// End a token at once, and those that were made with it
    #[command(after_help = "Example:\n  $ placet token revoke ci")]
    Revoke {
        /// Its id or name
        #[arg(value_name = "ID|NAME", value_parser = NonEmptyStringValueParser::new())]
        token: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
}
