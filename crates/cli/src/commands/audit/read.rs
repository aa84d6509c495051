//! Getting at the records.

use std::path::PathBuf;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use placet_client::regular_file::read_bytes;
use placet_client::spool::{Segment, segments};
use placet_ledger::query::{Entry, Query, entries};

use crate::args::Filter;
use crate::commands::Session;
use crate::failure::Failure;
use crate::judge::locations_and_sources;
use crate::named_verdict::verdict;

/// The folder the ledger lies in.
///
/// # Errors
/// When settings cannot be read.
pub(crate) fn state(session: &Session<'_>) -> Result<PathBuf, Failure> {
    Ok(locations_and_sources(session)?.1.settings.state)
}

/// The segments of the ledger with their bytes.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn load(segments: Vec<Segment>) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    segments
        .into_iter()
        .map(|segment| match read_bytes(&segment.path, u64::MAX) {
            Ok(bytes) => Ok((segment.name, bytes.unwrap_or_default())),
            Err(error) => Err(Failure::new(error)),
        })
        .collect()
}

/// Every record of the ledger, as the segments have them.
///
/// # Errors
/// When a segment cannot be read.
pub(super) fn records(session: &Session<'_>) -> Result<Vec<Entry>, Failure> {
    let found = segments(&state(session)?).map_err(Failure::new)?;
    Ok(load(found)?.iter().flat_map(|(_, bytes)| entries(bytes)).collect())
}

/// What the options ask for.
///
/// # Errors
/// When a word is no verdict or no time.
pub(super) fn query(filter: &Filter) -> Result<Query, Failure> {
    let decision = match &filter.decision {
        None => None,
        Some(word) => Some(verdict(word).ok_or_else(|| {
            Failure::arguments(format!("`{word}` is no answer"))
                .hint("the answers are allow, ask, deny and abstain")
        })?),
    };
    Ok(Query {
        agent: filter.agent.clone(),
        action: filter.action.clone(),
        decision,
        from_unix_ms: filter.from.as_deref().map(|text| time(text, Edge::Start)).transpose()?,
        until_unix_ms: filter.to.as_deref().map(|text| time(text, Edge::End)).transpose()?,
        ..Query::default()
    })
}

/// Which end of a whole day is meant.
#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

/// A date or time as people write it, in their own zone, in milliseconds since 1970.
fn time(text: &str, edge: Edge) -> Result<u64, Failure> {
    let zone = TimeZone::system();
    let local = |time: DateTime| time.to_zoned(zone.clone()).ok().map(|time| time.timestamp());
    let day = || {
        let date: Date = text.parse().ok()?;
        let date = match edge {
            Edge::Start => date,
            Edge::End => date.checked_add(1.day()).ok()?,
        };
        local(date.to_datetime(jiff::civil::Time::midnight()))
    };
    let parsed = match (text.parse::<Timestamp>(), text.contains(['T', ' '])) {
        (Ok(time), _) => Some(time),
        (Err(_), true) => text.parse::<DateTime>().ok().and_then(local),
        (Err(_), false) => day(),
    };
    parsed.and_then(|time| u64::try_from(time.as_millisecond()).ok()).ok_or_else(|| {
        Failure::arguments(format!("`{text}` is no date or time"))
            .hint("write 2026-01-31 or 2026-01-31T14:00")
    })
}
