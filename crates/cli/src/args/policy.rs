//! `placet policy …`

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::{CallArgs, GatewayArgs, MaybeGateway};

/// The commands about policies.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// List the policies in force, with the files they come from
    #[command(after_help = "Examples:\n  $ placet policy list\n  $ placet policy list --remote")]
    List {
        /// Those of a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// Check policy files for mistakes
    #[command(aliases = ["validate", "lint"], after_help = "Example:\n  $ placet policy check .placet/*.yaml")]
    Check {
        /// The files [default: everything in force]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Run the tests in policy files, or ask for one decision
    #[command(
        override_usage = "placet policy test FILE…\n       \
            placet policy test AGENT ACTION [--resource R] [--file YAML]\n       \
            placet policy test --agent A --action B [--resource R] [--file YAML]",
        after_help = "Examples:\n  \
            $ placet policy test dev-policy.yaml\n  \
            $ placet policy test my-agent execute:shell --resource 'rm -rf build'\n  \
            $ placet policy test my-agent read:file --resource ./.env --file p.yaml\n  \
            $ placet policy test cases.yaml --file p.yaml\n\n\
            An action with `*` stands for every action of that form. With --file the policy\n\
            is judged alone. Exit codes: files: 0 all passed, 1 some failed, 2 error; one\n\
            decision: 0 allow, 10 ask, 4 deny, 11 abstain."
    )]
    Test(TestArgs),
    /// Print the text of a policy
    #[command(
        after_help = "Examples:\n  $ placet policy show starter\n  $ placet policy show starter --remote"
    )]
    Show {
        /// Name of a policy in force or of a shipped one
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
        /// One of a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// Show how a decision came about; the same as `placet explain`
    #[command(after_help = "Example:\n  $ placet policy explain 'git push -f'")]
    Explain(CallArgs),
    /// Lay policy files out the usual way
    #[command(
        after_help = "Examples:\n  $ placet policy fmt my.yaml\n  $ placet policy fmt --check my.yaml\n\n\
        Comments stay. Trailing blanks go, tabs become blanks, the file ends in one line\n\
        break."
    )]
    Fmt {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Change nothing; exit 1 when something would change
        #[arg(long)]
        check: bool,
    },
    /// Print the JSON Schema of policy files, for editors
    #[command(after_help = "Example:\n  $ placet policy schema > placet-policy.schema.json")]
    Schema,
    /// Make this the only policy of the user
    #[command(
        after_help = "Examples:\n  $ placet policy use starter\n  $ placet policy use ./policies/mine.yaml"
    )]
    Use {
        /// Name of a shipped policy, or a file
        policy: String,
    },
    /// Put a policy beside those of the user
    #[command(after_help = "Example:\n  $ placet policy add ./policies/mine.yaml")]
    Add {
        /// Name of a shipped policy, or a file
        policy: String,
    },
    /// Put policies into force on a gateway
    #[command(
        long_about = "Put policies into force on a gateway. Each is compiled there together with everything else in \
            force; what does not compile changes nothing. Of a folder all .yaml, .yml and .json files are taken, by \
            name.",
        after_help = "Examples:\n  $ placet policy apply policies/starter.yaml\n  $ placet policy apply policies\n  \
            $ placet policy apply house.yaml --expect 3"
    )]
    Apply {
        /// The file, or a folder of them
        #[arg(value_name = "FILE|DIR")]
        path: PathBuf,
        /// Only if this is its newest version there still; 0: none yet
        #[arg(long, value_name = "VERSION")]
        expect: Option<u64>,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Take a policy of a gateway out of force; its versions stay
    #[command(after_help = "Example:\n  $ placet policy delete quick-start")]
    Delete {
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
        /// Its name
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// List the versions of a policy of a gateway
    #[command(after_help = "Example:\n  $ placet policy versions starter")]
    Versions {
        /// Its name
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Put an older text of a policy of a gateway into force again, as a new version
    #[command(
        after_help = "Examples:\n  $ placet policy rollback starter\n  $ placet policy rollback starter --to 2\n\n\
        Nothing is erased: the older text becomes the newest version. A deleted policy\n\
        comes back so. If somebody else changes it at the same moment nothing is done."
    )]
    Rollback {
        /// Its name
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        name: String,
        /// The version whose text it gets [default: the one before the newest]
        #[arg(long, value_name = "VERSION")]
        to: Option<u64>,
        /// Only if this is its newest version still
        #[arg(long, value_name = "VERSION")]
        expect: Option<u64>,
        /// Which gateway
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Show in what two policies differ in meaning
    #[command(after_help = "Examples:\n  $ placet policy diff old.yaml new.yaml\n  \
            $ placet policy diff house house.yaml --remote\n  \
            $ placet policy diff house@3 house@5\n\n\
        Rules that came, went or changed, defaults, and whom it reaches. Comments, layout\n\
        and an order that changes no answer are no difference. NAME@N is version N of the\n\
        gateway; with --remote NAME is what is in force there. Exit codes: 0 the same, 1\n\
        they differ, 2 error (3 and 5 as everywhere).")]
    Diff {
        /// A file, a shipped policy, NAME@VERSION, or with --remote NAME
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        old: String,
        /// The same
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        new: String,
        /// Where names are looked up
        #[command(flatten)]
        remote: MaybeGateway,
    },
    /// List what an agent may do under the policies in force
    #[command(
        after_help = "Examples:\n  $ placet policy allowed\n  $ placet policy allowed builder --remote\n\n\
        An answer that depends on something is followed by what it becomes, and when. Of\n\
        several conditions that hold, the strictest counts (in a first-match policy: the\n\
        first). `placet check` tells for one call."
    )]
    Allowed {
        /// Name of the agent [default: the one settings name]
        agent: Option<String>,
        /// One of a gateway
        #[command(flatten)]
        remote: MaybeGateway,
    },
}

/// `placet policy test`
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Policy or test files; or the agent's name and an action
    #[arg(value_name = "FILE|AGENT ACTION")]
    pub(crate) words: Vec<String>,
    /// Name of the agent
    #[arg(long)]
    pub(crate) agent: Option<String>,
    /// The action, `verb:object`
    #[arg(long)]
    pub(crate) action: Option<String>,
    /// What it is done to: a command, a path, a URL
    #[arg(long, short)]
    pub(crate) resource: Option<String>,
    /// Judge by these policy files alone
    #[arg(long, short, value_name = "YAML")]
    pub(crate) file: Vec<PathBuf>,
    /// Facts for `context:` conditions
    #[arg(long, value_name = "JSON")]
    pub(crate) context: Option<String>,
    /// Show every rule and why it did or did not match
    #[arg(long, short)]
    pub(crate) verbose: bool,
}
