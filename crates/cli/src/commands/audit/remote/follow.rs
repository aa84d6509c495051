//! `placet audit tail -f --remote`: looks again and again for what is new.

use std::collections::HashMap;
use std::time::Duration;

use placet_ledger::query::Entry;

use super::pages::Pages;
use crate::args::Filter;
use crate::commands::Session;
use crate::commands::audit::line;
use crate::failure::{Failure, Outcome};
use crate::remote::{Client, RemoteError};

/// How often the gateway is asked.
const PAUSE: Duration = Duration::from_secs(1);

/// How long at most between two questions while it does not answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How far back is looked again, in milliseconds: clocks of several gateways differ, and a record is stored a
/// little later than its time.
const OVERLAP_MS: u64 = 60_000;

/// Shows what comes, until it is interrupted or the gateway refuses.
pub(super) fn run(session: &Session<'_>, client: &Client, filter: &Filter, shown: &[Entry]) -> Outcome {
    let now = || u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0);
    let mut newest = shown.iter().filter_map(Entry::unix_ms).max().unwrap_or_else(now);
    // What is there already and was not asked for is not news either.
    let mut known: HashMap<String, u64> = shown.iter().map(key).collect();
    known.extend(since(client, filter, newest)?.iter().map(key));
    let mut pause = PAUSE;
    loop {
        std::thread::sleep(pause);
        match since(client, filter, newest) {
            Ok(found) => {
                if pause > PAUSE {
                    session.printer.note("the gateway answers again");
                }
                pause = PAUSE;
                for entry in found.iter().rev() {
                    let (id, time) = key(entry);
                    newest = newest.max(time);
                    if known.insert(id, time).is_none() {
                        line::show(session, entry);
                    }
                }
                known.retain(|_, time| *time + 2 * OVERLAP_MS >= newest);
            }
            Err(error) if error.is_passing() => {
                if pause == PAUSE {
                    session.printer.warning(format_args!("{error}; it is asked again"));
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Err(error) => return Err(Failure::from(error)),
        }
    }
}

fn key(entry: &Entry) -> (String, u64) {
    (entry.text("id").unwrap_or_default().to_owned(), entry.unix_ms().unwrap_or_default())
}

/// Everything from a little before that time on, newest first.
fn since(client: &Client, filter: &Filter, unix_ms: u64) -> Result<Vec<Entry>, RemoteError> {
    // The words were looked at when the first page was read.
    let Ok(pages) = Pages::of(client, filter) else { return Ok(Vec::new()) };
    let mut pages = pages.since(unix_ms.saturating_sub(OVERLAP_MS));
    let mut found = Vec::new();
    while let Some(page) = pages.next(usize::MAX)? {
        found.extend(page);
    }
    Ok(found)
}
