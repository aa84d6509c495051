//! `placet audit …`: the local ledger.

mod export;
mod line;
mod prune;
mod read;
mod stats;
mod tail;
mod trace;
mod verify;

use serde_json::Value;

use super::Session;
use crate::args::AuditCommand;
use crate::exit::Exit;
use crate::failure::Outcome;
pub(super) use read::state;
use read::{query, records};

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, command: &AuditCommand) -> Outcome {
    match command {
        AuditCommand::Tail { lines, follow, filter } => tail::run(session, *lines, *follow, filter),
        AuditCommand::Query { limit, filter } => {
            let mut query = query(filter)?;
            query.limit = Some(*limit);
            let found = query.select(records(session)?.into_iter());
            if session.printer.is_json() {
                let list: Vec<&Value> = found.iter().map(|entry| &entry.payload).collect();
                session.printer.document(&list);
            } else {
                found.iter().for_each(|entry| line::show(session, entry));
                line::count(session, found.len());
            }
            Ok(Exit::Ok)
        }
        AuditCommand::Trace { id } => trace::run(session, id),
        AuditCommand::Stats { period, filter } => stats::run(session, *period, filter),
        AuditCommand::Export { format, output, filter } => {
            export::run(session, *format, output.as_deref(), filter)
        }
        AuditCommand::Verify => verify::run(session),
        AuditCommand::Prune { older_than, dry_run } => prune::run(session, *older_than, *dry_run),
    }
}
