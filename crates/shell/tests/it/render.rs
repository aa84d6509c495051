//! Actions as short text, for tables.

use placet_model::{
    Action, ActionKind, Entries, EntryKind, Facts, LibraryId, PathCertainty, PathRef, Reach, Resource,
};
use placet_shell::{Context, analyse};

/// A machine with user `dev`, home `/home/dev`, project `/p`.
pub(crate) struct Machine;

impl Facts for Machine {
    fn variable(&self, name: &str) -> Option<String> {
        match name {
            "HOME" => Some("/home/dev".to_owned()),
            "USER" => Some("dev".to_owned()),
            "PATH" => Some("/usr/local/bin:/usr/bin:/bin".to_owned()),
            _ => None,
        }
    }
    fn canonical(&self, _path: &str) -> Option<String> {
        None
    }
    fn kind(&self, path: &str) -> Option<EntryKind> {
        matches!(path, "/p" | "/p/src" | "/p/sub" | "/tmp" | "/home/dev" | "/")
            .then_some(EntryKind::Directory)
    }
    fn text(&self, path: &str, _limit_bytes: usize) -> Option<String> {
        (path == "/p/env.sh").then(|| "export MODE=x\ncd sub\n".to_owned())
    }
    fn entries(&self, _path: &str, _deep: bool, _limit: usize) -> Entries {
        Entries::Unknown
    }
}

pub(crate) fn actions(line: &str) -> Vec<Action> {
    let context = Context {
        cwd: "/p",
        project: "/p",
        home: Some("/home/dev"),
        facts: &Machine,
        added: LibraryId::NONE,
    };
    analyse(line, &context).actions
}

/// A path as the examples of the program models write it.
pub(crate) fn path(path: &PathRef) -> String {
    let shown = match path.absolute.strip_prefix("/p/") {
        _ if path.certainty == PathCertainty::Unknown => return "?".to_owned(),
        Some(rest) => rest.to_owned(),
        None if path.absolute == "/p" => ".".to_owned(),
        None => path.absolute.clone(),
    };
    let shown = if path.certainty == PathCertainty::Under {
        format!("{}/?", shown.trim_end_matches('/'))
    } else {
        shown
    };
    match path.reach {
        Reach::Tree => format!("{}/**", shown.trim_end_matches('/')),
        Reach::Entry => shown,
    }
}

/// One action on one line, without what most tests do not look at.
pub(crate) fn action(action: &Action) -> String {
    let chain =
        if action.chain.is_empty() { String::new() } else { format!("[{}] ", action.chain.join(">")) };
    let body = match (&action.kind, &action.resource) {
        (ActionKind::ExecuteShell, Resource::Command(command)) => format!("run {}", command.text),
        (ActionKind::ExecuteUnknown, _) => "unknown".to_owned(),
        (ActionKind::ReadFile, Resource::Path(found)) => format!("read {}", path(found)),
        (ActionKind::WriteFile, Resource::Path(found)) => format!("write {}", path(found)),
        (ActionKind::DeleteFile, Resource::Path(found)) => format!("delete {}", path(found)),
        (ActionKind::MentionFile, Resource::Path(found)) => format!("mention {}", path(found)),
        (ActionKind::ConnectHost, Resource::Host(host)) => {
            format!("connect {}", host.as_deref().unwrap_or("?"))
        }
        (ActionKind::WebFetch, Resource::Url(url)) => format!("fetch {}", url.raw),
        (ActionKind::WebSend, Resource::Url(url)) => format!("send {}", url.raw),
        (kind, resource) => format!("{} {}", kind.name(), resource.text()),
    };
    chain + &body
}

/// All actions, joined by `; `.
pub(crate) fn line(text: &str) -> String {
    actions(text).iter().map(action).collect::<Vec<_>>().join(" ; ")
}
