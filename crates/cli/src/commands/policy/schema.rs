//! `placet policy schema`

use crate::commands::Session;
use crate::failure::{Failure, Outcome};

/// Prints the JSON Schema.
pub(super) fn run(_session: &Session<'_>) -> Outcome {
    Err(Failure::new("this build has no schema of policy files"))
}
