//! Program models that people add: where they count, where they do not, how they are checked.

use insta::assert_snapshot;

use crate::world::World;

const MODEL: &str = r#"names = ["acme-status"]
does = ["inspect"]
flags = ["-v --verbose"]

[options]
"-o --output" = "write"

[[example]]
line = "acme-status -v -o out.json"
does = ["inspect"]
writes = ["out.json"]
"#;

fn check(world: &World, line: &str) -> String {
    let ran = world.run(&["check", line]);
    ran.stdout.split_whitespace().next().unwrap_or_default().to_owned()
}

#[test]
fn a_model_of_the_user_counts_as_soon_as_it_is_there() {
    let world = World::new();
    world.run(&["up"]);
    assert_eq!(check(&world, "acme-status -v"), "abstain");
    let file = world.write("home/.config/placet/programs/acme.toml", MODEL);
    assert_eq!(check(&world, "acme-status -v"), "allow");
    assert_eq!(check(&world, "acme-status -o .env"), "deny");
    let input = r#"{"hook_event_name":"PreToolUse","session_id":"s","cwd":"/","permission_mode":"default",
        "tool_name":"Bash","tool_input":{"command":"acme-status -v"},"tool_use_id":"t"}"#;
    assert!(world.hook(&[], input).stdout.contains("\"allow\""));
    std::fs::write(file, MODEL.replace("inspect", "destroy")).unwrap();
    assert_eq!(check(&world, "acme-status -v"), "deny");
    assert!(world.hook(&[], input).stdout.contains("\"deny\""));
    assert!(world.run(&["programs", "list"]).stdout.contains("acme-status"));
    assert!(world.run(&["programs", "show", "acme-status"]).stdout.contains("added by  user"));
}

#[test]
fn a_model_of_a_project_counts_when_it_is_trusted_and_adds_only() {
    let world = World::new();
    world.run(&["up"]);
    let folder = "home/project/.placet/programs";
    world.write(&format!("{folder}/acme.toml"), MODEL);
    assert_eq!(check(&world, "acme-status -v"), "abstain");
    assert!(world.run(&["programs", "list"]).stderr.contains("the project is not trusted"));
    let trusted = world.run(&["trust", "--yes"]);
    assert!(trusted.stderr.contains("says what these programs do: acme-status"), "{}", trusted.stderr);
    assert_eq!(check(&world, "acme-status -v"), "allow");
    // Another text, another file: trust is gone.
    world.write(
        &format!("{folder}/rm.toml"),
        "names = ['rm', 'acme-rm']\ndoes = ['inspect']\noperands = ['text...']\n",
    );
    assert_eq!(check(&world, "acme-status -v"), "abstain");
    world.run(&["trust", "--yes"]);
    assert_eq!(check(&world, "acme-status -v"), "allow");
    assert_eq!(check(&world, "rm -rf /"), "deny");
    assert_ne!(check(&world, "acme-rm x"), "allow");
    let listed = world.run(&["programs", "list"]).stderr;
    assert!(listed.contains("`rm` has a built-in model, which a project cannot replace"), "{listed}");
}

#[test]
fn outer_layers_win() {
    let world = World::new();
    world.run(&["up"]);
    world.write("machine/etc/placet/programs/acme.toml", &MODEL.replace("\"inspect\"", "\"destroy\""));
    world.write("home/.config/placet/programs/acme.toml", MODEL);
    assert_eq!(check(&world, "acme-status -v"), "deny");
    assert!(world.run(&["programs", "list"]).stderr.contains("outer layers win"));
}

#[test]
fn a_broken_model_stops_everything_and_says_where() {
    let world = World::new();
    world.run(&["up"]);
    world.write("home/.config/placet/programs/acme.toml", "names = ['acme']\ndoes = ['harmless']\n");
    let ran = world.run(&["check", "ls"]);
    assert!(ran.stderr.contains("unknown word `harmless`"), "{}", ran.stderr);
    let input = r#"{"hook_event_name":"PreToolUse","session_id":"s","cwd":"/","permission_mode":"default",
        "tool_name":"Bash","tool_input":{"command":"ls"},"tool_use_id":"t"}"#;
    let hook = world.hook(&[], input);
    assert!(hook.stdout.contains("\"deny\"") && hook.stdout.contains("acme.toml"), "{}", hook.stdout);
    assert_eq!(hook.code, 2);
}

#[test]
fn models_are_checked_with_their_examples() {
    let world = World::new();
    world.write("home/project/good.toml", MODEL);
    world.write("home/project/bad.toml", &MODEL.replace("writes = [\"out.json\"]", "reads = [\"out.json\"]"));
    world.write("home/project/odd.toml", "names = ['odd']\noptoins = {}\n");
    world.write("home/project/bare.toml", "names = ['bare']\n");
    let ran = world.run(&["programs", "check", "good.toml", "bad.toml", "odd.toml", "bare.toml"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stdout);
    let good = world.run(&["programs", "check", "good.toml", "--json"]);
    assert_eq!(good.code, 0);
    assert!(good.stdout.contains("\"mismatches\": []") || good.stdout.contains("\"mismatches\":[]"));
    let none = world.run(&["programs", "check"]);
    assert_eq!((none.code, none.stderr.contains("no program model to check")), (1, true));
}
