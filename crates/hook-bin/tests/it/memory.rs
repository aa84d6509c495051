//! What the hook remembers of a session, and what it read, as the ledger shows it.

use serde_json::json;

use crate::world::World;

#[test]
fn the_record_names_what_was_read() {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [starter]\n");
    let verdict = |script: &str| {
        let file = world.write("project/Makefile", &format!("clean:\n\trm -rf {script}\n"));
        let verdict = world.run(&world.bash("make clean")).verdict();
        let record = world.records().pop().unwrap();
        let inputs = record["inputs"].as_array().unwrap().clone();
        assert_eq!(inputs[0]["path"], file.to_str().unwrap());
        (verdict, inputs[0]["sha256"].clone())
    };
    let (mild, first) = verdict("build");
    let (grave, second) = verdict("~");
    assert_eq!((mild.as_str(), grave.as_str()), ("allow", "deny"));
    assert_eq!(
        first, "df590d3927ad6182b41ca600ec94a0b4b2513a339d7892fc31617775808c58f9",
        "of the content, as `sha256sum` prints it"
    );
    assert_ne!(first, second);
}

/// Reading this file with the Read tool is denied; every command is asked about.
const POLICY: &str = "\
name: own
version: \"1\"
defaultEffect: ask
rules:
  - name: no-notes
    effect: deny
    actions: [\"read:file\"]
    conditions:
      tool: [Read]
      path: {matches: [\"**/notes.txt\"]}
    reason: These notes are private.
";

fn world() -> World {
    let world = World::new();
    world.write("config/policies/own.yaml", POLICY);
    world.write("config/placet.yaml", "policies: [./policies/own.yaml]\n");
    world.write("project/notes.txt", "x\n");
    world.write("project/other.txt", "x\n");
    world
}

#[test]
fn the_same_attempt_by_another_way_is_denied() {
    let world = world();
    let read = |name: &str| world.call("Read", json!({"file_path": world.project().join(name)}));
    assert_eq!(world.run(&world.bash("cat notes.txt")).verdict(), "ask", "nothing was denied yet");
    assert!(denials(&world).is_none(), "nothing is kept where nothing was denied");
    assert_eq!(world.run(&read("notes.txt")).verdict(), "deny");
    let first = world.records().pop().unwrap();
    assert_eq!(first["linked_to"], serde_json::Value::Null);
    let ways = [
        "cat notes.txt",
        "head -1 ./notes.txt",
        "cat < notes.txt",
        "cd src && cat ../notes.txt",
        "cp notes.txt /tmp/x",
        "frob notes.txt",
    ];
    for way in ways {
        let answer = world.run(&world.bash(way));
        assert_eq!(answer.verdict(), "deny", "{way}");
        let said =
            answer.json()["hookSpecificOutput"]["permissionDecisionReason"].as_str().unwrap().to_owned();
        assert!(said.contains("denied before in this session") && said.contains("[final]"), "{said}");
        let record = world.records().pop().unwrap();
        assert_eq!(record["linked_to"], first["id"], "{way}");
        assert_eq!((&record["denial"], &record["by_policy"]), (&json!("final"), &json!("ask")), "{way}");
    }
    // The call itself, once more.
    let answer = world.run(&read("notes.txt"));
    assert!(answer.stdout.contains("denied before in this session"), "{}", answer.stdout);
    assert_eq!(world.records().pop().unwrap()["linked_to"], first["id"]);
    // Other acts, other sessions and other policies are free of it.
    assert_eq!(world.run(&world.bash("cat other.txt")).verdict(), "ask");
    assert_eq!(world.run(&world.bash("date > notes.txt")).verdict(), "ask", "writing is another act");
    let mut elsewhere = world.bash("cat notes.txt");
    elsewhere["session_id"] = json!("s2");
    assert_eq!(world.run(&elsewhere).verdict(), "ask");
    let text = std::fs::read_to_string(denials(&world).unwrap()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains("notes"), "{text}");
    world.write("config/policies/own.yaml", &POLICY.replace("private", "secret"));
    assert_eq!(world.run(&world.bash("cat notes.txt")).verdict(), "ask", "a person changed the policies");
}

#[test]
fn harmless_parts_of_a_denied_call_are_not_remembered() {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [starter]\n");
    world.write("project/build/x", "");
    assert_eq!(world.run(&world.bash("frob --all; sudo ls; rm -rf build ~")).verdict(), "deny");
    assert_eq!(world.run(&world.bash("frob --all")).verdict(), "abstain");
    assert_eq!(world.run(&world.bash("sudo ls")).verdict(), "ask");
    assert_eq!(world.run(&world.bash("rm -rf build")).verdict(), "allow");
    let record = world.records().pop().unwrap();
    assert_eq!(record["linked_to"], serde_json::Value::Null);
    // A denial that did not bind forbids nothing.
    let world = self::world();
    world.write("config/placet.yaml", "policies: [./policies/own.yaml]\nmode: audit\n");
    world.run(&world.call("Read", json!({"file_path": world.project().join("notes.txt")})));
    assert!(denials(&world).is_none());
}

fn denials(world: &World) -> Option<std::path::PathBuf> {
    let entries = std::fs::read_dir(world.config().join("state/sessions")).ok()?;
    entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "denied"))
}
