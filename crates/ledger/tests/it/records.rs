//! What a record looks like when written.

use placet_ledger::audit::{LogLevel, expired};
use placet_ledger::{ActionLine, AuditFilter, Record, Would, canonical};
use placet_model::path::Base;
use placet_model::{Action, ActionKind, NoFacts, PathCertainty, PathRef, Reach, Resource, Verdict};
use serde_json::json;

use crate::support::{header, record, redactor};

#[test]
fn payloads() {
    let all = AuditFilter::default();
    let base = Base { cwd: "/home/dev/project", project: "/home/dev/project", home: Some("/home/dev") };
    let mut long =
        record(2, "curl -H 'Authorization: Bearer abcdefghijklmnop' https://u:pw1234@x.y", Verdict::Deny);
    long.input = Some(
        json!({"command": "x", "env": {"API_TOKEN": "abc", "nested": {"password": ["p1", {"q": "p2"}]}}, "content": "y ".repeat(4500)}),
    );
    long.actions.push(ActionLine::of(&Action::direct(
        ActionKind::ReadFile,
        Resource::Path(PathRef::new("src", PathCertainty::Exact, Reach::Tree, base, &NoFacts)),
    )));
    long.actions.resize(70, long.actions[1].clone());
    let mut shown: Vec<_> = [record(0, "git status", Verdict::Allow), record(1, "git push", Verdict::Ask)]
        .iter()
        .map(|record| record.payload(&redactor(), &all))
        .collect();
    let mut payload = long.payload(&redactor(), &all);
    let actions = payload["actions"].as_array_mut().unwrap();
    assert_eq!(actions.len(), 65);
    actions.drain(2..64);
    shown.push(payload);
    insta::assert_json_snapshot!(shown);
}

#[test]
fn lines() {
    let payload = record(0, "git status", Verdict::Allow).payload(&redactor(), &AuditFilter::default());
    let (mut text, head) = header("00000001").line();
    let (line, head) = head.append(&payload, [3; 16]);
    text.extend(line);
    let (line, _) = head.link(&head.as_link());
    text.extend(line);
    insta::assert_snapshot!(String::from_utf8(text).unwrap());
}

#[test]
fn the_audit_part_of_a_policy_leaves_fields_out() {
    let include =
        ["tool_name", "action", "resource", "decision", "timestamp", "trace_id"].map(str::to_owned).to_vec();
    let filter = AuditFilter { include, ..AuditFilter::default() };
    let payload = record(0, "git status", Verdict::Allow).payload(&redactor(), &filter);
    let names: Vec<_> = payload.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(names.join(" "));
}

#[test]
fn nothing_weakens_the_evidence_of_a_denial() {
    let all = AuditFilter::default();
    let none = AuditFilter {
        include: vec!["tool".to_owned()],
        actions: vec!["read:file".to_owned()],
        level: LogLevel::Warning,
    };
    let kept = |record: &Record| record.payload(&redactor(), &none) == record.payload(&redactor(), &all);
    for verdict in [Verdict::Ask, Verdict::Deny] {
        assert!(kept(&record(0, "x", verdict)), "{verdict:?}");
    }
    assert!(!kept(&record(0, "x", Verdict::Allow)));
    // One that audit mode or a trial policy took the force from is evidence as well.
    let would = |verdict| {
        let mut record = record(0, "x", Verdict::Allow);
        record.decision.as_mut().unwrap().would =
            Some(Would { verdict, rule: None, reason: "because".to_owned() });
        record
    };
    assert!(kept(&would(Verdict::Deny)));
    assert!(!kept(&would(Verdict::Allow)));
    let mut softened = record(0, "x", Verdict::Abstain);
    softened.decision.as_mut().unwrap().by_policy = Some(Verdict::Ask);
    assert!(kept(&softened));
}

#[test]
fn details_are_kept_of_the_actions_that_are_named() {
    let of = |patterns: &[&str]| {
        let actions = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        let filter = AuditFilter { actions, ..AuditFilter::default() };
        record(0, "git status", Verdict::Allow).payload(&redactor(), &filter).get("input").is_some()
    };
    assert!(of(&[]));
    assert!(of(&["write:*", "execute:*"]));
    assert!(!of(&["write:*", "read:file"]));
}

#[test]
fn retention() {
    let day = 86_400_000;
    assert!(!expired(0, 90 * day, Some(90)));
    assert!(expired(0, 90 * day + 1, Some(90)));
    assert!(!expired(0, u64::MAX, None));
    assert!(!expired(5, 0, Some(0)));
}

#[test]
fn the_digest_needs_the_key() {
    let other = placet_ledger::Redactor::new([8; 32]);
    assert_ne!(redactor().digest(b"x"), other.digest(b"x"));
    assert_eq!(redactor().digest(b"x"), redactor().digest(b"x"));
    assert!(!format!("{:?}", redactor()).contains('7'));
    assert!(canonical::to_bytes(&json!({})).len() == 2);
}
