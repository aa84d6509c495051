//! `placet audit trace`

use placet_ledger::query::Entry;
use serde_json::Value;

use super::line;
use super::read::records;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::printer::WIDTH;
use crate::style::{self, paint, wrap};

/// Shows every record that carries the id, in full.
pub(super) fn run(session: &Session<'_>, id: &str) -> Outcome {
    let carries = |entry: &Entry| {
        ["id", "session", "tool_use", "trace"].iter().any(|field| entry.text(field) == Some(id))
    };
    let mut found: Vec<Entry> = records(session)?.into_iter().filter(carries).collect();
    found.sort_by_key(Entry::unix_ms);
    if found.is_empty() {
        return Err(Failure::new(format!("no record carries `{id}`"))
            .hint("ids of records, sessions, tool calls and traces are understood; `placet audit query --json` shows them"));
    }
    show(session, &found);
    Ok(Exit::Ok)
}

/// Shows records in full, one below the other.
pub(super) fn show(session: &Session<'_>, found: &[Entry]) {
    if session.printer.is_json() {
        let list: Vec<&Value> = found.iter().map(|entry| &entry.payload).collect();
        session.printer.document(&list);
        return;
    }
    for (index, entry) in found.iter().enumerate() {
        if index > 0 {
            session.printer.data("");
        }
        line::show(session, entry);
        let fields = entry.payload.as_object().into_iter().flatten();
        for (name, value) in fields {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            for (row, part) in wrap(&text, WIDTH - 20).into_iter().enumerate() {
                let label = if row == 0 { name.as_str() } else { "" };
                session
                    .printer
                    .data(format_args!("  {} {part}", paint(style::DIM, format_args!("{label:<16}"))));
            }
        }
    }
}
