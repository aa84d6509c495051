//! Answers, whole.

use std::fmt::Write as _;

use placet_agents::claude_code::{
    Answer, Destination, Extras, PermissionUpdate, answer, answer_with, defer, notice,
};
use placet_model::{
    CallEvent, Decision, DenialKind, Enforcement, PermissionMode, Rewrite, ToolCall, Verdict,
};
use serde_json::{Value, json};

use crate::contract;
use crate::support::{VERDICTS, call, decision};

fn on(event: CallEvent) -> ToolCall {
    ToolCall { event, ..call("Bash", json!({"command": "git push --force", "description": "Push"})) }
}

fn show(out: &mut String, title: &str, answer: &Answer) {
    let _ =
        writeln!(out, "{title}\n  exit {} {}", answer.exit, String::from_utf8_lossy(&answer.stdout).trim());
    if !answer.stderr.is_empty() {
        let _ = writeln!(out, "  stderr {}", answer.stderr);
    }
}

#[test]
fn every_verdict_on_every_event() {
    let mut out = String::new();
    for event in [CallEvent::PreToolUse, CallEvent::PermissionRequest] {
        let call = on(event);
        for verdict in VERDICTS {
            show(&mut out, &format!("{event:?} {verdict:?}"), &answer(&call, &decision(verdict)));
        }
        for kind in [DenialKind::NeedsPerson, DenialKind::Transient, DenialKind::Fixable] {
            let decision = Decision { denial: Some(kind), ..decision(Verdict::Deny) };
            show(&mut out, &format!("{event:?} Deny {kind:?}"), &answer(&call, &decision));
        }
        let interrupt = Decision { interrupt: true, ..decision(Verdict::Deny) };
        show(&mut out, &format!("{event:?} Deny and end the turn"), &answer(&call, &interrupt));
        let bare = Decision { rule: None, reason: String::new(), denial: None, ..decision(Verdict::Deny) };
        show(&mut out, &format!("{event:?} Deny without rule or reason"), &answer(&call, &bare));
        show(&mut out, &format!("{event:?} defer"), &defer(&call, "waits for the release team"));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn rewrites() {
    let rewrite = Rewrite {
        name: "force-with-lease".to_owned(),
        input: json!({"command": "git push --force-with-lease"}),
    };
    let mut out = String::new();
    for event in [CallEvent::PreToolUse, CallEvent::PermissionRequest] {
        let call = on(event);
        for verdict in VERDICTS {
            let decision = Decision { rewrite: Some(rewrite.clone()), ..decision(verdict) };
            let answer = answer(&call, &decision);
            contract::check(event, &answer.stdout).unwrap();
            show(&mut out, &format!("{event:?} {verdict:?}"), &answer);
        }
        for input in [json!({}), json!("x"), json!({"cmd": "ls"}), Value::Null] {
            let broken = Rewrite { name: "broken".to_owned(), input };
            let decision = Decision { rewrite: Some(broken), ..decision(Verdict::Allow) };
            let answer = answer(&call, &decision);
            assert!(String::from_utf8_lossy(&answer.stdout).contains("\"deny\""));
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn extras() {
    let extras = Extras {
        additional_context: Some("The tests take a minute.".to_owned()),
        updated_permissions: vec![
            PermissionUpdate::AddRules {
                rules: vec![
                    ("Bash".to_owned(), Some("npm run *".to_owned())),
                    ("WebSearch".to_owned(), None),
                ],
                behavior: Verdict::Allow,
                destination: Destination::Session,
            },
            PermissionUpdate::SetMode {
                mode: PermissionMode::AcceptEdits,
                destination: Destination::Session,
            },
            PermissionUpdate::AddDirectories {
                directories: vec!["/srv".to_owned()],
                destination: Destination::Local,
            },
        ],
    };
    let mut out = String::new();
    for event in [CallEvent::PreToolUse, CallEvent::PermissionRequest] {
        for verdict in VERDICTS {
            let answer = answer_with(&on(event), &decision(verdict), &extras);
            contract::check(event, &answer.stdout).unwrap();
            show(&mut out, &format!("{event:?} {verdict:?}"), &answer);
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn audit_mode_says_nothing() {
    for event in [CallEvent::PreToolUse, CallEvent::PermissionRequest] {
        for verdict in VERDICTS {
            let decision = Decision { enforcement: Enforcement::Audit, interrupt: true, ..decision(verdict) };
            let answer = answer(&on(event), &decision);
            assert_eq!((answer.stdout.as_slice(), answer.exit), (&b"{}\n"[..], 0));
        }
    }
}

#[test]
fn plan_mode_never_lets_permission_request_write() {
    let call = ToolCall {
        event: CallEvent::PermissionRequest,
        mode: PermissionMode::Plan,
        ..call("Write", json!({"file_path": "a", "content": ""}))
    };
    assert_eq!(answer(&call, &decision(Verdict::Allow)), Answer::none());
}

#[test]
fn messages_are_short_and_one_line() {
    let mut call = on(CallEvent::PreToolUse);
    call.input["command"] = format!("echo {}\n\u{1b}[31m", "x".repeat(10_000)).into();
    let decision = Decision { reason: "long \u{7}\n".repeat(2000), ..decision(Verdict::Deny) };
    let document: Value = serde_json::from_slice(&answer(&call, &decision).stdout).unwrap();
    let text = document["hookSpecificOutput"]["permissionDecisionReason"].as_str().unwrap();
    assert!(text.chars().count() <= 600, "{}", text.chars().count());
    assert!(!text.chars().any(char::is_control));
    assert!(text.contains("This is final"), "{text}");
    assert!(text.contains("no-force-push"), "{text}");
}

#[test]
fn notices() {
    let mut out = String::new();
    show(&mut out, "quiet", &notice::quiet());
    show(&mut out, "refuse a settings change", &notice::refuse_change("the gate would be gone"));
    show(&mut out, "end the turn", &notice::end_turn("what ran is not what was decided"));
    show(&mut out, "context", &notice::context("SessionStart", "Two hooks are not listed."));
    show(&mut out, "tell the person", &notice::tell_person("Two hooks are not listed."));
    insta::assert_snapshot!(out);
}
