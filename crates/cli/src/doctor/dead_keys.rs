//! Keys below `hooks` that are no events: ignored without a word.

use super::Examined;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::{closest_event, is_event};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &world.files {
        for key in file.hooks.events.iter().filter(|key| !is_event(&key.name)) {
            let meant = closest_event(&key.name);
            let advice = meant.map_or_else(
                || "remove it; the events are listed in Claude Code's manual".to_owned(),
                |event| {
                    format!(
                        "the event is spelled `{event}`; a gate belongs there, as `placet init` writes it"
                    )
                },
            );
            let severity = match meant {
                Some("PreToolUse" | "PermissionRequest") if !world.is_guarded() => Severity::Open,
                _ => Severity::Warning,
            };
            let mut finding = file.finding(
                "hook-event-unknown",
                severity,
                &key.span,
                format!(
                    "`{}` is no hook event: Claude Code ignores it silently, nothing below it ever runs",
                    key.name
                ),
                advice,
            );
            finding.fix = Some(Fix::Remove { keys: &["hooks"], index: key.index });
            findings.push(finding);
        }
    }
    findings
}
