//! `placet audit verify`

use placet_client::spool::{kept_head, segments};
use placet_ledger::Removal;
use placet_ledger::verify::verify_ledger;
use serde_json::{Value, json};

use super::read::{load, state};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::style::{self, fold, paint};

/// Checks every line of every segment and how they hang together.
pub(super) fn run(session: &Session<'_>) -> Outcome {
    let state = state(session)?;
    let segments = load(segments(&state).map_err(Failure::new)?)?;
    let borrowed: Vec<(&str, &[u8])> =
        segments.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let report = verify_ledger(&borrowed, kept_head(&state).as_ref());
    let printer = session.printer;
    if printer.is_json() {
        let head = report.head.as_ref().map(
            |head| json!({ "segment": head.segment, "line": head.seq + 1, "hash": head.hash.to_string() }),
        );
        printer.document(&json!({
            "sound": report.sound(), "segments": segments.len(), "records": report.records,
            "erased": report.erased, "head": head, "faults": report.faults, "truncated": report.truncated,
            "unbound": report.unbound, "removed": report.removals.iter().map(removal_json).collect::<Vec<_>>(),
        }));
    } else {
        for line in report.faults.iter().flat_map(|fault| fold(fault, 78)) {
            printer.data(format_args!("{} {line}", paint(style::BAD, "!")));
        }
        for name in &report.truncated {
            printer.data(format_args!(
                "  {name}: its last line was cut off while it was written; the rest holds"
            ));
        }
        for name in &report.unbound {
            printer.data(format_args!("  {name}: written beside the main segment and not bound in yet"));
        }
        for removal in &report.removals {
            printer.data(format_args!(
                "  segments {} were removed with {} records: {}",
                removal.segments.len(),
                removal.records(),
                removal.reason
            ));
        }
        let (word, style) = if report.sound() { ("sound", style::GOOD) } else { ("not sound", style::BAD) };
        printer.data(format_args!(
            "{}: records {}, segments {}",
            paint(style, word),
            report.records,
            segments.len()
        ));
        if let Some(head) = &report.head {
            printer.data(format_args!("head {}", head.hash));
            printer.hint(
                "keep the head elsewhere: whoever can write the whole folder can write a whole new chain",
            );
        }
    }
    Ok(if report.sound() { Exit::Ok } else { Exit::General })
}

fn removal_json(removal: &Removal) -> Value {
    let segments = removal.segments.iter().map(|segment| {
        json!({
            "segment": segment.last.segment, "first": segment.first.to_string(),
            "last": segment.last.hash.to_string(), "records": segment.records,
        })
    });
    json!({ "unixMs": removal.unix_ms, "reason": removal.reason, "segments": segments.collect::<Vec<_>>() })
}
