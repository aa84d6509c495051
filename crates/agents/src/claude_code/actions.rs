//! Tool calls to actions: what each tool of the host stands for.

use std::borrow::Cow;

use placet_model::path::{Base, through_links};
use placet_model::{Action, ActionKind, Facts, PathCertainty, PathRef, Reach, Resource, ToolCall, UrlRef};

use super::globs::{self, GlobReach};
use super::{bash, fields, mcp};

/// What a tool call would do. Never empty: a tool without a meaning of its own is `invoke:<tool>` on its
/// whole input.
pub fn actions(call: &ToolCall, facts: &dyn Facts) -> Vec<Action> {
    let text = |names: &[&str]| fields::optional(&call.input, names).ok().flatten();
    let one = |action: Action| vec![action];
    match call.tool.as_str() {
        "Bash" => bash::actions(call, facts),
        "Read" => files(call, &ActionKind::ReadFile, text(fields::FILE), facts),
        "NotebookRead" => files(call, &ActionKind::ReadFile, text(fields::NOTEBOOK), facts),
        "Write" | "Edit" | "MultiEdit" => files(call, &ActionKind::WriteFile, text(fields::FILE), facts),
        "NotebookEdit" => files(call, &ActionKind::WriteFile, text(fields::NOTEBOOK), facts),
        "LS" => files(call, &ActionKind::ReadFile, text(&["path"]).or(Some(".")), facts),
        "Grep" => {
            let mut action = tree(call, text(&["path"]).unwrap_or("."), text(&["pattern"]), facts);
            if let Resource::Path(path) = &mut action.resource {
                path.endings = text(&["glob"])
                    .and_then(|glob| placet_model::path::endings(glob, true))
                    .unwrap_or_default();
            }
            one(action)
        }
        "Glob" => one(glob(call, facts)),
        "WebFetch" => {
            let target = text(&["url"]).unwrap_or_default();
            // A local file by another name.
            match target
                .get(..7)
                .filter(|start| start.eq_ignore_ascii_case("file://"))
                .and_then(|_| target.get(7..))
            {
                Some(path) => vec![
                    url(ActionKind::WebFetch, target),
                    file(
                        call,
                        ActionKind::ReadFile,
                        Some(path.strip_prefix("localhost").unwrap_or(path)),
                        facts,
                    ),
                ],
                None => one(url(ActionKind::WebFetch, target)),
            }
        }
        "WebSearch" => {
            let query = text(&["query"]).unwrap_or_default();
            one(Action::direct(ActionKind::WebSearch, Resource::Text(query.to_owned())))
        }
        "browser" => one(match text(fields::BROWSER) {
            Some(target) => url(ActionKind::WebBrowse, target),
            None => Action::direct(
                ActionKind::WebBrowse,
                Resource::Text(text(&["action"]).unwrap_or_default().to_owned()),
            ),
        }),
        tool => invoked(tool, call, facts),
    }
}

/// A tool without a meaning of its own; a text in its field `command` is run by somebody.
fn invoked(tool: &str, call: &ToolCall, facts: &dyn Facts) -> Vec<Action> {
    let mut actions =
        vec![Action::direct(ActionKind::Invoke(tool.to_owned()), Resource::Text(call.input.to_string()))];
    let shell = tool.to_ascii_lowercase();
    if shell.contains("powershell") || shell == "pwsh" || shell == "cmd" {
        actions.extend(bash::other_shell(call, facts));
    } else if call.input.get("command").is_some_and(|command| !command.is_null()) {
        actions.extend(bash::actions(call, facts));
    }
    if mcp::is_foreign(tool) {
        actions.extend(mcp::files(call, facts));
    }
    actions
}

fn base(call: &ToolCall) -> Base<'_> {
    Base { cwd: &call.cwd, project: &call.project, home: call.home.as_deref() }
}

/// An action on one file; on two where the path has a `..` behind a link, which the host may resolve by the text
/// or leave to the kernel.
fn files(call: &ToolCall, kind: &ActionKind, path: Option<&str>, facts: &dyn Facts) -> Vec<Action> {
    let first = file(call, kind.clone(), path, facts);
    let other = path.and_then(|path| through_links(path, base(call), facts));
    if let Some(other) = other {
        let mut second = file(call, kind.clone(), Some(&other), facts);
        if let (Resource::Path(by_text), Resource::Path(by_links)) = (&first.resource, &mut second.resource)
            && by_text.absolute != by_links.absolute
            && by_text.resolved.as_ref() != Some(&by_links.absolute)
        {
            by_links.raw.clone_from(&by_text.raw);
            return vec![first, second];
        }
    }
    vec![first]
}

/// An action on one file. A path that cannot be read is one of which nothing is known.
fn file(call: &ToolCall, kind: ActionKind, path: Option<&str>, facts: &dyn Facts) -> Action {
    let path = match path {
        Some(path) => PathRef::new(path, PathCertainty::Exact, Reach::Entry, base(call), facts),
        None => PathRef::unknown("", Reach::Entry),
    };
    Action::direct(kind, Resource::Path(path))
}

/// Reading below `path`. Whether it is a single file is not asked: between question and search it could
/// become a directory, and a tree of one file is judged the same.
fn tree(call: &ToolCall, path: &str, pattern: Option<&str>, facts: &dyn Facts) -> Action {
    let path = PathRef::new(path, PathCertainty::Exact, Reach::Tree, base(call), facts);
    let mut action = Action::direct(ActionKind::ReadFile, Resource::Path(path));
    action.why = pattern.map(searched);
    action
}

fn glob(call: &ToolCall, facts: &dyn Facts) -> Action {
    let text = |name: &str| fields::optional(&call.input, &[name]).ok().flatten();
    let pattern = text("pattern").unwrap_or_default();
    let start = text("path").unwrap_or(".");
    match globs::reach(pattern) {
        GlobReach::Below(prefix) if prefix.starts_with('/') || prefix.starts_with('~') => {
            tree(call, &prefix, Some(pattern), facts)
        }
        GlobReach::Below(prefix) if prefix.is_empty() => tree(call, start, Some(pattern), facts),
        GlobReach::Below(prefix) => tree(call, &format!("{start}/{prefix}"), Some(pattern), facts),
        GlobReach::Anywhere => {
            let mut action =
                Action::direct(ActionKind::ReadFile, Resource::Path(PathRef::unknown(pattern, Reach::Tree)));
            action.why = Some(searched(pattern));
            action
        }
    }
}

fn searched(pattern: &str) -> Cow<'static, str> {
    let shown: String = pattern.chars().take(120).collect();
    Cow::Owned(format!("searches for `{shown}`"))
}

/// An action on an address. The host's web tools speak HTTP only; what another scheme would reach is not known.
fn url(kind: ActionKind, text: &str) -> Action {
    let mut url = UrlRef::parse(text);
    if !url.is_http() {
        url.host = None;
    }
    Action::direct(kind, Resource::Url(url))
}
