//! Outcomes to decisions: words, kind of denial, rewritten input.

use placet_model::{
    Action, Decision, DenialKind, Enforcement, Origin, Resource, Rewrite, RuleRef, Verdict, Visibility,
};
use serde_json::Value;

use super::undetermined::{self, Meant};
use super::{Basis, CallOutcome, template};
use crate::Situation;
use crate::ir::Effect;
use crate::rewrites::of_spec;
use crate::set::{PolicySet, bits};

/// Characters of a value put into a message.
const VALUE_CHARS_MAX: usize = 300;

/// The decision that binds.
pub(crate) fn binding(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    actions: &[Action],
    call: Option<CallOutcome>,
) -> Decision {
    let mut decision = describe(set, situation, actions, call);
    if decision.verdict == Verdict::Abstain && situation.mode.visibility(actions) == Visibility::Unseen {
        decision.verdict = Verdict::Ask;
        decision.denial = Some(DenialKind::NeedsPerson);
        decision.reason =
            format!("no rule decides this, and in mode `{}` nobody would see it", situation.mode.name());
    }
    decision
}

/// A decision for the record only.
pub(crate) fn recorded(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    actions: &[Action],
    call: Option<CallOutcome>,
) -> Decision {
    Decision { enforcement: Enforcement::Audit, ..describe(set, situation, actions, call) }
}

/// The compiled policies are not what was written.
pub(crate) fn damaged() -> Decision {
    Decision {
        denial: Some(DenialKind::Transient),
        reason:
            "the compiled policy file is damaged. Instead: try again, for it is made anew; if it lasts, a \
                 person should run `placet doctor`"
                .to_owned(),
        ..no_policy()
    }
}

/// No policy reaches the agent.
pub(crate) fn no_policy() -> Decision {
    Decision {
        verdict: Verdict::Deny,
        enforcement: Enforcement::Enforce,
        rule: None,
        action: None,
        reason: "no policy applies to this agent".to_owned(),
        denial: Some(DenialKind::Final),
        interrupt: false,
        fix: None,
        rewrite: None,
    }
}

fn describe(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    actions: &[Action],
    call: Option<CallOutcome>,
) -> Decision {
    let mut decision = Decision {
        verdict: Verdict::Abstain,
        enforcement: Enforcement::Enforce,
        rule: None,
        action: None,
        reason: "no policy has an opinion on this".to_owned(),
        denial: None,
        interrupt: false,
        fix: None,
        rewrite: None,
    };
    let Some(call) = call else { return decision };
    let verdict = call.outcome.verdict;
    let action = call.action.and_then(|index| actions.get(index));
    decision.verdict = verdict;
    decision.action = call.action;
    decision.denial = kind(verdict);
    match call.outcome.basis {
        Basis::Rule { rule, certain, raised } => {
            by_rule(set, situation, action, &mut decision, rule, certain, raised)
        }
        Basis::Default(policy) => {
            decision.rule = default_ref(set, policy, verdict);
            let policy = set.policy(policy);
            let name = policy.and_then(|policy| policy.name()).unwrap_or_default();
            if policy.as_ref().is_some_and(|policy| policy.default == Some(Verdict::Ask)) {
                decision.denial = Some(DenialKind::NeedsPerson);
            }
            decision.reason = format!(
                "no rule of policy `{name}` matches {}, so its default decides: {}",
                what(action),
                verdict.name()
            );
        }
        Basis::Unknown => {
            let why = action
                .and_then(|action| action.why.as_deref())
                .map(|why| format!(" ({why})"))
                .unwrap_or_default();
            decision.reason =
                format!("what would run here cannot be determined{why}, so a person must look at it");
        }
    }
    decision
}

fn kind(verdict: Verdict) -> Option<DenialKind> {
    match verdict {
        Verdict::Deny => Some(DenialKind::Final),
        Verdict::Ask => Some(DenialKind::NeedsPerson),
        Verdict::Allow | Verdict::Abstain => None,
    }
}

fn by_rule(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    action: Option<&Action>,
    decision: &mut Decision,
    number: u32,
    certain: bool,
    raised: bool,
) {
    decision.rule = rule_ref(set, number);
    let Some(rule) = set.rule(number) else { return };
    let Some(shown) = rule.shown() else { return };
    let policy = decision.rule.as_ref().map_or("", |found| found.policy.as_str());
    let name = shown.name;
    let value = |placeholder: &str| value_of(placeholder, situation, action, name, policy);
    let text = shown.message.or(shown.reason).map(|text| template::render(text, value));
    let mut reason = if certain {
        let text = text.unwrap_or_else(|| sentence(decision.verdict, name, policy, action));
        match undetermined::remark(situation, action).filter(|_| decision.verdict == Verdict::Ask) {
            Some(remark) => format!("{remark} {text}"),
            None => text,
        }
    } else {
        let meant = Meant { name, denies: rule.effect == Effect::Deny, reason: text.as_deref() };
        undetermined::reason(situation, action, &meant)
    };
    let named = shown.rewrite.and_then(of_spec);
    let fix = shown.fix.or_else(|| named.filter(|rewrite| rewrite.is_safer).map(|rewrite| rewrite.advice));
    if let Some(fix) = fix.filter(|_| certain) {
        decision.fix = Some(fix.to_owned());
        reason = format!("{reason} Instead: {fix}");
    }
    decision.reason = reason;
    if decision.verdict == Verdict::Deny {
        decision.interrupt = rule.has(bits::INTERRUPT);
        if raised {
            decision.denial = Some(DenialKind::NeedsPerson);
        } else if fix.is_some() && !rule.has(bits::LAST_WORD) {
            decision.denial = Some(DenialKind::Fixable);
        }
    }
    decision.rewrite = match named {
        // Carried out where the call is understood; until then the input is as it came.
        Some(named) => Some(Rewrite { name: named.name.to_owned(), input: situation.input.clone() }),
        None if decision.verdict == Verdict::Deny => None,
        None => appended(shown.rewrite, situation, action),
    };
}

fn sentence(verdict: Verdict, rule: &str, policy: &str, action: Option<&Action>) -> String {
    let done = match verdict {
        Verdict::Deny => "denied",
        Verdict::Ask => "to be asked for",
        Verdict::Abstain => "left to the host",
        Verdict::Allow => "allowed",
    };
    format!("{} is {done} by rule `{rule}` of policy `{policy}`", what(action))
}

fn what(action: Option<&Action>) -> String {
    match action {
        Some(action) => format!("`{}` on `{}`", action.kind.name(), shorten(&action.resource.text())),
        None => "this call".to_owned(),
    }
}

pub(super) fn shorten(text: &str) -> String {
    let mut out: String = text.chars().take(VALUE_CHARS_MAX).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

fn value_of(
    name: &str,
    situation: &Situation<'_>,
    action: Option<&Action>,
    rule: &str,
    policy: &str,
) -> Option<String> {
    let resource = action.map(|action| &action.resource);
    let text = match (name, resource) {
        ("tool", _) => situation.tool.to_owned(),
        ("rule", _) => rule.to_owned(),
        ("policy", _) => policy.to_owned(),
        ("resource", Some(resource)) => resource.text().into_owned(),
        ("command", Some(Resource::Command(command))) => command.text.clone(),
        ("command", _) => situation.input.get("command").and_then(Value::as_str)?.to_owned(),
        ("program", Some(Resource::Command(command))) => command.program.clone(),
        ("path", Some(Resource::Path(path))) => path.raw.clone(),
        ("url", Some(Resource::Url(url))) => url.raw.clone(),
        ("host", Some(Resource::Url(url))) => url.host.clone()?,
        ("host", Some(Resource::Host(host))) => host.clone()?,
        _ => return None,
    };
    Some(shorten(&text))
}

/// Reference to a rule of the set.
pub(crate) fn rule_ref(set: &PolicySet<'_>, number: u32) -> Option<RuleRef> {
    let rule = set.rule(number)?;
    let (policy, shown) = (set.policy(rule.policy)?, rule.shown()?);
    Some(RuleRef {
        policy: policy.name()?.to_owned(),
        rule: shown.name.to_owned(),
        layer: policy.layer,
        file: shown.file.to_owned(),
        line: shown.line,
    })
}

/// Reference to a policy's default.
pub(crate) fn default_ref(set: &PolicySet<'_>, number: u32, verdict: Verdict) -> Option<RuleRef> {
    let policy = set.policy(number)?;
    Some(RuleRef {
        policy: policy.name()?.to_owned(),
        rule: format!("default-{}", verdict.name()),
        layer: policy.layer,
        file: policy.file()?.to_owned(),
        line: policy.default_line,
    })
}

/// The rule's words put behind the command, only where the whole call is one command.
fn appended(spec: Option<&str>, situation: &Situation<'_>, action: Option<&Action>) -> Option<Rewrite> {
    let spec: Value = serde_json::from_str(spec?).ok()?;
    let action = action
        .filter(|action| action.origin == Origin::Call && matches!(action.resource, Resource::Command(_)))?;
    let command = situation.input.get("command").and_then(Value::as_str)?;
    // Behind a redirection, a comment or a pipe an appended word would mean something else.
    if !action.chain.is_empty() || command.contains(['|', '&', ';', '<', '>', '#', '\n', '(', '`']) {
        return None;
    }
    let mut text = command.trim_end().to_owned();
    for word in spec.get("append")?.as_array()? {
        text.push(' ');
        text.push_str(&quote(word.as_str()?));
    }
    let mut input = situation.input.clone();
    *input.get_mut("command")? = Value::String(text);
    Some(Rewrite { name: "append".to_owned(), input })
}

fn quote(word: &str) -> String {
    let plain =
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_=./:,+@%".contains(c));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
