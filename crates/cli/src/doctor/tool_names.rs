//! Names in `permissions` that no tool has.

use super::Examined;
use super::finding::{Finding, Severity};
use crate::json::Node;

/// Names from recipes for other hosts, and what they are called here.
const FOREIGN: [(&str, &str); 8] = [
    ("exec", "Bash"),
    ("bash", "Bash"),
    ("shell", "Bash"),
    ("read", "Read"),
    ("write", "Write"),
    ("edit", "Edit"),
    ("web_search", "WebSearch"),
    ("web_fetch", "WebFetch"),
];

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &world.files {
        for list in ["allow", "ask", "deny"] {
            for node in file.value(&["permissions", list]).map_or(&[][..], Node::elements) {
                let name = node.text().unwrap_or("").split('(').next().unwrap_or("").trim();
                let Some((_, real)) = FOREIGN.iter().find(|(foreign, _)| *foreign == name) else { continue };
                let severity = if list == "allow" { Severity::Info } else { Severity::Warning };
                findings.push(file.finding(
                    "tool-name-unknown",
                    severity,
                    &node.span,
                    format!("`{name}` in permissions.{list} is no tool, so the rule never holds"),
                    format!("the tool is called `{real}`"),
                ));
            }
        }
    }
    findings
}
