//! Hooks that git runs on the side of a command.

use std::rc::Rc;

use placet_model::EntryKind;
use placet_model::path::absolute;

use super::super::Machine;
use super::super::options::Parsed;
use super::super::program::Scope;
use super::super::scripts::is_shell;
use super::{Line, folder};

/// Longest configuration that is looked through, in bytes.
const CONFIG_BYTES: usize = 64 * 1024;

/// Hooks of a subcommand; those of the second list are left out by `--no-verify`.
fn hooks(subcommand: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match subcommand {
        "commit" => (&["prepare-commit-msg", "post-commit"], &["pre-commit", "commit-msg"]),
        "merge" | "pull" => (&["prepare-commit-msg", "post-merge"], &["pre-merge-commit", "commit-msg"]),
        "rebase" => (&["pre-rebase", "post-rewrite", "post-checkout"], &[]),
        "push" => (&[], &["pre-push"]),
        "checkout" | "switch" => (&["post-checkout"], &[]),
        "am" => (&["applypatch-msg", "pre-applypatch", "post-applypatch"], &[]),
        _ => (&[], &[]),
    }
}

impl Machine<'_> {
    pub(super) fn git_hooks(&mut self, parsed: &Parsed, scope: &mut Scope) {
        let Some(subcommand) = parsed.subcommand.first() else { return };
        let (always, verified) = hooks(subcommand);
        if always.is_empty() && verified.is_empty() {
            return;
        }
        let verify = !scope.words.iter().any(|word| {
            word.text() == Some("--no-verify") || (subcommand == "commit" && word.text() == Some("-n"))
        });
        let names: Vec<&str> = always.iter().chain(verified.iter().filter(|_| verify)).copied().collect();
        for dir in scope.dirs.clone() {
            if let Some((root, places)) = self.hook_folders(&dir) {
                for place in places {
                    for name in &names {
                        self.hook(&format!("{place}/{name}"), &root, name, scope);
                    }
                }
            }
        }
    }

    /// The top of the work tree around `dir`, and where its hooks lie.
    fn hook_folders(&self, dir: &str) -> Option<(String, Vec<String>)> {
        let facts = self.context.facts;
        let mut root = dir.trim_end_matches('/');
        let git = loop {
            let git = format!("{root}/.git");
            if facts.kind(&git) == Some(EntryKind::Directory) {
                break git;
            }
            root = root.rsplit_once('/')?.0;
        };
        let config = facts.text(&format!("{git}/config"), CONFIG_BYTES).unwrap_or_default();
        let path = config.lines().rev().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            key.trim().eq_ignore_ascii_case("hookspath").then(|| value.trim().trim_matches('"').to_owned())
        });
        let places = match path {
            Some(path) => {
                let place = absolute(&path, root, self.context.home);
                // What husky keeps there starts the file of that name one level up.
                let above = place.strip_suffix("/_").map(str::to_owned);
                [Some(place), above].into_iter().flatten().collect()
            }
            None => vec![format!("{git}/hooks")],
        };
        Some((root.to_owned(), places))
    }

    fn hook(&mut self, path: &str, root: &str, name: &str, scope: &mut Scope) {
        let Some(content) = self.content(path) else { return };
        let shell = |text: &str| is_shell(text) || !text.starts_with("#!");
        match content.text.as_deref().filter(|text| shell(text)) {
            Some(text) => self.recipe_line(Line {
                label: format!("{} ({name})", scope.name),
                id: path.to_owned(),
                made: content.made,
                dir: if root.is_empty() { folder(path) } else { root },
                text,
                arguments: Rc::from([]),
                variables: Vec::new(),
            }),
            None if content.made => {
                self.unknown_code(
                    path,
                    scope,
                    "the hook that runs here was only just written, and it could not be read",
                );
            }
            None => {}
        }
    }
}
