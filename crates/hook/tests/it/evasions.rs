//! The four policies of the published page, unchanged, against the rows that fool text matching.

use std::path::Path;

use placet_model::{ToolCall, Verdict};
use serde_json::{Value, json};

use crate::corpora::{rows, text};
use crate::desk::{Desk, Pretended, call};

fn seed_policy(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../policy/tests/fixtures/seed")
        .join(format!("claude-code-{name}.yaml"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The tool call that an action and a resource stand for.
fn call_of(row: &Value) -> ToolCall {
    let resource = text(row, "resource");
    let mut call = match text(row, "action") {
        "execute:shell" => call("Bash", json!({ "command": resource })),
        "read:file" => call("Read", json!({ "file_path": resource })),
        "write:file" => call("Write", json!({ "file_path": resource, "content": "" })),
        "read:web_search" => call("WebSearch", json!({ "query": resource })),
        "read:web_fetch" => call("WebFetch", json!({ "url": resource, "prompt": "" })),
        "read:web_browse" => call("browser", json!({ "action": "open", "targetUrl": resource })),
        other => panic!("no tool for {other}"),
    };
    if resource.starts_with("/home/dev/proj/") {
        call.cwd = "/home/dev/proj".into();
        call.project = call.cwd.clone();
    }
    call
}

fn judge(file: &str, at_least: usize) {
    let rows = rows(file);
    assert!(rows.len() >= at_least, "{file} has lost rows");
    let mut wrong = Vec::new();
    for name in ["file-policy", "shell-policy", "web-policy", "dev-assistant"] {
        let policy = seed_policy(name);
        let desk = Desk::alone(name, &policy);
        for row in rows.iter().filter(|row| text(row, "policy") == name) {
            let decided = desk.decide(&call_of(row), &Pretended::default());
            let verdict = decided.decision.verdict;
            let right = match text(row, "must") {
                "allow" => verdict == Verdict::Allow,
                _ => verdict == Verdict::Deny,
            };
            if !right {
                wrong.push(format!(
                    "{name} {:?} must {}: {verdict:?} [{}]",
                    text(row, "resource"),
                    text(row, "must"),
                    decided.decision.reason
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn rows_of_the_contract() {
    judge("evasions-contract.jsonl", 38);
}

#[test]
fn rows_written_without_sight_of_the_analysis() {
    judge("evasions-new.jsonl", 96);
}
