//! Variables in settings that change where the gate looks or what runs in its place.

use super::Examined;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::Scope;

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let own: Vec<_> = world.on("PreToolUse").filter(|(_, handler)| handler.is_ours()).collect();
    let pinned = !own.is_empty()
        && own.iter().all(|(_, handler)| {
            handler
                .command_line()
                .is_some_and(|line| line.words.iter().any(|word| word.starts_with("--config")))
        });
    let mut findings = Vec::new();
    for file in &world.files {
        let Some(env) = file.value(&["env"]).filter(|_| file.scope != Scope::Managed) else { continue };
        for (index, member) in env.members().iter().enumerate() {
            let Some(effect) = effect(&member.key) else { continue };
            let in_project = matches!(file.scope, Scope::Project | Scope::Local);
            let severity = match (in_project, effect) {
                (true, Effect::RunsCode) => Severity::Open,
                (true, Effect::Redirects) if !pinned => Severity::Open,
                _ => Severity::Warning,
            };
            let what = match effect {
                Effect::RunsCode => "puts other code into every program the agent starts, the gate included",
                Effect::Redirects if pinned => {
                    "tries to point the gate at other files; the pinned `--config` holds"
                }
                Effect::Redirects => "points the gate at other files: settings, policies, ledger",
            };
            let mut finding = file.finding(
                "env-redirects-gate",
                severity,
                &member.key_span,
                format!("`env.{}` {what}", member.key),
                "remove it from the settings of the agent",
            );
            finding.fix = Some(Fix::Remove { keys: &["env"], index });
            findings.push(finding);
        }
    }
    findings
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    RunsCode,
    Redirects,
}

fn effect(name: &str) -> Option<Effect> {
    let runs_code = name.starts_with("LD_")
        || name.starts_with("DYLD_")
        || matches!(name, "BASH_ENV" | "ENV" | "SHELLOPTS");
    let redirects = name.starts_with("PLACET_")
        || name.starts_with("XDG_")
        || matches!(name, "HOME" | "PATH" | "CLAUDE_CONFIG_DIR" | "CLAUDE_PROJECT_DIR" | "MESHGUARD_MODE");
    match (runs_code, redirects) {
        (true, _) => Some(Effect::RunsCode),
        (_, true) => Some(Effect::Redirects),
        _ => None,
    }
}
