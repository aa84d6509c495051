//! The decision algebra.

mod answer;
mod hits;
pub(crate) mod probe;
#[cfg(test)]
mod probe_tests;
pub(crate) mod template;
mod undetermined;
pub(crate) mod weigh;

use placet_model::{Action, AgentIdentity, Decision, Origin, RuleRef, Verdict};

use crate::Situation;
use crate::matching::Scratch;
use crate::set::PolicySet;

pub(crate) use answer::{default_ref, rule_ref};
pub(crate) use hits::{rank, seen_by, test_rule};
pub(crate) use weigh::{Basis, Outcome, Which};

/// Which way one action went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionDecision {
    /// The answer.
    pub verdict: Verdict,
    /// Number of the deciding rule in the set; `None` when a default decided.
    pub rule: Option<u32>,
}

/// Decides a tool call from its actions.
///
/// The strictest answer to any action is the answer to the call; `abstain` becomes `ask` where the host would
/// run the call unseen. Where anything could not be read that had to be, the answer is a denial.
pub fn decide(set: &PolicySet<'_>, situation: &Situation<'_>, actions: &[Action]) -> Decision {
    let decision = by_policies(set, situation, actions);
    // Whatever came of what could be read: the rest may have said no.
    if set.is_damaged() { answer::damaged() } else { decision }
}

fn by_policies(set: &PolicySet<'_>, situation: &Situation<'_>, actions: &[Action]) -> Decision {
    let scratch = Scratch::default();
    if weigh::reaches(set, situation, Which::Enforced) {
        let enforced = strongest(set, situation, actions, &scratch, Which::Enforced);
        return answer::binding(set, situation, actions, enforced);
    }
    // Nothing that binds speaks for this agent. The floor still does; a file of the repository does not, for
    // its ask would be milder than the deny that follows.
    let floor = strongest(set, situation, actions, &scratch, Which::Floor)
        .filter(|call| call.outcome.verdict >= Verdict::Ask);
    if floor.is_some() || !weigh::reaches(set, situation, Which::DryRun) {
        return match floor {
            Some(call) => answer::binding(set, situation, actions, Some(call)),
            None => answer::no_policy(),
        };
    }
    let trial = strongest(set, situation, actions, &scratch, Which::DryRun);
    answer::recorded(set, situation, actions, trial)
}

/// Names of the sources whose policies reach an agent (`appliesTo`), in their order.
pub fn reaching<'s>(set: &'s PolicySet<'_>, agent: &AgentIdentity) -> Vec<&'s str> {
    weigh::reaching(set, agent)
}

/// What the policies in `dry_run` alone would have answered; `None` when none of them reaches the agent or
/// none has an opinion. For the record only.
pub fn dry_run(set: &PolicySet<'_>, situation: &Situation<'_>, actions: &[Action]) -> Option<Decision> {
    if !weigh::reaches(set, situation, Which::DryRun) {
        return None;
    }
    let trial = strongest(set, situation, actions, &Scratch::default(), Which::DryRun)?;
    Some(answer::recorded(set, situation, actions, Some(trial)))
}

/// Decides one action. `None`: no policy has anything to say on it. Allocates nothing unless a regular
/// expression, a path that is not exactly known or more than 32 matching rules are met.
pub fn decide_action(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    action: &Action,
) -> Option<ActionDecision> {
    let scratch = Scratch::default();
    let outcome = weigh::action(set, situation, action, &scratch, Which::Enforced);
    if set.is_damaged() {
        return Some(ActionDecision { verdict: Verdict::Deny, rule: None });
    }
    let outcome = outcome?;
    Some(ActionDecision {
        verdict: outcome.verdict,
        rule: match outcome.basis {
            Basis::Rule { rule, .. } => Some(rule),
            Basis::Default(_) | Basis::Unknown => None,
        },
    })
}

/// What a rule asks for beside its verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Obligations {
    /// `approval:` of the rule as JSON.
    pub approval: Option<serde_json::Value>,
    /// `alert:` of the rule.
    pub alert: Option<String>,
}

/// What the deciding rule asks for beside its verdict.
pub fn obligations(set: &PolicySet<'_>, rule: &RuleRef) -> Obligations {
    let same = |number: u32| rule_ref(set, number).as_ref() == Some(rule);
    let number = (0..set.header().rules).find(|number| same(*number));
    let record = number.and_then(|number| set.rule(number));
    let Some(shown) = record.and_then(|rule| rule.shown()) else { return Obligations::default() };
    Obligations {
        approval: shown.approval.and_then(|text| serde_json::from_str(text).ok()),
        alert: shown.alert.map(str::to_owned),
    }
}

/// The outcome that decides a call, and for which of its actions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallOutcome {
    pub(crate) outcome: Outcome,
    pub(crate) action: Option<usize>,
}

/// Strictest outcome over all actions; the first of equals.
pub(crate) fn strongest(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    actions: &[Action],
    scratch: &Scratch,
    which: Which,
) -> Option<CallOutcome> {
    let mut found: Option<CallOutcome> = None;
    let mut settled = false;
    for (index, action) in actions.iter().enumerate() {
        let Some(outcome) = weigh::action(set, situation, action, scratch, which) else { continue };
        settled |= outcome.settled;
        if found.is_none_or(|best| outcome.verdict > best.outcome.verdict) {
            found = Some(CallOutcome { outcome, action: Some(index) });
        }
    }
    // A call that consists of nothing but effects, on which no rule is certain, still meets the default.
    let effects = !actions.is_empty() && actions.iter().all(|action| action.origin == Origin::Effect);
    if !settled
        && effects
        && let Some(outcome) = weigh::defaults(set, situation, which)
        && found.is_none_or(|found| outcome.verdict > found.outcome.verdict)
    {
        return Some(CallOutcome { outcome, action: None });
    }
    found
}
