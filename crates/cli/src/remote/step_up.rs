//! What may need the password of an operator once more.

use serde_json::{Value, json};
use ureq::http::Method;

use super::{Client, Content};
use crate::commands::Session;
use crate::failure::Failure;
use crate::hidden;

/// Sends something; when the gateway wants the password first and a person sits there, asks for it and sends it again.
///
/// # Errors
/// As [`Client::send`].
pub(crate) fn send_surely(
    session: &Session<'_>,
    client: &Client,
    method: Method,
    path: &[&str],
    content: Content<'_>,
) -> Result<Value, Failure> {
    match client.send(method.clone(), path, &[], content.clone()) {
        Err(error) if error.needs_step_up() && session.printer.is_interactive() => {
            let prompt = "This needs your password once more (it is not shown):";
            let password = hidden::typed(session.printer, prompt)?;
            let body = Content::Json(json!({ "password": password }));
            client.send(Method::POST, &["admin", "session", "step-up"], &[], body)?;
            Ok(client.send(method, path, &[], content)?)
        }
        answered => Ok(answered?),
    }
}
