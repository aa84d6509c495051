//! `placet hook` and the ledger it leaves.

use crate::world::World;

/// A world in which three calls were decided.
fn with_records() -> World {
    let world = World::new();
    record(&world);
    world
}

fn record(world: &World) {
    let config = world.path("home/.config/placet");
    let cwd = world.path("home/project");
    for (id, command) in [("toolu_1", "ls"), ("toolu_2", "mkfs.ext4 /dev/sda1"), ("toolu_3", "cat .env")] {
        let input = serde_json::json!({
            "session_id": "session-1", "cwd": cwd, "hook_event_name": "PreToolUse", "permission_mode": "default",
            "tool_name": "Bash", "tool_input": { "command": command }, "tool_use_id": id,
        });
        let ran = world.hook(&["--config", config.to_str().unwrap()], &input.to_string());
        assert_eq!(ran.code, 0, "{}", ran.whole());
    }
}

/// The settings, and a policy beside the starter.
fn with_policy(settings: &str, policy: &str) -> World {
    let world = World::new();
    let named = "policies: [starter, ./more.yaml]\n";
    world.write("home/.config/placet/placet.yaml", &format!("{named}{settings}"));
    world.write("home/.config/placet/more.yaml", &format!("name: more\nversion: '1'\n{policy}"));
    record(&world);
    world
}

/// Records by tool call.
fn by_call(world: &World, call: &str) -> serde_json::Value {
    let all = world.run(&["audit", "query", "--json"]).json();
    let all = all.as_array().unwrap();
    all.iter().find(|record| record["tool_use"] == call).unwrap().clone()
}

const NOTHING: &str = "defaultEffect: none\nrules:\n  - {effect: deny, actions: ['nothing:here']}\n";

#[test]
fn policies_say_how_much_of_an_allowed_call_is_kept() {
    let world = with_policy("", &format!("{NOTHING}audit: {{include: [tool_name, action, 'read:*']}}\n"));
    let (listing, denied) = (by_call(&world, "toolu_1"), by_call(&world, "toolu_3"));
    assert_eq!(listing["decision"], "allow");
    assert!(listing.get("cwd").is_none() && listing.get("input").is_none(), "{listing}");
    assert!(denied["input"]["command"].is_string() && denied["cwd"].is_string(), "{denied}");
    // Which policies decided is told of every call, and is the same for all.
    assert_eq!(listing["policy_digest"].as_str().map(str::len), Some(64));
    assert_eq!(listing["policy_digest"], denied["policy_digest"]);
}

#[test]
fn what_would_have_been_decided_is_on_record() {
    let world = with_policy("mode: audit\n", NOTHING);
    let denied = by_call(&world, "toolu_3");
    assert_eq!((&denied["enforcement"], &denied["would"]), (&"audit".into(), &"deny".into()), "{denied}");
    assert!(denied["would_rule"].is_string());
    let shown = world.run(&["audit", "tail"]).stdout;
    assert!(shown.contains("(would deny)"), "{shown}");
    assert!(world.run(&["audit", "trace", "toolu_3"]).stdout.contains("would_rule"));
    assert!(world.run(&["audit", "export"]).stdout.lines().next().unwrap().contains(",would,would_rule,"));

    let trial = "enforcement: dry_run\nrules:\n  - {name: no-ls, effect: deny, actions: ['execute:shell']}\n";
    let world = with_policy("", trial);
    let listing = by_call(&world, "toolu_1");
    assert_eq!((&listing["decision"], &listing["would"]), (&"allow".into(), &"deny".into()), "{listing}");
    assert_eq!((&listing["would_policy"], &listing["would_rule"]), (&"more".into(), &"no-ls".into()));
}

#[test]
fn records_past_their_time_go_whole_segments_at_a_time() {
    let world = with_records();
    let ran = world.run(&["audit", "prune"]);
    assert_eq!(ran.code, 2, "{}", ran.whole());
    assert!(ran.stderr.contains("--older-than"), "{}", ran.whole());
    let ran = world.run(&["audit", "prune", "--older-than", "0", "--json"]);
    assert_eq!(ran.json()["segments"], serde_json::json!([]), "the newest segment stays");

    let world = with_policy("", &format!("{NOTHING}audit: {{retention_days: 30}}\n"));
    let ran = world.run(&["audit", "prune", "--dry-run", "--json"]).json();
    assert_eq!((&ran["days"], &ran["dryRun"]), (&30.into(), &true.into()));
    assert!(world.run(&["audit", "prune"]).stdout.contains("no whole segment is older than 30 days"));
    assert_eq!(world.run(&["audit", "verify", "--json"]).json()["removed"], serde_json::json!([]));
}

#[test]
fn records_are_found_again() {
    let world = with_records();
    let all = world.run(&["audit", "query", "--json"]).json();
    assert_eq!(all.as_array().unwrap().len(), 3);
    let denied = world.run(&["audit", "query", "--decision", "deny", "--json"]).json();
    assert_eq!(denied.as_array().unwrap().len(), 2);
    assert_eq!(
        world.run(&["audit", "query", "--from", "2999-01-01", "--json"]).json().as_array().unwrap().len(),
        0
    );
    assert_eq!(
        world
            .run(&["audit", "query", "--from", "2000-01-01", "--limit", "1", "--json"])
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(world.run(&["audit", "query", "--from", "yesterday"]).code, 2);
    assert_eq!(world.run(&["audit", "query", "--decision", "maybe"]).code, 2);
    let lines = world.run(&["audit", "tail", "-n", "2"]);
    assert_eq!(lines.stdout.lines().count(), 2);
    assert!(
        lines.stdout.lines().all(|line| line.chars().count() <= 80 && line.contains("Bash")),
        "{}",
        lines.stdout
    );
    let trace = world.run(&["audit", "trace", "toolu_2"]);
    assert!(trace.stdout.contains("mkfs.ext4"), "{}", trace.whole());
    assert_eq!(world.run(&["audit", "trace", "nowhere"]).code, 1);
    let stats = world.run(&["audit", "stats", "--json"]).json();
    assert_eq!((stats["total"].as_u64(), stats["denied"].as_u64()), (Some(3), Some(2)));
}

#[test]
fn exports() {
    let world = with_records();
    let csv = world.run(&["audit", "export", "--format", "csv"]).stdout;
    assert_eq!(csv.lines().count(), 4);
    assert!(csv.starts_with("time,id,event"));
    assert_eq!(world.run(&["audit", "export", "--format", "json"]).json().as_array().unwrap().len(), 3);
    assert_eq!(world.run(&["audit", "export", "--output", "out.csv"]).code, 0);
    assert_eq!(world.filter(&world.read("home/project/out.csv")), csv);
}

#[test]
fn tampering_is_found() {
    let world = with_records();
    let ran = world.run(&["audit", "verify"]);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(world.run(&["audit", "verify", "--json"]).json()["records"], 3);
    let name = "home/.config/placet/state/ledger/00000001.jsonl";
    let text = world.read(name);
    world.write(name, &text.replacen("\"deny\"", "\"allow\"", 1));
    let ran = world.run(&["audit", "verify"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("not sound"), "{}", ran.whole());
    let findings = world.run(&["doctor", "--json"]).json();
    let ids: Vec<&str> =
        findings["findings"].as_array().unwrap().iter().filter_map(|f| f["id"].as_str()).collect();
    assert!(ids.contains(&"ledger-not-sound"), "{ids:?}");
}

#[test]
fn junk_behind_the_last_line_is_found() {
    let name = "home/.config/placet/state/ledger/00000001.jsonl";
    for junk in ["junk", "\u{0}", "{\"hash\":\"1\"}", "\n", "{}\n"] {
        let world = with_records();
        let text = world.read(name);
        world.write(name, &format!("{text}{junk}"));
        let ran = world.run(&["audit", "verify"]);
        assert_eq!(ran.code, 1, "{junk:?}: {}", ran.whole());
        assert!(ran.stdout.contains("not sound"), "{junk:?}: {}", ran.whole());
    }
    // The start of a line is what a full disk leaves.
    let world = with_records();
    let text = world.read(name);
    let start: String = text.lines().last().unwrap().chars().take(40).collect();
    world.write(name, &format!("{text}{start}"));
    let ran = world.run(&["audit", "verify"]);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(format!("{}{}", ran.stdout, ran.stderr).contains("cut off"), "{}", ran.whole());
}

#[test]
fn help_of_the_hook_and_what_it_does_not_know() {
    let world = World::new();
    let help = world.hook(&["--help"], "");
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    assert!(help.stdout.contains("Usage:") && help.stdout.contains("--config"), "{}", help.stdout);
    let input = serde_json::json!({
        "session_id": "s", "cwd": world.path("home/project"), "hook_event_name": "PreToolUse",
        "permission_mode": "default", "tool_name": "Bash", "tool_input": {"command": "ls"}, "tool_use_id": "t",
    });
    for arguments in [
        &["--unknown"][..],
        &["--help", "--unknown"],
        &["--unknown", "--help"],
        &["--config"],
        &["--config", "/x", "--help"],
        &["-h"],
        &["help"],
        &[""],
    ] {
        let ran = world.hook(arguments, &input.to_string());
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.whole());
        assert!(
            !ran.stderr.is_empty() && !ran.stdout.contains("\"allow\""),
            "{arguments:?}: {}",
            ran.whole()
        );
    }
}

#[test]
fn recorded_inputs_go_through_the_gate() {
    let world = World::new();
    let recorded = concat!(env!("CARGO_MANIFEST_DIR"), "/recorded");
    let ran = world.run(&["test-hook", recorded, "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(ran.json().as_array().unwrap().len(), 14);
    assert_eq!(
        world.run(&["audit", "query", "--json"]).json().as_array().unwrap().len(),
        0,
        "nothing is recorded"
    );
    world.write("home/project/broken.json", "{\"tool_name\": \"Bash\"");
    let ran = world.run(&["test-hook", "broken.json"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!("test-hook-broken", ran.whole());
}

#[test]
fn what_the_hook_denies_is_denied_on_the_wire() {
    let world = World::new();
    let ran = world.hook(&[], "no JSON");
    assert!(ran.code == 2 || ran.stdout.contains("\"deny\""), "{}", ran.whole());
}

#[test]
fn a_log_of_one_call() {
    let world = World::new();
    let ran = world.run(&["check", "ls", "--debug"]);
    assert!(!ran.stdout.contains("decided:"));
    let log = world.read("home/project/placet-debug.log");
    assert!(log.contains("decided:") && log.contains("exit:"), "{log}");
}
