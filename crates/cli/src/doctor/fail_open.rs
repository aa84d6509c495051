//! Gates through which a call passes when the gate itself breaks.

use super::Examined;
use super::examined::SettingsFile;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::{Handler, Scope};
use crate::json::{Style, Tree, insert_member};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let guarded = world.is_guarded();
    for event in ["PreToolUse", "PermissionRequest"] {
        for (file, handler) in world.on(event) {
            let ours = handler.is_ours();
            if !handler.blocks_on_failure() && matches!(handler.kind(), "command" | "http" | "mcp_tool") {
                findings.push(on_failure(file, handler, ours, guarded));
            }
            let falls_back = handler.command_line().is_none_or(|line| line.falls_back_to_block);
            if ours && !falls_back {
                findings.push(exit_fallback(world, file, handler));
            }
            if !guarded && matches!(handler.kind(), "prompt" | "agent") {
                findings.push(file.finding(
                    "hook-fails-open",
                    Severity::Open,
                    &handler.node.span,
                    format!(
                        "a `{}` hook that gives no usable answer lets the call through, always",
                        handler.kind()
                    ),
                    "put a command hook with `onFailure: \"block\"` beside it",
                ));
            }
        }
    }
    findings
}

fn on_failure(file: &SettingsFile, handler: &Handler, ours: bool, guarded: bool) -> Finding {
    let severity = if ours || !guarded { Severity::Open } else { Severity::Info };
    let finding = file.finding(
        "on-failure-missing",
        severity,
        &handler.node.span,
        format!("when `{}` crashes, hangs or is missing, the call goes through", handler.label()),
        "add `\"onFailure\": \"block\"`",
    );
    let fix = if ours {
        Fix::Install(file.scope)
    } else {
        let style = Style::of(&file.text);
        Fix::Edit(insert_member(&file.text, &style, &handler.node, 4, "onFailure", &Tree::text("block")))
    };
    // A failing hook of somebody else is theirs to judge while Placet stands beside it.
    if severity == Severity::Info { finding } else { finding.fixed_by(fix) }
}

fn exit_fallback(world: &Examined<'_>, file: &SettingsFile, handler: &Handler) -> Finding {
    let honours = world.version.is_some_and(|version| version.honours_on_failure());
    let covered = handler.blocks_on_failure() && honours;
    let severity = if covered { Severity::Info } else { Severity::Warning };
    let finding = file.finding(
        "exit-fallback-missing",
        severity,
        &handler.node.span,
        "the command does not end in `|| exit 2`: a Claude Code that does not know `onFailure` runs the call when \
         the hook crashes",
        "run `placet init claude-code` again",
    );
    if file.scope == Scope::Managed { finding } else { finding.fixed_by(Fix::Install(file.scope)) }
}
