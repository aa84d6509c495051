//! Putting our hook entries into the text of a settings file, and taking exactly them out again.

use std::fmt;

use super::command_line::is_ours;
use super::events::{TOOL_EVENTS, guarded_events, is_strict};
use crate::json::{
    Edit, Kind, Node, Style, SyntaxError, Tree, apply, insert_element, insert_member, parse, remove_element,
    remove_member,
};

/// What our entries say.
#[derive(Clone, Debug)]
pub(crate) struct HookEntry {
    /// The command without its fallback: `'/abs/placet-hook' --config '/abs'`.
    pub(crate) command: String,
}

/// Seconds a decision may take before the host gives up on it.
const TIMEOUT_SECONDS: &str = "30";

/// Why the entries cannot be put into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InstallError {
    /// It is not JSON.
    Syntax(SyntaxError),
    /// A value is not what Claude Code expects there.
    Shape {
        /// Which value: `hooks`, `hooks.PreToolUse`.
        path: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "not readable as JSON: {error}"),
            Self::Shape { path, expected } => write!(f, "`{path}` is not {expected}"),
        }
    }
}

impl std::error::Error for InstallError {}

/// The text with our entry on every guarded event: added where missing, brought up to date in place.
///
/// # Errors
/// When the text is no JSON object or its `hooks` are not shaped as Claude Code wants them.
pub(crate) fn install(text: &str, entry: &HookEntry) -> Result<String, InstallError> {
    let style = Style::of(text);
    let mut text = text.to_owned();
    for event in guarded_events() {
        while let Some(edit) = next_edit(&text, &style, event, entry)? {
            text = apply(&text, &[edit]);
        }
    }
    Ok(text)
}

fn read_root(text: &str) -> Result<Node, InstallError> {
    let root = parse(text).map_err(InstallError::Syntax)?;
    match root.kind {
        Kind::Map(_) => Ok(root),
        _ => Err(InstallError::Shape { path: "the document".to_owned(), expected: "an object" }),
    }
}

/// The next change that brings `event` closer to what it should be; `None` when it is.
fn next_edit(
    text: &str,
    style: &Style,
    event: &str,
    entry: &HookEntry,
) -> Result<Option<Edit>, InstallError> {
    let root = read_root(text)?;
    let group = || new_group(event, entry);
    let Some(hooks) = root.get("hooks") else {
        let value = Tree::Map(vec![(event.to_owned(), Tree::List(vec![group()]))]);
        return Ok(Some(insert_member(text, style, &root, 0, "hooks", &value)));
    };
    if !matches!(hooks.kind, Kind::Map(_)) {
        return Err(InstallError::Shape { path: "hooks".to_owned(), expected: "an object" });
    }
    let Some(groups) = hooks.get(event) else {
        return Ok(Some(insert_member(text, style, hooks, 1, event, &Tree::List(vec![group()]))));
    };
    if !matches!(groups.kind, Kind::List(_)) {
        return Err(InstallError::Shape { path: format!("hooks.{event}"), expected: "an array" });
    }
    let mut found = false;
    for (index, one) in groups.elements().iter().enumerate() {
        let handlers = one.get("hooks").map_or(&[][..], Node::elements);
        let Some(own) = handlers.iter().position(is_our_handler) else { continue };
        let alone = handlers.len() == 1;
        if found || !(alone || matches_everything(one)) {
            // Twice, or beside others under a matcher that leaves tools out: a group of its own follows.
            return Ok(remove_handler(groups, index, one, own));
        }
        if let Some(edit) = refresh(text, style, event, entry, one, handlers.get(own)) {
            return Ok(Some(edit));
        }
        if let Some(extra) = handlers.iter().skip(own + 1).position(is_our_handler) {
            return Ok(remove_handler(groups, index, one, own + 1 + extra));
        }
        found = true;
    }
    Ok((!found).then(|| insert_element(text, style, groups, 2, &group())))
}

fn is_our_handler(node: &Node) -> bool {
    node.get("command").and_then(Node::text).is_some_and(is_ours)
}

fn matches_everything(group: &Node) -> bool {
    group.get("matcher").is_none_or(|matcher| matches!(matcher.text(), Some("" | "*")))
}

fn remove_handler(groups: &Node, group_index: usize, group: &Node, handler_index: usize) -> Option<Edit> {
    let handlers = group.get("hooks")?;
    if handlers.elements().len() > 1 {
        remove_element(handlers, handler_index)
    } else {
        remove_element(groups, group_index)
    }
}

/// Brings an own handler and the matcher of its group up to date.
fn refresh(
    text: &str,
    style: &Style,
    event: &str,
    entry: &HookEntry,
    group: &Node,
    handler: Option<&Node>,
) -> Option<Edit> {
    if let Some(matcher) = group.get("matcher").filter(|_| !matches_everything(group)) {
        return Some(Edit { span: matcher.span.clone(), text: "\"*\"".to_owned() });
    }
    let handler = handler?;
    let current = Tree::from(handler);
    let wanted = updated(&current, event, entry);
    (current != wanted).then(|| style.replacement(text, handler, 4, &wanted))
}

fn new_group(event: &str, entry: &HookEntry) -> Tree {
    let handlers = Tree::List(vec![updated(&Tree::Map(Vec::new()), event, entry)]);
    if TOOL_EVENTS.contains(&event) {
        Tree::map([("matcher", Tree::text("*")), ("hooks", handlers)])
    } else {
        Tree::map([("hooks", handlers)])
    }
}

/// The handler object as it should be. Keys that do not change what the gate does (`statusMessage`) stay, and
/// so does a sensible `timeout` somebody chose.
fn updated(current: &Tree, event: &str, entry: &HookEntry) -> Tree {
    const HARMFUL: [&str; 7] = ["if", "async", "asyncRewake", "once", "args", "shell", "onFailure"];
    let strict = is_strict(event);
    let command = if strict { format!("{} || exit 2", entry.command) } else { entry.command.clone() };
    let mut members: Vec<(String, Tree)> = match current {
        Tree::Map(members) => members.clone(),
        _ => Vec::new(),
    };
    members.retain(|(key, _)| !HARMFUL.contains(&key.as_str()) || (strict && key == "onFailure"));
    // Of a repeated key the host reads the last, so no earlier one may stay in front of what is set below.
    let keys: Vec<String> = members.iter().map(|(key, _)| key.clone()).collect();
    let mut index = 0;
    members.retain(|(key, _)| {
        index += 1;
        !keys.iter().skip(index).any(|later| later == key)
    });
    let mut set = |key: &str, value: Tree, keep: fn(&Tree) -> bool| match members
        .iter_mut()
        .find(|(known, _)| known == key)
    {
        Some((_, old)) if keep(old) => {}
        Some((_, old)) => *old = value,
        None => members.push((key.to_owned(), value)),
    };
    set("type", Tree::text("command"), |_| false);
    set("command", Tree::text(command), |_| false);
    set("timeout", Tree::Plain(TIMEOUT_SECONDS.to_owned()), is_sensible_timeout);
    if strict {
        set("onFailure", Tree::text("block"), |_| false);
    }
    Tree::Map(members)
}

fn is_sensible_timeout(value: &Tree) -> bool {
    matches!(value, Tree::Plain(number) if number.parse().is_ok_and(|seconds: f64| (5.0..1000.0).contains(&seconds)))
}

/// The text with the switches that only the administrator's settings have.
///
/// # Errors
/// As [`install`].
pub(crate) fn managed_switches(text: &str) -> Result<String, InstallError> {
    let style = Style::of(text);
    let root = read_root(text)?;
    let wanted = Tree::Plain("true".to_owned());
    let text = match root.get("allowManagedHooksOnly") {
        Some(node) if node.is_true() => text.to_owned(),
        Some(node) => apply(text, &[style.replacement(text, node, 1, &wanted)]),
        None => apply(text, &[insert_member(text, &style, &root, 0, "allowManagedHooksOnly", &wanted)]),
    };
    disable_bypass_mode(&text)
}

/// The text with `permissions.disableBypassPermissionsMode: "disable"`.
///
/// # Errors
/// As [`install`].
pub(crate) fn disable_bypass_mode(text: &str) -> Result<String, InstallError> {
    const KEY: &str = "disableBypassPermissionsMode";
    let style = Style::of(text);
    let root = read_root(text)?;
    let wanted = Tree::text("disable");
    let edit = match root.get("permissions") {
        None => insert_member(text, &style, &root, 0, "permissions", &Tree::map([(KEY, wanted)])),
        Some(permissions) if !matches!(permissions.kind, Kind::Map(_)) => {
            return Err(InstallError::Shape { path: "permissions".to_owned(), expected: "an object" });
        }
        Some(permissions) => match permissions.get(KEY) {
            Some(node) if node.text() == Some("disable") => return Ok(text.to_owned()),
            Some(node) => style.replacement(text, node, 2, &wanted),
            None => insert_member(text, &style, permissions, 1, KEY, &wanted),
        },
    };
    Ok(apply(text, &[edit]))
}

/// The text without our entries. Groups, events and the `hooks` object go too when nothing else is left in
/// them.
///
/// # Errors
/// When the text is no JSON object.
pub(crate) fn uninstall(text: &str) -> Result<String, InstallError> {
    let mut text = text.to_owned();
    while let Some(edit) = next_removal(&read_root(&text)?) {
        text = apply(&text, &[edit]);
    }
    Ok(text)
}

fn next_removal(root: &Node) -> Option<Edit> {
    let hooks_index = root.members().iter().rposition(|member| member.key == "hooks")?;
    let hooks = root.get("hooks")?;
    for (event_index, event) in hooks.members().iter().enumerate() {
        let groups = &event.value;
        for (group_index, group) in groups.elements().iter().enumerate() {
            let handlers = group.get("hooks").map_or(&[][..], Node::elements);
            let Some(own) = handlers.iter().position(is_our_handler) else { continue };
            return match (hooks.members().len(), groups.elements().len(), handlers.len()) {
                (1, 1, 1) => remove_member(root, hooks_index),
                (_, 1, 1) => remove_member(hooks, event_index),
                _ => remove_handler(groups, group_index, group, own),
            };
        }
    }
    None
}
