//! Why a decision is what it is, as data; showing it is the business of others.

mod change;

use placet_model::{Action, Decision, RuleRef, Verdict};
use serde::Serialize;

use crate::Situation;
use crate::decide::{self, Basis, Which, rule_ref, seen_by, test_rule, weigh};
use crate::ir::Effect;
use crate::matching::conditions::{self, tag};
use crate::matching::{Match, Scratch, Subject};
use crate::set::PolicySet;

/// A decision and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// The decision.
    pub decision: Decision,
    /// Each action of the call.
    pub actions: Vec<ActionTrace>,
    /// What policies in `dry_run` would have said.
    pub dry_run: Option<Decision>,
}

/// How one action was decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionTrace {
    /// `verb:object`
    pub action: String,
    /// Resource as text.
    pub resource: String,
    /// The answer to this action alone; `None`: nobody has an opinion.
    pub verdict: Option<Verdict>,
    /// Rule or default that decided it.
    pub decided_by: Option<RuleRef>,
    /// Rules that name the action, in the order of policies and rules.
    pub rules: Vec<RuleTrace>,
    /// The smallest change to a policy that would change the answer.
    pub change: Option<String>,
}

/// One rule that names the action.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleTrace {
    /// Which rule.
    pub rule: RuleRef,
    /// Its effect in the policy's word.
    pub effect: &'static str,
    /// Whether it matched.
    pub outcome: RuleOutcome,
    /// The conditions that failed, or `unless` and the name of one that held; one alone makes it a near miss.
    pub failed: Vec<&'static str>,
    /// Whether it decides this action.
    pub decides: bool,
}

/// Whether a rule matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleOutcome {
    /// It did.
    Match,
    /// It may: what would tell is unknown.
    Possible,
    /// It did not.
    Skip,
    /// Its policy does not reach this agent or is on trial.
    Silent,
}

/// Decides, and says why. Slower than [`crate::decide`]: it looks at every rule.
pub fn explain(set: &PolicySet<'_>, situation: &Situation<'_>, actions: &[Action]) -> Trace {
    let scratch = Scratch::default();
    let actions_traced = actions.iter().map(|action| one(set, situation, action, &scratch)).collect();
    let dry_run = decide::dry_run(set, situation, actions);
    // Last, so that it tells of damage that only looking at every rule has met.
    Trace { decision: decide::decide(set, situation, actions), actions: actions_traced, dry_run }
}

fn one(set: &PolicySet<'_>, situation: &Situation<'_>, action: &Action, scratch: &Scratch) -> ActionTrace {
    let outcome = weigh::action(set, situation, action, scratch, Which::Enforced);
    let deciding = match outcome.map(|outcome| outcome.basis) {
        Some(Basis::Rule { rule, .. }) => Some(rule),
        _ => None,
    };
    let rules: Vec<RuleTrace> = (0..set.header().rules)
        .filter_map(|number| rule(set, situation, action, scratch, number, deciding == Some(number)))
        .collect();
    let decided_by = match outcome {
        Some(weigh::Outcome { basis: Basis::Rule { rule, .. }, .. }) => rule_ref(set, rule),
        Some(weigh::Outcome { basis: Basis::Default(policy), verdict, .. }) => {
            decide::default_ref(set, policy, verdict)
        }
        _ => None,
    };
    let verdict = outcome.map(|outcome| outcome.verdict);
    let change = change::smallest(action, verdict, decided_by.as_ref(), &rules);
    ActionTrace {
        action: action.kind.name().into_owned(),
        resource: action.resource.text().into_owned(),
        verdict,
        decided_by,
        rules,
        change,
    }
}

fn rule(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    action: &Action,
    scratch: &Scratch,
    number: u32,
    decides: bool,
) -> Option<RuleTrace> {
    let record = set.rule(number)?;
    decide::rank(&record, action)?;
    let policy = set.policy(record.policy)?;
    let mut failed = Vec::new();
    let outcome = match test_rule(set, number, situation, action, scratch) {
        _ if !weigh::binds(set, &policy, situation) => RuleOutcome::Silent,
        Some(hit) if hit.certain => RuleOutcome::Match,
        Some(_) => RuleOutcome::Possible,
        None => {
            failed = failures(set, &record, situation, action, scratch).unwrap_or_default();
            RuleOutcome::Skip
        }
    };
    Some(RuleTrace { rule: rule_ref(set, number)?, effect: record.effect.name(), outcome, failed, decides })
}

fn failures(
    set: &PolicySet<'_>,
    rule: &crate::set::RuleRecord<'_>,
    situation: &Situation<'_>,
    action: &Action,
    scratch: &Scratch,
) -> Option<Vec<&'static str>> {
    let strict = rule.effect == Effect::Allow;
    let situation = &seen_by(set, rule, situation);
    let subject = Subject { situation, action, scratch, strict, spared: None };
    let mut cursor = rule.conditions();
    let mut failed = Vec::new();
    while !cursor.is_empty() {
        let (kind, found) = conditions::next(&mut cursor, &subject)?;
        if found == Match::No {
            failed.push(name(kind));
        }
    }
    if failed.is_empty() {
        failed.push(exception(rule, &subject)?);
    }
    Some(failed)
}

/// Which part of `unless` stands in the way: a circumstance if there is one, for that can change while the
/// call stays what it is.
fn exception(rule: &crate::set::RuleRecord<'_>, subject: &Subject<'_>) -> Option<&'static str> {
    const SUBJECTS: [u32; 5] = [tag::RESOURCE, tag::COMMAND, tag::PATH, tag::HOST, tag::TOOL];
    let mut cursor = rule.unless();
    let mut kinds = Vec::new();
    while !cursor.is_empty() {
        kinds.push(conditions::next(&mut cursor, subject)?.0);
    }
    let circumstance = kinds.iter().find(|kind| !SUBJECTS.contains(kind));
    circumstance.or(kinds.first()).map(|kind| excepted(*kind))
}

/// The name of a condition under `unless`.
fn excepted(kind: u32) -> &'static str {
    match kind {
        tag::RESOURCE => "unless resource",
        tag::COMMAND => "unless command",
        tag::PATH => "unless path",
        tag::HOST => "unless host",
        tag::MODE => "unless mode",
        tag::AUTONOMY => "unless autonomy",
        tag::ENVIRONMENT => "unless environment",
        tag::TIME => "unless time",
        tag::TIER => "unless tier",
        tag::TAGS => "unless tags",
        tag::CONTEXT => "unless context",
        _ => "unless tool",
    }
}

fn name(kind: u32) -> &'static str {
    match kind {
        tag::RESOURCE => "resource",
        tag::COMMAND => "command",
        tag::PATH => "path",
        tag::HOST => "host",
        tag::MODE => "mode",
        tag::AUTONOMY => "autonomy",
        tag::ENVIRONMENT => "environment",
        tag::TIME => "time",
        tag::TIER => "tier",
        tag::TAGS => "tags",
        tag::CONTEXT => "context",
        _ => "tool",
    }
}
