//! Inputs that must be refused, and the form of the refusal.

use std::fmt::Write as _;

use placet_agents::claude_code::{INPUT_LIMIT_BYTES, Incoming, failure, parse};
use placet_model::CallEvent;

use crate::contract;
use crate::support::process;

const CASES: &[&str] = &[
    "",
    "{",
    "null",
    "[]",
    "deny this",
    "{\"hook_event_name\":\"PreToolUse\"}",
    "{\"tool_name\":\"Bash\"}",
    "{\"tool_name\":\"Bash\",\"tool_input\":{}}",
    "{\"tool_name\":\"Bash\",\"tool_input\":null}",
    "{\"tool_name\":\"Bash\",\"tool_input\":\"ls\"}",
    "{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":[\"ls\"]}}",
    "{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\\u0000rm\"}}",
    "{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\",\"dangerouslyDisableSandbox\":\"no\"}}",
    "{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\",\"run_in_background\":1}}",
    "{\"tool_name\":\"exec\",\"tool_input\":{\"cmd\":\"ls\"}}",
    "{\"tool_name\":\"Bash\",\"tool_name\":\"Read\",\"tool_input\":{\"command\":\"ls\"}}",
    "{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\",\"comm\\u0061nd\":\"rm -rf /\"}}",
    "{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\"}} trailing",
    "{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\"}}{}",
    "{\"tool_name\":\"\",\"tool_input\":{}}",
    "{\"tool_name\":7,\"tool_input\":{}}",
    "{\"tool_name\":\"a\\nb\",\"tool_input\":{}}",
    "{\"tool_name\":\"Read\",\"tool_input\":{}}",
    "{\"tool_name\":\"Read\",\"tool_input\":{\"file_path\":\"\"}}",
    "{\"tool_name\":\"Read\",\"tool_input\":{\"file_path\":\"a\\u0000b\"}}",
    "{\"tool_name\":\"Read\",\"tool_input\":{\"file_path\":\"a\",\"path\":\"/etc/shadow\"}}",
    "{\"tool_name\":\"Write\",\"tool_input\":{\"file_path\":{\"a\":1}}}",
    "{\"tool_name\":\"NotebookEdit\",\"tool_input\":{\"notebook_path\":\"a\",\"file_path\":\"b\"}}",
    "{\"tool_name\":\"Glob\",\"tool_input\":{\"path\":\"/\"}}",
    "{\"tool_name\":\"Grep\",\"tool_input\":{\"path\":7}}",
    "{\"tool_name\":\"WebFetch\",\"tool_input\":{\"prompt\":\"x\"}}",
    "{\"tool_name\":\"web_search\",\"tool_input\":{\"query\":null}}",
    "{\"tool_name\":\"browser\",\"tool_input\":{}}",
    "{\"cwd\":\"relative\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\"}}",
    "{\"cwd\":7,\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\"}}",
    "{\"permission_mode\":[],\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\"}}",
    "{\"hook_event_name\":null,\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\"}}",
    "{\"hook_event_name\":\"PermissionRequest\",\"tool_name\":\"Bash\",\"tool_input\":{}}",
    "{\"hook_event_name\":\"PermissionRequest\",\"tool_name\":\"Bash\",\"tool_inp",
    "{\"hook_event_name\":\"ConfigChange\",\"source\":",
    "{\"hook_event_name\":\"PostToolUse\",\"tool_name\":{}}",
];

#[test]
fn refused_inputs() {
    let mut out = String::new();
    for text in CASES {
        let malformed = parse(text.as_bytes(), &process()).expect_err(text);
        let answer = failure(&malformed.event, &malformed.reason);
        let _ = writeln!(
            out,
            "{text}\n  {:?}: {malformed}\n  exit {} {}",
            malformed.event,
            answer.exit,
            String::from_utf8_lossy(&answer.stdout).trim()
        );
    }
    insta::assert_snapshot!(out);
}

#[test]
fn refusals_deny_on_their_event() {
    use placet_agents::claude_code::Event;
    let event = Event::Call(CallEvent::PreToolUse);
    let answer = failure(&event, "why");
    contract::check(CallEvent::PreToolUse, &answer.stdout).unwrap();
    assert_eq!((answer.exit, answer.stderr.is_empty()), (2, false));

    let answer = failure(&Event::Call(CallEvent::PermissionRequest), "why");
    contract::check(CallEvent::PermissionRequest, &answer.stdout).unwrap();
    assert!(String::from_utf8_lossy(&answer.stdout).contains("\"deny\""));
    assert_eq!(answer.exit, 0);

    // Not known which event: exit 2 denies on one, the document on the other.
    let answer = failure(&Event::Unclear, "why");
    contract::check(CallEvent::PermissionRequest, &answer.stdout).unwrap();
    assert!(String::from_utf8_lossy(&answer.stdout).contains("\"deny\""));
    assert_eq!(answer.exit, 2);

    let answer = failure(&Event::Notice("ConfigChange".to_owned()), "why");
    assert_eq!(answer.exit, 2);
}

#[test]
fn unreadable_bytes() {
    let mut invalid =
        br#"{"hook_event_name":"PermissionRequest","tool_name":"Bash","tool_input":{"command":""#.to_vec();
    invalid.extend_from_slice(b"\xff\"}}");
    let malformed = parse(&invalid, &process()).unwrap_err();
    assert_eq!(malformed.event.name(), "PermissionRequest");
    assert!(malformed.reason.contains("UTF-8 at byte"), "{malformed}");

    let long =
        format!(r#"{{"tool_name":"Bash","tool_input":{{"command":"{}"}}}}"#, " ".repeat(INPUT_LIMIT_BYTES));
    assert!(parse(long.as_bytes(), &process()).unwrap_err().reason.contains("longer than 16 MiB"));

    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!(
            r#"{{"tool_name":"x","tool_input":{{"a":{}1{}}}}}"#,
            open.repeat(1_000_000),
            close.repeat(1_000_000)
        );
        assert!(parse(deep.as_bytes(), &process()).is_err());
    }
}

#[test]
fn accepted_inputs() {
    let cases: [(&str, &str); 8] = [
        (r#"{"tool_name":"exec","tool_input":{"command":"ls"}}"#, "PreToolUse Bash /home/dev/process"),
        (
            r#"{"tool_name":"web_fetch","tool_input":{"url":"https://x.y"}}"#,
            "PreToolUse WebFetch /home/dev/process",
        ),
        (r#"{"tool_name":"Read","tool_input":{"path":"README.md"}}"#, "PreToolUse Read /home/dev/process"),
        (
            r#"{"tool_name":"Read","tool_input":{"path":"a","file_path":"a"},"new_field":[1]}"#,
            "PreToolUse Read /home/dev/process",
        ),
        (r#"{"hook_event_name":"PostToolUse","tool_name":"T","tool_input":{}}"#, "notice PostToolUse"),
        (
            r#"{"hook_event_name":"PermissionDenied","tool_name":"Bash","tool_input":{}}"#,
            "notice PermissionDenied",
        ),
        (r#"{"hook_event_name":"Whatever","x":1}"#, "notice Whatever"),
        ("\u{feff}{\"hook_event_name\":\"Stop\"}\r\n", "notice Stop"),
    ];
    for (text, want) in cases {
        let got = match parse(text.as_bytes(), &process()).unwrap_or_else(|error| panic!("{text}: {error}")) {
            Incoming::Call(call) => format!("{:?} {} {}", call.event, call.tool, call.cwd),
            Incoming::Notice(notice) => format!("notice {}", notice.event),
        };
        assert_eq!(got, want, "{text}");
    }
}
