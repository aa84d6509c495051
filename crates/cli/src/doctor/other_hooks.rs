//! Hooks beside ours that can change what was decided.

use super::Examined;
use super::finding::{Finding, Severity};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    if !world.on("PreToolUse").any(|(_, handler)| handler.is_ours()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (event, why) in [
        ("PreToolUse", "may rewrite the input after it was decided: of several rewrites the last one wins"),
        ("PermissionRequest", "may answer the dialog before a person does: the first answer wins"),
    ] {
        for (file, handler) in world.on(event).filter(|(_, handler)| !handler.is_ours()) {
            findings.push(file.finding(
                "other-hooks",
                Severity::Warning,
                &handler.node.span,
                format!("`{}` on {event} {why}", handler.label()),
                "make sure you know it, or let `placet init claude-code --managed` run the listed hooks only",
            ));
        }
    }
    findings
}
