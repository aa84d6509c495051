//! Tool calls for the published hook examples and approval rules, each under its pack and the floor.

use std::collections::BTreeMap;

use placet_model::{CallEvent, PermissionMode, Verdict};
use serde_json::Value;

use crate::corpora::{rows, text, tree};
use crate::desk::{Desk, call};

/// The pack of a row; where the row names a published policy, the shipped one of that name.
fn desk<'d>(desks: &'d mut BTreeMap<String, Desk>, pack: &str) -> &'d Desk {
    desks.entry(pack.to_owned()).or_insert_with(|| Desk::shipped(pack))
}

fn event(name: &str) -> CallEvent {
    match name {
        "PreToolUse" => CallEvent::PreToolUse,
        "PermissionRequest" => CallEvent::PermissionRequest,
        other => panic!("event {other}"),
    }
}

/// On the event behind the dialog, no opinion leaves the question where it is: with the person.
fn answers(verdict: Verdict, event: CallEvent) -> Vec<&'static str> {
    match verdict {
        Verdict::Allow => vec!["allow", "allow-or-abstain"],
        Verdict::Abstain if event == CallEvent::PermissionRequest => vec!["ask", "allow-or-abstain"],
        Verdict::Abstain => vec!["abstain", "allow-or-abstain"],
        Verdict::Ask => vec!["ask"],
        Verdict::Deny => vec!["deny"],
    }
}

#[test]
fn published_examples_keep_their_plain_intent() {
    let (mut desks, tree) = (BTreeMap::new(), tree());
    let rows = rows("policy_cases/cases.jsonl");
    assert_eq!(rows.len(), 322, "rows were lost or added");
    let wrong: Vec<String> = rows.iter().filter_map(|row| misses(row, &mut desks, &tree)).collect();
    assert!(wrong.is_empty(), "{} rows are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn misses(row: &Value, desks: &mut BTreeMap<String, Desk>, tree: &crate::desk::Pretended) -> Option<String> {
    let mut call = call(text(row, "tool"), row["input"].clone());
    call.event = event(text(row, "event"));
    call.mode = PermissionMode::parse(text(row, "mode"));
    let variable = |name: &str| row["env"][name].as_str();
    let (autonomy, environment) = (variable("CLAUDE_AUTONOMY"), variable("ENVIRONMENT"));
    let decided = desk(desks, text(row, "pack")).decide_in(&call, tree, autonomy, environment);
    let decision = &decided.decision;
    let given = answers(decision.verdict, call.event);
    let accepted: Vec<&str> =
        row["either"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut faults = Vec::new();
    if !given.iter().any(|word| *word == text(row, "expect") || accepted.contains(word)) {
        faults.push(format!("{:?} instead of {}", decision.verdict, text(row, "expect")));
    }
    if row["interrupt"].as_bool().is_some_and(|wanted| wanted != decision.interrupt) {
        faults.push(format!("interrupt is {}", decision.interrupt));
    }
    let input = decision.rewrite.as_ref().map(|rewrite| &rewrite.input);
    if let Some(wanted) = row.get("updated_input")
        && input != Some(wanted)
    {
        faults.push(format!("the input becomes {input:?}"));
    }
    let line = || {
        let (id, pack) = (text(row, "id"), text(row, "pack"));
        let why = text(row, "why");
        format!(
            "{id} {pack} {} {}: {} [{}] ({why})",
            text(row, "tool"),
            row["input"],
            faults.join(", "),
            decision.reason
        )
    };
    (!faults.is_empty()).then(line)
}
