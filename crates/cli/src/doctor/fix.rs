//! From findings to changed files.

use std::path::{Path, PathBuf};

use super::Examined;
use super::finding::{Finding, Fix};
use crate::claude_code::{Scope, disable_bypass_mode};
use crate::commands::Session;
use crate::commands::init::{Change, hook_entry, scope_entries};
use crate::failure::Failure;
use crate::file;
use crate::json::{Edit, Style, Tree, apply, remove_members};

/// What `--fix` would do.
pub(crate) struct Repairs {
    /// Files whose text changes.
    pub(crate) changes: Vec<Change>,
    /// Files that lose permission bits.
    pub(crate) modes: Vec<(PathBuf, u32)>,
}

impl Repairs {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.modes.is_empty()
    }
}

/// Works out the repairs of all findings that have one.
///
/// # Errors
/// When a settings file cannot be read or leads out of its scope.
pub(crate) fn repairs(
    session: &Session<'_>,
    world: &Examined<'_>,
    findings: &[Finding],
) -> Result<Repairs, Failure> {
    let mut changes = Vec::new();
    for (scope, path) in targets(world, findings) {
        let real = file::settle(&path, world.claude.root(scope))?;
        let old = file::read(&real)?;
        let base = old.clone().unwrap_or_else(|| Style::default().document(&Tree::Map(Vec::new())));
        let mut text = apply(&base, &edits(world, findings, &path));
        let is_main = world.claude.settings(scope) == path;
        let wants = |wanted: fn(&Fix) -> Option<Scope>| {
            is_main
                && findings
                    .iter()
                    .filter_map(|finding| finding.fix.as_ref())
                    .any(|fix| wanted(fix) == Some(scope))
        };
        if wants(|fix| if let Fix::Install(scope) = fix { Some(*scope) } else { None }) {
            text = scope_entries(&text, &hook_entry(session, scope)?, scope)?;
        }
        if wants(|fix| if let Fix::DisableBypassMode(scope) = fix { Some(*scope) } else { None }) {
            text = disable_bypass_mode(&text)?;
        }
        if old.as_deref() != Some(&text) {
            changes.push(Change { path: real, old, new: Some(text) });
        }
    }
    let modes = findings
        .iter()
        .filter_map(|finding| match (&finding.fix, &finding.path) {
            (Some(Fix::Forbid(bits)), Some(path)) => Some((path.clone(), *bits)),
            _ => None,
        })
        .collect();
    Ok(Repairs { changes, modes })
}

/// The changes of text findings want in one file.
fn edits(world: &Examined<'_>, findings: &[Finding], path: &Path) -> Vec<Edit> {
    let own: Vec<&Fix> = findings
        .iter()
        .filter(|finding| finding.path.as_deref() == Some(path))
        .filter_map(|finding| finding.fix.as_ref())
        .collect();
    let mut edits: Vec<Edit> = own
        .iter()
        .filter_map(|fix| if let Fix::Edit(edit) = fix { Some(edit.clone()) } else { None })
        .collect();
    let removed = |container: &[&str]| -> Vec<usize> {
        own.iter()
            .filter_map(|fix| match fix {
                Fix::Remove { keys, index } if *keys == container => Some(*index),
                _ => None,
            })
            .collect()
    };
    if let Some(file) = world.files.iter().find(|file| file.path == path) {
        for container in [&["hooks"][..], &["env"]] {
            if let Some(map) = file.value(container) {
                edits.extend(remove_members(map, &removed(container)));
            }
        }
    }
    edits
}

/// Settings files some finding wants changed, each once.
fn targets(world: &Examined<'_>, findings: &[Finding]) -> Vec<(Scope, PathBuf)> {
    let scope_of = |path: &Path| world.files.iter().find(|file| file.path == path).map(|file| file.scope);
    let mut targets: Vec<(Scope, PathBuf)> = findings
        .iter()
        .filter_map(|finding| match (finding.fix.as_ref()?, &finding.path) {
            (Fix::Edit(_) | Fix::Remove { .. }, Some(path)) => Some((scope_of(path)?, path.clone())),
            (Fix::Install(scope) | Fix::DisableBypassMode(scope), _) => {
                Some((*scope, world.claude.settings(*scope)))
            }
            _ => None,
        })
        // A file that is no JSON is repaired by nobody but its owner.
        .filter(|(_, path)| !world.files.iter().any(|file| file.path == *path && file.root.is_err()))
        .collect();
    targets.sort();
    targets.dedup();
    targets
}
