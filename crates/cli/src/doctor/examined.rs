//! What the checks look at: every settings file, read once.

use std::ops::Range;
use std::path::PathBuf;

use super::finding::{Finding, Severity};
use super::version::{self, Version};
use super::voided;
use crate::claude_code::{ClaudeFiles, Handler, HookTable, Reached, Scope, reached};
use crate::failure::Failure;
use crate::json::{Node, SyntaxError, line_and_column, parse};
use crate::surroundings::Surroundings;

/// One settings file that exists.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    /// Whose it is.
    pub(crate) scope: Scope,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its text; empty when it could not be read.
    pub(crate) text: String,
    /// The document, or why there is none.
    pub(crate) root: Result<Node, Unreadable>,
    /// Its hook entries; none when unreadable.
    pub(crate) hooks: HookTable,
}

/// Why a settings file says nothing.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// It is not JSON.
    Syntax(SyntaxError),
    /// It could not be read.
    System(String),
}

impl SettingsFile {
    /// Line of a byte offset.
    pub(crate) fn line(&self, span: &Range<usize>) -> usize {
        line_and_column(&self.text, span.start).0
    }

    /// A finding at a place in this file.
    pub(crate) fn finding(
        &self,
        id: &'static str,
        severity: Severity,
        span: &Range<usize>,
        why: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        Finding::new(id, severity, why, remedy).at(&self.path, Some(self.line(span)))
    }

    /// A value of the document by its keys.
    pub(crate) fn value(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self.root.as_ref().ok()?, |node, key| node.get(key))
    }
}

/// Everything the checks look at.
pub(crate) struct Examined<'a> {
    /// Where the command runs.
    pub(crate) place: &'a Surroundings,
    /// Claude Code's folders.
    pub(crate) claude: ClaudeFiles,
    /// Settings files that exist, in the host's order.
    pub(crate) files: Vec<SettingsFile>,
    /// Version of Claude Code, when it could be found out.
    pub(crate) version: Option<Version>,
}

impl<'a> Examined<'a> {
    /// Reads everything.
    ///
    /// # Errors
    /// When there is no home directory to look in.
    pub(crate) fn read(place: &'a Surroundings) -> Result<Self, Failure> {
        let claude = place.claude_files()?;
        let files = claude
            .all()
            .into_iter()
            .filter(|(_, path)| path.symlink_metadata().is_ok())
            .map(|(scope, path)| read_settings(scope, path))
            .collect();
        Ok(Self { place, claude, files, version: version::find() })
    }

    /// Handlers in files that Claude Code does use, with their file. Those below dead keys are left out.
    pub(crate) fn handlers(&self) -> impl Iterator<Item = (&SettingsFile, &Handler)> {
        let managed_only = self.managed_hooks_only();
        self.files
            .iter()
            .filter(move |file| !managed_only || file.scope == Scope::Managed)
            .flat_map(|file| file.hooks.handlers.iter().map(move |handler| (file, handler)))
            .filter(|(_, handler)| crate::claude_code::is_event(&handler.event))
    }

    /// Handlers of one event.
    pub(crate) fn on(&self, event: &'static str) -> impl Iterator<Item = (&SettingsFile, &Handler)> {
        self.handlers().filter(move |(_, handler)| handler.event == event)
    }

    /// Whether only the administrator's hooks run.
    pub(crate) fn managed_hooks_only(&self) -> bool {
        let managed = |file: &&SettingsFile| file.scope == Scope::Managed;
        self.files
            .iter()
            .filter(managed)
            .any(|file| file.value(&["allowManagedHooksOnly"]).is_some_and(Node::is_true))
    }

    /// Whether every tool call reaches a Placet hook that blocks when it fails. What other hooks do wrong is
    /// then no way past the gate.
    pub(crate) fn is_guarded(&self) -> bool {
        self.on("PreToolUse").any(|(file, handler)| self.is_sound(file, handler))
    }

    fn is_sound(&self, file: &SettingsFile, handler: &Handler) -> bool {
        let matcher = handler.matcher.as_ref().map(|(text, _)| text.as_str());
        let filtered = ["if", "async", "asyncRewake"].iter().any(|key| handler.node.get(key).is_some());
        handler.is_ours()
            && handler.blocks_on_failure()
            && reached(matcher) == Reached::All
            && !filtered
            && !voided::voids(file)
    }
}

fn read_settings(scope: Scope, path: PathBuf) -> SettingsFile {
    let (text, root) = match crate::file::read(&path) {
        Ok(text) => {
            let text = text.unwrap_or_default();
            let root = parse(&text).map_err(Unreadable::Syntax);
            (text, root)
        }
        Err(error) => (String::new(), Err(Unreadable::System(error.to_string()))),
    };
    let hooks = root.as_ref().map(HookTable::read).unwrap_or_default();
    SettingsFile { scope, path, text, root, hooks }
}
