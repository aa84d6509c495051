//! `placet audit tail`

use std::collections::HashSet;
use std::time::Duration;

use placet_client::spool::segments;
use placet_ledger::query::{Entry, entries};

use super::line;
use super::read::{load, query, records, state};
use crate::args::Filter;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

/// How often the ledger is looked at again.
const PAUSE: Duration = Duration::from_millis(300);
/// Segments that may still grow: side segments come last in their order, before them the newest main one.
const GROWING: usize = 8;

/// Shows the newest records, oldest of them first, and with `follow` those that come.
pub(super) fn run(session: &Session<'_>, lines: usize, follow: bool, filter: &Filter) -> Outcome {
    let mut query = query(filter)?;
    query.limit = Some(lines);
    let mut newest = query.select(records(session)?.into_iter());
    newest.reverse();
    newest.iter().for_each(|entry| line::show(session, entry));
    if !follow {
        if newest.is_empty() {
            line::count(session, 0);
        }
        return Ok(Exit::Ok);
    }
    let state = state(session)?;
    let recent = || -> Result<Vec<Entry>, Failure> {
        let mut found = segments(&state).map_err(Failure::new)?;
        let first = found.len().saturating_sub(GROWING);
        let found = found.split_off(first);
        Ok(load(found)?.iter().flat_map(|(_, bytes)| entries(bytes)).collect())
    };
    let size = || -> Result<u64, Failure> {
        let found = segments(&state).map_err(Failure::new)?;
        Ok(found.iter().filter_map(|segment| segment.path.metadata().ok()).map(|data| data.len()).sum())
    };
    let id = |entry: &Entry| entry.text("id").unwrap_or_default().to_owned();
    let mut known: HashSet<String> = recent()?.iter().map(id).collect();
    let mut last = size()?;
    loop {
        std::thread::sleep(PAUSE);
        let now = size()?;
        if now == last {
            continue;
        }
        last = now;
        for entry in recent()? {
            if known.insert(id(&entry)) && query.matches(&entry) {
                line::show(session, &entry);
            }
        }
    }
}
