//! What several tests need.

use placet_ledger::{
    ActionLine, AuditFilter, Head, Header, Outcome, Record, RecordedDecision, Redactor, SegmentKind,
};
use placet_model::{
    Action, ActionKind, AgentIdentity, CallEvent, Decision, DenialKind, Enforcement, Layer, PermissionMode,
    RecordId, Resource, RuleRef, SessionId, ToolCall, ToolUseId, Verdict,
};
use serde_json::{Value, json};

pub(crate) const START_UNIX_MS: u64 = 1_790_000_000_000;

pub(crate) fn redactor() -> Redactor {
    Redactor::new([7; 32])
}

pub(crate) fn call(tool: &str, input: Value) -> ToolCall {
    ToolCall {
        event: CallEvent::PreToolUse,
        agent: AgentIdentity {
            name: "claude-code".to_owned(),
            tags: vec!["claude-code".to_owned()],
            tier: "verified".to_owned(),
            subagent: None,
            subagent_type: None,
            registered: None,
        },
        session: SessionId("session-1".to_owned()),
        tool_use: Some(ToolUseId("toolu_1".to_owned())),
        tool: tool.to_owned(),
        input,
        cwd: "/home/dev/project".to_owned(),
        project: "/home/dev/project".to_owned(),
        home: Some("/home/dev".to_owned()),
        mode: PermissionMode::Default,
    }
}

pub(crate) fn decision(verdict: Verdict) -> Decision {
    Decision {
        verdict,
        enforcement: Enforcement::Enforce,
        rule: Some(RuleRef {
            policy: "starter".to_owned(),
            rule: format!("rule-{}", verdict.name()),
            layer: Layer::User,
            file: "starter.yaml".to_owned(),
            line: 3,
        }),
        action: Some(0),
        reason: "Because.".to_owned(),
        denial: (verdict == Verdict::Deny).then_some(DenialKind::Final),
        interrupt: false,
        fix: None,
        rewrite: None,
    }
}

/// The n-th record of a made-up history.
pub(crate) fn record(n: u64, command: &str, verdict: Verdict) -> Record {
    let unix_ms = START_UNIX_MS + n * 1000;
    let call = call("Bash", json!({"command": command}));
    let action = Action::direct(ActionKind::ExecuteShell, Resource::Text(command.to_owned()));
    let id = RecordId::new(unix_ms, [u8::try_from(n % 256).unwrap(); 10]);
    let mut record = Record::of_call(id, unix_ms, format!("2026-09-21T00:00:{:02}Z", n % 60), &call);
    record.actions = vec![ActionLine::of(&action)];
    record.decision = Some(RecordedDecision::of(&decision(verdict), "0.1.0"));
    record.decided_bytes = Some(command.as_bytes().to_vec());
    record.duration_ns = 1_200_000;
    record.outcome =
        (n == 1).then_some(Outcome { ok: true, error: None, duration_ms: Some(12), as_decided: Some(true) });
    record
}

pub(crate) fn header(name: &str) -> Header {
    Header { segment: name.to_owned(), kind: SegmentKind::Main, opened_unix_ms: START_UNIX_MS, follows: None }
}

/// A segment of `count` records.
pub(crate) fn segment(header: &Header, count: u64) -> (Vec<u8>, Head) {
    let (mut bytes, mut head) = header.line();
    for n in 0..count {
        let verdict =
            [Verdict::Allow, Verdict::Ask, Verdict::Deny, Verdict::Abstain][usize::try_from(n % 4).unwrap()];
        let payload =
            record(n, &format!("git push {n}"), verdict).payload(&redactor(), &AuditFilter::default());
        let (line, next) = head.append(&payload, [u8::try_from(n).unwrap(); 16]);
        bytes.extend(line);
        head = next;
    }
    (bytes, head)
}
