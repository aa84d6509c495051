//! Records for other programs.

use placet_model::visible::{visible, visible_json};
use serde_json::Value;

use crate::query::Entry;

/// Columns of the CSV form, in order.
pub const COLUMNS: [&str; 21] = [
    "time",
    "id",
    "event",
    "agent",
    "session",
    "tool",
    "action",
    "resource",
    "decision",
    "policy",
    "rule",
    "reason",
    "mode",
    "enforcement",
    "would",
    "would_rule",
    "policy_digest",
    "decided_by",
    "cwd",
    "trace",
    "duration_ns",
];

/// CSV after RFC 4180 with a header line.
pub fn csv<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let mut out = COLUMNS.join(",");
    out.push_str("\r\n");
    for entry in entries {
        for (index, column) in COLUMNS.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            match entry.payload.get(*column) {
                Some(Value::String(text)) => cell(text, &mut out),
                Some(Value::Null) | None => {}
                Some(other) => cell(&other.to_string(), &mut out),
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// One JSON list of payloads.
pub fn json<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let list: Vec<&Value> = entries.map(|entry| &entry.payload).collect();
    let text = serde_json::to_string_pretty(&list).unwrap_or_default();
    visible_json(&text).into_owned()
}

fn cell(text: &str, out: &mut String) {
    let text = visible(text);
    let text = disarmed(&text);
    if !text.contains(['"', ',', ';', '\t', '\n']) && !text.starts_with('\'') {
        out.push_str(&text);
        return;
    }
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// `text` with an apostrophe before everything a spreadsheet would run as a formula; agents choose these
/// texts. Some programs look past blanks and quotes, and some split at other characters than commas.
fn disarmed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    if text.starts_with('\t') {
        out.push('\'');
    }
    for piece in text.split_inclusive([';', '\t', '\n']) {
        let start = piece.trim_start_matches([' ', '"', '\u{a0}']);
        if start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
            out.push('\'');
        }
        out.push_str(piece);
    }
    out
}
