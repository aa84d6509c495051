//! Inputs that are not what they should be: `tests/corpora/hook_bad_input`.

use std::path::Path;

use serde_json::Value;

use crate::world::World;

fn rows() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpora/hook_bad_input/cases.jsonl");
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn decode_base64(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        bits = bits << 6 | u32::try_from(alphabet.iter().position(|known| *known == byte).unwrap()).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 255).unwrap());
        }
    }
    out
}

fn stdin(row: &Value) -> Vec<u8> {
    if let Some(text) = row["stdin"].as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(text) = row["stdin_base64"].as_str() {
        return decode_base64(text);
    }
    let repeat = &row["repeat"];
    let part = |name: &str| repeat[name].as_str().unwrap_or("").to_owned();
    let times = usize::try_from(repeat["count"].as_u64().unwrap()).unwrap();
    format!("{}{}{}", part("prefix"), part("unit").repeat(times), part("suffix")).into_bytes()
}

/// Whether one answer is what a row expects.
fn wrong(row: &Value, exit: i32, stdout: &str) -> Option<String> {
    let expected = &row["expect"];
    let want_exit = i32::try_from(expected["exit"].as_i64().unwrap()).unwrap();
    let document: Result<Value, _> = serde_json::from_str(stdout);
    let own = document.as_ref().map(|document| document["hookSpecificOutput"].clone()).unwrap_or_default();
    let denies = own["permissionDecision"] == "deny" || own["decision"]["behavior"] == "deny";
    // Some inputs may as well be understood as refused.
    if !row["either"].is_null() && document.is_ok() {
        return None;
    }
    match expected["stdout_kind"].as_str().unwrap() {
        "deny-json" => {
            // Where it is not sure which event it is, the answer is the one form that denies on both: exit
            // code 2 for PreToolUse, the JSON for PermissionRequest.
            let both = exit == 2 && own["decision"]["behavior"] == "deny";
            (!(denies && (exit == want_exit || both))).then(|| "must deny".to_owned())
        }
        "decision" => (document.is_err() || exit != 0).then(|| "must be decided".to_owned()),
        _ => (exit != want_exit || (!stdout.is_empty() && document.is_err()))
            .then(|| "must pass by".to_owned()),
    }
}

#[test]
fn malformed_inputs_deny_in_the_form_of_their_event() {
    let world = World::new();
    let mut failures = Vec::new();
    for row in rows() {
        let stdin = stdin(&row);
        let mut command = world.command();
        command.arg("--config").arg(world.config());
        let answer = world.run_with(command, &stdin);
        if let Some(what) = wrong(&row, answer.exit, &answer.stdout) {
            failures.push(format!("{}: {what}: exit {} {}", row["name"], answer.exit, answer.stdout.trim()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn an_event_that_is_named_twice_denies() {
    let world = World::new();
    let rest = format!(
        "\"session_id\":\"s\",\"cwd\":{:?},\"tool_name\":\"Bash\",\"tool_input\":{{\"command\":\"ls\"}}",
        world.project()
    );
    for (first, second) in [
        ("hook_event_name\":\"Notification", "hook_event_name\":\"PreToolUse"),
        ("hook_event_name\":\"PreToolUse", "hook_event_name\":\"Notification"),
        ("hook_event_name\":\"Stop", "hook_event_nam\\u0065\":\"PermissionRequest"),
        ("hook_event_name\":\"PermissionRequest", "hook_event_name\":\"SessionStart"),
    ] {
        for text in
            [format!("{{\"{first}\",\"{second}\",{rest}}}"), format!("{{\"{first}\",{rest},\"{second}\"}}")]
        {
            let mut command = world.command();
            command.arg("--config").arg(world.config());
            let answer = world.run_with(command, text.as_bytes());
            assert_eq!((answer.verdict().as_str(), answer.exit), ("deny", 2), "{text}");
        }
    }
}
