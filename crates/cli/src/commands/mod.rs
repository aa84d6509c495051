//! One file a command: takes its arguments, a [`Session`], and says how it ended.

mod agent;
mod audit;
mod check;
mod claude_md;
mod completions;
mod config;
mod doctor;
mod explain;
pub(crate) mod init;
mod man;
mod operator;
mod policy;
mod programs;
mod serve;
mod status;
pub(crate) mod sync;
mod test_hook;
mod token;
mod trash;
mod trust;
mod undo;
mod uninit;
mod up;

use crate::args::{Cli, Command};
use crate::failure::{Failure, Outcome};
use crate::printer::Printer;
use crate::remote::{Kept, OutputFormat, kept_file};
use crate::surroundings::Surroundings;

/// What every command works with.
pub(crate) struct Session<'a> {
    /// Where to write.
    pub(crate) printer: &'a Printer,
    /// Where it runs.
    pub(crate) place: Surroundings,
}

/// Does what the command line says.
///
/// # Errors
/// With what to tell the person and how to exit.
pub(crate) fn run(cli: &Cli, printer: &Printer) -> Outcome {
    let place = Surroundings::look(cli.global.config.as_deref(), cli.global.machine_root.as_deref())?;
    let session = Session { printer, place };
    match &cli.command {
        Command::Up => up::run(&session),
        Command::Init(args) => init::run(&session, args),
        Command::Uninit(args) => uninit::run(&session, args),
        Command::Doctor(args) => doctor::run(&session, args),
        Command::Check(args) => check::run(&session, args),
        Command::Explain(args) => explain::run(&session, args),
        Command::Policy(command) => policy::run(&session, command),
        Command::Trust(args) => trust::run(&session, args),
        Command::Audit(command) => audit::run(&session, command),
        Command::Trash(args) => trash::run(&session, args),
        Command::Undo(args) => undo::run(&session, args),
        Command::TestHook(args) => test_hook::run(&session, args),
        Command::ClaudeMd(args) => claude_md::run(&session, args),
        Command::Programs(command) => programs::run(&session, command),
        Command::Agent(command) => agent::run(&session, command),
        Command::Operator(command) => operator::run(&session, command),
        Command::Token(command) => token::run(&session, command),
        Command::Sync(args) => sync::run(&session, args),
        Command::Config(command) => config::run(&session, command),
        Command::Status(args) => status::run(&session, args),
        Command::Serve(args) => serve::run(&session, args),
        Command::Completions { shell } => completions::run(&session, *shell),
        Command::Man { dir } => man::run(&session, dir),
        // Only reached when an option stands before the word; the fast path in `main` takes the rest.
        Command::Hook => Err(Failure::arguments("`hook` must be the first word: `placet hook`")),
    }
}

/// Whether `placet config` keeps that answers are JSON. What is wrong there is told by the commands that need it.
pub(crate) fn wants_json(cli: &Cli) -> bool {
    let place = Surroundings::look(cli.global.config.as_deref(), cli.global.machine_root.as_deref());
    let kept = place.and_then(|place| Kept::read(&kept_file(&place)?));
    kept.is_ok_and(|kept| kept.output_format == Some(OutputFormat::Json))
}

/// Asks before something that cannot be taken back.
///
/// # Errors
/// When nobody is there to answer.
fn agreed(session: &Session<'_>, question: &str) -> Result<bool, Failure> {
    session.printer.confirm(question).ok_or_else(|| {
        Failure::arguments("nobody is there to say yes: this is not a terminal")
            .hint("add `--yes` to go on without asking")
    })
}
