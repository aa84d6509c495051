//! `placet doctor`

use crate::world::{World, make_executable};

const USER: &str = "home/.claude/settings.json";
const PROJECT: &str = "home/project/.claude/settings.json";
const LOCAL: &str = "home/project/.claude/settings.local.json";

/// Findings as `severity id line`, those every bare world has left out.
fn findings(world: &World) -> Vec<String> {
    let answer = world.run(&["doctor", "--json"]).json();
    let mut list: Vec<String> = answer["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let line = finding["line"].as_u64().map_or_else(|| "-".to_owned(), |line| line.to_string());
            format!("{} {} {line}", finding["severity"].as_str().unwrap(), finding["id"].as_str().unwrap())
        })
        .filter(|line| !line.contains("bypass-mode-open"))
        .collect();
    list.sort();
    list
}

fn handler(rest: &str) -> String {
    format!(
        r#"{{"hooks": {{"PreToolUse": [{{"matcher": "*", "hooks": [{{"type": "command", "command": "true"{rest}}}]}}]}}}}"#
    )
}

#[test]
fn an_installed_gate_is_closed() {
    let world = World::new();
    world.run(&["init", "claude-code", "--yes"]);
    let ran = world.run(&["doctor"]);
    insta::assert_snapshot!("doctor-closed", ran.whole());
}

#[test]
fn a_bare_machine_is_open() {
    let world = World::new().with_claude(None);
    insta::assert_snapshot!("doctor-bare", world.run(&["doctor"]).whole());
}

#[test]
fn the_published_recipe_is_seen_through() {
    let world = World::new();
    world.write(
        PROJECT,
        r#"{
  "hooks": {
    "pre-tool": [
      { "command": "python3 .claude/hooks/meshguard_hook.py", "timeout": 10000 }
    ],
    "post-tool": [
      { "command": "python3 .claude/hooks/post_hook.py", "timeout": 5000 }
    ]
  },
  "mcpServers": { "x": { "command": "y" } },
  "permissions": { "allow": ["Read", "exec", "web_search", "web_fetch"] }
}
"#,
    );
    insta::assert_snapshot!("doctor-recipe", world.run(&["doctor"]).whole());
}

#[test]
fn gates_that_cannot_block() {
    // What stands in the project's settings beside an installed gate or without one, and what is found.
    let cases: &[(&str, String, &[&str])] = &[
        (
            "string time-out",
            handler(r#", "timeout": "30", "onFailure": "block""#),
            &["open settings-voided 1"],
        ),
        ("time-out 0", handler(r#", "timeout": 0, "onFailure": "block""#), &["open settings-voided 1"]),
        (
            "unknown onFailure",
            handler(r#", "onFailure": "deny""#),
            &["open on-failure-missing 1", "open settings-voided 1"],
        ),
        (
            "milliseconds",
            handler(r#", "timeout": 10000, "onFailure": "block""#),
            &["warning timeout-milliseconds 1"],
        ),
        ("no onFailure", handler(""), &["open on-failure-missing 1"]),
        ("async", handler(r#", "async": true, "onFailure": "block""#), &["open hook-passed-by 1"]),
        ("if", handler(r#", "if": "Bash(rm *)", "onFailure": "block""#), &["open hook-passed-by 1"]),
        (
            "lower-case matcher",
            handler(r#", "onFailure": "block""#).replace("\"*\"", "\"bash\""),
            &["open matcher-matches-nothing 1"],
        ),
        (
            "rule as matcher",
            handler(r#", "onFailure": "block""#).replace("\"*\"", "\"Bash(git *)\""),
            &["open matcher-matches-nothing 1"],
        ),
        (
            "missing program",
            handler(r#", "onFailure": "block""#).replace("\"true\"", "\"/nowhere/gate\""),
            &["open hook-command-missing 1"],
        ),
        (
            "not executable",
            handler(r#", "onFailure": "block""#).replace("\"true\"", "\"/etc/passwd\""),
            &["open hook-command-not-executable 1"],
        ),
        (
            "relative",
            handler(r#", "onFailure": "block""#).replace("\"true\"", "\".claude/gate.sh\""),
            &["open hook-command-relative 1"],
        ),
        (
            "relative script",
            handler(r#", "onFailure": "block""#).replace("\"true\"", "\"sh .claude/gate.sh\""),
            &["open hook-command-relative 1"],
        ),
        (
            "only PermissionRequest",
            handler(r#", "onFailure": "block""#).replace("PreToolUse", "PermissionRequest"),
            &["open permission-request-only 1"],
        ),
        (
            "no hooks array",
            r#"{"hooks": {"PreToolUse": [{"matcher": "*"}]}}"#.to_owned(),
            &["open settings-voided 1"],
        ),
        (
            "no type",
            handler(r#", "onFailure": "block""#).replace(r#""type": "command", "#, ""),
            &["open settings-voided 1"],
        ),
        ("unknown event", r#"{"hooks": {"BeforeTool": []}}"#.to_owned(), &["warning hook-event-unknown 1"]),
        ("no JSON", "{\n  \"a\": 1,\n}".to_owned(), &["open settings-unreadable 3"]),
        ("switched off", r#"{"disableAllHooks": true}"#.to_owned(), &["open hooks-disabled 1"]),
        ("MCP servers", r#"{"mcpServers": {}}"#.to_owned(), &["warning mcp-servers-ignored 1"]),
        ("LD_PRELOAD", r#"{"env": {"LD_PRELOAD": "/x.so"}}"#.to_owned(), &["open env-redirects-gate 1"]),
        ("HOME", r#"{"env": {"HOME": "/x"}}"#.to_owned(), &["open env-redirects-gate 1"]),
        (
            "prompt hook",
            r#"{"hooks": {"PreToolUse": [{"hooks": [{"type": "prompt", "prompt": "safe?"}]}]}}"#.to_owned(),
            &["open hook-fails-open 1"],
        ),
    ];
    for (name, text, want) in cases {
        let world = World::new();
        world.write(PROJECT, text);
        let mut want: Vec<String> = want.iter().map(|line| (*line).to_owned()).collect();
        want.push("open gate-missing -".to_owned());
        want.sort();
        assert_eq!(findings(&world), want, "{name}");
    }
}

#[test]
fn what_others_do_wrong_is_no_way_past_a_sound_gate() {
    let cases: &[(&str, &str, String, &[&str])] = &[
        (
            "foreign hook fails open",
            PROJECT,
            handler(""),
            &["info on-failure-missing 1", "warning other-hooks 1"],
        ),
        ("switched off", LOCAL, r#"{"disableAllHooks": true}"#.to_owned(), &["open hooks-disabled 1"]),
        (
            "redirect against a pinned entry",
            PROJECT,
            r#"{"env": {"PLACET_CONFIG_DIR": "/x"}}"#.to_owned(),
            &["warning env-redirects-gate 1"],
        ),
        (
            "code in every program",
            PROJECT,
            r#"{"env": {"LD_PRELOAD": "/x"}}"#.to_owned(),
            &["open env-redirects-gate 1"],
        ),
    ];
    for (name, file, text, want) in cases {
        let world = World::new();
        world.run(&["init", "claude-code", "--yes"]);
        world.write(file, text);
        assert_eq!(findings(&world), *want, "{name}");
    }
}

#[test]
fn damage_to_our_own_entry_is_found_and_repaired() {
    let cases: &[(&str, &str, &str)] = &[
        ("\"onFailure\": \"block\"", "\"onFailure\": \"continue\"", "open on-failure-missing"),
        (" || exit 2", "", "info exit-fallback-missing"),
        ("\"matcher\": \"*\"", "\"matcher\": \"Bash\"", "open matcher-misses-tools"),
        ("\"timeout\": 30", "\"timeout\": \"30\"", "open settings-voided"),
        ("\"timeout\": 30", "\"timeout\": 30000", "warning timeout-milliseconds"),
        ("\"timeout\": 30", "\"timeout\": 30, \"async\": true", "open hook-passed-by"),
        ("\"PreToolUse\"", "\"PreTool\"", "open gate-missing"),
    ];
    for (old, new, want) in cases {
        let world = World::new();
        world.run(&["init", "claude-code", "--yes"]);
        let text = world.read(USER);
        assert!(text.contains(old));
        world.write(USER, &text.replacen(old, new, 1));
        let found = findings(&world);
        assert!(found.iter().any(|line| line.starts_with(want)), "{new}: {found:?}");
        let ran = world.run(&["doctor", "--fix", "--yes"]);
        assert_eq!(ran.code, 0, "{new}: {}", ran.whole());
        assert_eq!(findings(&world), Vec::<String>::new(), "{new}");
    }
}

#[test]
fn the_recipe_is_repaired_in_one_go() {
    let world = World::new();
    world.write(
        PROJECT,
        "{\n  \"hooks\": {\n    \"pre-tool\": [{\"command\": \"a\"}],\n    \"post-tool\": [{\"command\": \"b\"}],\n    \
         \"Stop\": []\n  },\n  \"env\": {\"HOME\": \"/x\", \"KEEP\": \"1\", \"PATH\": \"/y\"}\n}\n",
    );
    assert_eq!(world.run(&["doctor", "--fix", "--yes"]).code, 0);
    assert_eq!(
        world.read(PROJECT),
        "{\n  \"hooks\": {\n    \"Stop\": []\n  },\n  \"env\": {\"KEEP\": \"1\"}\n}\n"
    );
    assert_eq!(findings(&world), Vec::<String>::new());
}

#[test]
fn fixing_needs_a_yes() {
    let world = World::new();
    let ran = world.run(&["doctor", "--fix"]);
    assert_eq!(ran.code, 2);
    assert!(!world.path(USER).exists());
}

#[test]
fn old_versions_are_named() {
    let world = World::new().with_claude(Some("2.1.197"));
    world.run(&["init", "claude-code", "--yes"]);
    assert_eq!(findings(&world), ["warning claude-code-old -"]);
}

#[test]
fn what_others_may_write_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    world.run(&["init", "claude-code", "--yes"]);
    for (name, want) in
        [(USER, "warning settings-writable -"), ("home/.config/placet/placet.yaml", "open policy-writable -")]
    {
        std::fs::set_permissions(world.path(name), std::fs::Permissions::from_mode(0o666)).unwrap();
        assert_eq!(findings(&world), [want]);
        world.run(&["doctor", "--fix", "--yes"]);
        assert_eq!(findings(&world), Vec::<String>::new());
    }
}

#[test]
fn managed_settings_count() {
    let world = World::new();
    world.run(&["init", "claude-code", "--managed", "--yes"]);
    world.write(USER, r#"{"disableAllHooks": true}"#);
    assert_eq!(findings(&world), ["warning hooks-disabled 1"]);
    // A user's own gate does not run any more; the machine's does.
    let gate = world.write("home/gate", "#!/bin/sh\n");
    make_executable(&gate);
    assert_eq!(world.run(&["doctor"]).code, 0);
}
