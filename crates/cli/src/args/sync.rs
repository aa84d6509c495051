//! `placet sync`

use clap::{Args, Subcommand};

/// How to synchronise.
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Do it once and end
    #[arg(long)]
    pub(crate) once: bool,
    /// What else to do.
    #[command(subcommand)]
    pub(crate) command: Option<SyncCommand>,
}

/// What else there is to do.
#[derive(Debug, Subcommand)]
pub(crate) enum SyncCommand {
    /// Have it started whenever you log in, by a service of your own
    #[command(
        after_help = "Examples:\n  $ placet sync install --systemd\n  $ placet sync install --launchd --print"
    )]
    Install {
        /// A user unit of systemd
        #[arg(long, conflicts_with = "launchd", required_unless_present = "launchd")]
        systemd: bool,
        /// An agent of launchd
        #[arg(long)]
        launchd: bool,
        /// Show the file and write nothing
        #[arg(long)]
        print: bool,
    },
}
