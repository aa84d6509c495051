//! In what two texts of a policy differ in meaning. Comments, layout, order and spelling that change no answer are no difference.

mod facts;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ir::{Policy, Rule};
use crate::source::load;
use crate::{CompileError, Options, Source};
use facts::Facts;

/// In what two policies differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyDiff {
    /// Keys of the policy itself: its name, default, whom it reaches, how it is evaluated.
    pub settings: Vec<KeyChange>,
    /// Rules that only the new one has.
    pub added: Vec<RuleShown>,
    /// Rules that only the old one has.
    pub removed: Vec<RuleShown>,
    /// Rules of both that say something else.
    pub changed: Vec<RuleChange>,
    /// Rules in their new order, where another order can give another answer; empty when it cannot.
    pub reordered: Vec<String>,
}

/// One key with another value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyChange {
    /// The key, as in `conditions.resource.contains`.
    pub key: String,
    /// What stood there; empty: nothing.
    pub old: Vec<String>,
    /// What stands there.
    pub new: Vec<String>,
}

/// A rule with all that it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleShown {
    /// Its name.
    pub name: String,
    /// Keys and what stands there.
    pub says: BTreeMap<String, Vec<String>>,
}

/// A rule that says something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// Its new name.
    pub name: String,
    /// The keys that changed; `name` among them when it was given another one.
    pub keys: Vec<KeyChange>,
}

impl PolicyDiff {
    /// Whether both mean the same.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares what two texts mean, with all that they extend.
///
/// # Errors
/// When either is no valid policy.
pub fn diff(old: &Source, new: &Source, options: &Options<'_>) -> Result<PolicyDiff, CompileError> {
    let (old, new) = (one(old, options)?, one(new, options)?);
    let mut found = PolicyDiff {
        settings: keys(&facts::of_policy(&old), &facts::of_policy(&new)),
        ..PolicyDiff::default()
    };
    let pairs = pair(&old.rules, &new.rules);
    for (before, after) in &pairs {
        let mut changes = keys(&facts::of_rule(before), &facts::of_rule(after));
        // A name that was made of the rule's place is not its own.
        if before.name != after.name && (before.named || after.named) {
            let name = |rule: &Rule| vec![rule.name.clone()];
            changes.insert(0, KeyChange { key: "name".to_owned(), old: name(before), new: name(after) });
        }
        if !changes.is_empty() {
            found.changed.push(RuleChange { name: after.name.clone(), keys: changes });
        }
    }
    let paired_old = |rule: &&Rule| !pairs.iter().any(|(before, _)| std::ptr::eq(*before, *rule));
    let paired_new = |rule: &&Rule| !pairs.iter().any(|(_, after)| std::ptr::eq(*after, *rule));
    found.removed = old.rules.iter().filter(paired_old).map(shown).collect();
    found.added = new.rules.iter().filter(paired_new).map(shown).collect();
    found.reordered = reordered(&old, &pairs, new.first_match);
    Ok(found)
}

fn one(source: &Source, options: &Options<'_>) -> Result<Policy, CompileError> {
    let loaded = load::load(std::slice::from_ref(source), options)?;
    let warnings = loaded.warnings;
    let policy = loaded.policies.into_iter().next().map(|loaded| loaded.policy);
    policy.ok_or(CompileError { errors: Vec::new(), warnings })
}

fn shown(rule: &Rule) -> RuleShown {
    let says = facts::of_rule(rule).into_iter().map(|(key, said)| (key, said.shown)).collect();
    RuleShown { name: rule.name.clone(), says }
}

fn keys(old: &Facts, new: &Facts) -> Vec<KeyChange> {
    let mut all: Vec<&String> = old.keys().chain(new.keys()).collect();
    all.sort();
    all.dedup();
    let differs = all.into_iter().filter(|key| old.get(*key) != new.get(*key));
    let side = |facts: &Facts, key: &str| facts.get(key).map(|said| said.shown.clone()).unwrap_or_default();
    differs.map(|key| KeyChange { key: key.clone(), old: side(old, key), new: side(new, key) }).collect()
}

/// Which old rule became which new one, in the order of the new: by name and content, by a written name, by content, and rules
/// without names by effect and actions.
fn pair<'a>(old: &'a [Rule], new: &'a [Rule]) -> Vec<(&'a Rule, &'a Rule)> {
    let old_facts: Vec<Facts> = old.iter().map(facts::of_rule).collect();
    let new_facts: Vec<Facts> = new.iter().map(facts::of_rule).collect();
    let mut before: Vec<(&Rule, &Facts)> = old.iter().zip(&old_facts).collect();
    let mut after: Vec<(usize, &Rule, &Facts)> =
        new.iter().zip(&new_facts).enumerate().map(|(at, (rule, facts))| (at, rule, facts)).collect();
    let mut pairs: Vec<(usize, &Rule, &Rule)> = Vec::new();
    type Same = fn((&Rule, &Facts), (&Rule, &Facts)) -> bool;
    let rounds: [Same; 4] = [
        |a, b| a.0.name == b.0.name && a.1 == b.1,
        |a, b| a.0.named && b.0.named && a.0.name == b.0.name,
        |a, b| a.1 == b.1,
        |a, b| {
            !a.0.named && !b.0.named && a.0.effect == b.0.effect && a.1.get("actions") == b.1.get("actions")
        },
    ];
    for same in rounds {
        after.retain(|(at, rule, facts)| {
            let Some(place) = before.iter().position(|one| same(*one, (rule, facts))) else { return true };
            pairs.push((*at, before.remove(place).0, rule));
            false
        });
    }
    pairs.sort_by_key(|(at, ..)| *at);
    pairs.into_iter().map(|(_, before, after)| (before, after)).collect()
}

/// The rules that stand in another order than before, where that counts: everywhere in first-match policies, else among rules of
/// one effect of which some do more than decide.
fn reordered(old: &Policy, pairs: &[(&Rule, &Rule)], first_match: bool) -> Vec<String> {
    let place = |rule: &Rule| old.rules.iter().position(|one| std::ptr::eq(one, rule));
    let moved = |pairs: &[&(&Rule, &Rule)]| {
        let places: Vec<Option<usize>> = pairs.iter().map(|(before, _)| place(before)).collect();
        !places.is_sorted()
    };
    let does_more = |rule: &Rule| {
        rule.rewrite.is_some()
            || rule.approval.is_some()
            || rule.interrupt
            || rule.last_word
            || rule.fix.is_some()
    };
    let counts = |effect: crate::ir::Effect| {
        let of: Vec<&(&Rule, &Rule)> = pairs.iter().filter(|(_, after)| after.effect == effect).collect();
        let any = of.iter().any(|(before, after)| does_more(before) || does_more(after));
        if any && moved(&of) { of } else { Vec::new() }
    };
    let found: Vec<&(&Rule, &Rule)> = if first_match || old.first_match {
        let all: Vec<&(&Rule, &Rule)> = pairs.iter().collect();
        if moved(&all) { all } else { Vec::new() }
    } else {
        use crate::ir::Effect::{Allow, Ask, Deny};
        [Deny, Ask, Allow].into_iter().flat_map(counts).collect()
    };
    found.into_iter().map(|(_, after)| after.name.clone()).collect()
}
