//! `placet config …`

use clap::{Subcommand, ValueEnum};

/// The commands about what is kept for the command line.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// List what is kept
    #[command(after_help = "Example:\n  $ placet config list")]
    List,
    /// Show one value
    #[command(after_help = "Example:\n  $ placet config get gateway")]
    Get {
        /// Which
        key: Key,
    },
    /// Keep a value
    #[command(
        long_about = "Keep a value. The administration token is read from the terminal without showing it, or from \
            standard input; it is sent to the gateway that is kept with it and to no other.",
        after_help = "Examples:\n  $ placet config set gateway https://gate.example\n  $ placet config set admin-token\n  \
        $ placet config set admin-token < data/admin-token"
    )]
    Set {
        /// Which
        key: Key,
        /// The value; for `admin-token` none, as others can see what is typed
        value: Option<String>,
    },
    /// Keep a value no longer
    #[command(after_help = "Example:\n  $ placet config unset admin-token")]
    Unset {
        /// Which
        key: Key,
    },
}

/// What can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Key {
    /// Address of the gateway
    #[value(alias = "gateway-url")]
    Gateway,
    /// Token for administration of that gateway
    #[value(alias = "api-key")]
    AdminToken,
    /// How answers are written: text or json
    OutputFormat,
}
