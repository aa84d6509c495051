//! Reading the parts of a settings file that hooks depend on.

use serde_json::{Map, Value};

use super::json;

/// Shortest time-out, in seconds, with which an entry still counts: with less, a busy machine would turn
/// decisions into time-outs.
const SHORTEST_TIMEOUT_SECONDS: f64 = 5.0;

/// What one settings file says about hooks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct HookSettings {
    pub(super) entries: Vec<HookEntry>,
    pub(super) all_off: bool,
    pub(super) managed_only: bool,
    pub(super) environment: Map<String, Value>,
}

/// One handler of one event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HookEntry {
    pub(super) event: String,
    /// The whole command line; for other kinds of handler their kind and target.
    pub(super) command: String,
    /// Whether it is a command handler that sees every call of the event, is waited for, and has the time.
    pub(super) sees_everything: bool,
    /// Whether its failure blocks.
    pub(super) blocks_on_failure: bool,
}

/// Reads a settings file.
///
/// # Errors
/// Why the host would drop the file as a whole: one bad entry voids everything in it, deny rules included.
pub(super) fn read(text: &str) -> Result<HookSettings, String> {
    let Value::Object(settings) = json::read(text.as_bytes())? else {
        return Err("it is not a JSON object".to_owned());
    };
    let on = |name: &str| settings.get(name) == Some(&Value::Bool(true));
    let mut out = HookSettings {
        all_off: on("disableAllHooks"),
        managed_only: on("allowManagedHooksOnly"),
        environment: settings.get("env").and_then(Value::as_object).cloned().unwrap_or_default(),
        entries: Vec::new(),
    };
    let hooks = match settings.get("hooks") {
        None => return Ok(out),
        Some(Value::Object(hooks)) => hooks,
        Some(_) => return Err("`hooks` is not an object".to_owned()),
    };
    for (event, groups) in hooks {
        let groups = groups.as_array().ok_or_else(|| format!("`hooks.{event}` is not a list"))?;
        for group in groups {
            group_entries(event, group, &mut out.entries)?;
        }
    }
    Ok(out)
}

fn group_entries(event: &str, group: &Value, entries: &mut Vec<HookEntry>) -> Result<(), String> {
    let handlers = group.get("hooks").and_then(Value::as_array);
    let handlers = handlers.ok_or_else(|| format!("an entry of `{event}` has no `hooks` list"))?;
    let matches_all = match group.get("matcher") {
        None => true,
        Some(Value::String(matcher)) => matches!(matcher.as_str(), "" | "*"),
        Some(_) => return Err(format!("a `matcher` of `{event}` is not text")),
    };
    for handler in handlers {
        entries.push(entry(event, handler, matches_all)?);
    }
    Ok(())
}

fn entry(event: &str, handler: &Value, matches_all: bool) -> Result<HookEntry, String> {
    let text = |name: &str| handler.get(name).and_then(Value::as_str);
    let kind = text("type").unwrap_or_default();
    if !matches!(kind, "command" | "http" | "mcp_tool" | "prompt" | "agent") {
        return Err(format!("a handler of `{event}` has the unknown type `{kind}`"));
    }
    let has_time = match handler.get("timeout") {
        None => true,
        Some(timeout) => match timeout.as_f64() {
            Some(seconds) if seconds > 0.0 => seconds >= SHORTEST_TIMEOUT_SECONDS,
            _ => return Err(format!("a `timeout` of `{event}` is not a positive number")),
        },
    };
    let blocks_on_failure = match handler.get("onFailure").map(Value::as_str) {
        None | Some(Some("continue")) => false,
        Some(Some("block")) => true,
        Some(_) => return Err(format!("an `onFailure` of `{event}` is neither `block` nor `continue`")),
    };
    let waited_for = ["async", "asyncRewake", "once"]
        .iter()
        .all(|name| matches!(handler.get(name), None | Some(Value::Bool(false))));
    let command = match kind {
        "command" => {
            command_line(handler).ok_or_else(|| format!("a command of `{event}` is missing or not text"))?
        }
        _ => {
            let target = text("url").or(text("tool")).or(text("prompt")).unwrap_or_default();
            format!("{kind}: {target}")
        }
    };
    let sees_everything = kind == "command"
        && matches_all
        && has_time
        && waited_for
        && handler.get("if").is_none()
        && handler.get("shell").is_none();
    Ok(HookEntry { event: event.to_owned(), command, sees_everything, blocks_on_failure })
}

fn command_line(handler: &Value) -> Option<String> {
    let mut line = handler.get("command")?.as_str()?.trim().to_owned();
    if let Some(args) = handler.get("args") {
        for word in args.as_array()? {
            line.push(' ');
            line.push_str(word.as_str()?);
        }
    }
    Some(line)
}
