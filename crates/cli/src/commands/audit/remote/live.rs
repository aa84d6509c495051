//! `placet audit tail -f --remote`, from a gateway that tells by itself what is new.

use std::io::{BufRead, Read as _};
use std::time::Duration;

use placet_ledger::query::{Entry, Query};
use serde_json::Value;

use super::pages::parameters;
use super::record;
use crate::args::Filter;
use crate::commands::Session;
use crate::commands::audit::line;
use crate::failure::{Failure, Outcome};
use crate::remote::{Client, RemoteError};

/// Pause before a stream that ended is opened again.
const PAUSE: Duration = Duration::from_millis(500);

/// Longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Longest line, in bytes.
const LINE_BYTES: u64 = 4 << 20;

const PATH: &[&str] = &["admin", "audit", "stream"];

/// A stream that is open.
pub(super) struct Live<'a> {
    client: &'a Client,
    wanted: Vec<(&'static str, String)>,
    /// What the gateway cannot look for by itself.
    rest: Query,
    events: Box<dyn BufRead>,
    /// Where to go on.
    last: Option<String>,
}

/// What comes next.
enum Next {
    Record(Entry),
    Nothing,
    End,
}

impl<'a> Live<'a> {
    /// Opens it. `None` when the gateway has no such stream.
    ///
    /// # Errors
    /// When it does not answer, or refuses.
    pub(super) fn open(client: &'a Client, filter: &Filter) -> Result<Option<Self>, Failure> {
        let wanted = parameters(filter)?;
        let pattern = filter.action.clone().filter(|action| action.contains('*'));
        let rest = Query { action: pattern, ..Query::default() };
        match client.follow(PATH, &wanted, None) {
            Ok(events) => {
                let mut live = Self { client, wanted, rest, events: Box::new(events), last: None };
                // Where it begins; what is stored from now on is behind that.
                live.next();
                Ok(Some(live))
            }
            Err(
                RemoteError::Refused { status: 404 | 405 | 503, .. } | RemoteError::NoGatewayThere { .. },
            ) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Shows what comes, until it is interrupted or the gateway refuses. `shown` was shown already.
    pub(super) fn run(mut self, session: &Session<'_>, shown: &[Entry]) -> Outcome {
        let known: Vec<String> =
            shown.iter().filter_map(|entry| entry.text("id")).map(str::to_owned).collect();
        loop {
            match self.next() {
                Next::Record(entry) => {
                    if self.rest.matches(&entry) && !known.iter().any(|id| entry.text("id") == Some(id)) {
                        line::show(session, &entry);
                    }
                }
                Next::Nothing => {}
                Next::End => self.reopen(session)?,
            }
        }
    }

    /// Goes on behind the last event, as soon as the gateway answers.
    fn reopen(&mut self, session: &Session<'_>) -> Result<(), Failure> {
        let mut pause = PAUSE;
        loop {
            std::thread::sleep(pause);
            match self.client.follow(PATH, &self.wanted, self.last.as_deref()) {
                Ok(events) => {
                    self.events = Box::new(events);
                    if pause > PAUSE {
                        session.printer.note("the gateway answers again");
                    }
                    return Ok(());
                }
                Err(error) if error.is_passing() => {
                    if pause == PAUSE {
                        session.printer.warning(format_args!("{error}; it is asked again"));
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Reads one event.
    fn next(&mut self) -> Next {
        let (mut data, mut id) = (String::new(), None);
        loop {
            let mut line = String::new();
            // A line that does not end is none.
            let read = self.events.by_ref().take(LINE_BYTES).read_line(&mut line);
            if read.is_err() || !line.ends_with('\n') {
                return Next::End;
            }
            match line.trim_end_matches(['\r', '\n']) {
                "" => break,
                text => match text.split_once(": ") {
                    Some(("id", text)) => id = Some(text.to_owned()),
                    Some(("data", text)) => data.push_str(text),
                    _ => {}
                },
            }
        }
        // Only an event that was read to its end counts.
        if id.is_some() {
            self.last = id;
        }
        match serde_json::from_str::<Value>(&data) {
            Ok(value) => Next::Record(record(&value)),
            Err(_) => Next::Nothing,
        }
    }
}
