//! `placet audit stats`

use jiff::Timestamp;
use placet_ledger::query::{Entry, Stats};
use placet_model::Verdict;
use serde_json::json;

use super::read::{query, records};
use crate::args::Filter;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::style::{self, paint, shorten};

/// Entries of a ranking that are shown.
const RANKS: usize = 5;

/// Counts the decisions of the last hours.
pub(super) fn run(session: &Session<'_>, hours: u64, filter: &Filter) -> Outcome {
    let mut query = query(filter)?;
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0);
    if filter.from.is_none() {
        query.from_unix_ms = Some(now.saturating_sub(hours.saturating_mul(3_600_000)));
    }
    let found: Vec<Entry> = records(session)?.into_iter().filter(|entry| query.matches(entry)).collect();
    let stats = Stats::of(found.iter());
    if session.printer.is_json() {
        session.printer.document(&json!({
            "period": hours, "total": stats.total, "allowed": stats.allowed, "asked": stats.asked,
            "denied": stats.denied, "abstained": stats.abstained, "topDenied": stats.top_denied,
            "byRule": stats.by_rule, "byTool": stats.by_tool,
        }));
        return Ok(Exit::Ok);
    }
    show(session, hours, &stats);
    Ok(Exit::Ok)
}

/// Shows the numbers to a person.
pub(super) fn show(session: &Session<'_>, hours: u64, stats: &Stats) {
    let printer = session.printer;
    printer.data(format_args!("{} decisions in the last {hours} hours", stats.total));
    for (verdict, count) in [
        (Verdict::Allow, stats.allowed),
        (Verdict::Ask, stats.asked),
        (Verdict::Deny, stats.denied),
        (Verdict::Abstain, stats.abstained),
    ] {
        printer.data(format_args!(
            "  {} {count:>7}",
            paint(style::verdict(verdict), format_args!("{:<8}", verdict.name()))
        ));
    }
    for (heading, ranks) in
        [("denied most", &stats.top_denied), ("rules", &stats.by_rule), ("tools", &stats.by_tool)]
    {
        if ranks.is_empty() {
            continue;
        }
        printer.data(paint(style::HEADING, heading));
        for (name, count) in ranks.iter().take(RANKS) {
            printer.data(format_args!("  {count:>7} {}", shorten(name, 68)));
        }
    }
}
