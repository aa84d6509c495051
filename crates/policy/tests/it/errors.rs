//! What authors are told.

use placet_policy::{Layer, Options, Source, compile, compile_with};

use crate::support::source;

/// All remarks on a text, as a person reads them.
fn told(text: &str) -> String {
    let (errors, warnings) = match compile(&[source(text)]) {
        Ok(done) => (Vec::new(), done.warnings),
        Err(error) => (error.errors, error.warnings),
    };
    let mut out = String::new();
    for (kind, list) in [("error", errors), ("warning", warnings)] {
        for remark in list {
            assert!(
                remark.line > 0 && remark.column > 0 && remark.len > 0 && !remark.help.is_empty(),
                "{remark:?}"
            );
            out.push_str(&format!("{kind} {remark} [+{}]\n", remark.len));
        }
    }
    out
}

/// A policy with one rule made of these lines.
fn with_rule(lines: &str) -> String {
    format!("name: p\nversion: 1\nrules:\n  - effect: deny\n    actions: ['read:file']\n{lines}")
}

macro_rules! cases {
    ($($name:ident: $text:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(told(&$text));
        })*
    };
}

cases! {
    unknown_top_key: "name: p\nversion: 1\ndefaultEfect: deny\nrules:\n  - {effect: deny, actions: ['*']}\n";
    unknown_rule_key: with_rule("    condition: {}\n");
    unknown_condition: with_rule("    conditions:\n      resource:\n        startswith: ./x\n      channel: {in: [a]}\n");
    unknown_flag_key: with_rule("    conditions: {command: {flags: {some: [x]}}}\n");
    bad_glob: with_rule("    conditions:\n      path:\n        matches:\n          - './ok/**'\n          - './a[b'\n          - '../x'\n");
    bad_regex: with_rule("    regex: '(a'\n");
    bad_zone: with_rule("    conditions: {time: {between: '9-18', days: [mon-fry], zone: Europe/Berln}}\n");
    no_zone: with_rule("    conditions: {time: {between: '09:00-18:00'}}\n");
    rate_is_refused: with_rule("    conditions: {rateLimit: {requestsPerMinute: 5}}\n");
    duplicate_key: "name: p\nname: q\nrules: []\n";
    duplicate_rule_name: "name: p\nversion: 1\nrules:\n  - {name: a, effect: deny, actions: ['*']}\n  - {name: a, effect: deny, actions: ['*']}\n";
    wrong_types: "name: [p]\nversion: 1\nrules:\n  - {effect: {a: b}, actions: {c: d}}\n  - {effect: deny, actions: [read], interrupt: 'yes'}\n  - text\n";
    missing_things: "version: 1\nrules:\n  - {actions: ['*']}\n  - {effect: deny}\n";
    bad_effect: "name: p\nversion: 1\nrules:\n  - {effect: denny, actions: ['*']}\n";
    unclosed: "name: p\nrules: [\n";
    bad_escape: "name: \"a\\qb\"\n";
    tab: "name: p\nrules:\n\t- effect: deny\n";
    empty: "";
    list_at_top: "- name: p\n";
    two_documents: "name: p\n---\nname: q\n";
    merge_key: "a: &a {effect: deny}\nrules:\n  - <<: *a\n";
    bomb: "name: p\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e]\n";
    deep: format!("name: {}1{}\n", "[".repeat(200), "]".repeat(200));
    expression_dialect: "name: p\nagent_match: {tags: [a]}\nrules: []\n";
    expression_conditions: with_rule("    conditions: ['request.amount <= 100']\n");
    unknown_placeholder: with_rule("    message: 'no {pth} here'\n");
    braces_explode: with_rule("    conditions: {path: {matches: '{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}'}}\n");
    shipped_unknown: "name: p\nversion: 1\nextends: startr\n";
    missing_file: "name: p\nversion: 1\nextends: [./base.yaml]\n";
    unknown_variable: with_rule("    conditions: {path: {matches: ['${nope}/x', '/a']}}\n");
    empty_applies_to: "name: p\nversion: 1\nappliesTo: {tags: []}\nrules:\n  - {effect: deny, actions: ['*']}\n";
    priority: "name: p\nversion: 1\nrules:\n  - {effect: deny, actions: ['*'], priority: 5}\n";
    empty_unless: with_rule("    unless: {}\n");
    test_without_expectation: "name: p\nversion: 1\nrules:\n  - {effect: deny, actions: ['*']}\ntests:\n  - {command: ls}\n  - {command: ls, tool: Bash, expect: deny}\n  - {command: ls, expect: no}\n";
    unknown_rewrite: with_rule("    rewrite: verbose\n");
    empty_rewrite: "name: p\nversion: 1\nrules:\n  - {effect: allow, actions: ['*'], rewrite: {}}\n";
    unused_rewrite: with_rule("    rewrite: {append: ['-v']}\n");
    tier: "name: p\nversion: 1\nappliesTo: {trustTiers: [verifed]}\nrules:\n  - {effect: deny, actions: ['*']}\n";
}

#[test]
fn circle() {
    let file = |name: &str, base: &str| Source {
        name: name.to_owned(),
        text: format!("name: p\nversion: 1\nextends: {base}\nrules:\n  - {{effect: deny, actions: ['*']}}\n"),
        layer: Layer::User,
        trusted: true,
    };
    let error = compile(&[file("d/a.yaml", "./b.yaml"), file("d/b.yaml", "../d/a.yaml")]).unwrap_err();
    insta::assert_snapshot!(error);
}

#[test]
fn extends_replaces_named_rules_and_keeps_places() {
    let base = "name: base\nversion: 1\ndefaultEffect: allow\nrules:\n  - {name: a, effect: deny, actions: ['read:file']}\n  - {name: b, effect: deny, actions: ['write:file']}\n";
    let own = Source {
        name: "d/own.yaml".to_owned(),
        text: "name: own\nversion: 1\nextends: ./base.yaml\nrules:\n  - {name: a, effect: ask, actions: ['read:file']}\n".to_owned(),
        layer: Layer::User,
        trusted: true,
    };
    let read = |name: &str| (name == "d/base.yaml").then(|| base.to_owned());
    let done = compile_with(&[own], &Options { variables: None, read: Some(&read), on_trial: None }).unwrap();
    let set = placet_policy::PolicySet::open(&done.bytes).unwrap();
    let agent = crate::support::agent();
    let decide = |kind: &str| {
        placet_policy::decide(&set, &crate::support::situation(&agent), &[crate::support::path(kind, "x")])
    };
    let read = decide("read:file");
    assert_eq!(read.verdict, placet_model::Verdict::Ask);
    let rule = read.rule.unwrap();
    assert_eq!((rule.file.as_str(), rule.line, rule.policy.as_str()), ("d/own.yaml", 5, "own"));
    let write = decide("write:file").rule.unwrap();
    assert_eq!((write.file.as_str(), write.line, write.rule.as_str()), ("d/base.yaml", 6, "b"));
    assert_eq!(decide("connect:host").verdict, placet_model::Verdict::Allow);
}
