//! `placet agent …`

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};

use super::{GatewayArgs, Where};

/// The commands about agents of a gateway.
#[derive(Debug, Subcommand)]
pub(crate) enum AgentCommand {
    /// List the agents
    #[command(
        after_help = "Examples:\n  $ placet agent list\n  $ placet agent list --trust verified --status all"
    )]
    List {
        /// Of this trust tier
        #[arg(long, value_name = "TIER")]
        trust: Option<String>,
        /// Which: active, revoked or all
        #[arg(long, value_name = "STATUS", default_value = "active", hide_possible_values = true)]
        status: Status,
        /// Older scripts say it so
        #[arg(long, hide = true, conflicts_with = "status")]
        revoked: bool,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Make an agent, and show its key this once
    #[command(
        after_help = "Examples:\n  $ placet agent create builder --trust verified --tags ci,claude-code\n  \
        $ placet agent create builder --output builder.key"
    )]
    Create(CreateArgs),
    /// Show one agent
    #[command(after_help = "Example:\n  $ placet agent show builder")]
    Show {
        /// Which
        #[command(flatten)]
        which: Which,
    },
    /// Change an agent's name, tier or tags; it counts from its next call
    #[command(after_help = "Example:\n  $ placet agent update builder --trust basic --tags ci")]
    Update {
        /// The new name
        #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
        name: Option<String>,
        /// The new trust tier
        #[arg(long, value_name = "TIER")]
        trust: Option<String>,
        /// The new tags, all of them; '' for none
        #[arg(long, value_name = "A,B")]
        tags: Option<String>,
        /// Which
        #[command(flatten)]
        which: Which,
    },
    /// End an agent for ever; its keys count no longer
    #[command(after_help = "Example:\n  $ placet agent revoke builder")]
    Revoke {
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
        /// Which
        #[command(flatten)]
        which: Which,
    },
    /// Give an agent a new key; the old one ends at once
    #[command(after_help = "Example:\n  $ placet agent token builder --output builder.key")]
    Token {
        /// Write the key into this file, for you alone, instead of showing it
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Which
        #[command(flatten)]
        which: Which,
    },
    /// Put this machine under the policies of a gateway, as one of its agents
    #[command(
        long_about = "Put this machine under the policies of a gateway, as one of its agents. The agent's key is the one of \
            PLACET_AGENT_KEY, stands in the file of `--token-file`, or is asked for. Kept are the key, the gateway's address and \
            the key by which it signs policies; from then on hooks need the organisation's policies beside your own, and \
            `placet sync` sends their records there.",
        after_help = "Examples:\n  $ placet agent enroll --gateway https://gate.example --token-file builder.key\n  \
            $ placet agent enroll --fingerprint SHA256:...\n\nExit codes: 0 enrolled, 3 key not taken, 5 no answer."
    )]
    Enroll(EnrollArgs),
    /// Take this machine out of its organisation
    #[command(after_help = "Example:\n  $ placet agent unenroll")]
    Unenroll {
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Find out whether the gateway takes an agent's key
    #[command(
        long_about = "Find out whether the gateway takes an agent's key. The key is the one of PLACET_AGENT_KEY, \
            MESHGUARD_AGENT_TOKEN, MESHGUARD_API_KEY or MESHGUARD_TOKEN, or stands in the file of `--token-file`. \
            Nothing is decided or recorded.",
        after_help = "Example:\n  $ placet agent ping --token-file builder.key\n\nExit codes: 0 taken, 3 not taken, 5 no answer."
    )]
    Ping {
        /// File with the agent's key [default: PLACET_AGENT_KEY]
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
        /// Which gateway
        #[command(flatten)]
        place: Where,
    },
}

/// An agent of a gateway.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Its id or name
    #[arg(value_name = "ID|NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) agent: String,
    /// Which gateway
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `placet agent create`
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// Its name
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(crate) name: String,
    /// Trust tier: unverified, basic, verified, trusted or privileged [default: verified]
    #[arg(long, value_name = "TIER")]
    pub(crate) trust: Option<String>,
    /// Tags that policies look at
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) tags: Vec<String>,
    /// Write the key into this file, for you alone, instead of showing it
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Which gateway
    #[command(flatten)]
    pub(crate) gateway: GatewayArgs,
}

/// `placet agent enroll`
#[derive(Debug, Args)]
pub(crate) struct EnrollArgs {
    /// File with the agent's key [default: PLACET_AGENT_KEY, or asked for]
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// The fingerprint that `placet serve` shows; another one is refused
    #[arg(long, value_name = "SHA256:...")]
    pub(crate) fingerprint: Option<String>,
    /// Which gateway
    #[command(flatten)]
    pub(crate) place: Where,
}

/// `--status`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Status {
    /// Those that may act.
    Active,
    /// Those that were ended.
    Revoked,
    /// Both.
    All,
}

impl Status {
    /// The gateway's word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Revoked => "revoked",
            Self::All => "all",
        }
    }
}
