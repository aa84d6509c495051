//! Texts of denials and questions: what was refused, by what, and what the agent can do about it.

use placet_model::visible::is_deceptive;
use placet_model::{Decision, DenialKind, ToolCall};

use super::fields;

/// Longest message, in characters. Models read all of it again with every later turn.
const LIMIT_CHARS: usize = 600;
/// Longest excerpt of the call inside it, in characters.
const EXCERPT_CHARS: usize = 100;

/// The message of a denial.
pub(super) fn denial(call: &ToolCall, decision: &Decision) -> String {
    let advice = match decision.denial.unwrap_or(DenialKind::Final) {
        DenialKind::Final => {
            "This is final: do not try another spelling of it or another tool for the same effect. Go on without it, or tell the person what you would need and why."
        }
        DenialKind::NeedsPerson => {
            "This needs a person: do not retry it yourself. Say what should be done and why, then go on with what does not depend on it."
        }
        DenialKind::Transient => "This may pass later without change: try it again once, after other work.",
        DenialKind::Fixable => "This passes in the form named here; use that form.",
    };
    joined(&format!("Placet denied {}", subject(call)), decision, advice)
}

/// The text of a question, shown to the person beside the call.
pub(super) fn question(decision: &Decision) -> String {
    let advice = decision
        .rewrite
        .as_ref()
        .map_or(String::new(), |rewrite| format!("Suggested instead: {}.", rewrite.name));
    joined("Placet asks", decision, &advice)
}

/// The text of an allow: only people read it, in the transcript.
pub(super) fn permit(decision: &Decision) -> String {
    joined("Placet allows it", decision, "")
}

/// What the model is told of a rewrite of the catalogue: it is not shown the input that ran.
pub(super) fn changed(decision: &Decision) -> Option<String> {
    let rewrite = decision.rewrite.as_ref().filter(|rewrite| rewrite.name != "append")?;
    let command = rewrite.input.get("command")?.as_str()?;
    let command = shorten(&clean(command), LIMIT_CHARS / 2);
    Some(format!("Placet changed this call before it ran ({}): {command}", rewrite.name))
}

/// The message when there is no decision because something failed.
pub(super) fn failure(why: &str) -> String {
    shorten(
        &clean(&format!(
            "Placet could not judge this call, so it does not run: {why} [transient]. This is a fault of the setup, not of the call: do not work around it, tell the person."
        )),
        LIMIT_CHARS,
    )
}

/// The same on an event that cannot stop anything any more.
pub(super) fn notice_failure(event: &str, why: &str) -> String {
    shorten(
        &clean(&format!(
            "Placet could not handle the event {event}: {why}. Nothing was blocked by this; tell the person."
        )),
        LIMIT_CHARS,
    )
}

/// The reason for which a settings change is refused when it could not be judged.
pub(super) fn unjudged_change(why: &str) -> String {
    shorten(
        &clean(&format!(
            "Placet could not judge this change of settings, so the old ones stay in force: {why}."
        )),
        LIMIT_CHARS,
    )
}

fn joined(lead: &str, decision: &Decision, advice: &str) -> String {
    let kind = decision.denial.map_or("", DenialKind::name);
    let source = decision.rule.as_ref().map_or_else(
        || if kind.is_empty() { String::new() } else { format!(" [{kind}]") },
        |rule| {
            let kind = if kind.is_empty() { String::new() } else { format!("{kind}; ") };
            let place = match (rule.file.as_str(), rule.line) {
                ("", _) => String::new(),
                (file, 0) => format!(", {file}"),
                (file, line) => format!(", {file}:{line}"),
            };
            format!(" [{kind}rule `{}` of policy `{}`{place}]", rule.rule, rule.policy)
        },
    );
    let source = shorten(&clean(&source), LIMIT_CHARS / 3);
    let lead = clean(lead);
    let reason = clean(decision.reason.trim());
    let used = lead.chars().count() + source.chars().count() + advice.chars().count() + 6;
    let reason = shorten(&reason, LIMIT_CHARS.saturating_sub(used));
    let mut text = lead;
    if !reason.is_empty() {
        text.push_str(": ");
        text.push_str(&reason);
    }
    text.push_str(&source);
    if !text.ends_with(['.', '!', '?']) || !source.is_empty() {
        text.push('.');
    }
    if !advice.is_empty() {
        text.push(' ');
        text.push_str(advice);
    }
    text
}

/// The call in a few words: tool and the thing it is judged by.
fn subject(call: &ToolCall) -> String {
    let names: &[&str] = match call.tool.as_str() {
        "Bash" => &["command"],
        "Read" | "Write" | "Edit" | "MultiEdit" => fields::FILE,
        "NotebookRead" | "NotebookEdit" => fields::NOTEBOOK,
        "WebFetch" => &["url"],
        "WebSearch" => &["query"],
        "Glob" | "Grep" => &["pattern"],
        _ => &[],
    };
    let tool = shorten(&call.tool, EXCERPT_CHARS);
    match fields::optional(&call.input, names) {
        Ok(Some(text)) => format!("{tool} `{}`", shorten(text.trim(), EXCERPT_CHARS)),
        _ => tool,
    }
}

/// One line without control characters: messages land in terminals.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars() {
        if is_deceptive(c) && !c.is_control() {
            out.extend(c.escape_unicode());
            blank = false;
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    // A text that began with a blank keeps it: parts are glued by it.
    if text.starts_with(' ') && !out.is_empty() { format!(" {out}") } else { out }
}

fn shorten(text: &str, limit_chars: usize) -> String {
    if text.chars().count() <= limit_chars {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit_chars.saturating_sub(1)).collect();
    short.push('…');
    short
}
