//! `placet audit …`: the local ledger, or with `--remote` the records of a gateway.

mod export;
mod line;
mod prune;
mod read;
mod remote;
mod stats;
mod tail;
mod trace;
mod verify;

use placet_ledger::query::Entry;
use serde_json::Value;

use super::Session;
use crate::args::{AuditCommand, GatewayArgs};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
pub(super) use read::state;
use read::{query, records};

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, command: &AuditCommand) -> Outcome {
    if let Some((gateway, command)) = elsewhere(command)? {
        return remote::run(session, gateway, command);
    }
    match command {
        AuditCommand::Tail { lines, follow, filter, .. } => tail::run(session, *lines, *follow, filter),
        AuditCommand::Query { limit, filter, .. } => {
            let mut query = query(filter)?;
            query.limit = Some(*limit);
            let found = query.select(records(session)?.into_iter());
            show_all(session, &found);
            Ok(Exit::Ok)
        }
        AuditCommand::Trace { id, .. } => trace::run(session, id),
        AuditCommand::Stats { period, filter, .. } => stats::run(session, *period, filter),
        AuditCommand::Export { format, output, filter, .. } => {
            export::run(session, *format, output.as_deref(), filter)
        }
        AuditCommand::Verify { .. } => verify::run(session),
        AuditCommand::Prune { older_than, dry_run } => prune::run(session, *older_than, *dry_run),
    }
}

/// The gateway's options and the command, if it is about a gateway.
fn elsewhere(command: &AuditCommand) -> Result<Option<(&GatewayArgs, &AuditCommand)>, Failure> {
    let remote = match command {
        AuditCommand::Tail { remote, .. }
        | AuditCommand::Query { remote, .. }
        | AuditCommand::Trace { remote, .. }
        | AuditCommand::Stats { remote, .. }
        | AuditCommand::Export { remote, .. }
        | AuditCommand::Verify { remote } => remote,
        AuditCommand::Prune { .. } => return Ok(None),
    };
    Ok(remote.wanted()?.map(|gateway| (gateway, command)))
}

/// Records one a line, or as one document.
fn show_all(session: &Session<'_>, found: &[Entry]) {
    if session.printer.is_json() {
        let list: Vec<&Value> = found.iter().map(|entry| &entry.payload).collect();
        session.printer.document(&list);
    } else {
        found.iter().for_each(|entry| line::show(session, entry));
        line::count(session, found.len());
    }
}
