//! Settings files that are not JSON.

use super::Examined;
use super::examined::Unreadable;
use super::finding::{Finding, Severity};
use crate::claude_code::Scope;

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &world.files {
        let Err(error) = &file.root else { continue };
        let (line, what) = match error {
            Unreadable::Syntax(error) => (Some(error.line), error.to_string()),
            Unreadable::System(error) => (None, error.clone()),
        };
        let effect = match file.scope {
            Scope::Managed => "Claude Code refuses to start with it",
            _ => "Claude Code drops the whole file, hooks and deny rules with it",
        };
        findings.push(
            Finding::new(
                "settings-unreadable",
                Severity::Open,
                format!("the file cannot be read: {what}; {effect}"),
                "repair the file by hand",
            )
            .at(&file.path, line),
        );
    }
    findings
}
