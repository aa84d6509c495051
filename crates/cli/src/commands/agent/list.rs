//! `placet agent list`

use serde_json::{Value, json};

use crate::args::{GatewayArgs, Status};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::remote::{admin, list_of, text_of};
use crate::style::{self, shorten};
use crate::table;

/// Lists them, those of a tier if one is given.
pub(super) fn run(
    session: &Session<'_>,
    trust: Option<&str>,
    status: Status,
    gateway: &GatewayArgs,
) -> Outcome {
    let client = admin(session, gateway)?;
    let answer = client.get(&["admin", "agents"], &[("status", status.word().to_owned())])?;
    let fits = |agent: &&Value| trust.is_none_or(|trust| text_of(agent, "trustTier") == trust);
    let agents: Vec<&Value> = list_of(&answer, "agents").iter().filter(fits).collect();
    if session.printer.is_json() {
        session.printer.document(&json!({ "agents": agents }));
        return Ok(Exit::Ok);
    }
    if agents.is_empty() {
        let which = if status == Status::All { String::new() } else { format!("{} ", status.word()) };
        session.printer.note(match trust {
            Some(trust) => format!("no {which}agents of tier {trust}"),
            None => format!("no {which}agents"),
        });
        if status != Status::Revoked && trust.is_none() {
            session.printer.hint("`placet agent create NAME` makes one");
        }
        return Ok(Exit::Ok);
    }
    let plain = anstyle::Style::new();
    let rows = agents
        .iter()
        .map(|agent| {
            let state = text_of(agent, "status");
            let color = if state == "active" { style::GOOD } else { style::DIM };
            vec![
                table::cell(shorten(text_of(agent, "id"), 30), style::DIM),
                table::cell(shorten(text_of(agent, "name"), 40), style::HEADING),
                table::cell(shorten(text_of(agent, "trustTier"), 10), plain),
                table::cell(shorten(state, 8), color),
                table::cell(text_of(agent, "createdAt").get(..10).unwrap_or("-"), plain),
            ]
        })
        .collect();
    session.printer.data(table::render(&["ID", "NAME", "TRUST", "STATUS", "CREATED"], rows, &[0, 2, 3, 4]));
    Ok(Exit::Ok)
}
