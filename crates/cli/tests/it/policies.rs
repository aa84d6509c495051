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

/// How the hook decides `touch x` in a folder, through a real call.
fn decided(world: &World, project: &str) -> String {
    let config = world.path("home/.config/placet");
    let input = serde_json::json!({
        "session_id": "s", "cwd": world.path(project), "hook_event_name": "PreToolUse",
        "permission_mode": "default", "tool_name": "mcp__a__b", "tool_input": {}, "tool_use_id": "t",
    });
    let ran = world.hook_in(project, &["--config", config.to_str().unwrap()], &input.to_string());
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    answer["hookSpecificOutput"]["permissionDecision"].as_str().unwrap_or("none").to_owned()
}

#[test]
fn a_projects_allow_counts_only_where_and_as_it_was_trusted() {
    let world = World::new();
    let policy = "name: p\nversion: \"1\"\nextends: [./base/more.yml]\nrules:\n  - effect: allow\n    actions: [\"invoke:*\"]\ndefaultEffect: abstain\n";
    let more = "name: more\nversion: \"1\"\nrules: [{effect: deny, actions: ['nothing:here']}]\ndefaultEffect: abstain\n";
    let write = |project: &str| {
        world.write(&format!("{project}/.placet/p.yaml"), policy);
        world.write(&format!("{project}/.placet/base/more.yml"), more);
        std::fs::create_dir_all(world.path(&format!("{project}/.git"))).unwrap();
    };
    let project = "home/project";
    write(project);
    // Across layers the strictest answer wins; this user leaves the question to the project.
    world.write("home/.config/placet/placet.yaml", "policies: [./mine.yaml]\n");
    let mine = more.replace("name: more", "name: mine").replace("abstain", "none");
    world.write("home/.config/placet/mine.yaml", &mine);
    assert_ne!(decided(&world, project), "allow");
    assert_eq!(world.run(&["trust", "--yes"]).code, 0);
    assert_eq!(decided(&world, project), "allow");

    // The same text elsewhere: a copy, a link to the project, a link to its folder of policies.
    write("home/copy");
    assert_ne!(decided(&world, "home/copy"), "allow");
    std::os::unix::fs::symlink(world.path(project), world.path("home/link")).unwrap();
    assert_ne!(decided(&world, "home/link"), "allow");
    std::fs::create_dir_all(world.path("home/other/.git")).unwrap();
    std::os::unix::fs::symlink(world.path("home/project/.placet"), world.path("home/other/.placet")).unwrap();
    assert_ne!(decided(&world, "home/other"), "allow");

    // A link in the trusted project that leads to another text.
    let path = world.path("home/project/.placet/p.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let elsewhere = world.write("home/elsewhere.yaml", &format!("{text}# more\n"));
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert_ne!(decided(&world, project), "allow");
    // What is trusted is the text and the place: a link to the same text says the same, until it changes.
    std::fs::write(&elsewhere, &text).unwrap();
    assert_eq!(decided(&world, project), "allow");
    std::fs::write(&elsewhere, text.replace("invoke:*", "*")).unwrap();
    assert_ne!(decided(&world, project), "allow");
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, &text).unwrap();
    assert_eq!(decided(&world, project), "allow");

    // A further file, a renamed one, and a change of what is extended end it.
    world.write("home/project/.placet/q.yaml", &more.replace("name: more", "name: q"));
    assert_ne!(decided(&world, project), "allow");
    std::fs::remove_file(world.path("home/project/.placet/q.yaml")).unwrap();
    assert_eq!(decided(&world, project), "allow");
    world.write("home/project/.placet/base/more.yml", &more.replace("nothing:here", "nothing:there"));
    assert_ne!(decided(&world, project), "allow");
    world.write("home/project/.placet/base/more.yml", more);
    assert_eq!(decided(&world, project), "allow");
    std::fs::rename(&path, path.with_file_name("z.yaml")).unwrap();
    assert_ne!(decided(&world, project), "allow");
}

#[test]
fn paths_are_shown_without_detours() {
    let world = World::new();
    world.write("home/.config/placet/placet.yaml", "policies: [starter, ./././mine.yaml]\n");
    world.write(
        "home/.config/placet/mine.yaml",
        "name: mine\nrules:\n  - {effect: deny, actions: ['read:file']}\n",
    );
    for arguments in [
        &["policy", "list"][..],
        &["policy", "list", "--json"],
        &["explain", "cat x"],
        &["doctor"],
        &["check", "cat x", "--json"],
    ] {
        let ran = world.run(arguments);
        assert!(!ran.stdout.contains("/./") && !ran.stderr.contains("/./"), "{arguments:?}: {}", ran.whole());
    }
    world.write(
        "home/.config/placet/mine.yaml",
        "name: mine\nrules:\n  - {effect: dny, actions: ['read:file']}\n",
    );
    let ran = world.run(&["check", "ls"]);
    assert!(ran.stderr.contains("placet/mine.yaml:3"), "{}", ran.whole());
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
