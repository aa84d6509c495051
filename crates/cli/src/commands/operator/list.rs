//! `placet operator list`

use crate::args::GatewayArgs;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::remote::{admin, list_of, text_of};
use crate::style::{self, shorten};
use crate::table;

/// Lists them.
pub(super) fn run(session: &Session<'_>, all: bool, gateway: &GatewayArgs) -> Outcome {
    let client = admin(session, gateway)?;
    let status = if all { "all" } else { "active" };
    let answer = client.get(&["admin", "operators"], &[("status", status.to_owned())])?;
    if session.printer.is_json() {
        session.printer.document(&answer);
        return Ok(Exit::Ok);
    }
    let operators = list_of(&answer, "operators");
    if operators.is_empty() {
        session.printer.note("no operators");
        session.printer.hint("`placet operator add NAME --role owner` makes the first");
        return Ok(Exit::Ok);
    }
    let plain = anstyle::Style::new();
    let rows = operators
        .iter()
        .map(|operator| {
            let state = text_of(operator, "status");
            let color = if state == "active" { style::GOOD } else { style::DIM };
            vec![
                table::cell(shorten(text_of(operator, "id"), 30), style::DIM),
                table::cell(shorten(text_of(operator, "name"), 40), style::HEADING),
                table::cell(shorten(text_of(operator, "role"), 10), plain),
                table::cell(shorten(state, 8), color),
                table::cell(text_of(operator, "createdAt").get(..10).unwrap_or("-"), plain),
            ]
        })
        .collect();
    session.printer.data(table::render(&["ID", "NAME", "ROLE", "STATUS", "CREATED"], rows, &[0, 2, 3, 4]));
    Ok(Exit::Ok)
}
