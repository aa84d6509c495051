//! `placet policy …` of a gateway.

use super::gateway::{Gateway, assert_fits};

const FIRST: &str =
    "name: house\nversion: \"1\"\nrules:\n  - name: no-push\n    effect: deny\n    actions: [\"vcs:push\"]\n";
const SECOND: &str = "name: house\nversion: \"1\"\ndefaultEffect: ask\nrules:\n  - name: looks\n    effect: allow\n    actions: [\"read:file\"]\n";

#[test]
fn from_the_first_to_the_last() {
    let gateway = Gateway::start();
    let world = &gateway.world;
    world.write("home/project/first.yaml", FIRST);
    world.write("home/project/second.yaml", SECOND);
    world.write("home/project/broken.yaml", "name: broken\nrules: [\n");
    world.write("home/project/more/a.yaml", &FIRST.replace("house", "a"));
    world.write("home/project/more/b.yml", &SECOND.replace("house", "b"));
    world.write("home/project/more/README.md", "no policy");
    world.write("home/project/empty/README.md", "no policy");
    let mut shown = String::new();
    for arguments in [
        &["policy", "list", "--remote"][..],
        &["policy", "apply", "first.yaml"],
        &["policy", "apply", "second.yaml"],
        &["policy", "apply", "broken.yaml"],
        &["policy", "apply", "nowhere.yaml"],
        &["policy", "apply", "empty"],
        &["policy", "apply", "more"],
        &["policies", "list", "--remote"],
        &["policy", "show", "house", "--remote"],
        &["policy", "show", "nowhere", "--remote"],
        &["policy", "versions", "house"],
        &["policy", "rollback", "house", "--to", "9"],
        &["policy", "rollback", "house", "--to", "1", "--expect", "1"],
        &["policy", "rollback", "house", "--to", "1", "--expect", "2"],
        &["policy", "apply", "second.yaml", "--expect", "2"],
        &["policy", "apply", "more", "--expect", "2"],
        &["policy", "show", "house", "--remote"],
        &["policy", "delete", "house"],
        &["policy", "delete", "house", "--yes"],
        &["policy", "delete", "house", "--yes"],
        &["policy", "versions", "house"],
        &["policy", "rollback", "house", "--to", "4"],
        &["policy", "rollback", "house"],
        &["policy", "rollback", "a"],
        &["policy", "rollback", "house", "--to", "2", "--json"],
        &["policy", "apply", "more", "--json"],
    ] {
        let ran = gateway.run(arguments);
        assert_fits(&ran);
        shown.push_str(&format!("$ placet {}\n{}\n", arguments.join(" "), ran.whole()));
    }
    insta::assert_snapshot!("policies-of-a-gateway", shown);
}

#[test]
fn in_what_they_differ() {
    let gateway = Gateway::start();
    let world = &gateway.world;
    let commented = FIRST.replace("rules:", "# why\nrules:");
    let long = SECOND.replace(
        "    actions: [\"read:file\"]\n",
        "    actions: [\"execute:shell\"]\n    conditions: { command: { program: [cargo, make, ninja, meson, gradle, bazel, buck, pants, just, task] } }\n",
    );
    for (name, text) in [("first", FIRST), ("second", SECOND), ("commented", &commented), ("long", &long)] {
        world.write(&format!("home/project/{name}.yaml"), text);
    }
    world.write("home/project/broken.yaml", "name: broken\nrules: [\n");
    let mut shown = String::new();
    for arguments in [
        &["policy", "diff", "first.yaml", "commented.yaml"][..],
        &["policy", "diff", "first.yaml", "second.yaml"],
        &["policy", "diff", "second.yaml", "long.yaml"],
        &["policy", "diff", "second.yaml", "long.yaml", "--json"],
        &["policy", "diff", "first.yaml", "broken.yaml"],
        &["policy", "diff", "first.yaml", "nowhere.yaml"],
        &["policy", "apply", "first.yaml"],
        &["policy", "apply", "second.yaml"],
        &["policy", "diff", "house", "second.yaml", "--remote"],
        &["policy", "diff", "house@1", "house@2"],
        &["policy", "diff", "house@1", "house@9"],
        &["policy", "diff", "house", "nowhere", "--remote"],
    ] {
        let ran = gateway.run(arguments);
        assert_fits(&ran);
        shown.push_str(&format!("$ placet {}\n{}\n", arguments.join(" "), ran.whole()));
    }
    insta::assert_snapshot!("in-what-policies-differ", shown);
}

/// A variable is no reason to look elsewhere.
#[test]
fn local_commands_stay_local() {
    let gateway = Gateway::start();
    gateway.world.write("home/project/first.yaml", FIRST);
    assert_eq!(gateway.run(&["policy", "apply", "first.yaml"]).code, 0);
    for arguments in [&["policy", "list"][..], &["audit", "query", "--json"], &["audit", "stats"]] {
        let with = gateway.run(arguments);
        let without = gateway.run_as(&[], arguments);
        assert_eq!(with.whole(), without.whole());
        assert!(!with.stdout.contains("house") && !with.stdout.contains("apply:policy"), "{}", with.whole());
    }
    assert_eq!(gateway.run(&["policy", "show", "house"]).code, 1);
    let selected = gateway.run(&["policy", "list", "--gateway", &gateway.url]);
    assert!(selected.stdout.contains("house"), "{}", selected.whole());
}

const TEAM: &str = "
name: team
version: \"1\"
appliesTo: { tags: [dev] }
defaultEffect: ask
rules:
  - { name: looks, effect: allow, actions: [\"read:*\"] }
  - { name: no-keys, effect: deny, actions: [\"read:file\"], conditions: { resource: { matches: \"~/.ssh/*\" } } }
  - { name: git, effect: allow, actions: [\"execute:shell\"], conditions: { resource: { startsWith: \"git \" } } }
  - { name: no-deletion, effect: deny, actions: [\"delete:*\"] }
";

#[test]
fn what_an_agent_may_do() {
    let gateway = Gateway::start();
    gateway.world.write("home/project/team.yaml", TEAM);
    let mut shown = String::new();
    for arguments in [
        &["policy", "apply", "team.yaml"][..],
        &["agent", "create", "builder", "--tags", "dev", "--output", "builder.key"],
        &["agent", "create", "guest", "--output", "guest.key"],
        &["policy", "allowed", "builder", "--remote"],
        &["policy", "allowed", "builder", "--remote", "--json"],
        &["policy", "allowed", "guest", "--remote"],
        &["policy", "allowed", "nobody", "--remote"],
        &["policy", "allowed", "--remote"],
    ] {
        let ran = gateway.run(arguments);
        assert_fits(&ran);
        shown.push_str(&format!("$ placet {}\n{}\n", arguments.join(" "), ran.whole()));
    }
    insta::assert_snapshot!("what-an-agent-may-do", shown);
}
