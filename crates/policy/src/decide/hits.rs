//! One rule against one action.

use placet_model::{Action, ActionKind};

use crate::Situation;
use crate::ir::Effect;
use crate::matching::conditions;
use crate::matching::{Match, Scratch, Subject, glob};
use crate::set::{PolicySet, RuleRecord, bits};

/// A rule that matched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    pub(crate) rule: u32,
    pub(crate) policy: u32,
    /// What it comes to: a deny that only may be meant asks.
    pub(crate) effect: Effect,
    /// 3 the action's own name, 2 its broader name, 1 partial wildcard, 0 `*`.
    pub(crate) rank: u8,
    pub(crate) conditional: bool,
    /// Whether it matched for certain.
    pub(crate) certain: bool,
}

impl Hit {
    /// How narrow the rule is: the more specific action, then the one with conditions.
    pub(crate) fn narrowness(&self) -> (u8, bool) {
        (self.rank, self.conditional)
    }
}

/// Tests a rule. `None`: it does not match.
pub(crate) fn test_rule(
    set: &PolicySet<'_>,
    number: u32,
    situation: &Situation<'_>,
    action: &Action,
    scratch: &Scratch,
) -> Option<Hit> {
    let rule = set.rule(number)?;
    let rank = rank(&rule, action)?;
    let found = holds(&rule, &seen_by(set, &rule, situation), action, scratch);
    if found == Match::No {
        return None;
    }
    let certain = found == Match::Yes;
    let effect = if rule.effect == Effect::Deny && !certain { Effect::Ask } else { rule.effect };
    let conditional = rule.has(bits::CONDITIONAL);
    Some(Hit { rule: number, policy: rule.policy, effect, rank, conditional, certain })
}

/// A rule as if its conditions held. `None`: it is about other actions.
pub(crate) fn taken_to_hold(set: &PolicySet<'_>, number: u32, action: &Action) -> Option<Hit> {
    let rule = set.rule(number)?;
    let (rank, conditional) = (rank(&rule, action)?, rule.has(bits::CONDITIONAL));
    Some(Hit { rule: number, policy: rule.policy, effect: rule.effect, rank, conditional, certain: true })
}

/// The situation as the rule's layer sees it.
pub(crate) fn seen_by<'a>(
    set: &PolicySet<'_>,
    rule: &RuleRecord<'_>,
    situation: &Situation<'a>,
) -> Situation<'a> {
    if situation.agent.registered.is_none() {
        return *situation;
    }
    // A policy that cannot be read is no reason to look at anybody else; it counts as damage elsewhere.
    let agent = set.policy(rule.policy).map(|policy| situation.agent.to_layer(policy.layer));
    Situation { agent: agent.unwrap_or(situation.agent), ..*situation }
}

/// How specific the narrowest of the rule's patterns is that matches the action; `None` when none does.
pub(crate) fn rank(rule: &RuleRecord<'_>, action: &Action) -> Option<u8> {
    let name = action.kind.name();
    let also = action.kind.also();
    let mut best = None;
    for pattern in rule.actions()? {
        let Some(pattern) = pattern else { return (rule.effect != Effect::Allow).then_some(0) };
        if pattern == name {
            return Some(3);
        }
        // A rule that names the action itself is narrower than one that names what it counts as.
        if also == Some(pattern) {
            best = best.max(Some(2));
            continue;
        }
        // What nobody could read is allowed only by a rule that says so.
        let named_only = action.kind == ActionKind::ExecuteUnknown && rule.effect == Effect::Allow;
        if named_only || !pattern.contains('*') {
            continue;
        }
        if glob::stars(pattern, &name) || also.is_some_and(|also| glob::stars(pattern, also)) {
            let rank = u8::from(pattern.bytes().any(|byte| byte != b'*'));
            best = best.max(Some(rank));
        }
    }
    best
}

fn holds(rule: &RuleRecord<'_>, situation: &Situation<'_>, action: &Action, scratch: &Scratch) -> Match {
    let strict = rule.effect == Effect::Allow;
    // What cannot be read may be anything: no allow, and a deny that asks.
    let damaged = if strict { Match::No } else { Match::Possible };
    let unless = rule.unless();
    let spared = (!unless.is_empty() && !strict).then_some(unless);
    let subject = Subject { situation, action, scratch, strict, spared };
    let Some(found) = conditions::all(rule.conditions(), &subject) else { return damaged };
    if found == Match::No || unless.is_empty() {
        return found;
    }
    let opposite = Subject { strict: !strict, spared: None, ..subject };
    match conditions::all(unless, &opposite) {
        // A deny stands unless the exception is certain; an allow falls as soon as it may be.
        Some(Match::Yes) => Match::No,
        Some(Match::Possible) if strict => Match::No,
        Some(_) => found,
        None => damaged.min(found),
    }
}
