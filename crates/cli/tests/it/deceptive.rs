//! Nothing that an agent wrote moves the cursor, colours, turns round or hides what a person reads.

use serde_json::json;

use crate::world::{Ran, World};

/// One of each kind: overwriting, escape sequences (also as one C1 character), bell and backspace, direction,
/// no width, other line ends, hidden tags.
const TRICKS: &[&str] = &[
    "\r",
    "\u{1b}[2K\u{1b}[1A",
    "\u{1b}]0;title\u{7}",
    "\u{1b}[8m",
    // None of our own colours, so that it shows where a text goes out as it came.
    FOREIGN_COLOR,
    "\u{9b}31m",
    "\u{90}",
    "\u{8}\u{8}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{ad}",
    "\u{2028}",
    "\u{85}",
    "\u{e0041}",
];

const FOREIGN_COLOR: &str = "\u{1b}[35m";

fn all_tricks() -> String {
    TRICKS.concat()
}

/// Whether every character of the answer is one that shows itself. Line ends of CSV are the only exception.
fn assert_plain(what: &str, ran: &Ran) {
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        let text = text.replace("\r\n", "\n");
        let bad = text.char_indices().find(|(_, c)| {
            *c != '\n' && (c.is_control() && *c != '\t' || placet_model::visible::is_deceptive(*c))
        });
        assert!(bad.is_none(), "{what}: {stream}: {bad:?} in {text:?}");
    }
}

#[test]
fn commands_that_judge() {
    let world = World::new();
    for trick in TRICKS {
        for command in [
            format!("rm -rf build{trick}ls"),
            format!("echo '{trick}' # {trick}"),
            format!("{trick}ls"),
            format!("cat <<E\n{trick}\nE\n"),
            format!("sudo '{trick}x'; git commit -m \"{trick}\""),
            format!("curl http://x{trick}.com/ > a{trick}b"),
        ] {
            for arguments in [
                vec!["check", &command],
                vec!["explain", &command],
                vec!["check", &command, "--json"],
                vec!["explain", &command, "--json"],
                vec!["explain", &command, "--mode", "plan"],
            ] {
                assert_plain(&format!("{arguments:?}"), &world.run(&arguments));
            }
        }
    }
    let tricks = all_tricks();
    for (tool, input) in [
        ("Read", json!({"file_path": format!("/p/{tricks}.env")})),
        ("Write", json!({"file_path": format!("/p/{tricks}"), "content": tricks})),
        ("WebFetch", json!({"url": format!("https://example.com/{tricks}"), "prompt": tricks})),
        ("mcp__a__b", json!({tricks.as_str(): tricks})),
    ] {
        let (tool, input) = (format!("{tool}{tricks}"), input.to_string());
        for tool in [tool.as_str(), tool.trim_end_matches(&tricks)] {
            for command in ["check", "explain"] {
                assert_plain(tool, &world.run(&[command, "--tool", tool, "--input", &input]));
            }
        }
    }
}

#[test]
fn what_was_hidden_is_shown() {
    let world = World::new();
    let shown = world.run(&["check", "rm -rf build\rls -l"]);
    assert!(format!("{}{}", shown.stdout, shown.stderr).contains("\\r"), "{}", shown.whole());
    let shown = world.run(&["explain", "cat a\u{202e}b"]);
    assert!(shown.stdout.contains("\\u{202e}"), "{}", shown.whole());
    // JSON keeps the value, spelt in plain characters.
    let ran = world.run(&["check", "cat a\u{202e}b\u{9b}c", "--json"]);
    assert!(ran.stdout.contains("\\u202e") && ran.stdout.contains("\\u009b"), "{}", ran.stdout);
    assert!(ran.json().to_string().contains("a\u{202e}b\u{9b}c"));
}

#[test]
fn the_record() {
    let world = World::new();
    let config = world.path("home/.config/placet");
    let tricks = all_tricks();
    let calls = [
        ("Bash", json!({"command": format!("ls {tricks}; rm -rf /{tricks}"), "description": tricks})),
        ("Bash", json!({"command": format!("{tricks}"), "description": tricks})),
        ("Read", json!({"file_path": format!("/p/{tricks}/.env")})),
        (&*format!("mcp__{tricks}__x"), json!({tricks.as_str(): tricks})),
    ];
    for (index, (tool, input)) in calls.iter().enumerate() {
        let input = json!({
            "session_id": format!("s{tricks}"), "cwd": world.path("home/project"), "permission_mode": "default",
            "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input,
            "tool_use_id": format!("toolu_{index}{tricks}"),
        });
        let ran = world.hook(&["--config", config.to_str().unwrap()], &input.to_string());
        // The host shows the reason of a denial to the person.
        assert_plain("hook", &ran);
        if let Ok(answer) = serde_json::from_str::<serde_json::Value>(&ran.stdout) {
            let reason = &answer["hookSpecificOutput"]["permissionDecisionReason"];
            let stdout = reason.as_str().unwrap_or_default().to_owned();
            assert_plain("reason", &Ran { stdout, stderr: String::new(), code: 0 });
        }
    }
    for arguments in [
        &["audit", "tail"][..],
        &["audit", "tail", "--json"],
        &["audit", "query"],
        &["audit", "query", "--json"],
        &["audit", "stats"],
        &["audit", "verify"],
        &["audit", "export"],
        &["audit", "export", "--format", "json"],
        &["audit", "trace", "toolu_0"],
        &["audit", "trace", &format!("toolu_0{tricks}")],
        &["audit", "query", "--decision", "deny", "--from", &tricks],
    ] {
        assert_plain(&format!("{arguments:?}"), &world.run(arguments));
    }
}

/// Texts of policies come from repositories.
#[test]
fn policies_and_what_is_said_of_them() {
    let world = World::new();
    let tricks = all_tricks();
    let quoted = json!(tricks).to_string().replace('\u{7f}', "\\u007f");
    let policy = format!(
        "name: {quoted}\nversion: {quoted}\ndescription: {quoted}\nrules:\n  - name: {quoted}\n    effect: allow\n    \
         actions: [\"execute:shell\"]\n    conditions: {{resource: {{contains: {quoted}}}}}\n    message: {quoted}\n  \
         - effect: deny\n    actions: [{quoted}]\n    reason: {quoted}\ntests:\n  - {{name: {quoted}, command: {quoted}, \
         expect: allow}}\n"
    );
    world.write("home/project/.placet/p.yaml", &policy);
    world
        .write("home/project/broken.yaml", &format!("name: x\nrules: [{{effect: {quoted}}}]\n{tricks}: 1\n"));
    for arguments in [
        &["trust", "--yes"][..],
        &["policy", "check", ".placet/p.yaml"],
        &["policy", "check", "broken.yaml"],
        &["policy", "check", &format!("{tricks}.yaml")],
        &["policy", "test", ".placet/p.yaml"],
        &["policy", "test", "claude-code", "execute:shell", "--resource", &tricks, "--verbose"],
        &["policy", "list"],
        &["policy", "show", &tricks],
        &["policy", "allowed"],
        &["check", "ls"],
        &["explain", "ls"],
        &["doctor"],
        &["claude-md"],
        &["programs", "show", &tricks],
        &[&tricks],
        &["check", "--mode", &tricks, "ls"],
        &["trust", "--revoke"],
    ] {
        assert_plain(&format!("{arguments:?}"), &world.run(arguments));
    }
    world.write(
        "home/.claude/settings.json",
        &json!({"hooks": {"PreToolUse": [{"matcher": tricks,
        "hooks": [{"type": "command", "command": tricks}]}]}, "env": {tricks.as_str(): tricks}})
        .to_string(),
    );
    for arguments in [
        &["doctor"][..],
        &["init", "claude-code", "--diff", "--dry-run"],
        &["init", "claude-code", "--yes"],
        &["uninit", "claude-code", "--diff", "--yes"],
    ] {
        assert_plain(&format!("{arguments:?}"), &world.run(arguments));
    }
}

/// A terminal gets our colours and no others.
#[test]
fn colours_are_our_own() {
    let world = World::new();
    let tricks = all_tricks();
    let command = format!("rm -rf '{tricks}'");
    let named =
        format!("name: p\nrules: [{{name: {}, effect: deny, actions: ['read:file']}}]\n", json!(tricks));
    world.write("home/project/.placet/p.yaml", &named.replace('\u{7f}', "\\u007f"));
    for arguments in [
        ["explain", &command],
        ["check", &command],
        ["policy", "list"],
        ["policy", "allowed"],
        ["programs", "list"],
        ["trust", "--yes"],
    ] {
        let ran = world.run(&[&arguments[..], &["--color", "always"]].concat());
        let without = |text: &str| anstream::adapter::strip_str(text).to_string();
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains("\u{1b}["), "{arguments:?}");
        let hidden = [FOREIGN_COLOR, "\u{1b}[8m", "\u{1b}[2K", "\u{1b}]", "\u{9b}"];
        assert!(hidden.iter().all(|code| !ran.stdout.contains(code)), "{:?}", ran.stdout);
        assert_plain("colours", &Ran { stdout: without(&ran.stdout), stderr: without(&ran.stderr), code: 0 });
    }
}
