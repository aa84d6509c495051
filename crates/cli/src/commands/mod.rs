//! One file a command: takes its arguments, a [`Session`], and says how it ended.

mod audit;
mod check;
mod claude_md;
mod completions;
mod doctor;
mod explain;
pub(crate) mod init;
mod man;
mod policy;
mod programs;
mod serve;
mod test_hook;
mod trash;
mod trust;
mod undo;
mod uninit;
mod up;

use crate::args::{Cli, Command};
use crate::failure::Outcome;
use crate::printer::Printer;
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
        Command::Serve(args) => serve::run(&session, args),
        Command::Completions { shell } => completions::run(&session, *shell),
        Command::Man { dir } => man::run(&session, dir),
        // Only reached when an option stands before the word; the fast path in `main` takes the rest.
        Command::Hook => {
            Err(crate::failure::Failure::arguments("`hook` must be the first word: `placet hook`"))
        }
    }
}
