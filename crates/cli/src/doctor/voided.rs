//! One hook entry with a wrong value makes Claude Code drop the whole file, deny rules and all.

use super::Examined;
use super::examined::SettingsFile;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::Scope;
use crate::json::{Edit, Kind, Node};

const TYPES: [&str; 5] = ["command", "http", "mcp_tool", "prompt", "agent"];

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    world.files.iter().flat_map(mistakes).collect()
}

/// Whether Claude Code ignores this file because of one entry.
pub(super) fn voids(file: &SettingsFile) -> bool {
    file.scope != Scope::Managed && !mistakes(file).is_empty()
}

fn mistakes(file: &SettingsFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut report = |node: &Node, what: String, remedy: &str, edit: Option<String>| {
        let effect = match file.scope {
            Scope::Managed => "this entry does not run",
            _ => "Claude Code drops the whole file because of it, every hook and deny rule in it",
        };
        let mut finding =
            file.finding("settings-voided", Severity::Open, &node.span, format!("{what}; {effect}"), remedy);
        finding.fix = edit.map(|text| Fix::Edit(Edit { span: node.span.clone(), text }));
        findings.push(finding);
    };
    for handler in file.hooks.handlers.iter().filter(|handler| crate::claude_code::is_event(&handler.event)) {
        if let Some(timeout) = handler.node.get("timeout") {
            let seconds = timeout.number();
            if seconds.is_none() || seconds.is_some_and(|seconds| seconds <= 0.0) {
                let written = file.text.get(timeout.span.clone()).unwrap_or("");
                let meant =
                    timeout.text().and_then(|text| text.parse::<u32>().ok()).filter(|&n| n > 0 && n < 1000);
                report(
                    timeout,
                    format!("`timeout` is `{written}`, not a number of seconds above 0"),
                    "write a number of seconds, as in `\"timeout\": 30`",
                    Some(meant.unwrap_or(30).to_string()),
                );
            }
        }
        match handler.node.get("type") {
            Some(node) if node.text().is_some_and(|kind| TYPES.contains(&kind)) => {}
            Some(node) => {
                report(node, "the hook's `type` is unknown".to_owned(), "write `\"type\": \"command\"`", None)
            }
            None => report(
                &handler.node,
                "the hook has no `type`".to_owned(),
                "add `\"type\": \"command\"`",
                None,
            ),
        }
        let on_failure = handler.node.get("onFailure");
        if let Some(node) = on_failure.filter(|node| !matches!(node.text(), Some("block" | "continue"))) {
            let fix = Some("\"block\"".to_owned());
            report(node, "`onFailure` is neither `block` nor `continue`".to_owned(), "write `block`", fix);
        }
    }
    for (event, group) in file.hooks.broken_groups.iter() {
        if crate::claude_code::is_event(event) {
            let node = Node { span: group.clone(), kind: Kind::Null };
            let remedy = "write `{\"hooks\": [{\"type\": \"command\", \"command\": …}]}`";
            report(&node, format!("an entry of `{event}` has no `hooks` array"), remedy, None);
        }
    }
    findings
}
