//! `placet programs`

use super::Session;
use crate::args::ProgramsCommand;
use crate::failure::{Failure, Outcome};

/// Shows program models.
pub(super) fn run(_session: &Session<'_>, command: &ProgramsCommand) -> Outcome {
    let _ = command;
    Err(Failure::new("this build does not list its program models"))
}
