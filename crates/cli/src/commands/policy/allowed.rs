//! `placet policy allowed`

use serde_json::json;

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::judge::locations_and_sources;
use crate::outline::Outline;
use crate::style::{self, shorten};
use crate::table;

/// Lists the allow rules that reach an agent.
pub(super) fn run(session: &Session<'_>, agent: Option<&str>) -> Outcome {
    let (_, collected) = locations_and_sources(session)?;
    let settings = &collected.settings;
    let name = agent.unwrap_or(&settings.agent_name);
    let mut rows = Vec::new();
    let mut list = Vec::new();
    for source in collected.sources.iter().filter(|source| source.trusted) {
        let Some(outline) =
            Outline::read(&source.text).filter(|outline| reaches(outline, name, &settings.agent_tags))
        else {
            continue;
        };
        for rule in outline.rules().into_iter().filter(|rule| rule.effect == "allow") {
            list.push(json!({
                "actions": rule.actions, "conditions": rule.conditions, "policy": outline.name(), "rule": rule.name,
            }));
            rows.push(vec![
                table::cell(rule.actions.join(", "), style::HEADING),
                table::cell(shorten(&rule.conditions, 160), anstyle::Style::new()),
                table::cell(format!("{}/{}", outline.name(), rule.name), style::DIM),
            ]);
        }
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "agent": name, "allowed": list }));
    } else if rows.is_empty() {
        session.printer.note(format_args!("no rule allows `{name}` anything"));
    } else {
        session.printer.data(table::render(&["ACTION", "WHEN", "POLICY/RULE"], rows, &[]));
        session
            .printer
            .hint("a narrower or conditional deny or ask still wins; `placet check` tells for one call");
    }
    Ok(Exit::Ok)
}

/// Whether the policy applies, as far as names and tags tell.
fn reaches(outline: &Outline, name: &str, tags: &[String]) -> bool {
    let meets = |key: &str, known: &dyn Fn(&String) -> bool| {
        let wanted = outline.applies_to(key);
        wanted.is_empty() || wanted.iter().any(known)
    };
    meets("agentIds", &|wanted| wanted == name) && meets("tags", &|wanted| tags.contains(wanted))
}
