//! The smallest change that would change the answer.

use placet_model::{Action, Layer, Resource, RuleRef, Verdict};

use super::{RuleOutcome, RuleTrace};

/// One sentence, or nothing when the action is allowed or the gate's own policy decided.
pub(crate) fn smallest(
    action: &Action,
    verdict: Option<Verdict>,
    decided_by: Option<&RuleRef>,
    rules: &[RuleTrace],
) -> Option<String> {
    if verdict == Some(Verdict::Allow) || decided_by.is_some_and(|rule| rule.layer == Layer::Floor) {
        return None;
    }
    let by_rule = rules.iter().find(|rule| rule.decides);
    if let Some(rule) = by_rule {
        let place = format!("{}:{}", rule.rule.file, rule.rule.line);
        let why = if rule.outcome == RuleOutcome::Possible {
            "say exactly what is touched, or give"
        } else {
            "give"
        };
        return Some(format!(
            "{why} rule `{}` ({place}) an `unless:` that holds for `{}`",
            rule.rule.rule,
            action.resource.text()
        ));
    }
    // What an allow rule leaves out by `unless` it was written to leave out: that is no near miss.
    let nearly = |failed: &[&str]| matches!(failed, [one] if !one.starts_with("unless"));
    let near = rules
        .iter()
        .find(|rule| rule.effect == "allow" && rule.outcome == RuleOutcome::Skip && nearly(&rule.failed));
    if let Some(rule) = near {
        let place = format!("{}:{}", rule.rule.file, rule.rule.line);
        let failed = rule.failed.first().copied().unwrap_or_default();
        return Some(format!(
            "let `{failed}` of allow rule `{}` ({place}) hold for `{}`",
            rule.rule.rule,
            action.resource.text()
        ));
    }
    Some(format!(
        "add {{effect: allow, actions: [\"{}\"]{}}}",
        action.kind.name(),
        condition(&action.resource)
    ))
}

fn condition(resource: &Resource) -> String {
    let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    match resource {
        Resource::Path(path) => {
            let form = path.relative.as_deref().unwrap_or(&path.absolute);
            format!(", conditions: {{path: {{matches: {}}}}}", quoted(form))
        }
        Resource::Command(command) => {
            let words: Vec<&str> = std::iter::once(command.program.as_str())
                .chain(command.subcommand.iter().map(String::as_str))
                .collect();
            format!(
                ", conditions: {{resource: {{startsWith: {}}}}}",
                quoted(&format!("{} ", words.join(" ")))
            )
        }
        Resource::Url(url) => url
            .host
            .as_deref()
            .map(|host| format!(", conditions: {{host: {}}}", quoted(host)))
            .unwrap_or_default(),
        Resource::Host(Some(host)) => format!(", conditions: {{host: {}}}", quoted(host)),
        Resource::Host(None) | Resource::Text(_) => String::new(),
    }
}
