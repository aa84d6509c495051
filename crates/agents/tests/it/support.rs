//! What several tests need.

use std::path::PathBuf;

use placet_agents::claude_code::{Incoming, ProcessFacts, parse};
use placet_model::{Decision, DenialKind, Enforcement, Layer, RuleRef, ToolCall, Verdict};
use serde_json::{Value, json};

pub(crate) fn process() -> ProcessFacts {
    ProcessFacts {
        cwd: "/home/dev/process".to_owned(),
        project_dir: Some("/home/dev/project".to_owned()),
        home: Some("/home/dev".to_owned()),
        ai_agent: None,
    }
}

pub(crate) fn fixture_dir(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/claude-code").join(name)
}

/// Name and bytes of every recorded event, sorted by name.
pub(crate) fn recorded() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(fixture_dir("hook-stdin"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())
        })
        .collect();
    all.sort();
    assert!(all.len() > 40);
    all
}

pub(crate) fn call_of(input: &Value) -> ToolCall {
    match parse(input.to_string().as_bytes(), &process()).unwrap() {
        Incoming::Call(call) => call,
        Incoming::Notice(notice) => panic!("not a call: {}", notice.event),
    }
}

/// A PreToolUse call of `tool`.
pub(crate) fn call(tool: &str, input: Value) -> ToolCall {
    call_of(&json!({
        "session_id": "s", "cwd": "/home/dev/project", "hook_event_name": "PreToolUse",
        "tool_name": tool, "tool_input": input, "tool_use_id": "t",
    }))
}

pub(crate) fn decision(verdict: Verdict) -> Decision {
    Decision {
        verdict,
        enforcement: Enforcement::Enforce,
        rule: Some(RuleRef {
            policy: "starter".to_owned(),
            rule: "no-force-push".to_owned(),
            layer: Layer::User,
            file: "policies/starter.yaml".to_owned(),
            line: 12,
        }),
        action: Some(0),
        reason: "Other people's work could be lost.".to_owned(),
        denial: (verdict == Verdict::Deny).then_some(DenialKind::Final),
        interrupt: false,
        fix: None,
        rewrite: None,
    }
}

pub(crate) const VERDICTS: [Verdict; 4] = [Verdict::Allow, Verdict::Abstain, Verdict::Ask, Verdict::Deny];
