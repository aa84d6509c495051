//! Commands that judge.

use crate::world::World;

#[test]
fn choosing_policies() {
    let world = World::new();
    world.write(
        "home/project/mine.yaml",
        "name: mine\nrules:\n  - effect: deny\n    actions: [\"read:file\"]\n",
    );
    let ran = world.run(&["policy", "add", "mine.yaml"]);
    insta::assert_snapshot!("policy-add", ran.whole());
    insta::assert_snapshot!(
        "policy-add-settings",
        world.filter(&world.read("home/.config/placet/placet.yaml"))
    );
    assert_eq!(world.run(&["policy", "use", "mine.yaml"]).code, 0);
    let list = world.run(&["policy", "list"]).stdout;
    // How many rules the built-in policy has is no business of this test.
    let list: Vec<&str> = list.lines().filter(|line| !line.starts_with("floor ")).collect();
    insta::assert_snapshot!("policy-list", list.join("\n"));
    assert_eq!(world.run(&["policy", "use", "strict"]).code, 0);
    assert_eq!(world.read("home/.config/placet/placet.yaml"), "policies:\n  - strict\n");
    assert_eq!(world.run(&["policy", "use", "nowhere"]).code, 1);
}

#[test]
fn trust_is_pinned_to_the_text() {
    let world = World::new();
    let policy = "name: p\nversion: \"1\"\nrules:\n  - effect: allow\n    actions: [\"execute:shell\"]\ndefaultEffect: abstain\n";
    world.write("home/project/.placet/p.yaml", policy);
    let trusted = |world: &World| {
        let list = world.run(&["policy", "list", "--json"]).json();
        let policies = list["policies"].as_array().unwrap().clone();
        policies.iter().find(|policy| policy["name"] == "p").unwrap()["trusted"].as_bool().unwrap()
    };
    assert!(!trusted(&world));
    assert_eq!(world.run(&["trust"]).code, 2, "nobody said yes");
    assert!(!trusted(&world));
    let ran = world.run(&["trust", "--yes"]);
    insta::assert_snapshot!("trust", ran.whole());
    assert!(trusted(&world));
    world.write("home/project/.placet/p.yaml", &format!("{policy}# more\n"));
    assert!(!trusted(&world), "another text is not what was trusted");
    world.run(&["trust", "--yes"]);
    assert!(trusted(&world));
    assert_eq!(world.run(&["trust", "--revoke"]).code, 0);
    assert!(!trusted(&world));
}

#[test]
fn formatting() {
    let world = World::new();
    world.write("home/project/p.yaml", "name: p  \n\n\n\nrules: []\n");
    assert_eq!(world.run(&["policy", "fmt", "--check", "p.yaml"]).code, 1);
    assert_eq!(world.run(&["policy", "fmt", "p.yaml"]).code, 0);
    assert_eq!(world.read("home/project/p.yaml"), "name: p\n\nrules: []\n");
    assert_eq!(world.run(&["policy", "fmt", "--check", "p.yaml"]).code, 0);
}

#[test]
fn a_section_for_the_agent() {
    let world = World::new();
    world.write("home/project/CLAUDE.md", "# Project\n\nMine.\n");
    assert_eq!(world.run(&["claude-md", "--write", "CLAUDE.md"]).code, 0);
    let once = world.read("home/project/CLAUDE.md");
    assert!(once.starts_with("# Project\n\nMine.\n\n<!-- placet:begin"));
    assert_eq!(world.run(&["claude-md", "--write", "CLAUDE.md"]).code, 0);
    assert_eq!(world.read("home/project/CLAUDE.md"), once);
}

const POLICY: &str = "\
name: small
version: \"1\"
appliesTo:
  tags: [somebody]
defaultEffect: ask
rules:
  - name: look
    effect: allow
    actions: [\"execute:shell\"]
    conditions: {command: {does: [inspect]}}
  - name: no-removal
    effect: deny
    actions: [\"execute:shell\"]
    conditions: {resource: {contains: \"rm -rf\"}}
    reason: Trees are removed by people.
  - name: read
    effect: allow
    actions: [\"read:file\"]
    conditions: {resource: {matches: \"./src/**\"}}
  - name: no-secrets
    effect: deny
    actions: [\"read:file\"]
    conditions: {resource: {matches: \"**/.env\"}}
  - name: all-deletes
    effect: deny
    actions: [\"delete:*\"]
tests:
  - {action: \"read:file\", resource: src/a.rs, expect: allow, rule: read}
  - {name: wrong on purpose, action: \"read:file\", resource: .env, expect: allow, rule: read}
";

fn with_policy() -> World {
    let world = World::new();
    world.write("home/project/small.yaml", POLICY);
    world
}

#[test]
fn one_decision_and_its_code() {
    let world = with_policy();
    let cases: &[(&str, Option<&str>, i32, &str)] = &[
        ("read:file", Some("./src/a.rs"), 0, "allow"),
        ("read:file", Some("src/../.env"), 4, "deny"),
        ("read:file", Some("README.md"), 10, "ask"),
        ("execute:shell", Some("rm -f -r build"), 4, "deny"),
        ("execute:shell", Some("ls -l"), 0, "allow"),
        ("execute:shell", Some("ls -l && rm --recursive --force /"), 4, "deny"),
        ("write:file", None, 10, "ask"),
        ("delete:*", None, 4, "deny"),
        ("read:*", None, 10, "ask"),
    ];
    for (action, resource, code, decision) in cases {
        let mut words = vec!["policy", "test", "anybody", action, "--file", "small.yaml", "--json"];
        if let Some(resource) = resource {
            words.extend(["--resource", resource]);
        }
        let ran = world.run(&words);
        assert_eq!(
            (ran.code, ran.json()["decision"].as_str()),
            (*code, Some(*decision)),
            "{action} {resource:?}: {}",
            ran.whole()
        );
        let keys: Vec<String> = ran.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["decision", "policy", "reason", "rule", "trace"]);
    }
}

#[test]
fn both_spellings_of_one_decision() {
    let world = with_policy();
    let one = world.run(&["policy", "test", "me", "read:file", "--resource", ".env", "--file", "small.yaml"]);
    let two = world.run(&[
        "policy",
        "test",
        "--agent",
        "me",
        "--action",
        "read:file",
        "--resource",
        ".env",
        "--file",
        "small.yaml",
    ]);
    assert_eq!(one.whole(), two.whole());
    let verbose = world.run(&[
        "policy",
        "test",
        "me",
        "read:file",
        "--resource",
        ".env",
        "--file",
        "small.yaml",
        "--verbose",
    ]);
    insta::assert_snapshot!("policy-test-verbose", verbose.whole());
}

#[test]
fn tests_inside_a_policy() {
    let world = with_policy();
    insta::assert_snapshot!("policy-test-inline", world.run(&["policy", "test", "small.yaml"]).whole());
}

#[test]
fn a_batch_of_cases() {
    let world = with_policy();
    world.write(
        "home/project/cases.yaml",
        "tests:\n  - {name: one, agent: me, action: \"read:file\", resource: src/a.rs, expect: allow}\n  \
         - {name: two, agent: me, action: \"execute:shell\", resource: rm -rf x, expect: allow}\n",
    );
    let ran = world.run(&["policy", "test", "cases.yaml", "--file", "small.yaml", "--json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.json()["summary"], serde_json::json!({ "total": 2, "passed": 1, "failed": 1 }));
    insta::assert_snapshot!(
        "policy-test-batch",
        world.run(&["policy", "test", "cases.yaml", "--file", "small.yaml"]).whole()
    );
    world.write("home/project/cases.yaml", "tests:\n  - {name: one, action: \"read:file\", expect: allow}\n");
    assert_eq!(world.run(&["policy", "test", "cases.yaml"]).code, 2);
}

#[test]
fn a_call_is_decided_and_explained() {
    let world = with_policy();
    let line = "ls src && rm -fr build; cat src/a.rs";
    insta::assert_snapshot!("check", world.run(&["check", line, "--file", "small.yaml"]).whole());
    insta::assert_snapshot!("explain", world.run(&["explain", line, "--file", "small.yaml"]).whole());
    let ran = world.run(&["explain", line, "--file", "small.yaml", "--json"]);
    assert_eq!(ran.json()["decision"]["rule"], "no-removal");
    let ran = world.run(&[
        "check",
        "--tool",
        "Read",
        "--input",
        "{\"file_path\": \".env\"}",
        "--file",
        "small.yaml",
        "--json",
    ]);
    assert_eq!((ran.code, ran.json()["decision"]["rule"].as_str()), (4, Some("no-secrets")));
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let world = World::new();
    world.write(
        "home/project/bad.yaml",
        "name: bad\nversion: \"1\"\nrules:\n  - efect: deny\n    actions: [\"read:file\"]\n",
    );
    let ran = world.run(&["policy", "check", "bad.yaml"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!("policy-check", ran.whole());
    world.write("home/.config/placet/placet.yaml", "policies: [../../project/bad.yaml]\n");
    let ran = world.run(&["check", "ls"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!("check-with-a-broken-policy", ran.whole());
}

#[test]
fn the_schema_is_json() {
    let ran = World::new().run(&["policy", "schema"]);
    assert_eq!(ran.code, 0);
    assert!(ran.json()["properties"]["rules"].is_object());
}
