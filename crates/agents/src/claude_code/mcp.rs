//! Tools of other servers (`mcp__SERVER__TOOL`): which files their inputs name, as far as names of fields tell.
//!
//! What such a tool does is its server's secret, so the call stays `invoke:…` and no rule on files can allow it.
//! The files that its input names are judged beside that, so that a protected file is protected from it, too.

use std::borrow::Cow;

use placet_model::path::Base;
use placet_model::{Action, ActionKind, Facts, Origin, PathCertainty, PathRef, Reach, Resource, ToolCall};
use serde_json::Value;

/// Texts of one input that are looked at.
const NAMES: usize = 256;
/// Nesting of an input that is followed.
const DEPTH: usize = 6;
/// Longest text that is taken for a path, in bytes.
const LONG: usize = 4096;

/// Fields that carry a path, in lower case and without `_` and `-`.
const FIELDS: [&str; 35] = [
    "path",
    "paths",
    "file",
    "files",
    "filename",
    "filenames",
    "filepath",
    "filepaths",
    "fullpath",
    "absolutepath",
    "relativepath",
    "relpath",
    "source",
    "sourcepath",
    "sources",
    "src",
    "destination",
    "destinationpath",
    "dest",
    "dst",
    "target",
    "targetfile",
    "targetpath",
    "oldpath",
    "newpath",
    "from",
    "to",
    "directory",
    "dir",
    "dirpath",
    "folder",
    "outputpath",
    "outputfile",
    "inputfile",
    "uri",
];
/// Words in a tool's name by which it changes what it names.
const CHANGES: [&str; 22] = [
    "write",
    "edit",
    "create",
    "update",
    "move",
    "rename",
    "delete",
    "remove",
    "append",
    "insert",
    "replace",
    "save",
    "put",
    "patch",
    "modify",
    "copy",
    "upload",
    "push",
    "set",
    "overwrite",
    "touch",
    "apply",
];
/// Words by which it takes something away.
const REMOVES: [&str; 5] = ["delete", "remove", "move", "rename", "unlink"];

/// Whether `tool` belongs to another server.
pub(super) fn is_foreign(tool: &str) -> bool {
    tool.starts_with("mcp__")
}

/// Actions on the files that the input names. None where it names none.
pub(super) fn files(call: &ToolCall, facts: &dyn Facts) -> Vec<Action> {
    let name = call.tool.rsplit("__").next().unwrap_or(&call.tool);
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let mut kinds = vec![ActionKind::MentionFile];
    if has(&CHANGES) {
        kinds.push(ActionKind::WriteFile);
    }
    if has(&REMOVES) {
        kinds.push(ActionKind::DeleteFile);
    }
    if kinds.len() == 1 {
        kinds.push(ActionKind::ReadFile);
    }
    let mut named = Vec::new();
    collect(&call.input, false, DEPTH, &mut named);
    let base = Base { cwd: &call.cwd, project: &call.project, home: call.home.as_deref() };
    let mut actions = Vec::new();
    for text in named {
        let path = PathRef::new(&text, PathCertainty::Exact, Reach::Entry, base, facts);
        for kind in &kinds {
            let mut action = Action::direct(kind.clone(), Resource::Path(path.clone()));
            action.origin = Origin::Effect;
            action.why = Some(Cow::Borrowed("the tool's input names this file"));
            actions.push(action);
        }
    }
    actions
}

/// The words of `read_text_file`, `readTextFile` and `read-text-file`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = words.last_mut()
        {
            last.extend(c.to_lowercase());
        }
    }
    words
}

/// Texts below fields that carry paths.
fn collect(value: &Value, named: bool, depth: usize, found: &mut Vec<String>) {
    if found.len() >= NAMES || depth == 0 {
        return;
    }
    match value {
        Value::String(text) if named => found.extend(path(text)),
        Value::Array(values) => values.iter().for_each(|value| collect(value, named, depth - 1, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                collect(value, is_path_field(name), depth - 1, found);
            }
        }
        _ => {}
    }
}

fn is_path_field(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    FIELDS.contains(&plain.as_str())
}

/// The path that a text means, when it can mean one.
fn path(text: &str) -> Option<String> {
    let text = match text.get(..7) {
        Some(start) if start.eq_ignore_ascii_case("file://") => text.get(7..).unwrap_or(""),
        _ => text,
    };
    let fits = !text.is_empty() && text.len() <= LONG && !text.contains('\0') && !text.contains("://");
    fits.then(|| text.to_owned())
}
