//! What policies say about records.

use placet_model::{AgentIdentity, Layer};
use placet_policy::{Audit, AuditLevel, PolicySet, Source, audit, compile};

use crate::support::{agent, compiled};

fn policy(layer: Layer, trusted: bool, body: &str) -> Source {
    let text = format!("name: p\nversion: 1\nrules: [{{effect: deny, actions: ['a:b']}}]\n{body}");
    Source { name: "p.yaml".to_owned(), text, layer, trusted }
}

fn said(sources: &[Source], agent: Option<&AgentIdentity>) -> Option<Audit> {
    let bytes = compiled(sources);
    audit(&PolicySet::open(&bytes).unwrap(), agent)
}

const SMALL: &str = "audit: {enabled: false, log_level: warning, include: [tool_name], retention_days: 30}";

#[test]
fn one_policy_is_taken_at_its_word() {
    let small = policy(Layer::User, true, SMALL);
    let wanted = Audit {
        enabled: false,
        level: AuditLevel::Warning,
        fields: vec!["tool_name".to_owned()],
        actions: Vec::new(),
        retention_days: Some(30),
    };
    assert_eq!(said(std::slice::from_ref(&small), Some(&agent())), Some(wanted.clone()));
    // A policy without the block says nothing about it.
    assert_eq!(said(&[small, policy(Layer::User, true, "")], None), Some(wanted));
    assert_eq!(said(&[policy(Layer::User, true, "")], None), None);
}

#[test]
fn of_several_the_one_that_keeps_more_holds() {
    let small = policy(Layer::User, true, SMALL);
    let large = "audit: {include: ['write:*', action, tool_name], retention_days: 90}";
    let both = said(&[small.clone(), policy(Layer::Machine, true, large)], None).unwrap();
    assert!(both.enabled);
    assert_eq!(both.level, AuditLevel::Info);
    assert_eq!(both.fields, ["tool_name", "action"]);
    // One names no actions: it means every call.
    assert_eq!(both.actions, Vec::<String>::new());
    assert_eq!(both.retention_days, Some(90));
    let all =
        said(&[small.clone(), policy(Layer::User, true, "audit: {include: ['write:*']}")], None).unwrap();
    assert_eq!((all.fields.len(), all.actions.len(), all.retention_days), (0, 0, Some(30)));
    // What does not bind takes nothing away, and gives nothing.
    for other in [
        policy(Layer::Project, false, SMALL),
        policy(Layer::User, true, &format!("enforcement: dry_run\n{SMALL}")),
        policy(Layer::User, true, &format!("appliesTo: {{tags: [nobody]}}\n{SMALL}")),
    ] {
        assert_eq!(said(&[other], Some(&agent())), None);
    }
}

#[test]
fn mistakes_are_told() {
    let of = |body: &str| compile(&[policy(Layer::User, true, &format!("audit: {body}"))]);
    for wrong in [
        "{retention_days: 0}",
        "{retention_days: -1}",
        "{retention_days: soon}",
        "{log_level: loud}",
        "{enabled: maybe}",
        "{keep: all}",
        "{include: {a: b}}",
    ] {
        assert!(of(wrong).is_err(), "{wrong}");
    }
    let warned = of("{include: [tool_nam, 'read:*']}").unwrap().warnings;
    assert_eq!(warned.len(), 1);
    assert!(warned[0].message.contains("tool_nam"), "{warned:?}");
}
