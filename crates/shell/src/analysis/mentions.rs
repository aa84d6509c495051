//! Files that a command names which is not understood: without a model, or with an option that is not listed.
//!
//! Nobody knows what it does with them, so they are neither read nor written but mentioned, and rules on what
//! nobody may touch (the gate, credentials) answer to that.

use placet_model::{ActionKind, Arg, Entries, PathCertainty, Reach, Resource};

use super::Machine;
use super::program::Scope;
use super::value::Field;

/// Words of one command that are looked at.
const WORDS: usize = 64;
/// Names asked for to find out whether the file system can be seen at all.
const SOME: usize = 1;

const WHY: &str = "the command names this file, and what it does with it is not known";

impl Machine<'_> {
    /// Notes every file that `words` name: as operand, `--option=PATH`, `-oPATH`, `key=PATH`, `name@PATH`.
    pub(super) fn mentions(&mut self, words: &[Field], scope: &Scope) {
        if self.remote {
            return;
        }
        for word in words.iter().take(WORDS) {
            let start = word.start();
            let value = start.find(['=', '@']).map(|at| word.without(at + 1));
            let attached = start
                .strip_prefix('-')
                .filter(|rest| !rest.starts_with('-'))
                .and_then(|rest| rest.chars().next())
                .map(|letter| word.without(1 + letter.len_utf8()))
                .filter(|rest| rest.start().starts_with(['.', '~', '/']));
            let whole = (!start.starts_with('-')).then_some(word);
            for field in [whole, value.as_ref(), attached.as_ref()].into_iter().flatten() {
                self.mention(field, scope);
            }
        }
    }

    fn mention(&mut self, field: &Field, scope: &Scope) {
        let Some(field) = self.named_file(field) else { return };
        for path in self.paths(&field, Reach::Entry, &scope.dirs) {
            if path.certainty == PathCertainty::Unknown {
                continue;
            }
            let kind = ActionKind::MentionFile;
            self.push_effect(kind, Resource::Path(path), scope.span.as_ref(), WHY);
        }
    }

    /// The word as a path, when it looks like one.
    fn named_file(&self, field: &Field) -> Option<Field> {
        let start = field.start();
        let text = start.strip_prefix("file://").unwrap_or(start);
        if text.is_empty() || text.contains("://") || text.contains([' ', '\'', '"', '{', '\n', '\t']) {
            return None;
        }
        let spelled = text.starts_with(['.', '~', '/']) || text.contains('/');
        match &field.arg {
            Arg::Known(_) if spelled || self.is_there(text) => Some(field.without(start.len() - text.len())),
            Arg::Glob(_) if spelled => Some(field.clone()),
            // Of `.config/$x` the folder is known; only one that is hidden is told from ordinary text.
            Arg::Partly { prefix, .. } => {
                let dir = prefix.rsplit_once('/').map(|(dir, _)| dir)?;
                let hidden = |part: &str| part.starts_with('.') && !part.trim_matches('.').is_empty();
                dir.split('/').any(hidden).then(|| Field::below(format!("{dir}/")))
            }
            _ => None,
        }
    }

    /// Whether a bare name is that of a file; one with a dot may be, where the file system cannot be seen.
    fn is_there(&self, name: &str) -> bool {
        let facts = self.context.facts;
        self.state.dirs.iter().any(|dir| {
            let path = placet_model::path::absolute(name, dir, None);
            facts.kind(&path).is_some()
                || (name.contains('.') && facts.entries(dir, false, SOME) == Entries::Unknown)
        })
    }
}
