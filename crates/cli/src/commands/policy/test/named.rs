//! An action named by its `verb:object` and a resource, as actions policies can decide.

use placet_model::{Action, ActionKind, Facts, PathCertainty, PathRef, Reach, Resource, UrlRef, path::Base};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::judge::tool_call;
use crate::surroundings::Surroundings;

/// Names a pattern with `*` is tried on: the known ones.
const KNOWN: [&str; 10] = [
    "read:file",
    "write:file",
    "delete:file",
    "execute:shell",
    "read:web_search",
    "read:web_fetch",
    "read:web_browse",
    "send:web",
    "connect:host",
    "invoke:tool",
];

/// Where paths start.
pub(super) struct Ground {
    /// Absolute current directory.
    pub(super) cwd: String,
    /// Absolute project root.
    pub(super) project: String,
    /// Absolute home directory.
    pub(super) home: Option<String>,
}

/// Each alternative an action name stands for, as the actions of one call. A plain name has one; a pattern has
/// one for every action of its form, and one that nobody knows yet.
///
/// # Errors
/// When a name has no `verb:object` form.
pub(super) fn alternatives(
    place: &Surroundings,
    name: &str,
    resource: Option<&str>,
    ground: &Ground,
    facts: &dyn Facts,
) -> Result<Vec<Vec<Action>>, Failure> {
    if name == "*" || name.contains('*') {
        let mut names: Vec<String> =
            KNOWN.iter().filter(|known| placet_like(name, known)).map(|known| (*known).to_owned()).collect();
        names.push(if name == "*" { "any:thing".to_owned() } else { name.replace('*', "any") });
        return names.iter().map(|name| one(place, name, resource, ground, facts)).collect();
    }
    if !name.contains(':') {
        return Err(Failure::arguments(format!("`{name}` is no action")).hint(
            "an action is `verb:object`, for example read:file, write:file, execute:shell, read:web_fetch",
        ));
    }
    Ok(vec![one(place, name, resource, ground, facts)?])
}

fn one(
    place: &Surroundings,
    name: &str,
    resource: Option<&str>,
    ground: &Ground,
    facts: &dyn Facts,
) -> Result<Vec<Action>, Failure> {
    let kind = ActionKind::parse(name);
    let Some(text) = resource else {
        return Ok(vec![Action::direct(kind, Resource::Text(String::new()))]);
    };
    let base = Base { cwd: &ground.cwd, project: &ground.project, home: ground.home.as_deref() };
    let resource = match kind {
        ActionKind::ExecuteShell => {
            let mut call = tool_call(place, "Bash", &json!({ "command": text }), "default", None)?;
            ground.cwd.clone_into(&mut call.cwd);
            ground.project.clone_into(&mut call.project);
            call.home.clone_from(&ground.home);
            return Ok(placet_agents::claude_code::actions(&call, facts));
        }
        ActionKind::ReadFile | ActionKind::WriteFile | ActionKind::DeleteFile | ActionKind::MentionFile => {
            let certainty =
                if text.contains(['*', '?', '[']) { PathCertainty::Glob } else { PathCertainty::Exact };
            Resource::Path(PathRef::new(text, certainty, Reach::Entry, base, facts))
        }
        ActionKind::WebFetch | ActionKind::WebBrowse | ActionKind::WebSend => {
            Resource::Url(UrlRef::parse(text))
        }
        ActionKind::ConnectHost => Resource::Host(Some(text.to_lowercase())),
        _ => Resource::Text(text.to_owned()),
    };
    Ok(vec![Action::direct(kind, resource)])
}

/// The tool that stands for an action, so that `tool:` rules see what they would see in a session.
pub(super) fn tool_of(name: &str) -> &'static str {
    match ActionKind::parse(name) {
        ActionKind::ReadFile => "Read",
        ActionKind::WriteFile | ActionKind::DeleteFile => "Write",
        ActionKind::ExecuteShell | ActionKind::ExecuteUnknown | ActionKind::MentionFile => "Bash",
        ActionKind::WebSearch => "WebSearch",
        ActionKind::WebFetch => "WebFetch",
        _ => "",
    }
}

/// The input such a tool would have.
pub(super) fn input_of(name: &str, resource: Option<&str>) -> Value {
    let Some(text) = resource else { return Value::Null };
    match ActionKind::parse(name) {
        ActionKind::ReadFile | ActionKind::WriteFile | ActionKind::DeleteFile => json!({ "file_path": text }),
        ActionKind::ExecuteShell => json!({ "command": text }),
        ActionKind::WebSearch => json!({ "query": text }),
        ActionKind::WebFetch | ActionKind::WebBrowse | ActionKind::WebSend => json!({ "url": text }),
        _ => Value::Null,
    }
}

/// Whole-text match in which `*` stands for any text.
fn placet_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| placet_like(tail, rest)))
        }),
    }
}
