//! What an agent may do, action by action, before any call is made.
//!
//! Only what holds without conditions is an answer here; every rule with conditions stands beside it, with what the answer becomes
//! where they hold. Deciding a call never uses this.

use std::collections::BTreeMap;

use placet_model::{
    Action, ActionKind, AgentIdentity, Layer, NoFacts, PermissionMode, Resource, RuleRef, Verdict,
};
use serde_json::{Map, Value, json};

use crate::decide::weigh::{self, Basis, Outcome, Which};
use crate::decide::{default_ref, rank, rule_ref};
use crate::set::{PolicySet, bits};
use crate::source::load;
use crate::source::reader::json;
use crate::source::yaml::{Kind, Node};
use crate::{Situation, Source};

/// What an agent may do under the policies that bind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The answer to actions that no rule matches, and whose it is; `None` when no policy gives one.
    pub default: (Verdict, Option<RuleRef>),
    /// Every action pattern that a rule names, by name, the broadest last. The floor names none.
    pub actions: Vec<ActionStanding>,
}

/// The answer to one action pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionStanding {
    /// The pattern, as the rules write it.
    pub action: String,
    /// The answer where no condition holds.
    pub verdict: Verdict,
    /// Rule or default it comes from.
    pub rule: Option<RuleRef>,
    /// Rules that change the answer when their conditions hold, or that of another of these; in their order.
    pub when: Vec<Exception>,
}

/// A rule with conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// What the answer becomes.
    pub verdict: Verdict,
    /// The rule.
    pub rule: RuleRef,
    /// Its conditions as written; `None` when they stand in a text that was not given.
    pub conditions: Option<Value>,
}

/// What `agent` may do. `sources` are the texts from which conditions are told; without them they are only said to be there.
pub fn standing(set: &PolicySet<'_>, agent: &AgentIdentity, sources: &[Source]) -> Standing {
    let situation = Situation {
        agent,
        mode: PermissionMode::Default,
        tool: "",
        input: &Value::Null,
        cwd: "/",
        project: "/",
        home: None,
        autonomy: None,
        environment: None,
        unix_seconds: 0,
        context: &Value::Null,
        facts: &NoFacts,
    };
    let nothing = Standing { default: (Verdict::Deny, None), actions: Vec::new() };
    if !weigh::reaches(set, &situation, Which::Enforced) {
        return nothing;
    }
    let default = weigh::defaults(set, &situation, Which::Enforced);
    let (rules, written) = (binding_rules(set, &situation), written(sources));
    let mut actions: Vec<ActionStanding> = patterns(set, &rules)
        .into_iter()
        .map(|pattern| of_pattern(set, &situation, &rules, pattern, &written))
        .collect();
    actions.sort_by_key(|one| (one.action.starts_with('*'), one.action.clone()));
    // What could not be read may have said no.
    if set.is_damaged() { nothing } else { Standing { default: told(set, default), actions } }
}

/// Numbers of the rules of policies that bind the agent.
fn binding_rules(set: &PolicySet<'_>, situation: &Situation<'_>) -> Vec<u32> {
    let binds = |number: &u32| {
        let policy = set.rule(*number).and_then(|rule| set.policy(rule.policy));
        policy.is_some_and(|policy| weigh::binds(set, &policy, situation))
    };
    (0..set.header().rules).filter(binds).collect()
}

fn is_floor(set: &PolicySet<'_>, rule: u32) -> bool {
    let policy = set.rule(rule).and_then(|rule| set.policy(rule.policy));
    policy.is_some_and(|policy| policy.layer == Layer::Floor)
}

/// Every pattern that a rule other than the floor's names, once.
fn patterns(set: &PolicySet<'_>, rules: &[u32]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for rule in rules.iter().filter(|rule| !is_floor(set, **rule)).filter_map(|rule| set.rule(*rule)) {
        for pattern in rule.actions().into_iter().flatten().flatten() {
            if !found.iter().any(|known| known == pattern) {
                found.push(pattern.to_owned());
            }
        }
    }
    found
}

fn of_pattern(
    set: &PolicySet<'_>,
    situation: &Situation<'_>,
    rules: &[u32],
    pattern: String,
    written: &Written,
) -> ActionStanding {
    let action = Action::direct(ActionKind::parse(&pattern), Resource::Text(String::new()));
    let names = |number: &u32| set.rule(*number).is_some_and(|rule| rank(&rule, &action).is_some());
    let (with, without): (Vec<u32>, Vec<u32>) = rules
        .iter()
        .copied()
        .filter(names)
        .partition(|number| set.rule(*number).is_none_or(|rule| rule.has(bits::CONDITIONAL)));
    let answer = weigh::by_rules(set, situation, &action, &without);
    let (verdict, rule) = told(set, answer);
    let among = |more: &[u32]| {
        let held: Vec<u32> = without.iter().chain(more).copied().collect();
        told(set, weigh::by_rules(set, situation, &action, &held)).0
    };
    let with: Vec<u32> = with.into_iter().filter(|number| !is_floor(set, *number)).collect();
    // What one rule loosens another may forbid after all.
    let loosest =
        with.iter().copied().min_by_key(|number| among(&[*number])).filter(|n| among(&[*n]) < verdict);
    let mut when = Vec::new();
    for number in with {
        let mut becomes = among(&[number]);
        if becomes == verdict
            && let Some(loosest) = loosest
        {
            let mut both = [loosest, number];
            both.sort_unstable();
            becomes = among(&both);
            if becomes == among(&[loosest]) {
                continue;
            }
        } else if becomes == verdict {
            continue;
        }
        if let Some(rule) = rule_ref(set, number) {
            let conditions = written.get(&(rule.file.clone(), rule.line)).cloned();
            when.push(Exception { verdict: becomes, conditions, rule });
        }
    }
    ActionStanding { action: pattern, verdict, rule, when }
}

/// An outcome in words; nobody's opinion is an abstention.
fn told(set: &PolicySet<'_>, outcome: Option<Outcome>) -> (Verdict, Option<RuleRef>) {
    let Some(outcome) = outcome else { return (Verdict::Abstain, None) };
    let rule = match outcome.basis {
        Basis::Rule { rule, .. } => rule_ref(set, rule),
        Basis::Default(policy) => default_ref(set, policy, outcome.verdict),
        Basis::Unknown => None,
    };
    (outcome.verdict, rule)
}

/// Conditions of rules as their texts have them, by file and line.
type Written = BTreeMap<(String, u32), Value>;

fn written(sources: &[Source]) -> Written {
    let mut found = BTreeMap::new();
    for source in sources {
        let Ok(document) = load::parse(&source.name, &source.text) else { continue };
        let Some(Kind::List(rules)) = entry(&document, "rules").map(|rules| &rules.kind) else { continue };
        for rule in rules {
            found.insert((source.name.clone(), rule.place.line.max(1)), conditions(rule));
        }
    }
    found
}

fn conditions(rule: &Node) -> Value {
    let mut found = Map::new();
    for key in ["tool", "regex", "unless"] {
        if let Some(value) = entry(rule, key) {
            found.insert(key.to_owned(), json(value));
        }
    }
    if let Some(Value::Object(conditions)) = entry(rule, "conditions").map(json) {
        found.extend(conditions);
    }
    Value::Object(found)
}

fn entry<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Kind::Map(entries) = &node.kind else { return None };
    entries.iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
}

impl Standing {
    /// As JSON: `default` and `actions` with `effect`, `policy`, `rule` and `when` each.
    pub fn json(&self) -> Value {
        let said = |verdict: Verdict, rule: Option<&RuleRef>| {
            let mut said = BTreeMap::from([("effect", json!(verdict.name()))]);
            if let Some(rule) = rule {
                said.extend([("policy", json!(rule.policy)), ("rule", json!(rule.rule))]);
            }
            said
        };
        let rows = self.actions.iter().map(|one| {
            let when = one.when.iter().map(|exception| {
                let mut row = said(exception.verdict, Some(&exception.rule));
                row.insert("conditions", exception.conditions.clone().unwrap_or_default());
                row
            });
            let mut row = said(one.verdict, one.rule.as_ref());
            row.extend([("action", json!(one.action)), ("when", json!(when.collect::<Vec<_>>()))]);
            row
        });
        let (verdict, rule) = &self.default;
        json!({"default": said(*verdict, rule.as_ref()), "actions": rows.collect::<Vec<_>>()})
    }
}
