//! Whatever goes wrong ends in an answer that denies.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::world::World;

fn permission_request(world: &World) -> serde_json::Value {
    let mut input = world.bash("ls");
    input["hook_event_name"] = json!("PermissionRequest");
    input
}

/// Each way of breaking the policies, and a word the message must hold.
const BROKEN: [(&str, &str, &str); 6] = [
    ("settings are no YAML", "policies: [", "placet.yaml"),
    ("a settings key that is not known", "polices: [starter]\n", "polices"),
    ("a policy that is not shipped", "policies: [startre]\n", "startre"),
    ("a policy file that is missing", "policies: [./missing.yaml]\n", "missing.yaml"),
    ("a policy that does not compile", "policies: [./bad.yaml]\n", "bad.yaml"),
    ("settings of another type", "policies: 3\n", "placet.yaml"),
];

#[test]
fn policies_that_cannot_be_used_deny() {
    for (what, settings, word) in BROKEN {
        let world = World::new();
        world.write("config/placet.yaml", settings);
        world.write("config/bad.yaml", "name: bad\nrules:\n  - efect: allow\n");
        let answer = world.run(&world.bash("ls"));
        assert_eq!((answer.verdict().as_str(), answer.exit), ("deny", 2), "{what}");
        assert!(answer.stdout.contains(word), "{what}: {}", answer.stdout);
        let answer = world.run(&permission_request(&world));
        assert_eq!((answer.verdict().as_str(), answer.exit), ("deny", 0), "{what}");
    }
}

#[test]
fn a_policy_that_breaks_later_denies_although_a_good_one_is_cached() {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [starter]\n");
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
    world.write("config/placet.yaml", "policies: [starter, ./gone.yaml]\n");
    assert_eq!(world.run(&world.bash("ls")).verdict(), "deny");
    world.write("config/placet.yaml", "policies: [starter]\n");
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
}

#[test]
fn an_edited_policy_takes_effect_at_once() {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [./p.yaml]\n");
    for effect in ["allow", "deny", "allow", "ask", "deny"] {
        // The same length and within one clock tick: only the content tells.
        world.write(
            "config/p.yaml",
            &format!("name: p\nversion: 1\nrules:\n  - {{effect: {effect:5}, actions: ['*']}}\n"),
        );
        assert_eq!(world.run(&world.bash("ls")).verdict(), effect);
    }
}

#[test]
fn a_damaged_cache_is_compiled_anew() {
    let world = World::new();
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
    let cache = std::fs::read_dir(world.config().join("cache")).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&cache).unwrap();
    for keep in [0, 1, 9, 40, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&cache, &whole[..keep]).unwrap();
        let answer = world.run(&world.bash("rm -rf /"));
        assert_eq!(answer.verdict(), "deny", "cut to {keep}");
    }
}

#[test]
fn a_wrong_byte_of_the_cache_is_harmless() {
    let world = World::new();
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
    let cache = std::fs::read_dir(world.config().join("cache")).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&cache).unwrap();
    let mut denied = 0;
    for part in 0..24 {
        let at = part * (whole.len() - 1) / 23;
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (part % 8);
        std::fs::write(&cache, &bytes).unwrap();
        assert_eq!(world.run(&world.bash("rm -rf /")).verdict(), "deny", "byte {at}");
        std::fs::write(&cache, &bytes).unwrap();
        let answer = world.run(&world.bash("ls"));
        if answer.verdict() != "allow" {
            assert_eq!(answer.verdict(), "deny", "byte {at}");
            assert!(answer.stdout.contains("damaged"), "byte {at}: {}", answer.stdout);
            denied += 1;
            assert_eq!(world.run(&world.bash("ls")).verdict(), "allow", "made anew after byte {at}");
        }
    }
    assert!(denied > 0, "some of these bytes are needed to decide");
}

#[test]
fn audit_mode_does_not_lift_a_denial_for_damage() {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [starter]\nmode: audit\n");
    assert_eq!(world.run(&world.bash("sudo ls")).verdict(), "abstain");
    let cache = std::fs::read_dir(world.config().join("cache")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&cache).unwrap();
    // The start of the policies' data, which every decision reads, lies behind the header of the cache.
    let header = u32::from_le_bytes(bytes[8..12].try_into().unwrap());
    let from = 20 + usize::try_from(header).unwrap() + 64;
    for byte in &mut bytes[from + 8..from + 512] {
        *byte ^= 0x55;
    }
    std::fs::write(&cache, &bytes).unwrap();
    assert_eq!(world.run(&world.bash("sudo ls")).verdict(), "deny");
    assert_eq!(world.run(&world.bash("sudo ls")).verdict(), "abstain", "made anew");
}

#[test]
fn a_ledger_that_cannot_be_written_denies_unless_settings_say_otherwise() {
    for (rule, want) in [("deny", "deny"), ("ask", "ask"), ("ignore", "allow")] {
        let world = World::new();
        world.write(
            "config/placet.yaml",
            &format!("policies: [starter]\nledger:\n  on_failure: {rule}\nstate_dir: /dev/null/x\n"),
        );
        let answer = world.run(&world.bash("ls"));
        assert_eq!(answer.verdict(), want, "{rule}");
        let answer = world.run(&world.bash("rm -rf /"));
        assert_eq!(answer.verdict(), "deny", "{rule}");
    }
}

#[test]
fn a_full_disk_denies() {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [starter]\n");
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
    let before = world.ledger().len();
    // Files may not grow: the nearest thing to a full disk that needs no rights.
    let mut command = std::process::Command::new("/bin/sh");
    command.args([
        "-c",
        "ulimit -f 0; trap '' XFSZ; exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_placet-hook"),
        "--config",
    ]);
    command
        .arg(world.config())
        .env_clear()
        .env("HOME", world.root())
        .env("CLAUDE_PROJECT_DIR", world.project());
    let answer = world.run_with(command, world.bash("ls").to_string().as_bytes());
    assert_eq!(answer.verdict(), "deny");
    assert_eq!(world.ledger().len(), before, "earlier lines are intact");
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow", "and it goes on once there is room");
}

#[test]
fn a_cache_that_others_can_write_is_not_used() {
    let world = World::new();
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
    let cache = std::fs::read_dir(world.config().join("cache")).unwrap().next().unwrap().unwrap().path();
    std::fs::set_permissions(&cache, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
    let mode = std::fs::metadata(&cache).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "it was written anew");
}

#[test]
fn wrong_arguments_deny() {
    let world = World::new();
    for arguments in [&["--confg", "/x"][..], &["--config"], &["--config", "relative"], &["serve"]] {
        let mut command = world.command();
        command.args(arguments);
        let answer = world.run_with(command, world.bash("ls").to_string().as_bytes());
        assert_eq!((answer.verdict().as_str(), answer.exit), ("deny", 2), "{arguments:?}");
    }
}

#[test]
fn without_a_home_it_denies() {
    let world = World::new();
    let mut command = world.command();
    command.env_remove("HOME");
    let answer = world.run_with(command, world.bash("ls").to_string().as_bytes());
    assert_eq!((answer.verdict().as_str(), answer.exit), ("deny", 2));
}

#[test]
fn signals_of_a_fault_deny() {
    for signal in ["SEGV", "BUS", "ABRT", "ALRM"] {
        let world = World::new();
        let mut command = std::process::Command::new("/bin/sh");
        // Stdin stays open, so the hook waits for input when the signal comes.
        let script = format!(
            "(sleep 2) | {{ \"$0\" --config \"$1\" & }} ; sleep 0.4; kill -{signal} $(pgrep -f \"placet-hook --config $1\"); wait"
        );
        command.args(["-c", &script, env!("CARGO_BIN_EXE_placet-hook")]).arg(world.config());
        let answer = world.run_with(command, b"");
        assert_eq!(answer.verdict(), "deny", "{signal}");
    }
}
