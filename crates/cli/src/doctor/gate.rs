//! Is there a gate at all, and does every call come by it?

use super::Examined;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::{Scope, guarded_events};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let scope =
        world.handlers().find(|(_, handler)| handler.is_ours()).map_or(Scope::User, |(file, _)| file.scope);
    let path = world.claude.settings(scope);
    if world.on("PreToolUse").any(|(_, handler)| handler.is_ours()) {
        return missing_events(world)
            .map(|finding| finding.at(&path, None).fixed_by(Fix::Install(scope)))
            .into_iter()
            .collect();
    }
    let before: Vec<_> = world.on("PreToolUse").collect();
    let asked: Vec<_> = world.on("PermissionRequest").collect();
    let mut findings = vec![
        Finding::new(
            "gate-missing",
            Severity::Open,
            "no PreToolUse hook starts Placet, so no tool call is decided by it",
            "run `placet init claude-code`",
        )
        .at(&path, None)
        .fixed_by(Fix::Install(scope)),
    ];
    if let (true, Some((file, handler))) = (before.is_empty(), asked.first()) {
        let why = "the only gate is on PermissionRequest. It does not run in auto, acceptEdits, dontAsk and \
                   bypassPermissions mode or where an allow rule holds, it races the dialog, and exit code 2 \
                   does not deny there";
        findings.push(file.finding(
            "permission-request-only",
            Severity::Open,
            &handler.node.span,
            why,
            "decide on PreToolUse, which sees every call first and whose denial is final",
        ));
    }
    findings
}

/// Events an older version of `init` did not know.
fn missing_events(world: &Examined<'_>) -> Option<Finding> {
    let present =
        |event: &str| world.handlers().any(|(_, handler)| handler.is_ours() && handler.event == event);
    let missing: Vec<&str> = guarded_events().filter(|event| !present(event)).collect();
    (!missing.is_empty()).then(|| {
        Finding::new(
            "gate-events-missing",
            Severity::Warning,
            format!("Placet does not listen on {}", missing.join(", ")),
            "run `placet init claude-code` again; it adds what is missing",
        )
    })
}
