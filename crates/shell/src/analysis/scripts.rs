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
        if field.text().is_some_and(|text| text.starts_with("data:")) {
            return self.unknown_code(&shown(&field.arg), scope, "the program is in its address");
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
            if let Some(words) = text.as_deref().and_then(|text| interpreter(text, field)) {
                self.run_by(words, arguments, &path.absolute, made, scope);
                continue;
            }
            let text = text.filter(|text| shell && !text.starts_with("#!") || is_shell(text));
            // Nobody knows what an interpreter makes of a file that is too long or cannot be read as text.
            let read = shell || Language::of(&scope.name).is_some();
            match text {
                Some(text) if self.memory.open.len() < OPEN && !self.memory.open.contains(&path.absolute) => {
                    self.memory.open.push(path.absolute.clone());
                    self.follow(&text, field, arguments, made);
                    self.memory.open.pop();
                }
                Some(_) => self.unknown_code(&shown(&field.arg), scope, "the script starts itself"),
                None if written.is_some() || (made && read) => {
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

    /// A file whose first line names a program that is neither a shell nor an interpreter with a reader: that
    /// program runs, with the file behind its own words.
    fn run_by(&mut self, words: Vec<Field>, arguments: &[Field], path: &str, made: bool, scope: &mut Scope) {
        if self.memory.open.len() >= OPEN || self.memory.open.iter().any(|open| open == path) {
            return self.unknown_code(path, scope, "the program starts itself, or too many others");
        }
        let words: Vec<Field> = words.into_iter().chain(arguments.iter().cloned()).collect();
        let span = scope.span.clone();
        self.memory.open.push(path.to_owned());
        self.through(Piece { label: path.to_owned(), made, recipe: false }, |machine| {
            machine.run(super::simple::Call::new(words, span));
        });
        self.memory.open.pop();
    }

    /// A file that bears the name of a program but was only just made: `./go`.
    pub(super) fn made_program(&mut self, call: &super::simple::Call, scope: &mut Scope) {
        let Some(first) = call.words.first().filter(|word| word.start().contains('/')).cloned() else {
            return;
        };
        let made = self.paths(&first, Reach::Entry, &self.state.dirs).iter().any(|path| {
            self.memory.written(&path.absolute).is_some() || self.context.facts.session_wrote(&path.absolute)
        });
        if made {
            self.run_script(&first, call.words.get(1..).unwrap_or(&[]), false, scope);
        }
    }

    /// A link under another name: the program behind it runs.
    pub(super) fn behind_name(&mut self, call: &super::simple::Call, scope: &mut Scope) {
        let Some(first) = call.words.first().filter(|word| word.start().contains('/')) else { return };
        let name = |path: &str| path.rsplit('/').next().unwrap_or("").to_owned();
        for path in self.paths(first, Reach::Entry, &self.state.dirs) {
            let real = self
                .memory
                .behind_link(&path.absolute)
                .or_else(|| self.context.facts.canonical(&path.absolute))
                .filter(|real| name(real) != name(&path.absolute))
                .filter(|real| crate::programs::program(&name(real), self.context.added).is_some());
            if let Some(real) = real {
                let rest = call.words.iter().skip(1).cloned();
                scope.children.push(super::children::Child::Same {
                    words: std::iter::once(Field::known(real)).chain(rest).collect(),
                    why: "the name is a link to that program",
                });
            }
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

/// The words that the first line of a file puts in front of its name, and the name; `None` where a reader of the
/// file's language knows more.
fn interpreter(text: &str, field: &Field) -> Option<Vec<Field>> {
    let line = text.lines().next()?.strip_prefix("#!")?.trim();
    if is_shell(text) {
        return None;
    }
    let (program, argument) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let name = program.rsplit('/').next().unwrap_or(program);
    // `env` takes the next word for the program.
    let inner = argument.split_ascii_whitespace().find(|word| !word.starts_with('-')).unwrap_or("");
    if name.is_empty() || name == "env" && Language::of(inner).is_some() || Language::of(name).is_some() {
        return None;
    }
    // All behind the program is one word.
    let own = [program, argument.trim()].into_iter().filter(|word| !word.is_empty());
    Some(own.map(Field::known).chain([field.clone()]).collect())
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
