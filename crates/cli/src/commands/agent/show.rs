//! `placet agent show`

use serde_json::Value;

use crate::args::Which;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::printer::WIDTH;
use crate::remote::{admin, text_of};
use crate::style::{self, paint, wrap};

/// Shows one agent.
pub(super) fn run(session: &Session<'_>, which: &Which) -> Outcome {
    let client = admin(session, &which.gateway)?;
    let agent = client.get(&["admin", "agents", &which.agent], &[])?;
    if session.printer.is_json() {
        session.printer.document(&agent);
    } else {
        show(session, &agent);
    }
    Ok(Exit::Ok)
}

/// What is known of an agent, one line each.
pub(super) fn show(session: &Session<'_>, agent: &Value) {
    let texts = |name: &str| {
        let list = agent.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
    };
    let note = agent.get("metadata").map_or("", |metadata| text_of(metadata, "description"));
    for (label, value) in [
        ("id", text_of(agent, "id").to_owned()),
        ("name", text_of(agent, "name").to_owned()),
        ("trust", text_of(agent, "trustTier").to_owned()),
        ("tags", texts("tags")),
        ("capabilities", texts("capabilities")),
        ("description", note.to_owned()),
        ("status", text_of(agent, "status").to_owned()),
        ("created", text_of(agent, "createdAt").to_owned()),
        ("changed", text_of(agent, "updatedAt").to_owned()),
        ("revoked", text_of(agent, "revokedAt").to_owned()),
    ] {
        for (row, part) in wrap(&value, WIDTH - 14).into_iter().enumerate() {
            let label = if row == 0 { label } else { "" };
            session.printer.data(format_args!("{} {part}", paint(style::DIM, format_args!("{label:<13}"))));
        }
    }
}
