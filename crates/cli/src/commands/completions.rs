//! `placet completions`

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Session;
use crate::args::Cli;
use crate::exit::Exit;
use crate::failure::Outcome;

/// Writes the completion script to stdout.
pub(super) fn run(session: &Session<'_>, shell: Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "placet", &mut script);
    session.printer.text(&String::from_utf8_lossy(&script));
    Ok(Exit::Ok)
}
