//! Switches that turn hooks off.

use super::Examined;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::Scope;
use crate::json::{Edit, Node};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let managed_gate =
        world.on("PreToolUse").any(|(file, handler)| file.scope == Scope::Managed && handler.is_ours());
    for file in &world.files {
        if let Some(node) = file.value(&["disableAllHooks"]).filter(|node| node.is_true()) {
            let spared = managed_gate && file.scope != Scope::Managed;
            let why = match file.scope {
                Scope::Managed => "`disableAllHooks` turns every hook off, the gate included",
                _ => "`disableAllHooks` turns every hook off that is not the administrator's",
            };
            let severity = if spared { Severity::Warning } else { Severity::Open };
            let fix = Edit { span: node.span.clone(), text: "false".to_owned() };
            findings.push(
                file.finding("hooks-disabled", severity, &node.span, why, "remove it, or set it to `false`")
                    .fixed_by(Fix::Edit(fix)),
            );
        }
        let outside_managed = file.scope != Scope::Managed;
        if let Some(node) = file.value(&["allowManagedHooksOnly"]).filter(|_| outside_managed) {
            findings.push(file.finding(
                "managed-switch-ignored",
                Severity::Info,
                &node.span,
                "`allowManagedHooksOnly` has no effect outside of the administrator's settings",
                "use `placet init claude-code --managed`",
            ));
        }
    }
    if world.managed_hooks_only() && !managed_gate {
        let strays = world.files.iter().filter(|file| file.scope != Scope::Managed);
        for file in strays {
            if let Some(handler) = file.hooks.handlers.iter().find(|handler| handler.is_ours()) {
                findings.push(file.finding(
                    "hooks-disabled",
                    Severity::Open,
                    &handler.node.span,
                    "the administrator's `allowManagedHooksOnly` keeps this hook from running",
                    "ask for `placet init claude-code --managed`",
                ));
            }
        }
    }
    findings.extend(once(world));
    findings
}

/// Filters on our own entry that let calls by.
fn once(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, handler) in
        world.on("PreToolUse").filter(|(_, handler)| handler.is_ours() || !world.is_guarded())
    {
        for (key, why) in [
            (
                "if",
                "`if` looks into `a && b` but not into `bash -c`, `timeout` or `/usr/bin/git`: calls pass by",
            ),
            ("async", "an `async` hook decides nothing: the call does not wait for it"),
            ("asyncRewake", "an `asyncRewake` hook decides nothing: the call does not wait for it"),
        ] {
            let Some(node) = handler.node.get(key).filter(|node| !is_false(node)) else { continue };
            let mut finding = file.finding(
                "hook-passed-by",
                Severity::Open,
                &node.span,
                why,
                format!("remove `{key}` from the hook"),
            );
            if handler.is_ours() {
                finding.fix = Some(Fix::Install(file.scope));
            }
            findings.push(finding);
        }
    }
    findings
}

fn is_false(node: &Node) -> bool {
    node.kind == crate::json::Kind::Bool(false)
}
