//! `placet man`

use std::path::Path;

use clap::CommandFactory as _;

use super::Session;
use crate::args::Cli;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

/// Writes one page a command.
pub(super) fn run(session: &Session<'_>, dir: &Path) -> Outcome {
    let fail =
        |error: std::io::Error| Failure::new(format!("`{}` cannot be written: {error}", dir.display()));
    std::fs::create_dir_all(dir).map_err(fail)?;
    clap_mangen::generate_to(Cli::command(), dir).map_err(fail)?;
    session.printer.note(format_args!("wrote the manual pages into {}", session.place.show(dir)));
    Ok(Exit::Ok)
}
