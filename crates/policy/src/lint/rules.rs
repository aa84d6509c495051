//! Remarks on the rules of one policy.

use crate::Diagnostic;
use crate::ir::{Condition, Effect, PathPattern, Policy, ResourceCond, ResourceOp, Rule};
use crate::matching::glob;

/// All remarks.
pub(crate) fn remarks(policy: &Policy) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (index, rule) in policy.rules.iter().enumerate() {
        let earlier = policy.rules.get(..index).unwrap_or_default();
        out.extend(unreachable(policy, rule, earlier));
        out.extend(order_matters(policy, rule, earlier));
        out.extend(env_without_envrc(rule));
        out.extend(open_beginning(rule));
        out.extend(deaf_contains(rule));
        out.extend(unnamed_zone_of_allow(rule));
    }
    out
}

fn remark(rule: &Rule, message: String, help: &str) -> Diagnostic {
    Diagnostic { file: rule.file.clone(), line: rule.line, column: 1, len: 1, message, help: help.to_owned() }
}

/// Whether everything `rule` names, `other` names too.
fn covers(other: &Rule, rule: &Rule) -> bool {
    rule.actions.iter().all(|wanted| {
        other.actions.iter().any(|pattern| {
            pattern == wanted || (!wanted.contains('*') && glob::stars(pattern, wanted)) || pattern == "*"
        })
    })
}

fn rank(rule: &Rule) -> u8 {
    rule.actions
        .iter()
        .map(|pattern| if !pattern.contains('*') { 2 } else { u8::from(pattern != "*") })
        .max()
        .unwrap_or(0)
}

/// A rule that can never decide.
fn unreachable(policy: &Policy, rule: &Rule, earlier: &[Rule]) -> Option<Diagnostic> {
    let cause = if policy.first_match {
        earlier.iter().find(|other| !other.conditional() && covers(other, rule))
    } else {
        policy.rules.iter().find(|other| {
            let stronger = other.effect > rule.effect && !other.conditional() && covers(other, rule);
            stronger && (rank(other), false) >= (rank(rule), rule.conditional())
        })
    }?;
    Some(remark(
        rule,
        format!(
            "rule `{}` never decides: rule `{}` in line {} always does",
            rule.name, cause.name, cause.line
        ),
        "remove it, or make it narrower than the other one",
    ))
}

/// A rule that under first match would be hidden by an earlier one, and here is not (or the other way round).
fn order_matters(policy: &Policy, rule: &Rule, earlier: &[Rule]) -> Option<Diagnostic> {
    if policy.first_match {
        return None;
    }
    let hidden = earlier.iter().find(|other| {
        other.effect != rule.effect
            && rule.actions.iter().any(|action| {
                other.actions.iter().any(|pattern| pattern == action || glob::stars(pattern, action))
            })
            && rule.effect > other.effect
            && !other.conditional()
    })?;
    Some(remark(
        rule,
        format!(
            "rule `{}` wins over rule `{}` in line {}, which comes first",
            rule.name, hidden.name, hidden.line
        ),
        "that is how rules are weighed here; with `evaluation: first-match` the earlier one would win",
    ))
}

fn resources(rule: &Rule) -> impl Iterator<Item = &ResourceCond> {
    rule.conditions.iter().filter_map(|condition| match condition {
        Condition::Resource(cond) => Some(cond),
        _ => None,
    })
}

fn paths(rule: &Rule) -> impl Iterator<Item = &PathPattern> {
    let of_resource =
        resources(rule).filter(|cond| cond.op == ResourceOp::Matches).flat_map(|cond| &cond.paths);
    let of_path = rule.conditions.iter().filter_map(|condition| match condition {
        Condition::Path(cond) => cond.matches.as_ref(),
        _ => None,
    });
    of_resource.chain(of_path.flatten())
}

fn env_without_envrc(rule: &Rule) -> Option<Diagnostic> {
    if rule.effect == Effect::Allow {
        return None;
    }
    let last = |pattern: &PathPattern| pattern.glob.rsplit('/').next().unwrap_or_default().to_owned();
    let names: Vec<String> = paths(rule).map(last).collect();
    let env = names.iter().any(|name| name == ".env");
    let envrc = names.iter().any(|name| glob::matches(name, ".envrc", true));
    (env && !envrc).then(|| {
        remark(
            rule,
            format!("rule `{}` covers `.env` but not `.envrc`", rule.name),
            "add `**/.envrc`, or write `**/.env*`",
        )
    })
}

fn open_beginning(rule: &Rule) -> Option<Diagnostic> {
    if rule.effect != Effect::Allow {
        return None;
    }
    let cond = resources(rule).find(|cond| cond.op == ResourceOp::StartsWith)?;
    let shell = rule.actions.iter().any(|action| glob::stars(action, "execute:shell"));
    let text = cond.texts.iter().find(|text| shell && !text.contains(' ') && !text.contains('/'))?;
    Some(remark(
        rule,
        format!("`startsWith: \"{text}\"` also allows every program whose name begins so"),
        "put a blank behind it",
    ))
}

fn deaf_contains(rule: &Rule) -> Option<Diagnostic> {
    let cond = resources(rule).find(|cond| cond.op == ResourceOp::Contains)?;
    let words = cond.words.iter().find(|words| {
        words.kind == crate::ir::WordsKind::Command
            && words.head.chars().any(|c| c.is_ascii_uppercase())
            && !words.head.contains('/')
    })?;
    let shell = rule.actions.iter().any(|action| glob::stars(action, "execute:shell"));
    shell.then(|| {
        remark(
            rule,
            format!(
                "`contains` with `{}` names a program of that name, it does not look into arguments",
                words.head
            ),
            "use `command: {arguments: …}` or `resource: {regex: …}` for texts inside arguments",
        )
    })
}

fn unnamed_zone_of_allow(rule: &Rule) -> Option<Diagnostic> {
    let shell = rule.actions.iter().any(|action| action == "*" || action == "execute:*");
    let bare = rule.effect == Effect::Allow && !rule.conditional() && shell;
    bare.then(|| {
        remark(
            rule,
            format!("rule `{}` allows every command there is", rule.name),
            "name programs, or what they may do: `command: {does: [inspect, edit, build]}`",
        )
    })
}
