//! What counts as a difference of two policies, and what does not.

use placet_policy::{Options, PolicyDiff, SHIPPED, Source, diff};
use proptest::prelude::*;

use crate::support::{options_with, source};

const BASE: &str = "name: house
defaultEffect: ask
appliesTo: { tags: [dev, ci] }
rules:
  - name: looks
    effect: allow
    actions: ['read:file', 'read:web_fetch']
  - effect: deny
    actions: ['execute:shell']
    conditions: { resource: { contains: ['push --force', 'reset --hard'] }, mode: [plan, default] }
    reason: Loses work.
  - name: builds
    effect: ask
    actions: ['execute:shell']
    conditions: { command: { program: [make, cargo] } }
";

fn between(old: &str, new: &str) -> PolicyDiff {
    diff(&source(old), &source(new), &Options::default()).unwrap()
}

/// Everything that changed, one line each.
fn told(found: &PolicyDiff) -> Vec<String> {
    let key = |change: &placet_policy::KeyChange| {
        format!("{}: {} -> {}", change.key, change.old.join(","), change.new.join(","))
    };
    let mut lines: Vec<String> = found.settings.iter().map(key).collect();
    lines.extend(found.added.iter().map(|rule| format!("+ {}", rule.name)));
    lines.extend(found.removed.iter().map(|rule| format!("- {}", rule.name)));
    for rule in &found.changed {
        lines.extend(rule.keys.iter().map(|change| format!("{} {}", rule.name, key(change))));
    }
    if !found.reordered.is_empty() {
        lines.push(format!("order {}", found.reordered.join(",")));
    }
    lines
}

#[test]
fn other_texts_of_the_same_meaning_are_no_difference() {
    let same = [
        ("a comment", format!("# why\n{BASE}")),
        ("description and version", format!("{BASE}description: more\nversion: 7\n")),
        (
            "order of a list",
            BASE.replace("[dev, ci]", "[ci, dev]").replace("[make, cargo]", "[cargo, make, make]"),
        ),
        ("one action in two spellings", BASE.replace("name: builds", "id: builds")),
        (
            "order of keys",
            BASE.replace(
                "    effect: allow\n    actions: ['read:file', 'read:web_fetch']\n",
                "    actions: ['read:web_fetch', 'read:file']\n    effect: allow\n",
            ),
        ),
        (
            "what is the default anyway",
            format!("{BASE}evaluation: guarded\nonAsk: ask\nenforcement: enforce\n"),
        ),
    ];
    for (what, text) in same {
        let found = between(BASE, &text);
        assert!(found.is_empty(), "{what}: {found:?}");
    }
    // The unnamed rule first: its name is made of its place, and under guarded specificity the place means nothing.
    let (start, rules) = BASE.split_once("rules:\n").unwrap();
    let mut rules: Vec<String> =
        rules.split("\n  - ").map(|rule| rule.trim_start_matches("  - ").trim_end().to_owned()).collect();
    rules.reverse();
    let turned = format!("{start}rules:\n  - {}\n", rules.join("\n  - "));
    assert!(between(BASE, &turned).is_empty(), "{:?}", told(&between(BASE, &turned)));
    let first = |text: &str| format!("{text}evaluation: first-match\n");
    assert_eq!(told(&between(&first(BASE), &first(&turned))), ["order builds,deny-rule-2,looks"]);
}

#[test]
fn every_change_of_meaning_is_told() {
    let cases = [
        ("defaultEffect: ask\n", "", vec!["defaultEffect: ask -> deny"]),
        ("tags: [dev, ci]", "tags: [dev]", vec!["appliesTo.tags: ci,dev -> dev"]),
        (
            "appliesTo: { tags: [dev, ci] }\n",
            "",
            vec!["appliesTo: some agents -> ", "appliesTo.tags: ci,dev -> "],
        ),
        ("name: house", "name: home", vec!["name: house -> home"]),
        ("effect: allow", "effect: ask", vec!["looks effect: allow -> ask"]),
        (", 'read:web_fetch'", "", vec!["looks actions: read:file,read:web_fetch -> read:file"]),
        (
            ", 'reset --hard'",
            "",
            vec!["deny-rule-2 conditions.resource.contains: push --force,reset --hard -> push --force"],
        ),
        (
            "contains",
            "startsWith",
            vec![
                "deny-rule-2 conditions.resource.contains: push --force,reset --hard -> ",
                "deny-rule-2 conditions.resource.startsWith:  -> push --force,reset --hard",
            ],
        ),
        ("[plan, default]", "[plan]", vec!["deny-rule-2 conditions.mode: default,plan -> plan"]),
        ("Loses work.", "Loses it.", vec!["deny-rule-2 reason: Loses work. -> Loses it."]),
        ("name: builds", "name: makes", vec!["makes name: builds -> makes"]),
        (
            "conditions: { command",
            "unless: { command",
            vec![
                "builds conditions.command.program: cargo,make -> ",
                "builds unless.command.program:  -> cargo,make",
            ],
        ),
    ];
    for (from, to, want) in cases {
        assert_eq!(told(&between(BASE, &BASE.replacen(from, to, 1))), want, "{from} -> {to}");
    }
    let more = format!("{BASE}  - {{ name: more, effect: deny, actions: ['delete:*'] }}\n");
    assert_eq!(told(&between(BASE, &more)), ["+ more"]);
    assert_eq!(told(&between(&more, BASE)), ["- more"]);
}

#[test]
fn order_counts_where_a_rule_does_more_than_decide() {
    let rule = |name: &str, more: &str| {
        format!("  - {{ name: {name}, effect: allow, actions: ['execute:shell']{more} }}\n")
    };
    let text = |rules: [String; 2]| format!("name: p\nrules:\n{}", rules.concat());
    let (plain, other) = (rule("plain", ""), rule("other", ""));
    assert!(between(&text([plain.clone(), other.clone()]), &text([other, plain.clone()])).is_empty());
    let rewrites = rule("rewrites", ", rewrite: verbose-npm");
    let found = between(&text([plain.clone(), rewrites.clone()]), &text([rewrites, plain]));
    assert_eq!(told(&found), ["order rewrites,plain"]);
}

#[test]
fn a_broken_policy_is_an_error() {
    assert!(diff(&source(BASE), &source("name: x\nrules: [\n"), &Options::default()).is_err());
    assert!(diff(&source("name: x\n"), &source(BASE), &Options::default()).is_err());
}

#[test]
fn shipped_policies_differ_from_each_other_and_not_from_themselves() {
    let of = |name: &str, text: &str| Source { name: format!("{name} (shipped)"), ..source(text) };
    for (name, text) in SHIPPED {
        for (other, another) in SHIPPED.iter().filter(|(other, _)| other == name || *other == "starter") {
            let found = options_with(|options| diff(&of(name, text), &of(other, another), options)).unwrap();
            assert_eq!(found.is_empty(), name == other, "{name} {other}");
        }
    }
}

proptest! {
    /// Nothing differs from itself in any order of its rules, and what was added one way is removed the other way.
    #[test]
    fn order_means_nothing_and_both_ways_agree(
        effects in proptest::collection::vec((0..3_usize, 0..4_usize, 0..3_usize), 1..8),
        seed in any::<u64>(),
        drop in 0..8_usize,
    ) {
        let rule = |(number, (effect, action, condition)): (usize, &(usize, usize, usize))| {
            let effect = ["allow", "ask", "deny"][*effect];
            let action = ["read:file", "write:*", "execute:shell", "*"][*action];
            let condition = ["", ", conditions: { tags: [a] }", ", unless: { mode: plan }"][*condition];
            format!("  - {{ name: r{number}, effect: {effect}, actions: ['{action}']{condition} }}\n")
        };
        let rules: Vec<String> = effects.iter().enumerate().map(rule).collect();
        let text = |rules: &[String]| format!("name: p\nrules:\n{}", rules.concat());
        let mut turned = rules.clone();
        let places = turned.len();
        turned.rotate_left((seed % places as u64) as usize);
        if seed & 1 == 1 { turned.reverse(); }
        prop_assert!(between(&text(&rules), &text(&turned)).is_empty());
        if turned.len() > 1 {
            turned.remove(drop % places);
            let (there, back) = (between(&text(&rules), &text(&turned)), between(&text(&turned), &text(&rules)));
            prop_assert_eq!(there.removed.len(), 1);
            prop_assert_eq!(there.removed, back.added);
            prop_assert!(there.added.is_empty() && there.changed.is_empty());
        }
    }
}
