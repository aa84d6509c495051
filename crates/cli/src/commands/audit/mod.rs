//! `placet audit …`

use super::Session;
use crate::args::AuditCommand;
use crate::failure::{Failure, Outcome};

/// Does what the command line says.
pub(super) fn run(_session: &Session<'_>, _command: &AuditCommand) -> Outcome {
    Err(Failure::new("this build cannot read the ledger"))
}
