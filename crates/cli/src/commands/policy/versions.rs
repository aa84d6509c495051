//! `placet policy versions` and `placet policy rollback`

use serde_json::{Value, json};
use ureq::http::Method;

use super::remote::time;
use crate::args::GatewayArgs;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::remote::{Content, admin, list_of, number_of, send_surely, text_of};
use crate::style::{self, shorten};
use crate::table;

/// Lists all versions, newest first.
pub(super) fn list(session: &Session<'_>, name: &str, gateway: &GatewayArgs) -> Outcome {
    let answer = admin(session, gateway)?.get(&["admin", "policies", name, "versions"], &[])?;
    if session.printer.is_json() {
        session.printer.document(&answer);
        return Ok(Exit::Ok);
    }
    let plain = anstyle::Style::new();
    let rows = list_of(&answer, "versions")
        .iter()
        .map(|version| {
            let lines = version.get("yaml").and_then(Value::as_str).map(|yaml| yaml.lines().count());
            vec![
                table::cell(number_of(version, "version"), style::HEADING),
                table::cell(time(version), plain),
                table::cell(shorten(text_of(version, "appliedBy"), 30), plain),
                table::cell(lines.map_or("deleted".to_owned(), |lines| format!("{lines} lines")), plain),
            ]
        })
        .collect();
    session.printer.data(table::render(&["VERSION", "APPLIED", "BY", "TEXT"], rows, &[0, 1, 3]));
    Ok(Exit::Ok)
}

/// Puts the text of an older version into force again: version `to`, if `expect` is the newest still.
pub(super) fn rollback(
    session: &Session<'_>,
    name: &str,
    (to, expect): (Option<u64>, Option<u64>),
    gateway: &GatewayArgs,
) -> Outcome {
    let client = admin(session, gateway)?;
    let wanted = Content::Json(json!({ "version": to, "expectedVersion": expect }));
    let answer =
        send_surely(session, &client, Method::POST, &["admin", "policies", name, "rollback"], wanted)?;
    if session.printer.is_json() {
        session.printer.document(&answer);
    } else {
        let (old, new) = (number_of(&answer, "textOf"), number_of(&answer, "version"));
        session.printer.data(format_args!("{name} has the text of version {old} again, as version {new}"));
    }
    Ok(Exit::Ok)
}
