//! `placet operator …`

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::{GatewayArgs, Where};

/// The commands about people who look after a gateway.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// Make an operator; the password is typed at the terminal
    #[command(
        after_help = "Examples:\n  $ placet operator add ann --role owner\n  $ placet operator add bea --role editor\n\n\
            Roles: owner, admin, editor, approver, viewer. The manual shows what each may."
    )]
    Add {
        /// Its name: letters, digits, and any of `.`, `_`, `-`, `@`
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
        /// What it is: owner, admin, editor, approver or viewer
        #[arg(long, value_name = "ROLE")]
        role: String,
        /// How the password is given
        #[command(flatten)]
        password: PasswordArgs,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// List the operators
    #[command(after_help = "Example:\n  $ placet operator list --all")]
    List {
        /// Disabled ones too
        #[arg(long)]
        all: bool,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Give an operator another role; it counts at once
    #[command(after_help = "Example:\n  $ placet operator set-role bea admin")]
    SetRole {
        /// Its id or name
        #[arg(value_name = "ID|NAME", value_parser = NonEmptyStringValueParser::new())]
        operator: String,
        /// What it is: owner, admin, editor, approver or viewer
        role: String,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Disable an operator for ever; its sessions and tokens end
    #[command(after_help = "Example:\n  $ placet operator disable bea")]
    Disable {
        /// Its id or name
        #[arg(value_name = "ID|NAME", value_parser = NonEmptyStringValueParser::new())]
        operator: String,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Change your password, or somebody's; all sessions of it end
    #[command(
        long_about = "Change your password, or somebody's; all sessions of it end. Your own needs the old one, and you are \
            signed in again. With `--password-stdin` the old one stands on the first line and the new one on the second; \
            somebody's new one stands alone.",
        after_help = "Examples:\n  $ placet operator passwd\n  $ placet operator passwd bea"
    )]
    Passwd {
        /// Somebody else's id or name
        #[arg(value_name = "ID|NAME", value_parser = NonEmptyStringValueParser::new())]
        operator: Option<String>,
        /// How the passwords are given
        #[command(flatten)]
        password: PasswordArgs,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Sign in; the session is kept for this gateway alone
    #[command(after_help = "Examples:\n  $ placet operator login ann\n  $ placet operator login")]
    Login {
        /// Who [default: who signed in last]
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: Option<String>,
        /// How the password is given
        #[command(flatten)]
        password: PasswordArgs,
        /// Which gateway
        #[command(flatten)]
        place: Where,
    },
    /// End the session that is kept
    #[command(after_help = "Example:\n  $ placet operator logout")]
    Logout {
        /// Which gateway
        #[command(flatten)]
        place: Where,
    },
    /// Show who the gateway takes you for, and what you may
    #[command(after_help = "Example:\n  $ placet operator whoami")]
    Whoami {
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
}

/// How a password is given.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct PasswordArgs {
    /// Read it from standard input, for scripts, instead of the terminal
    #[arg(long)]
    pub(crate) password_stdin: bool,
}
