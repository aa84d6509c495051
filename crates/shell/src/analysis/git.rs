//! What git reads without saying so: files of other revisions, settings of the repository it finds itself in.

use std::rc::Rc;

use placet_model::path::{absolute, relative_to};
use placet_model::{ActionKind, Arg, Entries, EntryKind, Reach};

use super::Machine;
use super::options::Parsed;
use super::program::Scope;
use super::value::Field;

/// Longest configuration of a repository that is looked through.
const CONFIG_BYTES: usize = 64 * 1024;
/// Parts of keys in a repository's configuration that name programs or other files.
const RUNS: &[&str] = &[
    "fsmonitor",
    "pager",
    "sshcommand",
    "hookspath",
    "textconv",
    "external",
    "command",
    "filter",
    "clean",
    "smudge",
    "process",
    "editor",
    "helper",
    "program",
    "include",
    "alias",
    "askpass",
    "proxy",
    "worktree",
    "attributesfile",
    "driver",
    "cmd",
    "uploadpack",
    "receivepack",
    "hook",
    "insteadof",
    "vcs",
    "ext::",
];
/// Subcommands that take no settings from the repository around them.
const APART: &[&str] = &["clone", "init", "version", "help"];

impl Machine<'_> {
    /// A revision, `revision:path` or path: what lies under the path is printed.
    pub(super) fn git_object(&mut self, field: &Field, scope: &mut Scope) {
        if scope.behind {
            return self.git_path(&pathspec(field), scope);
        }
        let text = field.start();
        if let Some(colon) = colon(text) {
            let mut path = field.without(colon + 1);
            if colon == 0 {
                if text.starts_with(":/") {
                    return;
                }
                if text.starts_with([':'])
                    && text.get(1..).is_some_and(|rest| rest.starts_with(['(', '!', '^']))
                {
                    return self.git_path(&pathspec(field), scope);
                }
                // `:0:path` is a stage, `:name:path` a function of `-L`.
                if let Some((front, _)) = path.start().split_once(':') {
                    path = path.without(front.len() + 1);
                }
            }
            if !path.start().starts_with("//") {
                self.git_stored(&path, scope);
            }
            return;
        }
        if let Arg::Partly { suffix, .. } = &field.arg {
            // `$REVISION:path`
            if let Some((_, path)) = suffix.rsplit_once(':') {
                self.git_stored(&Field::known(path), scope);
            }
            return;
        }
        let spelled =
            text.starts_with("../") || (text.starts_with(['.', '/', '~']) && !text.starts_with(".."));
        let found = || {
            let known = field.text().unwrap_or("");
            scope
                .dirs
                .iter()
                .any(|dir| self.context.facts.kind(&absolute(known, dir, None)) == Some(EntryKind::File))
        };
        if spelled || matches!(field.arg, Arg::Glob(_)) || found() {
            self.git_path(field, scope);
        }
    }

    fn git_path(&mut self, field: &Field, scope: &mut Scope) {
        if !field.start().is_empty() || field.text().is_none() {
            self.path_effect(ActionKind::ReadFile, field, Reach::Entry, scope);
        }
    }

    /// A path in a revision: from the top of the repository unless it starts with a dot.
    fn git_stored(&mut self, field: &Field, scope: &mut Scope) {
        if field.text() == Some("") {
            return;
        }
        let here = std::mem::take(&mut scope.dirs);
        let inside = here.iter().all(|dir| relative_to(dir, self.context.project).is_some());
        let top = inside && !field.start().starts_with("./") && !field.start().starts_with("../");
        scope.dirs = if top { vec![Rc::from(self.context.project)] } else { here.clone() };
        self.git_path(field, scope);
        scope.dirs = here;
    }

    /// Git runs what the settings of a repository name. Those of the project are watched; others are looked at.
    pub(super) fn repository_at(&mut self, parsed: &Parsed, scope: &mut Scope) {
        let git = scope.name == "git" || scope.name.starts_with("git ");
        let apart = parsed.subcommand.first().is_none_or(|word| APART.contains(&word.as_str()));
        if !git || apart || self.remote {
            return;
        }
        if scope.dirs.is_empty() {
            return self.unknown_code("git", scope, "the repository whose settings git follows is not known");
        }
        for dir in scope.dirs.clone() {
            if !self.is_quiet_repository(&dir) {
                let why = "the settings of a repository that is not the project's may run programs";
                self.unknown_code(&dir, scope, why);
            }
        }
    }

    /// Whether the repository that git finds from `dir` is the project's, or certainly runs nothing.
    fn is_quiet_repository(&self, dir: &str) -> bool {
        let (project, facts) = (self.context.project, self.context.facts);
        if dir == project {
            return true;
        }
        let real = facts.canonical(dir).unwrap_or_else(|| dir.to_owned());
        let root = facts.canonical(project).unwrap_or_else(|| project.to_owned());
        let mut level = real.as_str();
        loop {
            if level == root || level == format!("{root}/.git") {
                return true;
            }
            // What the text copied or unpacked here is not known.
            if self.memory.placed && (self.memory.written(level).is_some() || facts.kind(level).is_none()) {
                return false;
            }
            let git = format!("{}/.git", level.trim_end_matches('/'));
            match facts.kind(&git) {
                Some(EntryKind::Directory) => return self.is_quiet_config(&git),
                Some(_) => return self.is_submodule(&git, level, &root),
                None => {}
            }
            let bare = |name: &str| {
                let file = format!("{}/{name}", level.trim_end_matches('/'));
                facts.kind(&file).is_some() || self.memory.written(&file).is_some()
            };
            if bare("HEAD") && (bare("config") || bare("objects")) {
                return self.is_quiet_config(level);
            }
            match level.rsplit_once('/') {
                Some((parent, _)) if !parent.is_empty() => level = parent,
                _ => break,
            }
        }
        // There is no repository, or nothing is known of the folder.
        let there = facts.kind(&real) == Some(EntryKind::Directory);
        there || relative_to(&real, &root).is_some()
    }

    /// Whether the configuration in a repository's folder names no program, and it has no hooks.
    fn is_quiet_config(&self, git: &str) -> bool {
        let config = format!("{git}/config");
        let facts = self.context.facts;
        let touched = |name: &str| {
            let file = format!("{git}/{name}");
            facts.session_wrote(&file) || self.memory.written(&file).is_some()
        };
        if touched("config") || touched("HEAD") || touched("info/attributes") {
            return false;
        }
        let Some(text) = facts.text(&config, CONFIG_BYTES) else { return false };
        let text = text.to_ascii_lowercase();
        let hooks = match facts.entries(&format!("{git}/hooks"), false, 256) {
            Entries::All(names) => names.iter().any(|name| !name.ends_with(".sample")),
            Entries::TooMany => true,
            Entries::Unknown => facts.kind(&format!("{git}/hooks")).is_some(),
        };
        !hooks && !RUNS.iter().any(|word| text.contains(word))
    }

    /// A `.git` file that points into the project's own repository.
    fn is_submodule(&self, file: &str, level: &str, root: &str) -> bool {
        let text = self.context.facts.text(file, CONFIG_BYTES).unwrap_or_default();
        let target = text.trim().strip_prefix("gitdir:").map(|path| absolute(path.trim(), level, None));
        target.is_some_and(|path| relative_to(&path, &format!("{root}/.git")).is_some())
            && !self.context.facts.session_wrote(file)
            && self.memory.written(file).is_none()
    }
}

/// The colon between revision and path, outside of `^{/…}` and `@{…}`.
fn colon(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => return Some(at),
            _ => {}
        }
        None
    })
}

/// A pathspec as a path: without its magic, as a pattern when it is one; empty when it leaves files out.
fn pathspec(field: &Field) -> Field {
    let text = field.start();
    let field = match text.strip_prefix(':') {
        Some(rest) if rest.starts_with(['!', '^']) || rest.starts_with("(exclude)") => Field::known(""),
        Some(rest) if rest.starts_with('(') => match text.find(')') {
            Some(end) => field.without(end + 1),
            None => field.clone(),
        },
        Some(rest) => field.without(text.len() - rest.trim_start_matches('/').len()),
        None => field.clone(),
    };
    match &field.arg {
        Arg::Known(text) if text.contains(['*', '?', '[']) => Field { arg: Arg::Glob(text.clone()), ..field },
        _ => field,
    }
}
