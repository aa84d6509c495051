//! `placet audit …`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::MaybeGateway;

/// The commands about the ledger.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Show the newest records
    #[command(
        after_help = "Examples:\n  $ placet audit tail -n 5\n  $ placet audit tail -f --decision deny\n  $ placet audit tail -f --remote"
    )]
    Tail {
        /// How many
        #[arg(short = 'n', long = "lines", value_name = "COUNT", default_value_t = 20)]
        lines: usize,
        /// Go on as records come
        #[arg(long, short)]
        follow: bool,
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// Those of a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// Search the records
    #[command(after_help = "Example:\n  $ placet audit query --decision deny --from 2026-01-01")]
    Query {
        /// Most records to show, newest first
        #[arg(long, value_name = "COUNT", default_value_t = 100)]
        limit: usize,
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// Those of a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// Show everything recorded under one id
    #[command(after_help = "Example:\n  $ placet audit trace rec_06f2…")]
    Trace {
        /// Id of a record, a session or a tool call; or a trace
        id: String,
        /// In a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// Count decisions
    #[command(after_help = "Example:\n  $ placet audit stats --period 168")]
    Stats {
        /// How far back, in hours
        #[arg(long, value_name = "HOURS", default_value_t = 24)]
        period: u64,
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// Those of a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// Write the records for another program
    #[command(
        long_about = "Write the records for another program: oldest first, or newest first from a gateway, which gives \
            them page by page.",
        after_help = "Example:\n  $ placet audit export --format csv --from 2026-01-01 > audit.csv"
    )]
    Export {
        /// The format
        #[arg(long, value_name = "FORMAT", default_value = "csv")]
        format: ExportFormat,
        /// Write to this file instead of stdout
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// Those of a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// Check that no record was changed, removed or put in
    ///
    /// With `--remote` the whole ledger of a gateway is fetched and checked here, and its head is kept: from then on a gateway whose
    /// ledger was written anew, or cut off, is found out.
    #[command(after_help = "Examples:\n  $ placet audit verify\n  $ placet audit verify --remote")]
    Verify {
        /// That of a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// Remove whole segments of records that are past their time
    ///
    /// Goes as far back as `retention_days` of the policies in force says, or as told. A line that names what
    /// was removed stays behind, so the rest still checks. The segment that is written to never goes.
    #[command(
        after_help = "Examples:\n  $ placet audit prune --dry-run\n  $ placet audit prune --older-than 90"
    )]
    Prune {
        /// Remove what is older than so many days
        #[arg(long, value_name = "DAYS")]
        older_than: Option<u32>,
        /// Show what would go, remove nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// Which records.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Filter {
    /// Of this agent
    #[arg(long)]
    pub(crate) agent: Option<String>,
    /// With this action; `*` stands for anything
    #[arg(long)]
    pub(crate) action: Option<String>,
    /// With this answer: allow, ask, deny or abstain
    #[arg(long)]
    pub(crate) decision: Option<String>,
    /// Not before this date or time
    #[arg(long, value_name = "WHEN")]
    pub(crate) from: Option<String>,
    /// Before this time, or up to this date
    #[arg(long, value_name = "WHEN")]
    pub(crate) to: Option<String>,
}

/// `--format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One JSON array
    Json,
    /// One line a record
    Csv,
    /// One JSON object a line
    Ndjson,
}
