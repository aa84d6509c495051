//! The contract as a table: which keys and values the host obeys in an answer, per event. The table itself
//! is checked against recorded outcomes.

use placet_model::CallEvent;
use serde_json::{Map, Value};

use crate::support::fixture_dir;

const GENERAL: &[&str] = &["continue", "stopReason", "suppressOutput", "systemMessage", "hookSpecificOutput"];
const PRE_TOOL_USE: &[&str] =
    &["hookEventName", "permissionDecision", "permissionDecisionReason", "updatedInput", "additionalContext"];
const PERMISSION_REQUEST: &[&str] = &["hookEventName", "decision"];
const DECISION_ALLOW: &[&str] = &["behavior", "updatedInput", "updatedPermissions"];
const DECISION_DENY: &[&str] = &["behavior", "message", "interrupt"];

/// Whether the host obeys the whole of `stdout` as an answer to `event`.
pub(crate) fn check(event: CallEvent, stdout: &[u8]) -> Result<(), String> {
    let document: Value = serde_json::from_slice(stdout).map_err(|error| error.to_string())?;
    let document = document.as_object().ok_or("not an object")?;
    keys(document, GENERAL)?;
    let Some(own) = document.get("hookSpecificOutput") else {
        return if document.contains_key("permissionDecision") { Err("at top level".into()) } else { Ok(()) };
    };
    let own = own.as_object().ok_or("hookSpecificOutput is not an object")?;
    let name = match event {
        CallEvent::PreToolUse => "PreToolUse",
        CallEvent::PermissionRequest => "PermissionRequest",
    };
    if own.get("hookEventName").and_then(Value::as_str) != Some(name) {
        return Err("hookEventName".into());
    }
    match event {
        CallEvent::PreToolUse => pre_tool_use(own),
        CallEvent::PermissionRequest => permission_request(own),
    }
}

fn pre_tool_use(own: &Map<String, Value>) -> Result<(), String> {
    keys(own, PRE_TOOL_USE)?;
    let decision = own.get("permissionDecision").map(|word| word.as_str().unwrap_or("(not text)"));
    if !matches!(decision, None | Some("allow" | "deny" | "ask" | "defer")) {
        return Err(format!("permissionDecision {decision:?}"));
    }
    text(own, "permissionDecisionReason")?;
    text(own, "additionalContext")?;
    match own.get("updatedInput") {
        Some(Value::Object(input)) if !input.is_empty() && matches!(decision, None | Some("allow")) => Ok(()),
        None => Ok(()),
        _ => Err("updatedInput".into()),
    }
}

fn permission_request(own: &Map<String, Value>) -> Result<(), String> {
    keys(own, PERMISSION_REQUEST)?;
    let decision = own.get("decision").and_then(Value::as_object).ok_or("decision")?;
    match decision.get("behavior").and_then(Value::as_str) {
        Some("allow") => {
            keys(decision, DECISION_ALLOW)?;
            match decision.get("updatedPermissions") {
                None => Ok(()),
                Some(Value::Array(updates)) => updates.iter().try_for_each(update),
                Some(_) => Err("updatedPermissions".into()),
            }
        }
        Some("deny") => {
            text(decision, "message")?;
            keys(decision, DECISION_DENY)
        }
        other => Err(format!("behavior {other:?}")),
    }
}

fn update(update: &Value) -> Result<(), String> {
    let one_of = |key: &str, values: &[&str]| match update.get(key).and_then(Value::as_str) {
        Some(value) if values.contains(&value) => Ok(()),
        other => Err(format!("{key} {other:?}")),
    };
    one_of("destination", &["userSettings", "projectSettings", "localSettings", "session", "cliArg"])?;
    match update.get("type").and_then(Value::as_str) {
        Some("addRules") => {
            one_of("behavior", &["allow", "deny", "ask"])?;
            let rules = update.get("rules").and_then(Value::as_array).ok_or("rules")?;
            rules.iter().try_for_each(|rule| {
                rule.get("toolName").and_then(Value::as_str).map(|_| ()).ok_or("toolName".to_owned())
            })
        }
        Some("setMode") => {
            one_of("mode", &["default", "acceptEdits", "plan", "auto", "dontAsk", "bypassPermissions"])
        }
        Some("addDirectories") => {
            update.get("directories").and_then(Value::as_array).map(|_| ()).ok_or("directories".into())
        }
        other => Err(format!("type {other:?}")),
    }
}

fn keys(map: &Map<String, Value>, allowed: &[&str]) -> Result<(), String> {
    match map.keys().find(|key| !allowed.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown key {key}")),
        None => Ok(()),
    }
}

fn text(map: &Map<String, Value>, key: &str) -> Result<(), String> {
    match map.get(key) {
        None | Some(Value::String(_)) => Ok(()),
        Some(_) => Err(format!("{key} is not text")),
    }
}

/// An answer that carried a decision and passes the table must have had its effect when it was recorded;
/// one that had none must not pass.
#[test]
fn the_table_agrees_with_recorded_outcomes() {
    let mut compared = 0;
    for (event, file) in [
        (CallEvent::PreToolUse, "pre_tool_use.headless.ndjson"),
        (CallEvent::PermissionRequest, "permission_request.headless.ndjson"),
    ] {
        let text = std::fs::read_to_string(fixture_dir("outcomes").join(file)).unwrap();
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let hooks = case["hooks"].as_array().unwrap();
            let simple = case["permission_mode"] == "default"
                && hooks.len() == 1
                && case["handler_options"] == serde_json::json!({})
                && case["permissions_setting"] == serde_json::json!({})
                && hooks[0]["exit_code"] == 0
                && hooks[0].get("takes_seconds").is_none();
            let Some(stdout) = hooks[0]["stdout"].as_str().filter(|_| simple) else { continue };
            let effect = case["effect"].as_str().unwrap();
            let denies = stdout.contains("\"deny\"");
            if denies && check(event, stdout.as_bytes()).is_ok() {
                assert!(matches!(effect, "blocked" | "turn_stopped"), "{line}");
                compared += 1;
            }
            if denies && effect == "ran" {
                assert!(check(event, stdout.as_bytes()).is_err(), "{line}");
                compared += 1;
            }
            let allows = stdout.contains("\"allow\"") && case["tool"]["input"]["command"] == "rm -rf build";
            if allows && check(event, stdout.as_bytes()).is_ok() && !stdout.contains("continue") {
                assert_eq!(effect, "ran", "{line}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 10, "{compared}");
}
