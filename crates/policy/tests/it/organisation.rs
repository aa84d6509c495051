//! Policies of the organisation see the agent as it is registered there, all others as the machine calls it.

use placet_model::{Action, ActionKind, AgentIdentity, Enforcement, Layer, Resource, Verdict};
use placet_policy::{Options, PolicySet, Source, compile_with, decide, dry_run, reaching};

use crate::support::{agent, compiled, situation};

const DENY: &str = "
name: NAME
version: '1'
appliesTo: { tags: [TAG] }
defaultEffect: none
rules: [{ name: no, effect: deny, actions: ['*'] }]
";

const CONDITION: &str = "
name: NAME
version: '1'
defaultEffect: none
rules: [{ name: no, effect: deny, actions: ['*'], conditions: { tags: [TAG] } }]
";

fn source(text: &str, layer: Layer, tag: &str) -> Source {
    let text = text.replace("NAME", layer.name()).replace("TAG", tag);
    Source { name: layer.name().to_owned(), text, layer, trusted: true }
}

fn registered() -> AgentIdentity {
    let registered = AgentIdentity { tags: vec!["ci".to_owned()], ..agent() };
    AgentIdentity { registered: Some(Box::new(registered)), ..agent() }
}

fn action() -> Action {
    Action::direct(ActionKind::parse("deploy:app"), Resource::Text("x".to_owned()))
}

#[test]
fn each_layer_sees_its_own() {
    let allow = "name: all\nversion: '1'\nrules: [{name: all, effect: allow, actions: ['*']}]\n";
    for text in [DENY, CONDITION] {
        for (layer, tag, registered_denied, plain_denied) in [
            (Layer::Organisation, "ci", true, false),
            (Layer::Organisation, "claude-code", false, true),
            (Layer::User, "ci", false, false),
            (Layer::User, "claude-code", true, true),
        ] {
            let all =
                Source { name: "all".to_owned(), text: allow.to_owned(), layer: Layer::User, trusted: true };
            let bytes = compiled(&[source(text, layer, tag), all]);
            let set = PolicySet::open(&bytes).unwrap();
            for (agent, denied) in [(registered(), registered_denied), (agent(), plain_denied)] {
                let verdict = decide(&set, &situation(&agent), &[action()]).verdict;
                let want = if denied { Verdict::Deny } else { Verdict::Allow };
                assert_eq!(verdict, want, "{layer:?} {tag} {:?}", agent.registered);
            }
        }
    }
}

#[test]
fn it_is_told_which_policies_reach_an_agent() {
    let bytes = compiled(&[source(DENY, Layer::Organisation, "ci"), source(DENY, Layer::User, "dev-agent")]);
    let set = PolicySet::open(&bytes).unwrap();
    assert_eq!(reaching(&set, &agent()), ["user"]);
    assert_eq!(reaching(&set, &registered()), ["organisation", "user"]);
}

#[test]
fn a_layer_on_trial_is_recorded_and_does_not_bind() {
    let options = Options { on_trial: Some(Layer::Organisation), ..Options::default() };
    let allow = "name: all\nversion: '1'\nrules: [{name: all, effect: allow, actions: ['*']}]\n";
    let all = Source { name: "all".to_owned(), text: allow.to_owned(), layer: Layer::User, trusted: true };
    let bytes = compile_with(&[source(DENY, Layer::Organisation, "ci"), all], &options).unwrap().bytes;
    let set = PolicySet::open(&bytes).unwrap();
    let agent = registered();
    assert_eq!(decide(&set, &situation(&agent), &[action()]).verdict, Verdict::Allow);
    let trial = dry_run(&set, &situation(&agent), &[action()]).unwrap();
    assert_eq!((trial.verdict, trial.enforcement), (Verdict::Deny, Enforcement::Audit));
}
