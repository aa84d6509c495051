//! Exit codes, the same for every command.

use crate::world::World;

#[test]
fn codes() {
    let world = World::new();
    world.write("home/project/bad.yaml", "name: x\nrules: [\n");
    let cases: &[(&[&str], i32)] = &[
        (&["--help"], 0),
        (&["--version"], 0),
        (&[], 2),
        (&["nonsense"], 2),
        (&["init"], 2),
        (&["init", "emacs"], 2),
        (&["init", "claude-code", "--user", "--project"], 2),
        (&["check"], 2),
        (&["check", "--tool", "Read"], 2),
        (&["check", "--tool", "Read", "--input", "{"], 2),
        (&["check", "ls", "--mode", "yolo"], 2),
        (&["policy", "test"], 2),
        (&["policy", "test", "agent", "noverb", "--resource", "x"], 2),
        (&["policy", "test", "nowhere.yaml"], 2),
        (&["policy", "show", "nowhere"], 1),
        (&["policy", "check", "nowhere.yaml"], 1),
        (&["doctor"], 1),
        (&["policy", "list"], 0),
        (&["policy", "show", "starter"], 0),
        (&["completions", "bash"], 0),
    ];
    for (arguments, want) in cases {
        let ran = world.run(arguments);
        assert_eq!(ran.code, *want, "{arguments:?}: {}", ran.whole());
    }
}

#[test]
fn errors_as_json_are_one_document() {
    let world = World::new();
    let ran = world.run(&["policy", "show", "nowhere", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    assert!(ran.json()["error"]["message"].as_str().unwrap().contains("nowhere"));
}
