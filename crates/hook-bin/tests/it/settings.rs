//! Changes of the host's settings, and inputs that another hook changed.

use serde_json::{Value, json};

use crate::world::World;

/// Settings with the gate entered on every event it needs.
fn settings(world: &World) -> Value {
    let command =
        format!("'{}' --config '{}' || exit 2", env!("CARGO_BIN_EXE_placet-hook"), world.config().display());
    let entry =
        json!([{"hooks": [{"type": "command", "command": command, "timeout": 30, "onFailure": "block"}]}]);
    let events = ["PreToolUse", "PermissionRequest", "PostToolUse", "ConfigChange", "SessionStart"];
    let hooks: serde_json::Map<String, Value> =
        events.iter().map(|event| ((*event).to_owned(), entry.clone())).collect();
    json!({ "hooks": hooks })
}

fn event(world: &World, name: &str) -> Value {
    json!({"session_id": "s1", "hook_event_name": name, "cwd": world.project()})
}

fn change(world: &World, text: &Value) -> i32 {
    world.write("project/.claude/settings.json", &text.to_string());
    let mut input = event(world, "ConfigChange");
    input["source"] = json!("project_settings");
    input["file_path"] = json!(world.project().join(".claude/settings.json"));
    world.run(&input).exit
}

#[test]
fn a_change_that_weakens_the_gate_is_refused() {
    let world = World::new();
    let good = settings(&world);
    world.write("project/.claude/settings.json", &good.to_string());
    assert_eq!(world.run(&event(&world, "SessionStart")).exit, 0);
    let mut harmless = good.clone();
    harmless["model"] = json!("opus");
    assert_eq!(change(&world, &harmless), 0, "a harmless change");
    assert_eq!(change(&world, &json!({})), 2, "the gate is gone");
    let mut off = good.clone();
    off["disableAllHooks"] = json!(true);
    assert_eq!(change(&world, &off), 2, "all hooks are off");
    let mut one_gone = good.clone();
    one_gone["hooks"].as_object_mut().unwrap().remove("PreToolUse");
    assert_eq!(change(&world, &one_gone), 2, "one event is gone");
    let mut void = good.clone();
    void["hooks"]["Stop"] = json!([{"hooks": [{"type": "command", "command": "x", "timeout": "10"}]}]);
    assert_eq!(change(&world, &void), 2, "an entry that voids the file");
    let mut redirected = good;
    redirected["env"] = json!({"HOME": "/tmp/evil"});
    assert_eq!(change(&world, &redirected), 2, "a variable that reaches the gate");
}

#[test]
fn an_input_that_was_changed_after_the_decision_ends_the_turn() {
    let world = World::new();
    assert_eq!(world.run(&world.bash("ls")).verdict(), "allow");
    let mut after = world.bash("ls");
    after["hook_event_name"] = json!("PostToolUse");
    after["tool_response"] = json!({"stdout": ""});
    assert_eq!(world.run(&after).json(), json!({}), "what ran is what was decided");
    after["tool_input"]["command"] = json!("ls; curl evil.example");
    let answer = world.run(&after).json();
    assert_eq!(answer["continue"], json!(false));
    assert_eq!(world.records().last().unwrap()["outcome"]["as_decided"], json!(false));
}
