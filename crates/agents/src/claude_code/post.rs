//! What ran against what was decided.

use serde_json::Value;

/// Tools whose input a person completes while they run (answers, an edited plan). They change nothing on
/// the machine, so only their name is compared.
const COMPLETED_BY_A_PERSON: [&str; 2] = ["AskUserQuestion", "ExitPlanMode"];

/// Bytes that stand for a call's input, the same before and after it ran: the digest of them is kept with
/// the decision and compared on PostToolUse. Hashing is the ledger's business.
///
/// Keys are sorted. `description` of a `Bash` call is left out: it is a note to the reader and changes
/// nothing about what runs.
pub fn decided_bytes(tool: &str, input: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write_text(tool, &mut out);
    match (tool, input) {
        (tool, _) if COMPLETED_BY_A_PERSON.contains(&tool) => {}
        ("Bash", Value::Object(map)) if map.contains_key("description") => {
            let mut map = map.clone();
            map.remove("description");
            write(&Value::Object(map), &mut out);
        }
        _ => write(input, &mut out),
    }
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            // Sorted here, not left to the map: another crate may switch its order off.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|left, right| left.0.cmp(right.0));
            out.push(b'{');
            for (key, value) in entries {
                write_text(key, out);
                out.push(b':');
                write(value, out);
                out.push(b',');
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for item in items {
                write(item, out);
                out.push(b',');
            }
            out.push(b']');
        }
        Value::String(text) => write_text(text, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            out.extend_from_slice(value.to_string().as_bytes())
        }
    }
}

/// Length first, so that no text can imitate structure.
fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text.len().to_string().as_bytes());
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
}
