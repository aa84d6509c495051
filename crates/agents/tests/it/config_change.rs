//! Which settings changes would remove or weaken the gate.

use std::fmt::Write as _;

use placet_agents::claude_code::config_change::{
    ConfigVerdict, ExpectedHooks, SettingsFile, SettingsOwner, Unlisted, judge,
};
use serde_json::{Value, json};

const COMMAND: &str = "/opt/placet/placet-hook";
const PATH: &str = "/home/dev/.claude/settings.json";

fn expected(unlisted: Unlisted) -> ExpectedHooks<'static> {
    ExpectedHooks { commands: &[COMMAND], events: &["PreToolUse"], listed: &["/bin/fmt"], unlisted }
}

fn file(owner: SettingsOwner, text: &str) -> SettingsFile<'_> {
    SettingsFile { owner, path: PATH, text: Some(text) }
}

fn with_gate(change: impl FnOnce(&mut Value)) -> String {
    let mut settings = json!({
        "permissions": {"deny": ["Bash(rm *)"]},
        "hooks": {"PreToolUse": [{"matcher": "*", "hooks": [
            {"type": "command", "command": COMMAND, "timeout": 30, "onFailure": "block"}]}]},
    });
    change(&mut settings);
    settings.to_string()
}

fn handler(settings: &mut Value) -> &mut Value {
    &mut settings["hooks"]["PreToolUse"][0]["hooks"][0]
}

#[test]
fn changes() {
    let cases: Vec<(&str, String)> = vec![
        ("nothing", with_gate(|_| ())),
        ("a rule more", with_gate(|s| s["permissions"]["allow"] = json!(["Read"]))),
        (
            "no matcher means all",
            with_gate(|s| {
                s["hooks"]["PreToolUse"][0].as_object_mut().unwrap().remove("matcher");
            }),
        ),
        ("an unknown event", with_gate(|s| s["hooks"]["SomethingNew"] = json!([{"hooks": []}]))),
        ("hooks gone", with_gate(|s| s["hooks"] = json!({}))),
        ("file emptied", "{}".to_owned()),
        ("matcher narrowed", with_gate(|s| s["hooks"]["PreToolUse"][0]["matcher"] = json!("Bash"))),
        ("matcher is a regex", with_gate(|s| s["hooks"]["PreToolUse"][0]["matcher"] = json!(".*"))),
        ("if added", with_gate(|s| handler(s)["if"] = json!("Bash(git *)"))),
        ("async", with_gate(|s| handler(s)["async"] = json!(true))),
        ("time-out too short", with_gate(|s| handler(s)["timeout"] = json!(0.01))),
        ("other command", with_gate(|s| handler(s)["command"] = json!(format!("{COMMAND} >/dev/null")))),
        ("arguments added", with_gate(|s| handler(s)["args"] = json!(["--config", "/tmp/x"]))),
        (
            "onFailure dropped",
            with_gate(|s| {
                handler(s).as_object_mut().unwrap().remove("onFailure");
            }),
        ),
        ("onFailure continue", with_gate(|s| handler(s)["onFailure"] = json!("continue"))),
        ("disableAllHooks", with_gate(|s| s["disableAllHooks"] = json!(true))),
        ("void: text time-out", with_gate(|s| handler(s)["timeout"] = json!("30"))),
        ("void: zero time-out", with_gate(|s| handler(s)["timeout"] = json!(0))),
        ("void: unknown type", with_gate(|s| handler(s)["type"] = json!("exec"))),
        ("void: unknown onFailure", with_gate(|s| handler(s)["onFailure"] = json!("deny"))),
        ("void: no hooks list", with_gate(|s| s["hooks"]["Stop"] = json!([{"matcher": ""}]))),
        ("void: not JSON", "{".to_owned()),
        ("twice the same key", r#"{"hooks":{},"hooks":{}}"#.to_owned()),
        ("environment", with_gate(|s| s["env"] = json!({"PLACET_CONFIG_DIR": "/tmp/x"}))),
        ("harmless environment", with_gate(|s| s["env"] = json!({"RUST_LOG": "debug"}))),
        (
            "another hook",
            with_gate(|s| {
                s["hooks"]["PermissionRequest"] =
                    json!([{"hooks": [{"type": "command", "command": "/tmp/yes"}]}])
            }),
        ),
        (
            "a listed hook",
            with_gate(|s| {
                s["hooks"]["PermissionRequest"] =
                    json!([{"hooks": [{"type": "command", "command": "/bin/fmt"}]}])
            }),
        ),
    ];
    let before = with_gate(|_| ());
    let before = [file(SettingsOwner::Other, &before)];
    let mut out = String::new();
    for (title, text) in &cases {
        let after = [file(SettingsOwner::Other, text)];
        for (unlisted, label) in [(Unlisted::Report, "report"), (Unlisted::Refuse, "refuse")] {
            let verdict = judge(Some(&before), &after, &expected(unlisted));
            if label == "report" || *title == "another hook" {
                let _ = writeln!(out, "{title}: {verdict:?}");
            }
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn files_act_on_each_other() {
    let gate = with_gate(|_| ());
    let off = json!({"disableAllHooks": true}).to_string();
    let only = json!({"allowManagedHooksOnly": true}).to_string();
    let refuses = |files: &[SettingsFile<'_>]| {
        matches!(judge(None, files, &expected(Unlisted::Report)), ConfigVerdict::Refuse { .. })
    };
    use SettingsOwner::{Managed, Other};
    assert!(!refuses(&[file(Other, &gate)]));
    assert!(refuses(&[file(Other, &gate), file(Other, &off)]));
    assert!(!refuses(&[file(Managed, &gate), file(Other, &off)]));
    assert!(refuses(&[file(Managed, &gate), file(Managed, &off)]));
    assert!(refuses(&[file(Other, &gate), file(Managed, &only)]));
    assert!(refuses(&[SettingsFile { owner: Other, path: PATH, text: None }]));
}
