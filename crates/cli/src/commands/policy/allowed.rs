//! `placet policy allowed`

use serde_json::{Value, json};

use crate::args::GatewayArgs;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::{Judge, locations_and_sources};
use crate::outline::conditions;
use crate::remote::{admin, list_of, text_of};
use crate::style::{self, shorten};
use crate::table;

/// Lists what an agent may do on this machine.
pub(super) fn run(session: &Session<'_>, agent: Option<&str>) -> Outcome {
    let (_, collected) = locations_and_sources(session)?;
    let name = agent.unwrap_or(&collected.settings.agent_name);
    let judge = Judge::installed(session)?.for_agent(name);
    let mut answer = judge.standing(&collected.sources)?.json();
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("agent".to_owned(), name.into());
    }
    show(session, name, &answer);
    Ok(Exit::Ok)
}

/// The same of an agent of a gateway.
pub(super) fn remote(session: &Session<'_>, agent: Option<&str>, gateway: &GatewayArgs) -> Outcome {
    let name = agent.ok_or_else(|| {
        Failure::arguments("no agent is named").hint("a gateway has many; `placet agent list` shows them")
    })?;
    let answer =
        admin(session, gateway)?.get(&["admin", "policies", "allowed"], &[("agent", name.to_owned())])?;
    show(session, name, &answer);
    Ok(Exit::Ok)
}

fn show(session: &Session<'_>, name: &str, answer: &Value) {
    let printer = session.printer;
    if printer.is_json() {
        printer.document(answer);
        return;
    }
    let mut rows = Vec::new();
    for one in list_of(answer, "actions") {
        rows.push(row(text_of(one, "action"), "", one));
        for exception in list_of(one, "when") {
            let when = match exception.get("conditions") {
                None | Some(Value::Null) => "its conditions hold".to_owned(),
                Some(written) => conditions(written),
            };
            rows.push(row("", &when, exception));
        }
    }
    let null = json!(null);
    let default = answer.get("default").unwrap_or(&null);
    rows.push(row("all else", "", default));
    printer.data(table::render(&["ACTION", "ANSWER", "WHEN", "POLICY/RULE"], rows, &[1]));
    if text_of(default, "policy").is_empty() && list_of(answer, "actions").is_empty() {
        printer.note(format_args!("no policy reaches `{}`", shorten(name, 60)));
    }
    printer.hint("of conditions that hold the strictest counts; `placet check` tells for one call");
}

fn row(action: &str, when: &str, said: &Value) -> Vec<comfy_table::Cell> {
    let rule = match (text_of(said, "policy"), text_of(said, "rule")) {
        ("", _) => String::new(),
        (policy, rule) => format!("{policy}/{rule}"),
    };
    vec![
        table::cell(shorten(action, 60), style::HEADING),
        table::cell(text_of(said, "effect"), anstyle::Style::new()),
        table::cell(shorten(when, 160), anstyle::Style::new()),
        table::cell(shorten(&rule, 80), style::DIM),
    ]
}
