//! Files that are run: followed when they hold shell text, unknown when this very text made them.

use std::rc::Rc;

use placet_model::{PathCertainty, Reach};

use super::Machine;
use super::follow::Piece;
use super::interpreters::Language;
use super::paths::shown;
use super::program::Scope;
use super::value::Field;
use crate::programs::does_bit;

/// Longest script that is read.
const SCRIPT_BYTES: usize = 64 * 1024;
/// Scripts in scripts that are followed.
const OPEN: usize = 6;

impl Machine<'_> {
    /// Follows the script `field` with its arguments. `shell` says that a shell runs it whatever its first
    /// line says.
    pub(super) fn run_script(&mut self, field: &Field, arguments: &[Field], shell: bool, scope: &mut Scope) {
        if self.remote {
            return;
        }
        if field.text().is_some_and(|text| text.starts_with("/dev/fd/")) {
            return self.run_process(arguments, shell, scope);
        }
        if field.text().is_none()
            && let Some(text) =
                self.memory.written_partly(&shown(&field.arg)).filter(|text| shell || is_shell(text))
        {
            self.unknown_code(&shown(&field.arg), scope, "the file that runs here was only just written");
            self.follow(&text, field, arguments, true);
        }
        for path in self.paths(field, Reach::Entry, &scope.dirs) {
            if path.certainty != PathCertainty::Exact {
                continue;
            }
            let written = self.memory.written(&path.absolute);
            let made = written.is_some() || self.context.facts.session_wrote(&path.absolute);
            let text = match &written {
                Some(text) => text.as_deref().map(str::to_owned),
                None => self.context.facts.text(&path.absolute, SCRIPT_BYTES),
            };
            let language = |text: &String| Language::of_file(&scope.name, &path.absolute, text);
            if let Some((text, language)) = text.as_ref().and_then(|text| Some((text, language(text)?))) {
                if self.memory.open.len() < OPEN && !self.memory.open.contains(&path.absolute) {
                    self.memory.open.push(path.absolute.clone());
                    self.follow_code(language, text, field, &path.absolute, made, scope);
                    self.memory.open.pop();
                } else {
                    self.unknown_code(
                        &shown(&field.arg),
                        scope,
                        "the program starts itself, or too many others",
                    );
                }
                continue;
            }
            let text = text.filter(|text| shell && !text.starts_with("#!") || is_shell(text));
            match text {
                Some(text) if self.memory.open.len() < OPEN && !self.memory.open.contains(&path.absolute) => {
                    self.memory.open.push(path.absolute.clone());
                    self.follow(&text, field, arguments, made);
                    self.memory.open.pop();
                }
                Some(_) => self.unknown_code(&shown(&field.arg), scope, "the script starts itself"),
                None if written.is_some() || (made && shell) => {
                    self.unknown_code(
                        &shown(&field.arg),
                        scope,
                        "the file that runs here was only just written, and its text is not known",
                    );
                }
                None => {}
            }
        }
    }

    /// A file that bears the name of a program but was only just made: `./go`.
    pub(super) fn made_program(&mut self, call: &super::simple::Call, scope: &mut Scope) {
        let Some(first) = call.words.first().filter(|word| word.start().contains('/')).cloned() else {
            return;
        };
        let made = self
            .paths(&first, Reach::Entry, &self.state.dirs)
            .iter()
            .any(|path| self.memory.written(&path.absolute).is_some());
        if made {
            self.run_script(&first, call.words.get(1..).unwrap_or(&[]), false, scope);
        }
    }

    /// `bash <(…)`: what the commands in it print is run.
    pub(super) fn run_process(&mut self, arguments: &[Field], shell: bool, scope: &mut Scope) {
        match self.process_text.clone().flatten() {
            Some(text) if shell => self.follow(&text, &Field::known("/dev/fd/63"), arguments, true),
            _ => self.unknown_code("/dev/fd/63", scope, "what other commands print is run"),
        }
    }

    /// Analyses a script.
    fn follow(&mut self, text: &str, field: &Field, arguments: &[Field], made: bool) {
        let label = field.text().unwrap_or("script").to_owned();
        let arguments: Rc<[Field]> = Rc::from(arguments);
        self.through(Piece { label, made, recipe: false }, |machine| {
            machine.state.zero = Some(field.clone());
            machine.text(text, true, Some(arguments));
        });
    }

    /// A build, an installation or an interpreter behind something that was fetched in the same text.
    pub(super) fn unread_code(
        &mut self,
        name: &str,
        does: u32,
        text: &str,
        span: Option<&placet_model::Span>,
    ) {
        use placet_model::Does::{Build, Execute, Install};
        let runs = does & (does_bit(Build) | does_bit(Execute) | does_bit(Install)) != 0;
        if !runs || self.remote {
            return;
        }
        let files = ["Taskfile.yml", "Taskfile.yaml"];
        if self.memory.fetched {
            self.push_unknown(text, span.cloned(), "what was only just fetched would run unread");
        } else if name == "task" && self.memory.wrote_named(&files) {
            self.push_unknown(text, span.cloned(), "the recipe that runs here was only just written");
        }
    }
}

/// Whether the first line says that a shell of the Bourne family runs the file.
pub(super) fn is_shell(text: &str) -> bool {
    let Some(line) = text.lines().next().and_then(|line| line.strip_prefix("#!")) else { return false };
    let mut words = line.split_ascii_whitespace();
    let first = words.next().unwrap_or("");
    let name = |word: &str| word.rsplit('/').next().unwrap_or("").to_owned();
    let program = if name(first) == "env" {
        words.find(|word| !word.starts_with('-')).map(name)
    } else {
        Some(name(first))
    };
    program.is_some_and(|program| {
        matches!(program.as_str(), "sh" | "bash" | "dash" | "ash" | "ksh" | "mksh" | "zsh")
    })
}
