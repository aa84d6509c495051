//! Which actions each tool stands for.

use std::fmt::Write as _;

use placet_agents::claude_code::actions;
use placet_model::{NoFacts, Resource};
use serde_json::json;

use crate::support::call;

#[test]
fn every_tool() {
    let cases = [
        ("Read", json!({"file_path": "/home/dev/project/a"})),
        ("Read", json!({"path": "~/.ssh/id_rsa"})),
        ("NotebookRead", json!({"notebook_path": "n.ipynb"})),
        ("Write", json!({"file_path": "../x", "content": ""})),
        ("Edit", json!({"file_path": "a", "old_string": "", "new_string": ""})),
        ("MultiEdit", json!({"file_path": "a", "edits": []})),
        ("NotebookEdit", json!({"notebook_path": "n.ipynb"})),
        ("LS", json!({"path": "/etc"})),
        ("LS", json!({})),
        ("Glob", json!({"pattern": "**/*.rs"})),
        ("Glob", json!({"pattern": "/etc/**"})),
        ("Glob", json!({"pattern": "sub/*.rs", "path": "/opt"})),
        ("Glob", json!({"pattern": "../../*"})),
        ("Glob", json!({"pattern": "{/etc,.}/*"})),
        ("Grep", json!({"pattern": "password", "path": "src"})),
        ("Grep", json!({"pattern": "x"})),
        ("WebFetch", json!({"url": "https://github.com@evil.example/x", "prompt": ""})),
        ("WebSearch", json!({"query": "rust hooks"})),
        ("browser", json!({"action": "open", "targetUrl": "https://x.y/"})),
        ("browser", json!({"action": "back"})),
        ("BashOutput", json!({"bash_id": "1"})),
        ("KillShell", json!({"shell_id": "1"})),
        ("Agent", json!({"prompt": "p"})),
        ("Task", json!({"prompt": "p"})),
        ("TodoWrite", json!({"todos": []})),
        ("ExitPlanMode", json!({"plan": "p"})),
        ("AskUserQuestion", json!({"questions": []})),
        ("Skill", json!({"skill": "s"})),
        ("mcp__github__create_issue", json!({"title": "t", "body": {"b": 1}})),
        ("mcp__filesystem__read_multiple_files", json!({"paths": ["a", "/etc/shadow"]})),
        ("mcp__filesystem__move_file", json!({"source": ".claude/settings.json", "destination": "/tmp/x"})),
        ("mcp__x__saveDocument", json!({"doc": {"file-path": "file:///home/dev/a", "text": "path"}})),
        ("mcp__x__open", json!({"uri": "https://example.com/a", "path": ["a\nb", ""]})),
    ];
    let mut out = String::new();
    for (tool, input) in cases {
        let call = call(tool, input);
        let _ = writeln!(out, "{tool} {}", call.input);
        for action in actions(&call, &NoFacts) {
            let resource = match &action.resource {
                Resource::Path(path) => {
                    format!("{} {:?} {:?} {:?}", path.absolute, path.relative, path.certainty, path.reach)
                }
                Resource::Url(url) => format!("{} {:?}", url.raw, url.host),
                other => other.text().into_owned(),
            };
            let _ = writeln!(out, "  {} {resource} {}", action.kind.name(), action.why.unwrap_or_default());
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn switching_the_sandbox_off_is_an_action_of_its_own() {
    let names = |input| -> Vec<String> {
        actions(&call("Bash", input), &NoFacts).iter().map(|action| action.kind.name().into_owned()).collect()
    };
    let off = names(json!({"command": "ls", "dangerouslyDisableSandbox": true}));
    assert!(off.contains(&"invoke:sandbox-off".to_owned()));
    let on = names(json!({"command": "ls", "dangerouslyDisableSandbox": false}));
    assert!(!on.contains(&"invoke:sandbox-off".to_owned()));
    assert!(!on.is_empty());
}

#[test]
fn a_text_that_runs_nothing_still_has_an_action() {
    for text in ["", " \n", "# only a comment"] {
        assert!(!actions(&call("Bash", json!({"command": text})), &NoFacts).is_empty(), "{text}");
    }
}
