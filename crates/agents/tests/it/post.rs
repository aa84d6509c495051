//! What ran against what was decided.

use placet_agents::claude_code::{Incoming, parse, post::decided_bytes};
use serde_json::json;

use crate::support::{process, recorded};

#[test]
fn the_same_call_before_and_after_has_the_same_bytes() {
    let all = recorded();
    let mut compared = 0;
    for (name, bytes) in &all {
        let Some(tool) = name.strip_prefix("post_tool_use.") else { continue };
        let Some((_, before)) = all.iter().find(|(name, _)| *name == format!("pre_tool_use.{tool}")) else {
            continue;
        };
        let (Incoming::Call(call), Incoming::Notice(notice)) =
            (parse(before, &process()).unwrap(), parse(bytes, &process()).unwrap())
        else {
            panic!("{name}")
        };
        let ran = decided_bytes(notice.tool.as_deref().unwrap(), notice.input.as_ref().unwrap());
        assert_eq!(decided_bytes(&call.tool, &call.input), ran, "{name}");
        compared += 1;
    }
    assert!(compared >= 5);
}

#[test]
fn another_input_has_other_bytes() {
    let inputs = [
        json!({"command": "ls"}),
        json!({"command": "ls "}),
        json!({"command": "ls", "timeout": 1}),
        json!({}),
        json!({"command": ["ls"]}),
        json!({"command": "ls", "x": {}}),
        json!({"command": "ls", "x": []}),
        json!({"a": "b,\"c\":d"}),
        json!({"a": "b", "c": "d"}),
        json!({"a": null}),
        json!({"a": "null"}),
        json!({"a": 1}),
        json!({"a": "1"}),
    ];
    for (i, left) in inputs.iter().enumerate() {
        for (j, right) in inputs.iter().enumerate() {
            assert_eq!(i == j, decided_bytes("Bash", left) == decided_bytes("Bash", right), "{left} {right}");
        }
    }
    assert_ne!(decided_bytes("Read", &json!({})), decided_bytes("Write", &json!({})));
    let described = json!({"command": "ls", "description": "List"});
    assert_eq!(decided_bytes("Bash", &described), decided_bytes("Bash", &json!({"command": "ls"})));
    assert_ne!(decided_bytes("mcp__x__y", &described), decided_bytes("mcp__x__y", &json!({"command": "ls"})));
    // A person's answers are added to these while they run.
    let (asked, answered) = (json!({"questions": []}), json!({"questions": [], "answers": {"q": "a"}}));
    assert_eq!(decided_bytes("AskUserQuestion", &asked), decided_bytes("AskUserQuestion", &answered));
}
