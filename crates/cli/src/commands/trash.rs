//! `placet trash`

use std::path::PathBuf;

use placet_client::trash::{Putting, put};
use serde_json::json;

use super::Session;
use super::audit::state;
use crate::args::TrashArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

/// Moves paths into the trash; those that are refused stay where they are.
pub(super) fn run(session: &Session<'_>, args: &TrashArgs) -> Outcome {
    let how = Putting { recursive: args.recursive, force: args.force };
    let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or_default();
    let paths: Vec<PathBuf> = args.paths.iter().map(PathBuf::from).collect();
    let done = put(&state(session)?, &session.place.cwd, &paths, how, now);
    let printer = session.printer;
    let exit = if done.refused.is_empty() { Exit::Ok } else { Exit::General };
    if printer.is_json() {
        let refused: Vec<_> = done
            .refused
            .iter()
            .map(|error| json!({ "message": error.to_string(), "help": error.help() }))
            .collect();
        printer.document(&json!({ "id": done.id, "moved": done.moved, "refused": refused }));
        return Ok(exit);
    }
    for error in &done.refused {
        printer.error(&Failure::from(error));
    }
    if let Some(id) = done.id {
        let count = match done.moved.len() {
            1 => "1 path".to_owned(),
            more => format!("{more} paths"),
        };
        printer.note(format_args!("moved {count} into the trash; `placet undo {id}` brings them back"));
    }
    Ok(exit)
}
