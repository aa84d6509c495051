//! From matching rules to a verdict: within a policy, across policies, across layers.

use placet_model::{Action, ActionKind, AgentIdentity, Layer, Origin, Verdict};

use super::hits::{self, Hit};
use super::probe;
use crate::Situation;
use crate::ir::Effect;
use crate::matching::{Scratch, tier};
use crate::rewrites::of_spec;
use crate::set::{Cursor, PolicyRecord, PolicySet, bits};

/// Which policies count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those with `enforcement: enforce`.
    Enforced,
    /// Those with `enforcement: dry_run`.
    DryRun,
    /// Those of the floor alone: what they say themselves, nothing raised.
    Floor,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Basis {
    /// A rule; `certain`: it matched for certain; `raised`: its ask became a deny by `onAsk`.
    Rule { rule: u32, certain: bool, raised: bool },
    /// The default of that policy.
    Default(u32),
    /// It could not be determined what would run.
    Unknown,
}

/// A verdict and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    pub(crate) basis: Basis,
    /// Whether a rule matched the action for certain; else defaults count beside what only may match. Of an
    /// answer across layers: a rule of a layer that may loosen.
    pub(crate) settled: bool,
}

/// Layers in order of height; project policies that are not trusted stand apart from those that are.
const GROUPS: [(Layer, bool); 6] = [
    (Layer::Floor, true),
    (Layer::Organisation, true),
    (Layer::Machine, true),
    (Layer::User, true),
    (Layer::Project, true),
    (Layer::Project, false),
];

/// Decides one action.
pub(crate) fn action(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    action: &Action,
    scratch: &Scratch,
    which: Which,
) -> Option<Outcome> {
    let mut hits = HitList::default();
    probe::candidates(set, action, &mut |number| {
        let seen = hits.all().any(|hit| hit.rule == number);
        if !seen && let Some(hit) = hits::test_rule(set, number, situation, action, scratch) {
            hits.push(hit);
        }
    });
    across_layers(set, situation, action, &hits, which)
}

/// Decides one action by these rules alone, as if their conditions held.
pub(crate) fn by_rules(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    action: &Action,
    rules: &[u32],
) -> Option<Outcome> {
    let mut hits = HitList::default();
    rules
        .iter()
        .filter_map(|number| hits::taken_to_hold(set, *number, action))
        .for_each(|hit| hits.push(hit));
    across_layers(set, situation, action, &hits, Which::Enforced)
}

/// The strictest layer decides; the higher of equals.
fn across_layers(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    action: &Action,
    hits: &HitList,
    which: Which,
) -> Option<Outcome> {
    let mut found: Option<Outcome> = None;
    let mut settled = false;
    for (layer, trusted) in GROUPS {
        let of_group = |policy: &PolicyRecord<'_>| {
            policy.layer == layer
                && (layer != Layer::Project || (policy.bits & bits::TRUSTED != 0) == trusted)
                && counts(policy, which)
        };
        let mut outcome = across_policies(set, situation, hits, &of_group);
        outcome = outcome.map(|outcome| unless_rewritten(set, action, outcome));
        // A rule that only may match must not hide a stricter default.
        if outcome.is_none_or(|outcome| !outcome.settled) && action.origin != Origin::Effect {
            outcome = strictest(outcome, default_of(set, situation, &of_group));
        }
        // A file of the repository may tighten, whatever its own rules say among themselves.
        let loosens = !trusted && outcome.is_some_and(|outcome| outcome.verdict < Verdict::Ask);
        let outcome = outcome.filter(|_| !loosens);
        settled |= trusted && outcome.is_some_and(|outcome| outcome.settled);
        found = strictest(found, outcome);
    }
    let found = found.map(|found| Outcome { settled, ..found });
    if action.kind != ActionKind::ExecuteUnknown || which == Which::Floor {
        return found;
    }
    match found {
        Some(Outcome { verdict: Verdict::Allow, basis: Basis::Rule { .. }, .. }) => found,
        Some(outcome) if outcome.verdict >= Verdict::Ask => found,
        _ => Some(Outcome { verdict: Verdict::Ask, basis: Basis::Unknown, settled }),
    }
}

/// An allow that means a safer form only is a question about every other.
fn unless_rewritten(set: &PolicySet<'_>, action: &Action, outcome: Outcome) -> Outcome {
    let (Verdict::Allow, Basis::Rule { rule, .. }) = (outcome.verdict, outcome.basis) else { return outcome };
    let safer = || {
        let rule = set.rule(rule).filter(|rule| rule.has(bits::SAFER))?;
        rule.shown()?.rewrite.and_then(of_spec)
    };
    match safer() {
        Some(named) if named.concerns(action) => Outcome { verdict: Verdict::Ask, ..outcome },
        _ => outcome,
    }
}

/// The stricter of two; the first of equals.
pub(super) fn strictest(first: Option<Outcome>, second: Option<Outcome>) -> Option<Outcome> {
    match (first, second) {
        (Some(first), Some(second)) => Some(if second.verdict > first.verdict { second } else { first }),
        (only, None) | (None, only) => only,
    }
}

fn counts(policy: &PolicyRecord<'_>, which: Which) -> bool {
    // The gate's own policy binds always.
    let dry_run = policy.bits & bits::DRY_RUN != 0 && policy.layer != Layer::Floor;
    match which {
        Which::Enforced => !dry_run,
        Which::DryRun => dry_run,
        Which::Floor => policy.layer == Layer::Floor,
    }
}

/// The strictest rule-based outcome of the policies of one layer; the first of equals.
fn across_policies(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    hits: &HitList,
    of_group: &dyn Fn(&PolicyRecord<'_>) -> bool,
) -> Option<Outcome> {
    let mut found: Option<Outcome> = None;
    let mut settled = false;
    let mut done: Option<u32> = None;
    // Policies in their order, without sorting: always the lowest number not done yet.
    while let Some(number) =
        hits.all().map(|hit| hit.policy).filter(|policy| done.is_none_or(|done| *policy > done)).min()
    {
        done = Some(number);
        let Some(policy) = set.policy(number) else { continue };
        if !of_group(&policy) || !reached(set, &policy, situation) {
            continue;
        }
        let outcome = if policy.bits & bits::FIRST_MATCH != 0 {
            first_match(hits, number)
        } else {
            guarded(hits, number)
        };
        settled |= outcome.is_some_and(|outcome| outcome.settled);
        found = strictest(found, outcome.map(|outcome| raise(outcome, &policy)));
    }
    found.map(|found| Outcome { settled, ..found })
}

/// `onAsk: deny`
fn raise(outcome: Outcome, policy: &PolicyRecord<'_>) -> Outcome {
    if policy.bits & bits::ASKS_DENY == 0 || outcome.verdict != Verdict::Ask {
        return outcome;
    }
    let basis = match outcome.basis {
        Basis::Rule { rule, certain, .. } => Basis::Rule { rule, certain, raised: true },
        other => other,
    };
    Outcome { verdict: Verdict::Deny, basis, ..outcome }
}

/// Guarded specificity: see `docs/src/policy/specification.md`, section 6.
fn guarded(hits: &HitList, policy: u32) -> Option<Outcome> {
    let of = |effect: Effect, conditional: Option<bool>| {
        let fits = move |hit: &&Hit| {
            hit.policy == policy
                && hit.certain
                && hit.effect == effect
                && conditional.is_none_or(|wanted| hit.conditional == wanted)
        };
        champion(hits.all().filter(fits))
    };
    if let Some(deny) = of(Effect::Deny, Some(true)) {
        return Some(outcome(deny));
    }
    let allow = of(Effect::Allow, None);
    let ask = match (of(Effect::Ask, Some(true)), of(Effect::Ask, Some(false))) {
        (Some(ask), _) => Some(ask),
        // An unconditional ask yields to a narrower allow.
        (None, Some(ask)) => {
            Some(ask).filter(|ask| allow.is_none_or(|allow| allow.narrowness() <= ask.narrowness()))
        }
        (None, None) => None,
    };
    let other = ask.or(allow);
    let certain = match of(Effect::Deny, Some(false)) {
        // An unconditional deny yields only to what is narrower.
        Some(deny) if other.is_none_or(|other| other.narrowness() <= deny.narrowness()) => Some(deny),
        _ => other,
    };
    // What only may match makes nothing yield; it asks where nothing stricter holds.
    let possible = champion(hits.all().filter(|hit| hit.policy == policy && !hit.certain));
    stricter(certain, possible)
}

/// The rule that speaks for several of one effect: the narrowest, the first.
fn champion<'h>(hits: impl Iterator<Item = &'h Hit>) -> Option<&'h Hit> {
    hits.min_by_key(|hit| (std::cmp::Reverse(hit.narrowness()), hit.rule))
}

/// `evaluation: first-match`. A rule that only may match asks, and the search goes on.
fn first_match(hits: &HitList, policy: u32) -> Option<Outcome> {
    let of_policy = || hits.all().filter(|hit| hit.policy == policy);
    let certain = of_policy().filter(|hit| hit.certain).min_by_key(|hit| hit.rule);
    let before = |hit: &&Hit| !hit.certain && certain.is_none_or(|certain| hit.rule < certain.rule);
    stricter(certain, of_policy().filter(before).min_by_key(|hit| hit.rule))
}

/// What matches for certain, unless what may match is stricter.
fn stricter(certain: Option<&Hit>, possible: Option<&Hit>) -> Option<Outcome> {
    match (certain, possible) {
        (Some(certain), Some(possible)) => {
            let hit = if possible.effect > certain.effect { possible } else { certain };
            Some(Outcome { settled: true, ..outcome(hit) })
        }
        (hit, None) | (None, hit) => hit.map(outcome),
    }
}

fn outcome(hit: &Hit) -> Outcome {
    let verdict = match hit.effect {
        Effect::Allow => Verdict::Allow,
        Effect::Ask => Verdict::Ask,
        Effect::Deny => Verdict::Deny,
    };
    let basis = Basis::Rule { rule: hit.rule, certain: hit.certain, raised: false };
    Outcome { verdict, basis, settled: hit.certain }
}

/// Strictest default of the policies of a layer that reach the agent; the first of equals.
fn default_of(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    of_group: &dyn Fn(&PolicyRecord<'_>) -> bool,
) -> Option<Outcome> {
    let mut found: Option<Outcome> = None;
    for number in 0..set.header().policies {
        // A policy that cannot be read could deny anything.
        let Some(policy) = set.policy(number) else {
            return Some(by_default(Verdict::Deny, number));
        };
        // In a repository only what is written counts: a file that adds one deny must not deny everything.
        let silent = policy.layer == Layer::Project && policy.default_line == 0;
        let Some(verdict) = policy.default.filter(|_| !silent) else { continue };
        if !of_group(&policy) || !reached(set, &policy, situation) {
            continue;
        }
        found = strictest(found, Some(raise(by_default(verdict, number), &policy)));
    }
    found
}

fn by_default(verdict: Verdict, policy: u32) -> Outcome {
    Outcome { verdict, basis: Basis::Default(policy), settled: false }
}

/// Strictest default over all layers, as an action meets it that no rule matches.
pub(crate) fn defaults(set: &PolicySet<'_>, situation: &Situation<'_>, which: Which) -> Option<Outcome> {
    let all = |policy: &PolicyRecord<'_>| {
        counts(policy, which) && !(policy.layer == Layer::Project && policy.bits & bits::TRUSTED == 0)
    };
    default_of(set, situation, &all)
}

/// Whether a policy that may allow something reaches the agent: not the floor, not an untrusted project file.
pub(crate) fn reaches(set: &PolicySet<'_>, situation: &Situation<'_>, which: Which) -> bool {
    (0..set.header().policies).filter_map(|number| set.policy(number)).any(|policy| {
        policy.layer != Layer::Floor
            && policy.bits & bits::TRUSTED != 0
            && counts(&policy, which)
            && reached(set, &policy, situation)
    })
}

/// Names of the sources whose policies reach an agent, in their order; whether they bind or are on trial.
pub(crate) fn reaching<'s>(set: &'s PolicySet<'_>, agent: &AgentIdentity) -> Vec<&'s str> {
    let policies = (0..set.header().policies).filter_map(|number| set.policy(number));
    let reaching = policies.filter(|policy| reaches_agent(set, policy, agent));
    reaching.filter_map(|policy| policy.file()).collect()
}

/// Whether the policy binds this agent.
pub(crate) fn binds(set: &PolicySet<'_>, policy: &PolicyRecord<'_>, situation: &Situation<'_>) -> bool {
    counts(policy, Which::Enforced) && reached(set, policy, situation)
}

/// `appliesTo`: any value of a list, every list that is given. What cannot be read reaches.
pub(crate) fn reached(set: &PolicySet<'_>, policy: &PolicyRecord<'_>, situation: &Situation<'_>) -> bool {
    reaches_agent(set, policy, situation.agent)
}

/// The same, for an agent without a call.
pub(crate) fn reaches_agent(set: &PolicySet<'_>, policy: &PolicyRecord<'_>, agent: &AgentIdentity) -> bool {
    if policy.applies_at == 0 {
        return true;
    }
    applies(set, policy.applies_at - 1, agent.to_layer(policy.layer)).unwrap_or(true)
}

fn applies(set: &PolicySet<'_>, at: u32, agent: &AgentIdentity) -> Option<bool> {
    let mut cursor = Cursor::new(set, set.shared(at)?);
    let tier = tier::canonical(&agent.tier).unwrap_or(&agent.tier);
    for key in 0..4 {
        let given = cursor.next()? != 0;
        let list = cursor.strings()?;
        if !given {
            continue;
        }
        let mut any = false;
        for wanted in list {
            let wanted = wanted?;
            any |= match key {
                0 => agent.tags.iter().any(|tag| tag == wanted),
                1 => tier == wanted,
                2 => agent.name == wanted,
                // A local agent belongs to no organisation.
                _ => false,
            };
        }
        if !any {
            return Some(false);
        }
    }
    Some(true)
}

/// Matching rules; a few of them without allocating.
#[derive(Default)]
struct HitList {
    few: [Option<Hit>; 32],
    count: usize,
    more: Vec<Hit>,
}

impl HitList {
    fn push(&mut self, hit: Hit) {
        match self.few.get_mut(self.count) {
            Some(slot) => {
                *slot = Some(hit);
                self.count += 1;
            }
            None => self.more.push(hit),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Hit> {
        self.few.iter().take(self.count).flatten().chain(&self.more)
    }
}
