//! Records for other programs.

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
    serde_json::to_string_pretty(&list).unwrap_or_default()
}

fn cell(text: &str, out: &mut String) {
    // A spreadsheet would run what starts like a formula; agents choose these texts.
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !formula && !text.contains(['"', ',', '\n', '\r']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}
