//! `placet undo`

use placet_client::trash::{list, restore};
use serde_json::{Value, json};

use super::Session;
use super::audit::state;
use crate::args::UndoArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::style::{self, paint};

/// Brings back a trashing, or lists them.
pub(super) fn run(session: &Session<'_>, args: &UndoArgs) -> Outcome {
    let state = state(session)?;
    if args.list {
        show(session, &state);
        return Ok(Exit::Ok);
    }
    let (id, back) = restore(&state, args.id).map_err(|error| Failure::from(&error))?;
    if session.printer.is_json() {
        session.printer.document(&json!({ "id": id, "restored": back }));
        return Ok(Exit::Ok);
    }
    for path in &back {
        session.printer.data(format_args!("back  {}", session.place.show(path)));
    }
    Ok(Exit::Ok)
}

/// What is in the trash, newest first.
fn show(session: &Session<'_>, state: &std::path::Path) {
    let trashings = list(state);
    let time =
        |unix_ms: u64| i64::try_from(unix_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    if session.printer.is_json() {
        let rows: Vec<Value> = trashings
            .iter()
            .map(|one| {
                let paths: Vec<_> = one.present().map(|(_, entry)| &entry.path).collect();
                json!({ "id": one.id, "time": time(one.unix_ms).map(|time| time.to_string()), "paths": paths })
            })
            .collect();
        session.printer.document(&rows);
        return;
    }
    if trashings.is_empty() {
        session.printer.note("the trash is empty");
    }
    for one in trashings.iter().rev() {
        let when = time(one.unix_ms).map_or_else(String::new, |time| {
            time.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
        });
        session.printer.data(format_args!("{}  {}", paint(style::HEADING, one.id), paint(style::DIM, when)));
        for (_, entry) in one.present() {
            session.printer.data(format_args!("  {}", session.place.show(&entry.path)));
        }
    }
}
