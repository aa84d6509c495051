//! One file a command: takes its arguments, a [`Session`], and says how it ended.

mod doctor;
pub(crate) mod init;
mod uninit;

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
        Command::Init(args) => init::run(&session, args),
        Command::Uninit(args) => uninit::run(&session, args),
        Command::Doctor(args) => doctor::run(&session, args),
        _ => Err(crate::failure::Failure::new("this command is being written")),
    }
}
