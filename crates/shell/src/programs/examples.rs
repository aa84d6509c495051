//! The examples of a model: lines and what they must come to.

use std::fmt;

use placet_model::{
    Action, ActionKind, Entries, EntryKind, Facts, LibraryId, PathCertainty, PathRef, Reach, Resource,
};

use super::library::ProgramModel;
use super::schema::Example;
use crate::{Context, analyse};

/// An example that does not come to what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleMismatch {
    /// The line.
    pub line: String,
    /// Key of the example, what the analysis found, and what the example wants.
    pub differences: Vec<(&'static str, String, String)>,
}

impl fmt::Display for ExampleMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.line)?;
        for (key, got, want) in &self.differences {
            write!(f, "\n  {key}: found {got}, the example says {want}")?;
        }
        Ok(())
    }
}

/// Runs the examples of `model` with the models of `library` and tells which differ. They are analysed in
/// folder `/p`, which is the project, for user `dev` with home `/home/dev`.
pub fn check_examples(model: &ProgramModel, library: LibraryId) -> Vec<ExampleMismatch> {
    model.examples().iter().filter_map(|example| check(example, library)).collect()
}

fn check(example: &Example, library: LibraryId) -> Option<ExampleMismatch> {
    let context =
        Context { cwd: "/p", project: "/p", home: Some("/home/dev"), facts: &Machine, added: library };
    let actions = analyse(&example.line, &context).actions;
    let commands: Vec<_> = actions
        .iter()
        .filter_map(|action| match &action.resource {
            Resource::Command(command) => Some(command),
            _ => None,
        })
        .collect();
    let mut differences = Vec::new();
    let mut compare = |key: &'static str, got: Vec<String>, want: &[String]| {
        let mut want = want.to_vec();
        if key != "runs" {
            want.sort();
        }
        if got != want {
            differences.push((key, format!("{got:?}"), format!("{want:?}")));
        }
    };
    let mut does: Vec<String> = commands
        .first()
        .iter()
        .flat_map(|command| command.does.iter().map(|does| does.name().to_owned()))
        .collect();
    does.sort();
    compare("does", does, &example.does);
    compare("reads", gather(&actions, &ActionKind::ReadFile), &example.reads);
    compare("writes", gather(&actions, &ActionKind::WriteFile), &example.writes);
    compare("deletes", gather(&actions, &ActionKind::DeleteFile), &example.deletes);
    compare("hosts", gather(&actions, &ActionKind::ConnectHost), &example.hosts);
    compare("urls", gather(&actions, &ActionKind::WebFetch), &example.urls);
    compare("sends", gather(&actions, &ActionKind::WebSend), &example.sends);
    compare("runs", commands.iter().skip(1).map(|command| command.text.clone()).collect(), &example.runs);
    let unknown = actions.iter().any(|action| action.kind == ActionKind::ExecuteUnknown);
    let understood = commands.first().is_some_and(|command| command.understood);
    for (key, got, want) in
        [("unknown", unknown, example.unknown), ("understood", understood, example.understood != Some(false))]
    {
        if got != want {
            differences.push((key, got.to_string(), want.to_string()));
        }
    }
    (!differences.is_empty()).then(|| ExampleMismatch { line: example.line.clone(), differences })
}

fn gather(actions: &[Action], kind: &ActionKind) -> Vec<String> {
    let mut list: Vec<String> = actions
        .iter()
        .filter(|action| action.kind == *kind)
        .map(|action| match &action.resource {
            Resource::Path(path) => shown(path),
            Resource::Host(host) => host.clone().unwrap_or_else(|| "?".to_owned()),
            other => other.text().into_owned(),
        })
        .collect();
    list.sort();
    list.dedup();
    list
}

/// A path as examples write it.
fn shown(path: &PathRef) -> String {
    let shown = match path.absolute.strip_prefix("/p/") {
        _ if path.certainty == PathCertainty::Unknown => return "?".to_owned(),
        Some(rest) => rest.to_owned(),
        None if path.absolute == "/p" => ".".to_owned(),
        None => path.absolute.clone(),
    };
    let under = if path.certainty == PathCertainty::Under { "/?" } else { "" };
    let tree = if path.reach == Reach::Tree { "/**" } else { "" };
    if under.is_empty() && tree.is_empty() {
        return shown;
    }
    format!("{}{under}{tree}", shown.trim_end_matches('/'))
}

/// The machine on which examples are analysed.
struct Machine;

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
