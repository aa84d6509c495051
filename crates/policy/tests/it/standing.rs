//! What an agent may do, told before it does anything.

use placet_model::{Layer, Verdict};
use placet_policy::{FLOOR, PolicySet, Source, decide_action, standing};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::layers::policy;
use crate::support::{agent, compiled, situation, source, text};

fn told(sources: &[Source]) -> Value {
    let bytes = compiled(sources);
    standing(&PolicySet::open(&bytes).unwrap(), &agent(), sources).json()
}

#[test]
fn rules_without_conditions_answer_and_the_others_stand_beside() {
    let policy = "
name: dev
version: 1
appliesTo: { tags: [dev-agent] }
defaultEffect: ask
rules:
  - { name: reads, effect: allow, actions: ['read:*'] }
  - { name: no-keys, effect: deny, actions: ['read:file'], conditions: { resource: { matches: '~/.ssh/*' } } }
  - { name: git, effect: allow, actions: ['execute:shell'], conditions: { resource: { startsWith: 'git ' } } }
  - { name: never, effect: deny, actions: ['delete:*'] }
  - { name: own, effect: allow, actions: ['delete:draft'] }
  - { name: idle, effect: ask, actions: ['send:*'], unless: { resource: { contains: 'x' } } }
";
    let floor = Source { name: "floor".into(), text: FLOOR.to_owned(), layer: Layer::Floor, trusted: true };
    let told = told(&[floor, source(policy)]);
    let row = |action: &str, effect: &str, rule: &str, when: Value| json!({"action": action, "effect": effect, "policy": "dev", "rule": rule, "when": when});
    let when = |effect: &str, rule: &str, conditions: Value| json!([{"effect": effect, "policy": "dev", "rule": rule, "conditions": conditions}]);
    assert_eq!(told["default"], json!({"effect": "ask", "policy": "dev", "rule": "default-ask"}));
    assert_eq!(
        told["actions"],
        json!([
            row("delete:*", "deny", "never", json!([])),
            row("delete:draft", "allow", "own", json!([])),
            row(
                "execute:shell",
                "ask",
                "default-ask",
                when("allow", "git", json!({"resource": {"startsWith": "git "}}))
            ),
            row("read:*", "allow", "reads", json!([])),
            row(
                "read:file",
                "allow",
                "reads",
                when("deny", "no-keys", json!({"resource": {"matches": "~/.ssh/*"}}))
            ),
            // Its ask is what holds anyway.
            row("send:*", "ask", "default-ask", json!([])),
        ])
    );
}

#[test]
fn who_is_not_reached_may_nothing() {
    let policy =
        "name: p\nversion: 1\nappliesTo: { tags: [other] }\nrules:\n  - { effect: allow, actions: ['*'] }\n";
    assert_eq!(told(&[source(policy)]), json!({"default": {"effect": "deny"}, "actions": []}));
}

proptest! {
    /// Where a rule's answer depends on nothing, it is the answer of the engine.
    #[test]
    fn an_answer_without_conditions_is_the_engines(policies in prop::collection::vec(policy(), 1..3)) {
        let sources: Vec<Source> = policies.iter().map(|text| source(text)).collect();
        let bytes = compiled(&sources);
        let (set, agent) = (PolicySet::open(&bytes).unwrap(), agent());
        for row in standing(&set, &agent, &sources).actions {
            if row.action.contains('*') || row.action == "execute:unknown" || !row.when.is_empty() {
                continue;
            }
            let decided = decide_action(&set, &situation(&agent), &text(&row.action, ""));
            let verdict = decided.map_or(Verdict::Abstain, |decided| decided.verdict);
            // Conditions that change nothing by themselves may make it stricter together with a doubt, never milder.
            prop_assert!(verdict >= row.verdict || verdict == Verdict::Ask, "{} {verdict:?}", row.action);
        }
    }
}
