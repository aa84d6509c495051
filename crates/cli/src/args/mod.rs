//! The command line: what may be typed, and what each word means. No behaviour.

mod agent;
mod audit;
mod config;
mod gateway;
mod operator;
mod policy;
mod serve;
mod sync;
mod token;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use agent::{AgentCommand, CreateArgs, EnrollArgs, Status, Which};
pub(crate) use audit::{AuditCommand, ExportFormat, Filter};
pub(crate) use config::{ConfigCommand, Key};
pub(crate) use gateway::{GatewayArgs, MaybeGateway, Where};
pub(crate) use operator::{OperatorCommand, PasswordArgs};
pub(crate) use policy::{PolicyCommand, TestArgs};
pub(crate) use serve::{ServeArgs, ServeMode};
pub(crate) use sync::{SyncArgs, SyncCommand};
pub(crate) use token::TokenCommand;

/// Decides, asks and proves: what coding agents may do on this machine.
///
/// Every tool call of an agent gets one answer: allow, ask or deny.
#[derive(Debug, Parser)]
#[command(
    name = "placet",
    version,
    propagate_version = false,
    term_width = 80,
    after_help = "First steps:\n  \
        $ placet up                        see the starter policy decide\n  \
        $ placet init claude-code          guard Claude Code\n  \
        $ placet doctor                    is the gate really closed?\n  \
        $ placet explain 'rm -rf build'    why would this be denied?\n\n\
        Exit codes: 0 ok or allow, 1 failed or something found, 2 bad arguments,\n\
        3 not authenticated, 4 deny, 5 no answer of a gateway, 10 ask, 11 abstain."
)]
pub(crate) struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Answer as JSON on stdout
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// When to use colour: auto, always or never; NO_COLOR is honoured
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = "Global options"
    )]
    pub(crate) color: Color,
    /// Folder of the user's settings and policies [default: ~/.config/placet]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub(crate) config: Option<PathBuf>,
    /// Append a readable log of this call to placet-debug.log, or the `.log` file PLACET_LOG names
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) debug: bool,
    /// Look for files of the machine below this folder instead of `/`
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    pub(crate) machine_root: Option<PathBuf>,
}

/// `--color`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On terminals
    Auto,
    /// Even into pipes and files
    Always,
    /// Not at all
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Walk through the starter policy, then guard an agent
    #[command(after_help = "Example:\n  $ placet up")]
    Up,
    /// Put Placet in front of an agent's tool calls
    #[command(after_help = "Examples:\n  \
        $ placet init claude-code              every project of this user\n  \
        $ placet init claude-code --project    this repository, for everybody\n  \
        $ placet init claude-code --dry-run    show what would change")]
    Init(InitArgs),
    /// Take Placet's own entries out of an agent's settings
    #[command(after_help = "Example:\n  $ placet uninit claude-code")]
    Uninit(InitArgs),
    /// Find out whether a tool call could get past the gate
    #[command(
        long_about = "Reads every settings file Claude Code would read, the hook program, the policies and \
            the ledger, and reports what keeps the gate from blocking. Exits 1 when something is open.",
        after_help = "Examples:\n  $ placet doctor\n  $ placet doctor --fix"
    )]
    Doctor(DoctorArgs),
    /// Decide a tool call and list the actions it was read as
    #[command(after_help = "Examples:\n  \
        $ placet check 'git push --force'\n  \
        $ placet check --tool Read --input '{\"file_path\": \".env\"}'\n\n\
        Exit codes: 0 allow, 10 ask, 4 deny, 11 abstain.")]
    Check(CallArgs),
    /// Show how a decision came about, and what would change it
    #[command(after_help = "Example:\n  $ placet explain 'cd /tmp && find . -name x -delete'")]
    Explain(CallArgs),
    /// Look at, test and choose policies
    #[command(subcommand, alias = "policies")]
    Policy(PolicyCommand),
    /// Let the policies of this project allow things, as they stand now
    #[command(
        long_about = "Policies in a project's .placet folder may always ask and deny. Their allows count \
            only once you trust them. Trust is pinned to their exact text, outside of the project: any change \
            ends it.",
        after_help = "Examples:\n  $ placet trust\n  $ placet trust --revoke"
    )]
    Trust(TrustArgs),
    /// Read and verify the record of past decisions
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Move files into the trash instead of deleting them
    #[command(
        long_about = "Moves files into the trash instead of deleting them. Takes the place of `rm`, with its options \
            -r and -f. What the trash cannot hold is left where it is.",
        after_help = "Examples:\n  $ placet trash -- notes.txt\n  $ placet trash -r -- build dist\n\n\
            `placet undo` brings them back. Exits 1 when a path was refused."
    )]
    Trash(TrashArgs),
    /// Bring back what was moved into the trash
    #[command(
        long_about = "Brings back what was moved into the trash: the last trashing, or the one of the number \
            given. Nothing is overwritten.",
        after_help = "Examples:\n  $ placet undo --list\n  $ placet undo"
    )]
    Undo(UndoArgs),
    /// Send recorded hook inputs through the gate
    #[command(after_help = "Example:\n  $ placet test-hook recorded/pre_tool_use.bash.json\n\n\
        Nothing is recorded in the ledger. Exits 1 when an input could not be read.")]
    TestHook(TestHookArgs),
    /// Write the rules in force as a section for CLAUDE.md
    #[command(after_help = "Examples:\n  $ placet claude-md\n  $ placet claude-md --write CLAUDE.md\n\n\
        Text outside of the markers is left alone.")]
    ClaudeMd(ClaudeMdArgs),
    /// Show what Placet knows about programs
    #[command(subcommand)]
    Programs(ProgramsCommand),
    /// Make, list, change and end the agents of a gateway
    #[command(subcommand, alias = "agents")]
    Agent(AgentCommand),
    /// Sign in at a gateway; make, list and change those who may
    #[command(subcommand, alias = "operators")]
    Operator(OperatorCommand),
    /// Make, list and revoke tokens for the administration of a gateway
    #[command(subcommand, alias = "tokens")]
    Token(TokenCommand),
    /// Fetch the organisation's policies, and send it the records of this machine
    #[command(
        long_about = "Fetches the policies of the organisation this machine is enrolled in, and sends it the records of the \
            hooks, as both come, until it is ended. Hooks never wait for it. Without it they do the same when a session \
            starts and ends.",
        after_help = "Examples:\n  $ placet sync --once\n  $ placet sync install --systemd\n\n\
            Exit codes: 0 all is well, 1 something was refused, 3 the key is not taken, 5 no answer of the gateway."
    )]
    Sync(SyncArgs),
    /// Keep the gateway's address and token for this command line
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Show in a few lines whether the gate and the gateway are well
    #[command(
        long_about = "Shows in a few lines whether the gate of this machine is closed, which policies are in force, \
            where the ledger is, and how the gateway is, if one is given.",
        after_help = "Examples:\n  $ placet status\n  $ placet status --gateway http://127.0.0.1:3100\n\n\
            Exit codes: 0 all well, 1 the gate is not closed or something is not well,\n\
            5 the gateway does not answer."
    )]
    Status(Where),
    /// Run the gateway of a team: agents, policies, decisions and records over HTTP
    #[command(
        alias = "start",
        long_about = "Runs the gateway of a team: agents, policies, decisions and records over HTTP, on SQLite or \
            PostgreSQL. What is not given on the command line is taken from the environment; the manual lists the names.",
        after_help = "Examples:\n  $ placet serve\n  \
            $ placet serve --listen 127.0.0.1:3100 --data ./data --policies ./policies\n\n\
            Ends on Ctrl-C or SIGTERM, when what was begun is answered."
    )]
    Serve(ServeArgs),
    /// Write a completion script for a shell
    #[command(
        after_help = "Example:\n  $ placet completions bash > ~/.local/share/bash-completion/completions/placet"
    )]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder
    #[command(after_help = "Example:\n  $ placet man ~/.local/share/man/man1")]
    Man {
        /// The folder; made when missing
        dir: PathBuf,
    },
    /// Decide one hook input from stdin; what agents start
    #[command(
        long_about = "Decide one hook input from stdin. Agents start this; `placet init` writes the entry. \
        Options: --config DIR."
    )]
    Hook,
}

/// Which agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Agent {
    /// Claude Code
    ClaudeCode,
}

/// `placet init`, `placet uninit`
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Which agent
    pub(crate) agent: Agent,
    /// The user's settings: every project (default)
    #[arg(long, conflicts_with_all = ["project", "managed"])]
    pub(crate) user: bool,
    /// The project's settings: everybody who works in this repository
    #[arg(long, conflicts_with = "managed")]
    pub(crate) project: bool,
    /// The machine's settings, which users cannot change (needs root)
    #[arg(long)]
    pub(crate) managed: bool,
    /// Show what would change and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Show every line that changes
    #[arg(long)]
    pub(crate) diff: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// `placet doctor`
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Repair what can be repaired, after asking
    #[arg(long)]
    pub(crate) fix: bool,
    /// Do not ask
    #[arg(long, short, requires = "fix")]
    pub(crate) yes: bool,
}

/// A tool call given on the command line.
#[derive(Debug, Args)]
pub(crate) struct CallArgs {
    /// A shell command, as the agent would send it
    #[arg(value_name = "COMMAND", required_unless_present = "tool", conflicts_with = "tool")]
    pub(crate) command: Option<String>,
    /// A tool other than Bash, by the agent's name for it
    #[arg(long, value_name = "NAME", requires = "input")]
    pub(crate) tool: Option<String>,
    /// The tool's input
    #[arg(long, value_name = "JSON", requires = "tool")]
    pub(crate) input: Option<String>,
    /// The agent's permission mode
    #[arg(long, value_name = "MODE", default_value = "default")]
    pub(crate) mode: String,
    /// Where the agent is [default: the current directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) cwd: Option<PathBuf>,
    /// Judge by these policy files alone
    #[arg(long, short, value_name = "FILE")]
    pub(crate) file: Vec<PathBuf>,
}

/// `placet trust`
#[derive(Debug, Args)]
pub(crate) struct TrustArgs {
    /// Trust them no longer
    #[arg(long)]
    pub(crate) revoke: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// `placet trash`
#[derive(Debug, Args)]
pub(crate) struct TrashArgs {
    /// Folders as well
    #[arg(long, short, short_alias = 'R')]
    pub(crate) recursive: bool,
    /// Say nothing of paths that do not exist
    #[arg(long, short)]
    pub(crate) force: bool,
    /// What to move
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<OsString>,
}

/// `placet undo`
#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// Number of the trashing [default: the last one]
    pub(crate) id: Option<u64>,
    /// Show what is in the trash, and change nothing
    #[arg(long, short, conflicts_with = "id")]
    pub(crate) list: bool,
}

/// `placet test-hook`
#[derive(Debug, Args)]
pub(crate) struct TestHookArgs {
    /// Files of recorded hook input, or folders of them
    #[arg(required = true, value_name = "FILE|DIR")]
    pub(crate) paths: Vec<PathBuf>,
    /// Judge by these policy files alone
    #[arg(long, short, value_name = "FILE")]
    pub(crate) file: Vec<PathBuf>,
}

/// `placet claude-md`
#[derive(Debug, Args)]
pub(crate) struct ClaudeMdArgs {
    /// Put the section into this file, or renew it there
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
}

/// `placet programs`
#[derive(Debug, Subcommand)]
pub(crate) enum ProgramsCommand {
    /// List the programs whose options and effects are known
    #[command(after_help = "Example:\n  $ placet programs list")]
    List,
    /// Show what is known of one program
    #[command(after_help = "Example:\n  $ placet programs show git")]
    Show {
        /// Name of the program
        name: String,
    },
    /// Check program models and run their examples
    #[command(
        after_help = "Without PATH: the models in the `programs` folders of machine, user and project.\n\nExample:\n  \
        $ placet programs check .placet/programs/acme-deploy.toml"
    )]
    Check {
        /// Models, or folders of models
        paths: Vec<PathBuf>,
    },
}
