//! `placet init` and `placet uninit`

use crate::world::World;

const SETTINGS: &str = "home/.claude/settings.json";

#[test]
fn a_new_file() {
    let world = World::new();
    let ran = world.run(&["init", "claude-code", "--yes"]);
    insta::assert_snapshot!("init-new", ran.whole());
    insta::assert_snapshot!("init-new-settings", world.filter(&world.read(SETTINGS)));
    assert!(world.read("home/.config/placet/placet.yaml").contains("- starter"));
}

#[test]
fn what_was_there_stays_in_its_place() {
    let world = World::new();
    let text = "{\n\t\"model\": \"opus\",\n\t\"hooks\": {\n\t\t\"Stop\": [\n\t\t\t{ \"hooks\": [ { \"type\": \"command\", \
                \"command\": \"say done\" } ] }\n\t\t]\n\t},\n\t\"zeta\": 1.50,\n\t\"alpha\": [1,2]\n}\n";
    world.write(SETTINGS, text);
    assert_eq!(world.run(&["init", "claude-code", "--yes"]).code, 0);
    insta::assert_snapshot!("init-kept", world.filter(&world.read(SETTINGS)));
    assert_eq!(world.read("home/.claude/settings.json.placet-backup"), text);
}

#[test]
fn twice_is_once() {
    let world = World::new();
    world.write(SETTINGS, "{\"permissions\": {\"deny\": [\"Read(.env)\"]}}");
    world.run(&["init", "claude-code", "--yes"]);
    let once = world.read(SETTINGS);
    let ran = world.run(&["init", "claude-code", "--yes"]);
    assert_eq!(world.read(SETTINGS), once);
    insta::assert_snapshot!("init-again", ran.whole());
}

#[test]
fn older_entries_are_brought_up_to_date_in_place() {
    let world = World::new();
    world.write(
        SETTINGS,
        r#"{
  "hooks": {
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [ { "type": "command", "command": "/old/placet hook", "timeout": 60, "if": "Bash(rm *)", "statusMessage": "deciding" } ] },
      { "matcher": "Bash", "hooks": [ { "type": "command", "command": "mine" }, { "type": "command", "command": "placet-hook" } ] }
    ]
  }
}
"#,
    );
    assert_eq!(world.run(&["init", "claude-code", "--yes"]).code, 0);
    let text = world.filter(&world.read(SETTINGS));
    let end = text.find("\"PermissionRequest\"").unwrap();
    insta::assert_snapshot!("init-upgraded", &text[..end]);
    assert_eq!(world.run(&["doctor", "--json"]).json()["closed"], true);
}

#[test]
fn a_dry_run_writes_nothing() {
    let world = World::new();
    let ran = world.run(&["init", "claude-code", "--dry-run"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("PreToolUse"));
    assert!(!world.path(SETTINGS).exists() && !world.path("home/.config").exists());
}

#[test]
fn a_long_difference_is_told_in_one_line_unless_asked_for() {
    let world = World::new();
    let short = world.run(&["init", "claude-code", "--dry-run"]);
    assert!(short.stderr.lines().count() <= 30, "{}", short.stderr);
    assert!(short.stderr.contains("lines") && short.stderr.contains("--diff"), "{}", short.stderr);
    let long = world.run(&["init", "claude-code", "--dry-run", "--diff"]);
    assert!(long.stderr.lines().count() > 100, "{}", long.stderr);
    assert!(long.stderr.contains("\"matcher\""), "{}", long.stderr);
    // A few lines are shown as they are.
    world.write(SETTINGS, "{}\n");
    world.run(&["init", "claude-code", "--yes"]);
    let text = world.read(SETTINGS).replacen(" || exit 2", "", 1);
    world.write(SETTINGS, &text);
    let ran = world.run(&["init", "claude-code", "--dry-run"]);
    assert!(ran.stderr.contains("|| exit 2"), "{}", ran.stderr);
}

/// Every folder and file below the world, sorted.
fn listing(world: &World) -> Vec<String> {
    fn walk(folder: &std::path::Path, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            out.push(path.display().to_string());
            if path.is_dir() && !path.is_symlink() {
                walk(&path, out);
            }
        }
    }
    let mut out = Vec::new();
    walk(&world.path("home"), &mut out);
    walk(&world.path("machine"), &mut out);
    out.sort();
    out
}

#[test]
fn uninit_leaves_no_folder_that_init_made_and_every_other() {
    for scope in ["--user", "--project", "--managed"] {
        for made_before in [
            &[][..],
            &["home/.claude"],
            &["home/.config", "home/project/.claude"],
            &["home/.config/placet"],
            &["machine/etc", "machine/etc/placet"],
        ] {
            let world = World::new();
            for folder in made_before {
                std::fs::create_dir_all(world.path(folder)).unwrap();
            }
            let before = listing(&world);
            assert_eq!(world.run(&["init", "claude-code", scope, "--yes"]).code, 0);
            assert_ne!(listing(&world), before);
            assert_eq!(world.run(&["init", "claude-code", scope, "--yes"]).code, 0);
            let ran = world.run(&["uninit", "claude-code", scope, "--yes"]);
            assert_eq!(ran.code, 0, "{}", ran.whole());
            assert_eq!(listing(&world), before, "{scope} {made_before:?}");
        }
    }
}

#[test]
fn uninit_leaves_what_somebody_put_there() {
    let world = World::new();
    world.run(&["init", "claude-code", "--yes"]);
    world.write("home/.claude/notes.md", "mine");
    world.write("home/.config/placet/policies/mine.yaml", "name: mine\n");
    assert_eq!(world.run(&["uninit", "claude-code", "--yes"]).code, 0);
    assert!(world.path("home/.claude/notes.md").exists() && !world.path(SETTINGS).exists());
    assert!(world.path("home/.config/placet/placet.yaml").exists(), "policies beside it may be named there");
    // Settings that somebody changed stay.
    let world = World::new();
    world.run(&["init", "claude-code", "--yes"]);
    world.write("home/.config/placet/placet.yaml", "policies: [strict]\n");
    assert_eq!(world.run(&["uninit", "claude-code", "--yes"]).code, 0);
    assert_eq!(world.read("home/.config/placet/placet.yaml"), "policies: [strict]\n");
    // Settings stay as long as another agent's file uses them.
    let world = World::new();
    let before = listing(&world);
    world.run(&["init", "claude-code", "--yes"]);
    world.run(&["init", "claude-code", "--project", "--yes"]);
    assert_eq!(world.run(&["uninit", "claude-code", "--yes"]).code, 0);
    assert!(world.path("home/.config/placet/placet.yaml").exists() && !world.path("home/.claude").exists());
    assert_eq!(world.run(&["uninit", "claude-code", "--project", "--yes"]).code, 0);
    assert_eq!(listing(&world), before);
    // A list that names other folders removes none that holds something.
    let world = World::new();
    world.run(&["init", "claude-code", "--yes"]);
    world.write("home/keep/file", "x");
    let list = world.read("home/.config/placet/init.json");
    let keep = world.path("home/keep").display().to_string();
    world.write("home/.config/placet/init.json", &list.replacen('[', &format!("[\"{keep}\", "), 1));
    world.run(&["uninit", "claude-code", "--yes"]);
    assert!(world.path("home/keep/file").exists());
}

#[test]
fn nobody_to_ask_is_no_yes() {
    let world = World::new();
    let ran = world.run(&["init", "claude-code"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--yes"), "{}", ran.stderr);
    assert!(!world.path(SETTINGS).exists());
}

#[test]
fn broken_files_are_left_alone() {
    let cases = [
        ("{\n  \"a\": 1,\n}\n", "line 3, column 1"),
        ("// mine\n{}", "line 1, column 1"),
        ("", "line 1, column 1"),
        ("[]", "`the document` is not an object"),
        ("{\"hooks\": []}", "`hooks` is not an object"),
        ("{\"hooks\": {\"PreToolUse\": {}}}", "`hooks.PreToolUse` is not an array"),
    ];
    for (text, want) in cases {
        let world = World::new();
        world.write(SETTINGS, text);
        let ran = world.run(&["init", "claude-code", "--yes"]);
        assert_eq!(ran.code, 1, "{text:?}");
        assert!(ran.stderr.contains(want), "{text:?}: {}", ran.stderr);
        assert_eq!(world.read(SETTINGS), text);
        assert!(!world.path("home/.config").exists(), "{text:?}");
    }
}

#[test]
fn links_out_of_the_scope_are_not_followed() {
    let world = World::new();
    let target = world.write("elsewhere/settings.json", "{}");
    std::fs::create_dir_all(world.path("home/project/.claude")).unwrap();
    std::os::unix::fs::symlink(&target, world.path("home/project/.claude/settings.json")).unwrap();
    let ran = world.run(&["init", "claude-code", "--project", "--yes"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("is a link to") && ran.stderr.contains("hint:"), "{}", ran.stderr);
    assert_eq!(world.read("elsewhere/settings.json"), "{}");
    // The folder may be the link, too.
    std::fs::remove_dir_all(world.path("home/project/.claude")).unwrap();
    std::os::unix::fs::symlink(world.path("elsewhere"), world.path("home/project/.claude")).unwrap();
    assert_eq!(world.run(&["init", "claude-code", "--project", "--yes"]).code, 1);
}

#[test]
fn links_inside_the_scope_stay_links() {
    let world = World::new();
    let target = world.write("home/dotfiles/settings.json", "{}");
    std::fs::create_dir_all(world.path("home/.claude")).unwrap();
    std::os::unix::fs::symlink(&target, world.path(SETTINGS)).unwrap();
    assert_eq!(world.run(&["init", "claude-code", "--yes"]).code, 0);
    assert!(world.path(SETTINGS).symlink_metadata().unwrap().is_symlink());
    assert!(world.read("home/dotfiles/settings.json").contains("PreToolUse"));
}

#[test]
fn the_machine_gets_its_switches() {
    let world = World::new();
    assert_eq!(world.run(&["init", "claude-code", "--managed", "--yes"]).code, 0);
    let text = world.read("machine/etc/claude-code/managed-settings.json");
    let settings: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(settings["allowManagedHooksOnly"], true);
    assert_eq!(settings["permissions"]["disableBypassPermissionsMode"], "disable");
    assert!(world.read("machine/etc/placet/placet.yaml").contains("starter"));
    assert!(!world.path(SETTINGS).exists());
    assert_eq!(world.run(&["uninit", "claude-code", "--managed", "--yes"]).code, 0);
}

#[test]
fn quotes_in_paths_survive() {
    let world = World::new();
    let config = world.path("home/it's mine");
    let ran = world.run(&["init", "claude-code", "--yes", "--config", config.to_str().unwrap()]);
    assert_eq!(ran.code, 0);
    assert!(world.read(SETTINGS).contains(r"it'\\''s mine'"), "{}", world.read(SETTINGS));
    assert_eq!(world.run(&["uninit", "claude-code", "--yes"]).code, 0);
    assert!(!world.path(SETTINGS).exists(), "a file made by init goes with uninit");
}

#[test]
fn other_peoples_entries_stay_when_ours_go() {
    let world = World::new();
    world.write(SETTINGS, "{}");
    world.run(&["init", "claude-code", "--yes"]);
    let text = world.read(SETTINGS).replacen(
        "\"hooks\": [\n",
        "\"hooks\": [\n          { \"type\": \"command\", \"command\": \"mine\" },\n",
        1,
    );
    world.write(SETTINGS, &text);
    let ran = world.run(&["uninit", "claude-code", "--yes"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!("uninit-others", world.filter(&world.read(SETTINGS)));
    insta::assert_snapshot!("uninit-nothing-left", world.run(&["uninit", "claude-code", "--yes"]).whole());
}

#[test]
fn json_answers() {
    let world = World::new();
    let ran = world.run(&["init", "claude-code", "--dry-run", "--json"]);
    assert_eq!(ran.json()["written"], false);
    let ran = world.run(&["init", "claude-code", "--yes", "--json"]);
    assert_eq!((ran.json()["written"].as_bool(), ran.stderr.as_str()), (Some(true), ""));
    let ran = world.run(&["uninit", "claude-code", "--yes", "--json"]);
    assert_eq!(ran.json()["changed"], true);
}

#[test]
fn the_small_program_is_preferred_where_there_is_one() {
    let world = World::new();
    let own = world.path("bin/placet");
    std::fs::hard_link(env!("CARGO_BIN_EXE_placet"), &own)
        .or_else(|_| std::fs::copy(env!("CARGO_BIN_EXE_placet"), &own).map(drop))
        .unwrap();
    for (program, want) in
        [(None, "bin/placet' hook --config"), (Some("bin/placet-hook"), "bin/placet-hook' --config")]
    {
        if let Some(program) = program {
            crate::world::make_executable(&world.write(program, "#!/bin/sh\n"));
        }
        let ran = std::process::Command::new(&own)
            .args(["init", "claude-code", "--yes"])
            .env("HOME", world.path("home"))
            .current_dir(world.path("home/project"))
            .output()
            .unwrap();
        assert!(ran.status.success());
        assert!(world.read(SETTINGS).contains(want), "{}", world.read(SETTINGS));
    }
}

/// The entry is run the way the host runs it: by `/bin/sh -c`, from wherever the agent is.
#[test]
fn the_entry_that_is_written_denies() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let world = World::new();
    let config = world.path("home/it's mine");
    world.run(&["init", "claude-code", "--yes", "--config", config.to_str().unwrap()]);
    let settings: serde_json::Value = serde_json::from_str(&world.read(SETTINGS)).unwrap();
    let answer = |event: &str, input: &str| {
        let command = settings["hooks"][event][0]["hooks"][0]["command"].as_str().unwrap();
        let mut child = Command::new("/bin/sh")
            .args(["-c", command])
            .env_clear()
            .env("HOME", world.path("home"))
            .env("PLACET_CONFIG_DIR", "/nowhere")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let call = serde_json::json!({
        "session_id": "s", "cwd": world.path("home/project"), "hook_event_name": "PreToolUse",
        "permission_mode": "bypassPermissions", "tool_name": "Bash", "tool_use_id": "toolu_1",
        "tool_input": { "command": "mkfs.ext4 /dev/sda1" },
    });
    let (code, stdout) = answer("PreToolUse", &call.to_string());
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("\"permissionDecision\":\"deny\""), "{stdout}");
    assert!(config.join("state/ledger").is_dir(), "the pinned folder beats the variable");
    // Without the program the shell's fallback blocks.
    let missing = "'/nowhere/placet-hook' --config '/x' 2> /dev/null || exit 2";
    assert_eq!(Command::new("/bin/sh").args(["-c", missing]).status().unwrap().code(), Some(2));
}
