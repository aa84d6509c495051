//! `placet completions`

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Cli;
use crate::exit::Exit;
use crate::failure::Outcome;

/// Writes the completion script to stdout.
pub(super) fn run(shell: Shell) -> Outcome {
    clap_complete::generate(shell, &mut Cli::command(), "placet", &mut std::io::stdout());
    Ok(Exit::Ok)
}
