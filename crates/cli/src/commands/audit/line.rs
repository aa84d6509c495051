//! A record on one line.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use placet_ledger::query::Entry;

use crate::commands::Session;
use crate::printer::WIDTH;
use crate::style::{self, paint, shorten};

/// Month, day and time in the person's own zone.
pub(super) fn time(entry: &Entry) -> String {
    entry
        .unix_ms()
        .and_then(|ms| i64::try_from(ms).ok())
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .map_or_else(
            || "-".to_owned(),
            |time| time.to_zoned(TimeZone::system()).strftime("%m-%d %H:%M:%S").to_string(),
        )
}

/// Shows a record: when, the answer, the tool, what it was about, the rule.
pub(super) fn show(session: &Session<'_>, entry: &Entry) {
    if session.printer.is_json() {
        session.printer.json_line(&entry.payload);
        return;
    }
    let verdict = entry.verdict();
    let (word, color) =
        verdict.map_or(("-", style::DIM), |verdict| (verdict.name(), style::verdict(verdict)));
    // Of a gateway's records one wants to know whose they are first.
    let of_gateway = entry.payload.get("agent_id").is_some();
    let what = if of_gateway { entry.text("agent") } else { entry.text("tool").or(entry.text("event")) };
    let what = what.unwrap_or("-");
    // Where something was spared, what would have been decided is worth more than the rule.
    let rule = match (entry.text("would"), entry.text("rule")) {
        (Some(would), _) => format!("  (would {would})"),
        (None, _) if of_gateway && !bound(entry) => "  (not enforced)".to_owned(),
        (None, Some(rule)) => format!("  {}", shorten(rule, 24)),
        (None, None) => String::new(),
    };
    // 14 for the time, 7 for the answer, 10 for the tool, and the gaps between.
    let left = WIDTH - 14 - 7 - 10 - 3 - rule.chars().count();
    let resource = entry.text("resource").unwrap_or_else(|| entry.text("note").unwrap_or(""));
    let resource = match entry.text("action") {
        Some(action) if of_gateway => Cow::Owned(format!("{action} {resource}")),
        _ => Cow::Borrowed(resource),
    };
    let text = format!(
        "{} {} {:<10} {:<left$}{}",
        paint(style::DIM, format_args!("{:<14}", time(entry))),
        paint(color, format_args!("{word:<7}")),
        shorten(what, 10),
        shorten(&resource, left),
        if rule.is_empty() { String::new() } else { paint(style::DIM, &rule) }
    );
    session.printer.data(text.trim_end());
}

/// Whether a decision other than allow held somebody up.
fn bound(entry: &Entry) -> bool {
    entry.text("enforcement") != Some("audit") || entry.text("decision") == Some("allow")
}

/// How many there were, for people.
pub(super) fn count(session: &Session<'_>, found: usize) {
    if !session.printer.is_json() {
        session.printer.note(match found {
            0 => "no records".to_owned(),
            1 => "1 record".to_owned(),
            count => format!("{count} records"),
        });
    }
}
