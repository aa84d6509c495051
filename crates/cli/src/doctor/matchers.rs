//! Matchers that reach no tool, or leave some out.

use super::Examined;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::{Reached, TOOL_EVENTS, reached};

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let guarded = world.is_guarded();
    let on_tools = world.handlers().filter(|(_, handler)| TOOL_EVENTS.contains(&handler.event.as_str()));
    for (file, handler) in on_tools {
        let Some((matcher, span)) = &handler.matcher else { continue };
        let decides = matches!(handler.event.as_str(), "PreToolUse" | "PermissionRequest");
        let grave =
            if decides && (handler.is_ours() || !guarded) { Severity::Open } else { Severity::Warning };
        let finding = match reached(Some(matcher)) {
            Reached::All => continue,
            Reached::Nothing => file.finding(
                "matcher-matches-nothing",
                grave,
                span,
                format!("matcher `{matcher}` matches no tool: {}", why_nothing(matcher)),
                "write `*`, or exact names such as `Bash|Write|Edit`",
            ),
            Reached::Unclear => file.finding(
                "matcher-unclear",
                Severity::Warning,
                span,
                format!(
                    "matcher `{matcher}` could not be read here; an invalid pattern matches nothing, silently"
                ),
                "write `*`, or exact names such as `Bash|Write|Edit`",
            ),
            Reached::Some { missed } if handler.is_ours() && decides && !missed.is_empty() => file.finding(
                "matcher-misses-tools",
                Severity::Open,
                span,
                format!("matcher `{matcher}` leaves out {}: those calls are not decided", missed.join(", ")),
                "write `*`; the policy decides what matters",
            ),
            Reached::Some { .. } => continue,
        };
        let own = handler.is_ours().then_some(Fix::Install(file.scope));
        findings.push(Finding { fix: own, ..finding });
    }
    findings
}

fn why_nothing(matcher: &str) -> &'static str {
    if matcher.contains('(') {
        "it is compared with the tool's name only, `Tool(rule)` belongs into permissions"
    } else if matcher.chars().next().is_some_and(char::is_lowercase) && !matcher.starts_with("mcp__") {
        "tool names start in upper case (`Bash`, `Read`, `WebFetch`)"
    } else {
        "names must be complete"
    }
}
