//! Placet's own routes.

pub(crate) mod admin_tokens;
pub(crate) mod bundle;
pub(crate) mod decide;
pub(crate) mod ledger;
pub(crate) mod operators;
pub(crate) mod records;
pub(crate) mod session;
pub(crate) mod token;

use placet_store::RecordRow;

use crate::actor::By;
use crate::error::ApiError;
use crate::recording;
use crate::state::Gateway;

/// The record of a change.
fn told(gateway: &Gateway, by: &By, action: &str, what: &str) -> Result<RecordRow, ApiError> {
    recording::of_change(&gateway.organisation, by, action, what).map_err(|error| ApiError::internal(&error))
}

/// A name of an operator or token: one word, so that records that quote it cannot be misread.
fn name(sent: &str) -> Result<String, ApiError> {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if !sent.is_empty() && sent.len() <= 64 && sent.chars().all(letter) {
        return Ok(sent.to_owned());
    }
    Err(ApiError::bad_request(
        format!("`{sent}` is no name for that"),
        "1 to 64 letters, digits, and any of `.`, `_`, `-` and `@`",
    ))
}
