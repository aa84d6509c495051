//! What variables may and may not do.

use serde_json::json;

use crate::world::World;

const DENY_ALL: &str =
    "name: none\nversion: 1\nrules:\n  - effect: deny\n    actions: ['*']\n    reason: nothing passes\n";

fn world() -> World {
    let world = World::new();
    world.write("config/placet.yaml", "policies: [./policies/none.yaml]\n");
    world.write("config/policies/none.yaml", DENY_ALL);
    world
}

#[test]
fn a_variable_does_not_switch_enforcement_off() {
    let world = world();
    for (name, value) in [("PLACET_MODE", "audit"), ("MESHGUARD_MODE", "audit"), ("MESHGUARD_MODE", "bypass")]
    {
        let mut command = world.command();
        command.arg("--config").arg(world.config()).env(name, value);
        let answer = world.run_with(command, world.bash("ls").to_string().as_bytes());
        assert_eq!(answer.verdict(), "deny", "{name}={value}");
    }
}

#[test]
fn a_variable_counts_once_settings_name_it() {
    let world = world();
    let settings = "policies: [./policies/none.yaml]\nenvironment:\n  may_loosen: [MESHGUARD_MODE]\n";
    world.write("config/placet.yaml", settings);
    let mut command = world.command();
    command.arg("--config").arg(world.config()).env("MESHGUARD_MODE", "audit");
    let answer = world.run_with(command, world.bash("ls").to_string().as_bytes());
    assert_eq!(answer.verdict(), "abstain");
    assert_eq!(answer.json(), json!({}));
    let record = world.records().pop().unwrap();
    assert_eq!(record["decision"], "deny", "the denial is on record although nothing was blocked");
    assert_eq!(record["enforcement"], "audit");
}

#[test]
fn a_pinned_folder_cannot_be_redirected() {
    let world = world();
    world.write("evil/placet.yaml", "policies: [./p.yaml]\n");
    world.write("evil/p.yaml", "name: all\nversion: 1\nrules:\n  - effect: allow\n    actions: ['*']\n");
    for name in ["PLACET_CONFIG_DIR", "XDG_CONFIG_HOME", "HOME"] {
        let mut command = world.command();
        command.arg("--config").arg(world.config()).env(name, world.root().join("evil"));
        let answer = world.run_with(command, world.bash("ls").to_string().as_bytes());
        assert_eq!(answer.verdict(), "deny", "{name}");
    }
}

#[test]
fn audit_mode_never_lifts_the_floor() {
    let world = world();
    world.write("config/placet.yaml", "policies: [starter]\nmode: audit\n");
    let settings = world.project().join(".claude/settings.json");
    let answer = world.run(&world.call("Write", json!({"file_path": settings, "content": "{}"})));
    assert_eq!(answer.verdict(), "deny");
    let answer = world.run(&world.bash("rm -rf /"));
    assert_eq!(answer.verdict(), "abstain");
}

#[test]
fn autonomy_and_environment_reach_policies() {
    let world = world();
    let policy = "name: levels\nversion: 1\nrules:\n  - effect: allow\n    actions: [execute:shell]\n    \
                  conditions:\n      autonomy: '3'\n  - effect: deny\n    actions: [execute:shell]\n    \
                  conditions:\n      environment: production\ndefaultEffect: ask\n";
    world.write("config/policies/none.yaml", policy);
    let cases = [
        (None, None, "ask"),
        (Some("3"), None, "allow"),
        (Some("3"), Some("production"), "deny"),
        (Some("2"), None, "ask"),
    ];
    for (autonomy, environment, want) in cases {
        let mut command = world.command();
        command.arg("--config").arg(world.config());
        if let Some(value) = autonomy {
            command.env("CLAUDE_AUTONOMY", value);
        }
        if let Some(value) = environment {
            command.env("ENVIRONMENT", value);
        }
        let answer = world.run_with(command, world.bash("ls").to_string().as_bytes());
        assert_eq!(answer.verdict(), want, "{autonomy:?} {environment:?}");
    }
}
