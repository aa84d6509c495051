//! `placet agent ping`

use std::path::Path;
use std::time::Instant;

use serde_json::json;
use ureq::http::Method;

use crate::args::Where;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::remote::{Content, agent};
use crate::style::{self, paint};

/// Shows the gateway the key, with a question that asks nothing.
pub(super) fn run(session: &Session<'_>, key_file: Option<&Path>, place: &Where) -> Outcome {
    let client = agent(session, key_file, place)?;
    let started = Instant::now();
    client.send(Method::POST, &["v1", "decide"], &[], Content::Json(json!({ "questions": [] })))?;
    let round_trip_ms = started.elapsed().as_millis();
    if session.printer.is_json() {
        session.printer.document(&json!({
            "ok": true, "gateway": client.address().to_string(), "roundTripMs": round_trip_ms,
        }));
    } else {
        session.printer.data(format_args!(
            "{}: {} takes the key ({round_trip_ms} ms)",
            paint(style::GOOD, "ok"),
            client.address()
        ));
    }
    Ok(Exit::Ok)
}
