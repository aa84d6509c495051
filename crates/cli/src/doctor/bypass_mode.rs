//! Permission modes that take the person out of the loop.

use super::Examined;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::Scope;
use crate::json::Node;

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in world.files.iter().filter(|file| matches!(file.scope, Scope::Managed | Scope::User)) {
        let mode = file
            .value(&["permissions", "defaultMode"])
            .filter(|mode| mode.text() == Some("bypassPermissions"));
        if let Some(node) = mode {
            findings.push(file.finding(
                "bypass-mode-default",
                Severity::Warning,
                &node.span,
                "every session starts in bypassPermissions: nothing but the gate stands before a tool call",
                "remove `defaultMode`",
            ));
        }
    }
    let disabled = world.files.iter().any(|file| {
        let value = file.value(&["permissions", "disableBypassPermissionsMode"]);
        value.and_then(Node::text) == Some("disable")
    });
    if !disabled {
        findings.push(
            Finding::new(
                "bypass-mode-open",
                Severity::Warning,
                "bypassPermissions mode can be switched on; there only the gate's own answers hold, and what it has \
                 no opinion on is asked instead of shown in the usual dialog",
                "set `permissions.disableBypassPermissionsMode` to `\"disable\"`",
            )
            .at(&world.claude.settings(Scope::User), None)
            .fixed_by(Fix::DisableBypassMode(Scope::User)),
        );
    }
    findings
}
