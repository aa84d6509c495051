//! The command history of the shell, which reads and writes files.

use placet_model::{ActionKind, Arg, Reach, Resource};

use super::Machine;
use super::simple::Call;
use super::value::{Field, Value};

impl Machine<'_> {
    /// `history -w FILE` writes what `history -s` put into the list, `-r` makes the list of a file's lines.
    pub(super) fn history(&mut self, words: &[Field], call: &Call) {
        let (mut reads, mut writes, mut adds) = (false, false, false);
        let mut file = None;
        for word in words {
            let start = word.start();
            if file.is_none() && start.starts_with('-') && start.len() > 1 {
                reads |= start.contains(['r', 'n']);
                writes |= start.contains(['a', 'w']);
                adds |= start.contains(['s', 'p']);
            } else if file.is_none() {
                reads |= word.could_be_option();
                writes |= word.could_be_option();
                file = Some(word.clone());
            }
        }
        if adds {
            // What is expanded or remembered is text.
            return;
        }
        let file = file.unwrap_or_else(|| match self.variable("HISTFILE") {
            Value::Unset => Field::known(""),
            // A shell that nobody types at has none.
            _ if self.state.assigned("HISTFILE").is_none() => Field::known(""),
            Value::Known(path) => Field::known(&*path),
            _ => Field::unknown(false),
        });
        for (kind, done) in [(ActionKind::ReadFile, reads), (ActionKind::WriteFile, writes)] {
            if done {
                self.history_effect(&kind, &file, call.span.as_ref(), "the command history is kept there");
            }
        }
    }

    /// A shell writes its history to the file that `HISTFILE` names when it ends.
    pub(super) fn history_file(&mut self, name: &str, value: &Value) {
        if name != "HISTFILE" {
            return;
        }
        let file = match value {
            Value::Unset => return,
            Value::Known(path) => Field::known(&**path),
            Value::Partly { prefix, suffix, safe } => Field {
                arg: Arg::Partly { prefix: prefix.to_string(), suffix: suffix.to_string() },
                safe: *safe,
                ..Field::unknown(false)
            },
            _ => Field::unknown(false),
        };
        self.history_effect(&ActionKind::WriteFile, &file, None, "the shell keeps its history there");
    }

    fn history_effect(
        &mut self,
        kind: &ActionKind,
        file: &Field,
        span: Option<&placet_model::Span>,
        why: &'static str,
    ) {
        if self.remote {
            return;
        }
        for path in self.paths(file, Reach::Entry, &self.state.dirs) {
            self.push_effect(kind.clone(), Resource::Path(path), span, why);
        }
    }
}
