//! The records of a gateway: `placet audit …` with `--remote`.

mod export;
mod follow;
mod live;
mod pages;
mod verify;

use placet_ledger::query::{Entry, Stats};
use serde_json::json;

use super::read::query;
use super::{line, show_all, stats, trace};
use crate::args::{AuditCommand, Filter, GatewayArgs};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::remote::{Client, admin, list_of, number_of, text_of};
use live::Live;
use pages::{Pages, parameters};

/// Does what the command line says, at the gateway.
pub(super) fn run(session: &Session<'_>, gateway: &GatewayArgs, command: &AuditCommand) -> Outcome {
    // What is wrong with the words is told before a gateway is needed.
    if let AuditCommand::Tail { filter, .. }
    | AuditCommand::Query { filter, .. }
    | AuditCommand::Stats { filter, .. }
    | AuditCommand::Export { filter, .. } = command
    {
        query(filter)?;
    }
    let client = admin(session, gateway)?;
    match command {
        AuditCommand::Tail { lines, follow, filter, .. } => {
            // Before the first look, so that nothing falls between the two.
            let live = if *follow { Live::open(&client, filter)? } else { None };
            let mut newest = Pages::of(&client, filter)?.first(*lines)?;
            newest.reverse();
            newest.iter().for_each(|entry| line::show(session, entry));
            if let Some(live) = live {
                return live.run(session, &newest);
            }
            if *follow {
                return follow::run(session, &client, filter, &newest);
            }
            if newest.is_empty() {
                line::count(session, 0);
            }
        }
        AuditCommand::Query { limit, filter, .. } => {
            show_all(session, &Pages::of(&client, filter)?.first(*limit)?);
        }
        AuditCommand::Trace { id, .. } => trace::show(session, &traced(&client, id)?),
        AuditCommand::Stats { period, filter, .. } => count(session, &client, *period, filter)?,
        AuditCommand::Export { format, output, filter, .. } => {
            return export::run(session, &client, *format, output.as_deref(), filter);
        }
        AuditCommand::Verify { .. } => return verify::run(session, &client),
        AuditCommand::Prune { .. } => {}
    }
    Ok(Exit::Ok)
}

/// Every record of a trace or a session, or the one of that id, oldest first.
fn traced(client: &Client, id: &str) -> Result<Vec<Entry>, Failure> {
    let mut found = Vec::new();
    for name in ["trace_id", "session"] {
        found.extend(Pages::with(client, vec![(name, id.to_owned())]).first(usize::MAX)?);
    }
    if let Some(at) = pages::time_of_id(id) {
        let within = vec![("from", pages::timestamp(at)), ("to", pages::timestamp(at + 1))];
        let at_that_time = Pages::with(client, within).first(usize::MAX)?;
        found.extend(at_that_time.into_iter().filter(|entry| entry.text("id") == Some(id)));
    }
    found.sort_by(|left, right| {
        let key = |entry: &Entry| (entry.unix_ms(), entry.text("id").map(str::to_owned));
        key(left).cmp(&key(right))
    });
    found.dedup_by(|left, right| left.text("id") == right.text("id"));
    if found.is_empty() {
        return Err(Failure::new(format!("no record of the gateway carries `{id}`")).hint(
            "ids of records, sessions and traces are understood; `placet audit query --remote --json` shows them",
        ));
    }
    Ok(found)
}

fn count(session: &Session<'_>, client: &Client, hours: u64, filter: &Filter) -> Result<(), Failure> {
    if filter.action.as_deref().is_some_and(|action| action.contains('*')) {
        return Err(Failure::arguments("a gateway counts whole actions only")
            .hint("name one action, or count what `placet audit query --remote --json` gives"));
    }
    let mut wanted = parameters(filter)?;
    wanted.push(("period", format!("{hours}h")));
    let answer = client.get(&["admin", "audit", "stats"], &wanted)?;
    if session.printer.is_json() {
        session.printer.document(&answer);
        return Ok(());
    }
    let denied = list_of(&answer, "topDenied").iter();
    let counted = Stats {
        total: number_of(&answer, "total"),
        allowed: number_of(&answer, "allowed"),
        asked: number_of(&answer, "asked"),
        denied: number_of(&answer, "denied"),
        abstained: number_of(&answer, "abstained"),
        top_denied: denied.map(|one| (text_of(one, "action").to_owned(), number_of(one, "count"))).collect(),
        ..Stats::default()
    };
    stats::show(session, hours, &counted);
    Ok(())
}

/// A record of a gateway in the fields that the ledger of a machine has.
fn record(value: &serde_json::Value) -> Entry {
    let time = text_of(value, "timestamp");
    let unix_ms =
        time.parse::<jiff::Timestamp>().ok().and_then(|time| u64::try_from(time.as_millisecond()).ok());
    let decision = text_of(value, "decision");
    let event = match decision {
        "change" => "change",
        "reported" => "agent_report",
        "event" => text_of(value, "event"),
        _ => "policy_decision",
    };
    let mut payload = json!({
        "id": text_of(value, "id"), "time": time, "unix_ms": unix_ms,
        "event": event,
        "agent": text_of(value, "agentName"), "agent_id": text_of(value, "agentId"),
    });
    if let Some(fields) = payload.as_object_mut() {
        for (ours, theirs) in [
            ("action", "action"),
            ("resource", "resource"),
            ("policy", "policy"),
            ("rule", "rule"),
            ("reason", "reason"),
            ("trace", "traceId"),
            ("session", "session"),
            ("tier", "trustTier"),
            ("origin", "origin"),
            ("tool", "tool"),
        ] {
            let text = text_of(value, theirs);
            if !text.is_empty() {
                fields.insert(ours.to_owned(), text.into());
            }
        }
        if event == "policy_decision" {
            let enforced = value.get("enforced").and_then(serde_json::Value::as_bool).unwrap_or(true);
            fields.insert("decision".to_owned(), decision.into());
            fields.insert("enforcement".to_owned(), if enforced { "enforce" } else { "audit" }.into());
        }
    }
    Entry { line: 0, payload }
}
