//! Reading JSON strictly: what two readers could understand differently is refused.
//!
//! A key that occurs twice is the classic case. Most readers keep the last value, some the first; the gate
//! must not judge one while the host runs the other.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads one JSON document.
///
/// # Errors
/// A sentence in lower case: invalid UTF-8, a syntax error, a repeated key, more than 128 levels, or text
/// behind the document.
pub(super) fn read(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("the input is not valid UTF-8 at byte {}", error.valid_up_to()))?;
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str::<Strict>(text)
        .map(|strict| strict.0)
        .map_err(|error| format!("the input is not one JSON document: {error}"))
}

/// A JSON value without repeated keys.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if map.contains_key(&key) {
                let shown: String = key.chars().take(60).collect();
                return Err(A::Error::custom(format!("key `{shown}` occurs twice")));
            }
            let Strict(value) = access.next_value()?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// The value of `hook_event_name` at the top level of an input that cannot be read as a whole: everything
/// before the fault is still JSON, so levels and strings can be followed. A key of that name deeper down
/// (in the input of a tool) does not count. A key that occurs twice names nothing, whichever comes first.
pub(super) fn event_name_of_unreadable(bytes: &[u8]) -> Option<&str> {
    let mut rest = bytes;
    let mut depth = 0_u32;
    let mut previous: &[u8] = b"";
    let mut found = None;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'"' => {
                let Some((text, after)) = string_body(rest) else { break };
                (rest, previous) = (after, text);
            }
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 1 && is_event_key(previous) => {
                if found.is_some() {
                    return None;
                }
                found = Some(string_value(rest));
            }
            _ => {}
        }
    }
    found.flatten()
}

/// Whether the body of a JSON string says `hook_event_name`, escapes or not.
fn is_event_key(body: &[u8]) -> bool {
    const KEY: &str = "hook_event_name";
    // Six bytes of escape for each character, at most.
    let spelled = |body: &[u8]| serde_json::from_slice::<String>(&[b"\"", body, b"\""].concat()).ok();
    body == KEY.as_bytes()
        || (body.contains(&b'\\') && body.len() <= 6 * KEY.len() && spelled(body).as_deref() == Some(KEY))
}

/// The text that follows, when the next thing is a string.
fn string_value(bytes: &[u8]) -> Option<&str> {
    let (text, _) = string_body(bytes.trim_ascii_start().strip_prefix(b"\"")?)?;
    std::str::from_utf8(text).ok()
}

/// Splits behind the quote that ends a string.
fn string_body(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut escaped = false;
    let end = bytes.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    let (text, rest) = bytes.split_at_checked(end)?;
    Some((text, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_of_a_cut_off_input() {
        let cases: [(&str, Option<&str>); 14] = [
            (r#"{"hook_event_name":"Stop","hook_event_name":"PreToolUse"}"#, None),
            (r#"{"hook_event_name":"PreToolUse","a":[{}],"hook_event_name":"Stop"}"#, None),
            (r#"{"hook_event_name":"Stop","hook_event_nam\u0065":"PreToolUse"}"#, None),
            (r#"{"hook_\u0065vent_name":"PreToolUse","hook_event_name":"Stop"}"#, None),
            (r#"{"hook_event_name":"Stop","hook_event_name":3}"#, None),
            (r#"{"hook_event_name":3,"hook_event_name":"Stop"}"#, None),
            (r#"{"hook_event_name":"Stop","hook_event_name":"Stop"}"#, None),
            (r#"{"hook_event_name":"PermissionRequest","tool_name":"Ba"#, Some("PermissionRequest")),
            (r#"{"a": {"hook_event_name": "Stop"}, "hook_event_name" : "PreToolUse", "#, Some("PreToolUse")),
            (r#"{"tool_input": {"hook_event_name": "Stop"}, "#, None),
            (r#"{"a": "\"hook_event_name\":\"Stop\"", "x": "#, None),
            (r#"{"a": "hook_event_name", "b": "Stop" "#, None),
            (r#"{"hook_event_name"#, None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(event_name_of_unreadable(text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn repeated_keys_and_trailing_text_are_refused() {
        for text in
            [r#"{"a":1,"a":1}"#, r#"{"x":[{"a":1,"\u0061":2}]}"#, "{} {}", "{}x", "", "[1,]", "\"\\ud800\""]
        {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(read(deep.as_bytes()).is_err());
        assert_eq!(
            read(b" {\"a\":[1,2.5,null,true,-3]}\n").unwrap(),
            serde_json::json!({"a": [1, 2.5, null, true, -3]})
        );
    }
}
