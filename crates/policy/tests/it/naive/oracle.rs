//! Rules to answers (sections 2, 6, 7 and 8).

use placet_model::{Action, ActionKind, DenialKind, Enforcement, Layer, Origin, Verdict, Visibility};
use placet_policy::Situation;

use super::conditions::{rule_holds, tier};
use super::data::{Effect, Policy, Rule};
use super::glob::{self, Case};
use super::sure::Sure;

/// An answer, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    verdict: Verdict,
    /// Policy and rule; `None` when it could not be determined what runs.
    by: Option<(String, String)>,
    denial: Option<DenialKind>,
    by_default: bool,
    /// A rule matched for certain.
    for_certain: bool,
}

/// The answer to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    pub(crate) enforcement: Enforcement,
    /// Policy and rule.
    pub(crate) by: Option<(String, String)>,
    pub(crate) denial: Option<DenialKind>,
    pub(crate) action: Option<usize>,
}

/// A rule that matches the action.
struct Hit<'a> {
    rule: &'a Rule,
    name: String,
    rank: u8,
    sure: Sure,
}

impl Hit<'_> {
    fn width(&self) -> (u8, bool) {
        (self.rank, self.rule.conditional())
    }
}

/// Section 8.
pub(crate) fn decide(policies: &[Policy], situation: &Situation<'_>, actions: &[Action]) -> Answer {
    let reaching: Vec<&Policy> = policies.iter().filter(|policy| reaches(policy, situation)).collect();
    let counts = |policy: &&Policy| !dry(policy);
    let bears = |policy: &&&Policy| policy.layer != Layer::Floor && trusted(policy);
    let enforced: Vec<&Policy> = reaching.iter().copied().filter(counts).collect();
    if enforced.iter().any(|policy| bears(&policy)) {
        return seen(strongest(&enforced, situation, actions), situation, actions);
    }
    let floor: Vec<&Policy> =
        enforced.iter().copied().filter(|policy| policy.layer == Layer::Floor).collect();
    let answer = strongest(&floor, situation, actions);
    if answer.verdict >= Verdict::Ask {
        return answer;
    }
    let rehearsed: Vec<&Policy> = reaching.iter().copied().filter(|policy| dry(policy)).collect();
    if rehearsed.iter().any(|policy| bears(&policy)) {
        return Answer { enforcement: Enforcement::Audit, ..strongest(&rehearsed, situation, actions) };
    }
    Answer {
        verdict: Verdict::Deny,
        enforcement: Enforcement::Enforce,
        by: None,
        denial: Some(DenialKind::Final),
        action: None,
    }
}

fn dry(policy: &Policy) -> bool {
    policy.dry_run && policy.layer != Layer::Floor
}

fn trusted(policy: &Policy) -> bool {
    policy.layer != Layer::Project || policy.trusted
}

fn reaches(policy: &Policy, situation: &Situation<'_>) -> bool {
    let agent = situation.agent;
    let Some(keys) = &policy.applies_to else { return true };
    !keys.is_empty()
        && keys.iter().all(|(key, values)| match *key {
            "tags" => agent.tags.iter().any(|tag| values.contains(tag)),
            "trustTiers" => tier(values, &agent.tier),
            "agentIds" => values.contains(&agent.name),
            _ => false,
        })
}

/// Nobody sees what the host would let pass in silence.
fn seen(answer: Answer, situation: &Situation<'_>, actions: &[Action]) -> Answer {
    if answer.verdict == Verdict::Abstain && situation.mode.visibility(actions) == Visibility::Unseen {
        return Answer { verdict: Verdict::Ask, denial: Some(DenialKind::NeedsPerson), ..answer };
    }
    answer
}

fn strongest(policies: &[&Policy], situation: &Situation<'_>, actions: &[Action]) -> Answer {
    let enforcement = Enforcement::Enforce;
    let mut best: Option<(Option<usize>, Given)> = None;
    for (at, action) in actions.iter().enumerate() {
        if let Some(given) = across(policies, situation, action)
            && best.as_ref().is_none_or(|(_, best)| given.verdict > best.verdict)
        {
            best = Some((Some(at), given));
        }
    }
    let loosening: Vec<&Policy> = policies.iter().copied().filter(|policy| trusted(policy)).collect();
    let certain = |action| across(&loosening, situation, action).is_some_and(|given| given.for_certain);
    if !actions.is_empty()
        && actions.iter().all(|action| action.origin == Origin::Effect && !certain(action))
        && let Some(default) = strictest(loosening.iter().filter_map(|policy| default(policy)))
        && best.as_ref().is_none_or(|(_, best)| default.verdict > best.verdict)
    {
        best = Some((None, default));
    }
    match best {
        Some((action, given)) => {
            Answer { verdict: given.verdict, enforcement, by: given.by, denial: given.denial, action }
        }
        None => Answer { verdict: Verdict::Abstain, enforcement, by: None, denial: None, action: None },
    }
}

/// Section 7.
fn across(policies: &[&Policy], situation: &Situation<'_>, action: &Action) -> Option<Given> {
    let places = [
        (Layer::Floor, true),
        (Layer::Organisation, true),
        (Layer::Machine, true),
        (Layer::User, true),
        (Layer::Project, true),
        (Layer::Project, false),
    ];
    let each = places.iter().filter_map(|&(layer, known)| {
        let here = |policy: &&Policy| policy.layer == layer && trusted(policy) == known;
        let of_layer: Vec<&Policy> = policies.iter().copied().filter(here).collect();
        layer_answer(&of_layer, situation, action).filter(|given| known || given.verdict >= Verdict::Ask)
    });
    let found = strictest(each);
    if action.kind != ActionKind::ExecuteUnknown || policies.iter().all(|policy| policy.layer == Layer::Floor)
    {
        return found;
    }
    let allowed = |given: &Given| given.verdict == Verdict::Allow && !given.by_default;
    let at_least_ask = Given {
        verdict: Verdict::Ask,
        by: None,
        denial: Some(DenialKind::NeedsPerson),
        by_default: false,
        for_certain: found.as_ref().is_some_and(|given| given.for_certain),
    };
    Some(found.filter(|given| allowed(given) || given.verdict >= Verdict::Ask).unwrap_or(at_least_ask))
}

fn layer_answer(policies: &[&Policy], situation: &Situation<'_>, action: &Action) -> Option<Given> {
    let by_rule = strictest(policies.iter().filter_map(|policy| within(policy, situation, action)));
    if action.origin == Origin::Effect || by_rule.as_ref().is_some_and(|given| given.for_certain) {
        return by_rule;
    }
    strictest(by_rule.into_iter().chain(policies.iter().filter_map(|policy| default(policy))))
}

/// The strictest; of equals the first. It is certain when one of them is.
fn strictest(all: impl IntoIterator<Item = Given>) -> Option<Given> {
    all.into_iter().reduce(|best, next| {
        let for_certain = best.for_certain || next.for_certain;
        Given { for_certain, ..if next.verdict > best.verdict { next } else { best } }
    })
}

fn default(policy: &Policy) -> Option<Given> {
    let absent = if policy.layer == Layer::Project { "none" } else { "deny" };
    let word = policy.default.unwrap_or(absent);
    let verdict = match word {
        "allow" => Verdict::Allow,
        "abstain" => Verdict::Abstain,
        "ask" => Verdict::Ask,
        "deny" => Verdict::Deny,
        _ => return None,
    };
    let mut given = given(policy, verdict, "", None, false);
    given.by = Some((policy.name.clone(), format!("default-{}", given.verdict.name())));
    Some(given)
}

fn given(policy: &Policy, verdict: Verdict, rule: &str, by: Option<&Rule>, for_certain: bool) -> Given {
    let refused = verdict == Verdict::Ask && policy.ask_means_deny;
    let denial = match verdict {
        Verdict::Ask => Some(DenialKind::NeedsPerson),
        Verdict::Deny if by.is_some_and(|rule| rule.fix && !rule.last_word) => Some(DenialKind::Fixable),
        Verdict::Deny => Some(DenialKind::Final),
        _ => None,
    };
    let verdict = if refused { Verdict::Deny } else { verdict };
    let name = (policy.name.clone(), rule.to_owned());
    Given { verdict, by: Some(name), denial, by_default: by.is_none(), for_certain }
}

/// Section 6.
fn within(policy: &Policy, situation: &Situation<'_>, action: &Action) -> Option<Given> {
    let approvals = Rule {
        effect: Effect::Ask,
        name: Some("human-in-the-loop".to_owned()),
        actions: policy.approvals.clone(),
        tool: Vec::new(),
        regex: Vec::new(),
        conditions: Vec::new(),
        unless: Vec::new(),
        fix: false,
        last_word: false,
    };
    let rules = policy.rules.iter().chain([&approvals]).enumerate();
    let hits: Vec<Hit<'_>> = rules.filter_map(|(at, rule)| hit(rule, at, situation, action)).collect();
    let found = if policy.first_match {
        hits.iter().find(|hit| hit.sure == Sure::Yes)
    } else {
        guarded(&hits.iter().filter(|hit| hit.sure == Sure::Yes).collect::<Vec<_>>())
    };
    if found.is_none_or(|hit| hit.rule.effect == Effect::Allow) {
        let doubtful = |hit: &&Hit<'_>| hit.sure == Sure::Possible;
        let asking = if policy.first_match {
            hits.iter().take_while(|hit| hit.sure != Sure::Yes).find(doubtful)
        } else {
            champion(hits.iter().filter(doubtful))
        };
        if let Some(hit) = asking {
            return Some(given(policy, Verdict::Ask, &hit.name, Some(hit.rule), found.is_some()));
        }
    }
    let verdict = match found?.rule.effect {
        Effect::Allow => Verdict::Allow,
        Effect::Ask => Verdict::Ask,
        Effect::Deny => Verdict::Deny,
    };
    Some(given(policy, verdict, &found?.name, Some(found?.rule), true))
}

fn guarded<'a>(hits: &[&'a Hit<'a>]) -> Option<&'a Hit<'a>> {
    let of = |effect: Effect, conditional: bool| {
        let fits = move |hit: &&Hit<'_>| hit.rule.effect == effect && hit.rule.conditional() == conditional;
        champion(hits.iter().copied().filter(fits))
    };
    let allow = champion(hits.iter().copied().filter(|hit| hit.rule.effect == Effect::Allow));
    if let Some(deny) = of(Effect::Deny, true) {
        return Some(deny);
    }
    let general_ask =
        of(Effect::Ask, false).filter(|ask| allow.is_none_or(|allow| allow.width() <= ask.width()));
    let other = of(Effect::Ask, true).or(general_ask).or(allow);
    match of(Effect::Deny, false) {
        Some(deny) if other.is_none_or(|other| other.width() <= deny.width()) => Some(deny),
        _ => other,
    }
}

/// The narrowest; of equals the first.
fn champion<'a>(hits: impl Iterator<Item = &'a Hit<'a>>) -> Option<&'a Hit<'a>> {
    hits.reduce(|best, next| if next.width() > best.width() { next } else { best })
}

fn hit<'a>(rule: &'a Rule, at: usize, situation: &Situation<'_>, action: &Action) -> Option<Hit<'a>> {
    let rank = rank(rule, &action.kind)?;
    let sure = rule_holds(rule, situation, action);
    let effect = format!("{:?}", rule.effect).to_lowercase();
    let name = rule.name.clone().unwrap_or_else(|| format!("{effect}-rule-{}", at + 1));
    (sure != Sure::No).then_some(Hit { rule, name, rank, sure })
}

fn rank(rule: &Rule, kind: &ActionKind) -> Option<u8> {
    let anything = vec!["*".to_owned()];
    let patterns = if rule.actions.is_empty() && !rule.tool.is_empty() { &anything } else { &rule.actions };
    let own = kind.name().into_owned();
    let names: Vec<String> = [own.clone()].into_iter().chain(kind.also().map(str::to_owned)).collect();
    let exact_only = rule.effect == Effect::Allow && *kind == ActionKind::ExecuteUnknown;
    let rank_of = |pattern: &String| {
        if *pattern == own {
            Some(3)
        } else if names.contains(pattern) {
            Some(2)
        } else if exact_only || !names.iter().any(|name| action_matches(pattern, name)) {
            None
        } else {
            Some(u8::from(!pattern.chars().all(|c| c == '*')))
        }
    };
    patterns.iter().filter_map(rank_of).max()
}

/// In action patterns only `*` is a wildcard.
fn action_matches(pattern: &str, name: &str) -> bool {
    let pattern: String =
        pattern.chars().flat_map(|c| (c != '*').then_some('\\').into_iter().chain([c])).collect();
    glob::text(&pattern, name, Case::Counts)
}
