//! The policies that come with the program.

use placet_model::{Layer, Verdict};
use placet_policy::{FLOOR, PolicySet, SHIPPED, Source, decide, lint, run_tests};

use crate::support::{agent, compiled, options_with, path, situation};

fn shipped_source(name: &str, text: &str) -> Source {
    let layer = if name == "floor" { Layer::Floor } else { Layer::User };
    Source { name: format!("{name} (shipped)"), text: text.to_owned(), layer, trusted: true }
}

#[test]
fn all_compile_without_warnings() {
    for (name, text) in SHIPPED.iter().copied().chain([("floor", FLOOR)]) {
        let done =
            options_with(|options| placet_policy::compile_with(&[shipped_source(name, text)], options));
        let done = done.unwrap_or_else(|error| panic!("{error}"));
        println!("{name}: {} bytes, {} warnings", done.bytes.len(), done.warnings.len());
        for warning in &done.warnings {
            println!("  {warning}");
        }
        options_with(|options| lint(&[shipped_source(name, text)], options)).unwrap();
    }
}

#[test]
fn tests_of_shipped_policies_that_need_no_shell() {
    for (name, text) in SHIPPED.iter().copied().chain([("floor", FLOOR)]) {
        let results =
            options_with(|options| run_tests(&shipped_source(name, text), options, &|_, _| Vec::new()))
                .unwrap();
        for result in results {
            if matches!(result.case.call, placet_policy::CaseCall::Action { .. }) {
                assert!(result.passed, "{name}: {result:?}");
            }
        }
    }
}

#[test]
fn the_floor_holds_whatever_lies_below() {
    let allow_all =
        "name: all\nversion: 1\ndefaultEffect: allow\nrules:\n  - {effect: allow, actions: ['*']}\n";
    let bytes = compiled(&[shipped_source("floor", FLOOR), shipped_source("all", allow_all)]);
    let set = PolicySet::open(&bytes).unwrap();
    let agent = agent();
    for (action, want) in &[
        (path("write:file", ".claude/settings.json"), Verdict::Deny),
        (path("delete:file", ".claude/settings.local.json"), Verdict::Deny),
        (path("write:file", "~/.config/placet/placet.yaml"), Verdict::Deny),
        (path("write:file", "/etc/placet/policies/x.yaml"), Verdict::Deny),
        (path("write:file", "src/main.rs"), Verdict::Allow),
        (path("read:file", ".claude/settings.json"), Verdict::Allow),
    ] {
        let decision = decide(&set, &situation(&agent), std::slice::from_ref(action));
        assert_eq!(decision.verdict, *want, "{action:?} {decision:?}");
    }
}
