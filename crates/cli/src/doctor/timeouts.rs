//! Time-outs that were meant as milliseconds.

use super::Examined;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::is_event;
use crate::json::{Edit, Node};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &world.files {
        for handler in file.hooks.handlers.iter().filter(|handler| is_event(&handler.event)) {
            let Some(node) = handler.node.get("timeout") else { continue };
            let Some(seconds) = Node::number(node).filter(|seconds| *seconds >= 1000.0) else { continue };
            let minutes = (seconds / 60.0).round();
            let meant = (seconds / 1000.0).max(1.0).round();
            let fix = Edit { span: node.span.clone(), text: format!("{meant}") };
            findings.push(
                file.finding(
                    "timeout-milliseconds",
                    Severity::Warning,
                    &node.span,
                    format!("`timeout` counts seconds: {seconds} are {minutes} minutes in which a hung hook holds the call"),
                    format!("write `{meant}` if {seconds} milliseconds were meant"),
                )
                .fixed_by(Fix::Edit(fix)),
            );
        }
    }
    findings
}
