//! `placet policy schema`

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;

/// Prints the JSON Schema.
pub(super) fn run(session: &Session<'_>) -> Outcome {
    session.printer.document(&placet_policy::schema());
    Ok(Exit::Ok)
}
