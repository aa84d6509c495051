//! Layers only tighten; adding a deny never loosens. Random policies, random actions.

use placet_model::{Action, Layer, PathCertainty, Reach, Verdict};
use placet_policy::{PolicySet, Source, decide};
use proptest::prelude::*;

use crate::support::{agent, command, compiled, path_with, situation, text, url};

fn rule() -> impl Strategy<Value = String> {
    let effect = prop::sample::select(vec!["allow", "ask", "deny"]);
    let action = prop::sample::select(vec![
        "*",
        "read:*",
        "read:file",
        "write:file",
        "execute:shell",
        "execute:*",
        "read:web_fetch",
        "*:file",
        "execute:unknown",
    ]);
    let condition = prop::sample::select(vec![
        "",
        ", conditions: {resource: {matches: './src/**'}}",
        ", conditions: {resource: {matches: ['**/.env*', '*x.com*']}}",
        ", conditions: {path: {inside: project}}",
        ", conditions: {path: {outside: project}}",
        ", conditions: {resource: {startsWith: 'git '}}",
        ", conditions: {resource: {contains: 'rm -rf'}}",
        ", conditions: {host: '*github.com*'}",
        ", conditions: {mode: plan}",
        ", conditions: {command: {program: [git, rm]}}",
        ", regex: 'a'",
        ", conditions: {path: {matches: '**'}}, unless: {path: {matches: './src/**'}}",
        ", conditions: {resource: {matches: '*.pem'}}",
        ", conditions: {resource: {matches: '~/.ssh/*'}}",
    ]);
    (effect, action, condition).prop_map(|(effect, action, condition)| {
        format!("  - {{effect: {effect}, actions: ['{action}']{condition}}}\n")
    })
}

pub(crate) fn policy() -> impl Strategy<Value = String> {
    let default = prop::sample::select(vec!["deny", "ask", "abstain", "allow", "none"]);
    let order = prop::sample::select(vec!["guarded", "first-match"]);
    (default, order, prop::collection::vec(rule(), 1..6)).prop_map(|(default, order, rules)| {
        format!(
            "name: p\nversion: 1\ndefaultEffect: {default}\nevaluation: {order}\nrules:\n{}",
            rules.concat()
        )
    })
}

pub(crate) fn action() -> impl Strategy<Value = Action> {
    let raw = prop::sample::select(vec![
        "src/a.rs",
        ".env",
        "a/.env.local",
        "src/*",
        "/etc/passwd",
        "~/.ssh/id",
        "key.PEM",
        "*.pem",
        "",
        ".",
    ]);
    let certainty = prop::sample::select(vec![
        PathCertainty::Exact,
        PathCertainty::Exact,
        PathCertainty::Glob,
        PathCertainty::Under,
        PathCertainty::Unknown,
    ]);
    let reach = prop::sample::select(vec![Reach::Entry, Reach::Tree]);
    let kind = prop::sample::select(vec!["read:file", "write:file", "delete:file"]);
    let paths = (kind, raw, certainty, reach).prop_map(|(kind, raw, certainty, reach)| {
        path_with(kind, raw, certainty, reach, &placet_model::NoFacts)
    });
    let lines = prop::sample::select(vec![
        ("git status", 1),
        ("rm -rf x", 0),
        ("rm $X", 0),
        ("./git push", 1),
        ("/bin/rm -fr /", 0),
        ("ls", 0),
    ])
    .prop_map(|(line, subcommands)| command(line, subcommands));
    let urls =
        prop::sample::select(vec!["https://github.com/a", "https://x.com", "data:x", "https://a.github.com"])
            .prop_map(|raw| url("read:web_fetch", raw));
    let texts = prop::sample::select(vec!["execute:unknown", "invoke:x", "read:web_search"])
        .prop_map(|kind| text(kind, "a"));
    prop_oneof![4 => paths, 2 => lines, 1 => urls, 1 => texts]
}

fn source(text: &str, layer: Layer, trusted: bool) -> Source {
    Source { name: format!("{}.yaml", layer.name()), text: text.to_owned(), layer, trusted }
}

fn verdict(sources: &[Source], actions: &[Action]) -> Verdict {
    let bytes = compiled(sources);
    let agent = agent();
    decide(&PolicySet::open(&bytes).unwrap(), &situation(&agent), actions).verdict
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn an_untrusted_project_only_tightens(user in policy(), project in policy(), action in action()) {
        let above = source(&user, Layer::User, true);
        let alone = verdict(std::slice::from_ref(&above), std::slice::from_ref(&action));
        // A user policy that stays silent abstains; saying something else there is the project's right.
        prop_assume!(!user.contains("defaultEffect: none"));
        let both = verdict(&[above, source(&project, Layer::Project, false)], &[action]);
        prop_assert!(both >= alone, "{both:?} < {alone:?}");
    }

    #[test]
    fn a_lower_layer_only_tightens(high in policy(), low in policy(), action in action()) {
        prop_assume!(!high.contains("defaultEffect: none"));
        let above = source(&high, Layer::Machine, true);
        let alone = verdict(std::slice::from_ref(&above), std::slice::from_ref(&action));
        let both = verdict(&[above, source(&low, Layer::User, true)], &[action]);
        prop_assert!(both >= alone, "{both:?} < {alone:?}");
    }

    #[test]
    fn adding_a_deny_never_loosens(text in policy(), extra in rule(), action in action(), first in any::<bool>()) {
        let extra = extra.replace("effect: allow", "effect: deny").replace("effect: ask", "effect: deny");
        let more = if first { text.replace("rules:\n", &format!("rules:\n{extra}")) } else { format!("{text}{extra}") };
        let before = verdict(&[source(&text, Layer::User, true)], std::slice::from_ref(&action));
        let after = verdict(&[source(&more, Layer::User, true)], std::slice::from_ref(&action));
        // Under first match a rule that may match can hide nothing, one that matches decides.
        let by_default = text.contains("defaultEffect: deny") && after == Verdict::Ask;
        prop_assert!(after >= before || by_default, "{after:?} < {before:?}\n{more}");
    }

    #[test]
    fn another_action_only_tightens(text in policy(), one in action(), two in action()) {
        let sources = [source(&text, Layer::User, true)];
        prop_assume!(!text.contains("defaultEffect: none"));
        let alone = verdict(&sources, std::slice::from_ref(&one));
        let both = verdict(&sources, &[one, two]);
        prop_assert!(both >= alone);
    }
}
