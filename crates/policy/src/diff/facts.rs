//! What a policy and its rules say, key by key, in a form in which two spellings of the same are equal.

use std::collections::BTreeMap;
use std::fmt::Debug;

use placet_model::{Does, Reach};

use crate::ir::{
    Base, Condition, ContextTest, HostPattern, PathCond, PathPattern, Policy, ResourceCond, ResourceOp, Rule,
    TimeCond,
};
use crate::source::conditions::{AREAS, LOCATIONS, MODES};

/// What stands under one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    /// For people, sorted.
    pub(super) shown: Vec<String>,
    /// All that is compared and that `shown` leaves out.
    exact: Vec<String>,
}

/// Keys and what stands there.
pub(super) type Facts = BTreeMap<String, Said>;

/// What a policy says beside its rules.
pub(super) fn of_policy(policy: &Policy) -> Facts {
    let mut facts = Facts::new();
    let mut put = |key: &str, said: Said| facts.insert(key.to_owned(), said);
    put("name", one(&policy.name));
    put("defaultEffect", one(policy.default.map_or("none", |verdict| verdict.name())));
    put("evaluation", one(if policy.first_match { "first-match" } else { "guarded" }));
    put("enforcement", one(if policy.dry_run { "dry_run" } else { "enforce" }));
    put("onAsk", one(if policy.asks_deny { "deny" } else { "ask" }));
    if let Some(reach) = &policy.applies_to {
        let lists = [
            ("tags", &reach.tags),
            ("trustTiers", &reach.tiers),
            ("agentIds", &reach.agents),
            ("orgIds", &reach.organisations),
        ];
        put("appliesTo", one("some agents"));
        for (key, list) in lists {
            if let Some(list) = list {
                put(&format!("appliesTo.{key}"), many(list));
            }
        }
    }
    if let Some(audit) = &policy.audit {
        put("audit.enabled", one(audit.enabled));
        put("audit.denials and asks only", one(audit.grave_only));
        put("audit.include", many(&audit.include));
        put(
            "audit.retention_days",
            one(audit.retention_days.map_or("for ever".to_owned(), |days| days.to_string())),
        );
    }
    facts
}

/// What a rule says, without its name.
pub(super) fn of_rule(rule: &Rule) -> Facts {
    let mut facts = Facts::new();
    facts.insert("effect".to_owned(), one(rule.effect.name()));
    facts.insert("actions".to_owned(), many(&rule.actions));
    let texts = [
        ("reason", &rule.reason),
        ("message", &rule.message),
        ("fix", &rule.fix),
        ("alert", &rule.alert),
        ("approval", &rule.approval),
        ("rewrite", &rule.rewrite),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            facts.insert(key.to_owned(), one(text));
        }
    }
    for (key, flag) in [("final", rule.last_word), ("interrupt", rule.interrupt)] {
        if flag {
            facts.insert(key.to_owned(), one("true"));
        }
    }
    put_all(&mut facts, "conditions", &rule.conditions);
    put_all(&mut facts, "unless", &rule.unless);
    facts
}

/// Conditions hold together, so their order means nothing; a second one of a kind stands beside the first.
fn put_all(facts: &mut Facts, under: &str, conditions: &[Condition]) {
    let mut found: Vec<(String, Said)> = conditions.iter().flat_map(condition).collect();
    found.sort();
    for (key, said) in found {
        let mut name = format!("{under}.{key}");
        while facts.contains_key(&name) {
            name.push('+');
        }
        facts.insert(name, said);
    }
}

fn condition(condition: &Condition) -> Vec<(String, Said)> {
    let keyed = |key: &str, said: Said| vec![(key.to_owned(), said)];
    match condition {
        Condition::Resource(resource) => keyed(operator(resource.op), resource_said(resource)),
        Condition::Command(command) => {
            let lists = [
                ("program", many(&command.program)),
                ("subcommand", many(&command.subcommand)),
                ("flags.any", many(&command.flags_any)),
                ("flags.all", many(&command.flags_all)),
                ("flags.none", many(&command.flags_none)),
                ("arguments", many(&command.arguments)),
                ("does", many(bits(command.does, &Does::ALL.map(|does| does.name())))),
                ("understood", many(command.understood)),
                ("location", many(bits(command.location, &LOCATIONS))),
                ("wrappedBy", many(&command.wrapped_by)),
                ("operands", many(command.operands)),
            ];
            let some = lists.into_iter().filter(|(_, said)| !said.shown.is_empty());
            let found: Vec<_> = some.map(|(key, said)| (format!("command.{key}"), said)).collect();
            // An empty map is still a condition: it asks for a command.
            if found.is_empty() { keyed("command", one("any")) } else { found }
        }
        Condition::Path(path) => path_said(path),
        Condition::Host(hosts) => keyed("host", exactly(hosts.iter().map(host), hosts)),
        Condition::Mode(mask) => keyed("mode", exactly(bits(*mask, &MODES), [mask])),
        Condition::Autonomy(values) => keyed("autonomy", many(values)),
        Condition::Environment(values) => keyed("environment", many(values)),
        Condition::Time(time) => keyed("time", time_said(time)),
        Condition::Tier(tiers) => keyed("tier", many(tiers)),
        Condition::Tags(tags) => keyed("tags", many(tags)),
        Condition::Context { key, test } => {
            let said = match test {
                ContextTest::In(values) => many(values),
                ContextTest::NotMatches(globs) => many(globs.iter().map(|glob| format!("not {glob}"))),
                ContextTest::Range(from, to) => {
                    let end = |end: &Option<f64>| end.map_or("…".to_owned(), |end| end.to_string());
                    one(format!("{} to {}", end(from), end(to)))
                }
            };
            keyed(&format!("context.{key}"), said)
        }
        Condition::Tool(tools) => keyed("tool", many(tools)),
    }
}

fn operator(op: ResourceOp) -> &'static str {
    match op {
        ResourceOp::Matches => "resource.matches",
        ResourceOp::StartsWith => "resource.startsWith",
        ResourceOp::Contains => "resource.contains",
        ResourceOp::Regex => "resource.regex",
    }
}

fn resource_said(resource: &ResourceCond) -> Said {
    let mut said = exactly(&resource.texts, &resource.paths);
    said.exact.extend(sorted(resource.urls.iter().map(|url| format!("{url:?}"))));
    said.exact.extend(sorted(resource.words.iter().map(|words| format!("{words:?}"))));
    said
}

fn path_said(path: &PathCond) -> Vec<(String, Said)> {
    let mut found = Vec::new();
    if let Some(patterns) = &path.matches {
        found.push(("path.matches".to_owned(), exactly(patterns.iter().map(path_pattern), patterns)));
    }
    for (key, mask) in [("path.inside", path.inside), ("path.outside", path.outside)] {
        if mask != 0 {
            found.push((key.to_owned(), exactly(bits(mask, &AREAS), [mask])));
        }
    }
    if let Some(reach) = path.reach {
        let word = if reach == Reach::Tree { "tree" } else { "entry" };
        found.push(("path.reach".to_owned(), one(word)));
    }
    if found.is_empty() { vec![("path".to_owned(), one("any"))] } else { found }
}

fn path_pattern(pattern: &PathPattern) -> String {
    let base = match pattern.base {
        Base::Root => "/",
        Base::Project => "./",
        Base::Home => "~/",
    };
    format!("{base}{}", pattern.glob)
}

fn host(pattern: &HostPattern) -> String {
    match pattern {
        HostPattern::Any => "*".to_owned(),
        HostPattern::Domain(name) => format!("{name} and below"),
        HostPattern::Exact(name) | HostPattern::Glob(name) => name.clone(),
        HostPattern::Below(name) => format!("*.{name}"),
    }
}

fn time_said(time: &TimeCond) -> Said {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let spans = time.between.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to)));
    let mut said = exactly(spans, &time.between);
    said.shown.extend(bits(time.days, &DAYS));
    // The zone itself is not kept; its offset today and whether it changes tell it apart.
    if let Some((_, offset)) = time.offsets.last() {
        said.shown.push(format!("{:+} min from UTC, {} changes", offset / 60, time.offsets.len() - 1));
    }
    said.exact.push(format!("{} {:?}", time.days, time.offsets));
    said
}

/// The names of the bits that are set.
fn bits(mask: u32, names: &[impl ToString]) -> Vec<String> {
    let set = names.iter().enumerate().filter(|(bit, _)| mask & (1_u32 << bit) != 0);
    set.map(|(_, name)| name.to_string()).collect()
}

fn one(text: impl ToString) -> Said {
    Said { shown: vec![text.to_string()], exact: Vec::new() }
}

fn many(texts: impl IntoIterator<Item = impl ToString>) -> Said {
    Said { shown: sorted(texts.into_iter().map(|text| text.to_string())), exact: Vec::new() }
}

/// Texts for people, and what they stand for.
fn exactly(
    texts: impl IntoIterator<Item = impl ToString>,
    exact: impl IntoIterator<Item = impl Debug>,
) -> Said {
    Said { exact: sorted(exact.into_iter().map(|one| format!("{one:?}"))), ..many(texts) }
}

/// Each once: lists here are any-of or all-of, where repeating and order mean nothing.
fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.dedup();
    texts
}
