//! Which fields of a tool's input carry the thing to be judged, and whether they are fit for judgement.

use serde_json::{Map, Value};

/// Names under which file tools carry their path; the first is the current one.
pub(super) const FILE: &[&str] = &["file_path", "path"];
/// The same for notebooks.
pub(super) const NOTEBOOK: &[&str] = &["notebook_path", "file_path", "path"];
/// Names under which browser tools carry what they do.
pub(super) const BROWSER: &[&str] = &["targetUrl", "url"];

/// Checks the fields of `input` that `tool` is judged by.
///
/// # Errors
/// A sentence in lower case that names the field: missing, of the wrong type, with a NUL character, or
/// given under two names with different values.
pub(super) fn check(tool: &str, input: &Value) -> Result<(), String> {
    match tool {
        "Bash" => {
            needed(input, &["command"])?;
            flag(input, "run_in_background")?;
            flag(input, "dangerouslyDisableSandbox").map(|_| ())
        }
        "Read" | "Write" | "Edit" | "MultiEdit" => path(input, FILE).map(|_| ()),
        "NotebookRead" | "NotebookEdit" => path(input, NOTEBOOK).map(|_| ()),
        "LS" | "Grep" => {
            optional(input, &["path"])?;
            optional(input, &["pattern"]).map(|_| ())
        }
        "Glob" => {
            optional(input, &["path"])?;
            needed(input, &["pattern"]).map(|_| ())
        }
        "WebFetch" => needed(input, &["url"]).map(|_| ()),
        "WebSearch" => needed(input, &["query"]).map(|_| ()),
        "browser" => {
            if optional(input, BROWSER)?.is_none() {
                needed(input, &["action"])?;
            }
            Ok(())
        }
        "Monitor" | "PowerShell" => needed(input, &["command"]).map(|_| ()),
        _ => Ok(()),
    }
}

/// The text of the first of `names`; the others are aliases and must agree.
pub(super) fn optional<'a>(input: &'a Value, names: &[&str]) -> Result<Option<&'a str>, String> {
    let mut found: Option<(&str, &str)> = None;
    for name in names {
        let text = match input.get(name) {
            None | Some(Value::Null) => continue,
            Some(Value::String(text)) => text.as_str(),
            Some(_) => return Err(format!("`{name}` is not text")),
        };
        if text.contains('\0') {
            return Err(format!("`{name}` contains a NUL character"));
        }
        match found {
            Some((first, value)) if value != text => return Err(format!("`{first}` and `{name}` differ")),
            Some(_) => {}
            None => found = Some((name, text)),
        }
    }
    Ok(found.map(|(_, text)| text))
}

fn needed<'a>(input: &'a Value, names: &[&str]) -> Result<&'a str, String> {
    let first = names.first().copied().unwrap_or_default();
    optional(input, names)?.ok_or_else(|| format!("the input has no `{first}`"))
}

fn path<'a>(input: &'a Value, names: &[&str]) -> Result<&'a str, String> {
    let path = needed(input, names)?;
    if path.is_empty() {
        let first = names.first().copied().unwrap_or_default();
        return Err(format!("`{first}` is empty"));
    }
    Ok(path)
}

/// A switch that is off when absent.
pub(super) fn flag(input: &Value, name: &str) -> Result<bool, String> {
    match input.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(on)) => Ok(*on),
        Some(_) => Err(format!("`{name}` is not true or false")),
    }
}

/// The text of a field that may be absent.
pub(super) fn optional_text<'a>(
    payload: &'a Map<String, Value>,
    name: &str,
) -> Result<Option<&'a str>, String> {
    match payload.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` is not text")),
    }
}
