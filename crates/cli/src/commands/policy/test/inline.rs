//! The `tests:` of a policy, run on that policy alone.

use std::path::Path;

use super::batch::Tested;
use crate::commands::Session;
use crate::failure::Failure;

/// Runs them.
///
/// # Errors
/// When the policy does not compile or a test is incomplete.
pub(super) fn run(_session: &Session<'_>, path: &Path, _text: &str) -> Result<Vec<Tested>, Failure> {
    Err(Failure::new(format!("`{}`: this build does not run tests inside policies", path.display())))
}
