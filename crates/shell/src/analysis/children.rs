//! Commands that a command runs: `sudo rm x`, `find -exec`, `bash -c`, equivalents.

use std::rc::Rc;

use placet_model::Arg;

use super::emit::line;
use super::paths::shown;
use super::program::Scope;
use super::simple::Call;
use super::value::Field;
use super::{Machine, Stdin};
use crate::programs::{Role, does_bit};

/// Values that a placeholder is replaced with one by one.
const PLACED: usize = 16;
/// Longest script that is read for `source`.
const SCRIPT_BYTES: usize = 64 * 1024;

/// Something a command runs.
pub(super) enum Child {
    /// Words of a command.
    Words { role: Role, words: Vec<Field>, label: String },
    /// A text for a shell.
    Text { role: Role, text: Field, label: String },
    /// `find -exec`.
    Exec { words: Vec<Field>, label: String },
    /// A command with the same effect.
    Same { words: Vec<Field>, why: &'static str },
    /// A program file that is run.
    Script { field: Field, arguments: Vec<Field>, shell: bool },
    /// A file that this shell reads.
    Source(Field),
    /// A program text in a language that is read.
    Code(super::interpreters::Code),
    /// Value of a git alias.
    GitAlias(Field),
}

impl Machine<'_> {
    pub(super) fn children(&mut self, at: usize, mut scope: Scope, call: &Call) {
        let children = std::mem::take(&mut scope.children);
        if children.is_empty() {
            return;
        }
        let arguments = std::mem::take(&mut scope.arguments);
        let failed = self.failed.take();
        for child in children {
            match child {
                Child::Words { role, words, label } => {
                    let aside = label.starts_with("git ");
                    let first = self.actions.len();
                    self.child_words(role, words, label, &scope, call);
                    if aside {
                        self.strangers(first, &line(&call.words));
                    }
                }
                Child::Text { role, text, label } => {
                    if !matches!(role, Role::RemoteShell) {
                        let known =
                            wraps(&label) && text.text().is_some_and(|text| crate::read(text).is_ok());
                        if known {
                            self.only_wraps(at);
                        } else {
                            self.amend(
                                at,
                                does_bit(placet_model::Does::Execute) * u32::from(label.ends_with(" -c")),
                                true,
                            );
                        }
                    }
                    let first = self.actions.len();
                    let aside = role == Role::Shell && label.contains(' ') && !label.ends_with(" -c");
                    self.child_text(role, &text, label, &arguments, call);
                    if aside {
                        self.strangers(first, text.start());
                    }
                }
                Child::Exec { words, label } => self.child_exec(&words, label, &scope, call),
                Child::Same { words, why } => {
                    let same =
                        Call { guessed: call.guessed, why: Some(why), ..Call::new(words, call.span.clone()) };
                    self.subshell(|machine| machine.run(same));
                }
                Child::Script { field, arguments, shell } => {
                    self.run_script(&field, &arguments, shell, &mut scope);
                    self.amend(at, scope.bits, true);
                }
                Child::Source(field) => self.source_file(&field, call),
                Child::Code(code) => self.run_code(&code, at, &scope, call),
                Child::GitAlias(field) => self.git_alias(&field, call),
            }
        }
        if self.failed.is_none() {
            self.failed = failed;
        }
    }

    /// Runs `work` with `label` at the end of the chain.
    fn under(&mut self, label: String, work: impl FnOnce(&mut Self)) {
        self.chain.push(label);
        work(self);
        self.chain.pop();
    }

    fn child_words(&mut self, role: Role, words: Vec<Field>, label: String, scope: &Scope, call: &Call) {
        let mut words = words;
        // What ends the options of the wrapper is not the command.
        if words.first().and_then(Field::text) == Some("--") {
            words.remove(0);
        }
        if role == Role::AppendedCommand {
            match &scope.placeholder {
                Some(mark) => {
                    let mark = mark.text().unwrap_or("{}");
                    let every = scope
                        .fed
                        .iter()
                        .take(PLACED)
                        .map(|value| words.iter().map(|word| placed(word, mark, value)).collect::<Vec<_>>())
                        .collect::<Vec<_>>();
                    let mut every = every.into_iter();
                    words = every.next().unwrap_or_default();
                    for other in every {
                        self.child_words(Role::Command, other, label.clone(), scope, call);
                    }
                }
                None => words.extend(scope.fed.iter().cloned()),
            }
        }
        if scope.loose {
            self.push_unknown(
                &line(&call.words),
                call.span.clone(),
                "the words in front of the command are not certain",
            );
        }
        let inside = call.here && matches!(scope.name.as_str(), "command" | "builtin" | "exec");
        let child = Call {
            here: inside,
            guessed: call.guessed,
            path_changed: call.path_changed,
            streams: Vec::new(),
            ..Call::new(words, call.span.clone())
        };
        let dirs = scope.dirs.clone();
        if inside {
            self.under(label, |machine| machine.run(child));
            if scope.name == "exec" {
                self.state.dead = true;
            }
            return;
        }
        let remote = self.remote || role == Role::RemoteCommand && !names_this_machine(call);
        let stdin = if role == Role::AppendedCommand { Stdin::Unknown } else { self.stdin.clone() };
        let sweeps = self.sweeps;
        self.sweeps |=
            role == Role::AppendedCommand && self.memory.sweep && matches!(self.stdin, Stdin::Words(_));
        self.under(label, |machine| {
            machine.elsewhere(remote, stdin, |machine| {
                machine.state.dirs = dirs;
                machine.run(child);
            });
        });
        self.sweeps = sweeps;
    }

    /// A new process, perhaps on another machine.
    pub(super) fn elsewhere(&mut self, remote: bool, stdin: Stdin, work: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.remote, remote);
        let input = std::mem::replace(&mut self.stdin, stdin);
        self.subshell(work);
        self.stdin = input;
        self.remote = before;
    }

    fn child_text(&mut self, role: Role, text: &Field, label: String, arguments: &[Field], call: &Call) {
        let inside = call.here && matches!(label.as_str(), "eval" | "trap" | "." | "source");
        if label == "trap" && matches!(text.text(), Some("" | "-")) {
            return;
        }
        let remote = self.remote || role == Role::RemoteShell && !names_this_machine(call);
        if let Some(text) = text.text().filter(|_| inside && label == "trap") {
            self.traps.push(text.to_owned());
        }
        self.under(label.clone(), |machine| {
            let Some(known) = text.text() else {
                return machine.unknown_text(text);
            };
            let zero = arguments.first().cloned();
            // `$0` comes first.
            let arguments: Rc<[Field]> = Rc::from(arguments.get(1..).unwrap_or(&[]));
            if inside && label != "trap" {
                machine.text(known, false, None);
                return;
            }
            let stdin = machine.stdin.clone();
            machine.elsewhere(remote, stdin, |machine| {
                machine.state.zero = zero;
                machine.text(known, !inside, Some(arguments));
            });
        });
    }

    /// A shell text of which only part is known.
    pub(super) fn unknown_text(&mut self, text: &Field) {
        self.push_unknown(&shown(&text.arg), None, "the text that a shell runs is not known");
        if let Arg::Partly { prefix, suffix } = &text.arg {
            let known = format!("{prefix} … {suffix}");
            self.guess(&known);
        }
    }

    fn child_exec(&mut self, words: &[Field], label: String, scope: &Scope, call: &Call) {
        let here = [Field::known(".")];
        let roots = if scope.roots.is_empty() { &here[..] } else { &scope.roots[..] };
        let dirs = if label.contains("dir") { Vec::new() } else { scope.dirs.clone() };
        // `fd` appends what it found when no word stands for it.
        let mut words = words.to_vec();
        if scope.name.starts_with("fd")
            && !words.iter().any(|word| word.text().is_some_and(|text| text.contains("{}")))
        {
            words.push(Field::known("{}"));
        }
        for root in roots.iter().take(4) {
            let found = if scope.name.starts_with("fd") {
                self.found_by_fd(&scope.words)
            } else {
                self.found_below(scope.words.get(1..).unwrap_or(&[]), root)
            };
            // In each folder by itself; what is found lies where it lies all the same.
            let dirs = if found.is_some()
                && words.iter().skip(1).all(|word| word.text() == Some("{}") || word.start().starts_with('-'))
            {
                scope.dirs.clone()
            } else {
                dirs.clone()
            };
            let words: Vec<Field> = words
                .iter()
                .flat_map(|word| match &found {
                    Some(found) if word.text() == Some("{}") => found.clone(),
                    _ => vec![below(word, root)],
                })
                .collect();
            let child = Call {
                guessed: call.guessed,
                path_changed: call.path_changed,
                ..Call::new(words, call.span.clone())
            };
            let remote = self.remote;
            let sweeps = std::mem::replace(&mut self.sweeps, super::found::is_unfiltered(&scope.words));
            self.under(label.clone(), |machine| {
                machine.elsewhere(remote, Stdin::Unknown, |machine| {
                    machine.state.dirs = dirs;
                    machine.run(child);
                });
            });
            self.sweeps = sweeps;
        }
    }

    fn git_alias(&mut self, field: &Field, call: &Call) {
        let first = self.actions.len();
        match field.text().map(str::to_owned) {
            Some(text) => match text.strip_prefix('!') {
                Some(command) => {
                    self.child_text(Role::Shell, &Field::known(command), "git alias".to_owned(), &[], call)
                }
                None => self.child_text(
                    Role::Shell,
                    &Field::known(format!("git {text}")),
                    "git alias".to_owned(),
                    &[],
                    call,
                ),
            },
            None => self.push_unknown(
                &shown(&field.arg),
                call.span.clone(),
                "the text of a git alias is not known",
            ),
        }
        self.strangers(first, field.start());
    }

    /// `source file`: the file is read as part of this text when that is possible.
    fn source_file(&mut self, field: &Field, call: &Call) {
        if field.text().is_some_and(|text| text.starts_with("/dev/fd/")) {
            match self.process_text.clone().flatten() {
                Some(text) => self.under("source".to_owned(), |machine| machine.text(&text, false, None)),
                None => {
                    self.push_unknown("/dev/fd/63", call.span.clone(), "what other commands print is run");
                    self.state.forget_variables();
                    self.state.dirs.clear();
                }
            }
            return;
        }
        if matches!(field.text(), Some("/dev/stdin")) {
            self.push_unknown("/dev/stdin", call.span.clone(), "what is read from standard input is run");
        }
        let paths = self.paths(field, placet_model::Reach::Entry, &self.state.dirs);
        let written = paths.first().and_then(|path| self.memory.written(&path.absolute));
        let unread = written.is_none()
            && paths.first().is_some_and(|path| {
                self.context.facts.session_wrote(&path.absolute)
                    && self.context.facts.text(&path.absolute, SCRIPT_BYTES).is_none()
            });
        if matches!(written, Some(None)) || unread {
            self.push_unknown(
                &shown(&field.arg),
                call.span.clone(),
                "the file that runs here was only just written, and its text is not known",
            );
        }
        let text = match paths.as_slice() {
            [one] if one.certainty == placet_model::PathCertainty::Exact && !self.remote => match written {
                Some(text) => text.as_deref().map(str::to_owned),
                None => self.context.facts.text(&one.absolute, SCRIPT_BYTES),
            },
            _ => None,
        };
        for path in paths {
            self.push_effect(
                placet_model::ActionKind::ReadFile,
                placet_model::Resource::Path(path),
                call.span.as_ref(),
                "the file is run by this shell",
            );
        }
        if text.is_none() {
            self.source_by_name(field, call);
        }
        match text {
            Some(text) => self.under("source".to_owned(), |machine| machine.text(&text, false, None)),
            None => {
                if field.text().is_none() {
                    self.push_unknown(
                        &shown(&field.arg),
                        call.span.clone(),
                        "the file that the shell reads is not known",
                    );
                }
                // What it sets, and where it goes, is not known.
                self.state.forget_variables();
                self.state.dirs.clear();
            }
        }
    }
}

impl Machine<'_> {
    /// `. NAME` takes a program of the `PATH` before a file of the directory: as good as running it. A name with a
    /// dot is hardly one (`. .env`).
    fn source_by_name(&mut self, field: &Field, call: &Call) {
        let Some(name) = field.text().filter(|name| !name.is_empty() && !name.contains(['/', '.'])) else {
            return;
        };
        let at = call.words.iter().position(|word| word.text() == Some(name)).unwrap_or(call.words.len());
        let words = call.words.get(at..).unwrap_or(&[]).to_vec();
        let path_changed = call.path_changed;
        let program = Call { path_changed, guessed: call.guessed, ..Call::new(words, call.span.clone()) };
        self.under("source".to_owned(), |machine| machine.subshell(|machine| machine.run(program)));
    }
}

/// Whether a command for another machine (`ssh localhost …`) goes to this one, as far as it says so itself.
fn names_this_machine(call: &Call) -> bool {
    call.words.iter().skip(1).any(|word| {
        let host = word.text().map(|text| text.rsplit_once('@').map_or(text, |(_, host)| host));
        matches!(host, Some("localhost" | "127.0.0.1" | "::1" | "ip6-localhost"))
    })
}

/// Whether what a shell does is all in its text.
fn wraps(label: &str) -> bool {
    matches!(
        label.strip_suffix(" -c").unwrap_or(label),
        "bash"
            | "sh"
            | "dash"
            | "ash"
            | "ksh"
            | "mksh"
            | "zsh"
            | "eval"
            | "flock"
            | "script"
            | "hyperfine"
            | "entr"
            | "watchexec"
            | "concurrently"
    )
}

/// `word` with every `mark` replaced by `value`.
fn placed(word: &Field, mark: &str, value: &Field) -> Field {
    match (word.text(), value.text()) {
        (Some(text), Some(value)) if !mark.is_empty() && text.contains(mark) => {
            Field::known(text.replace(mark, value))
        }
        (Some(text), None) if text == mark && !value.could_be_option() => {
            Field { elastic: false, ..value.clone() }
        }
        _ => replaced(word, mark, ""),
    }
}

/// `word` with every `mark` replaced by an unknown text that starts with `prefix`.
fn replaced(word: &Field, mark: &str, prefix: &str) -> Field {
    let Some((before, _)) = word.text().and_then(|text| text.split_once(mark)).filter(|_| !mark.is_empty())
    else {
        return word.clone();
    };
    let after = word.text().and_then(|text| text.rsplit_once(mark)).map_or("", |(_, after)| after);
    let arg = Arg::Partly { prefix: format!("{before}{prefix}"), suffix: after.to_owned() };
    Field { arg, elastic: false, safe: false, quoted: true }
}

/// `word` of `find -exec` with `{}` replaced by something below `root`.
fn below(word: &Field, root: &Field) -> Field {
    match (word.text(), root.text()) {
        (Some("{}"), Some(root)) => {
            Field::below(format!("{}/", if root == "/" { "" } else { root.trim_end_matches('/') }))
        }
        (Some("{}"), None) => match &root.arg {
            // Below any of the directories that fit.
            Arg::Glob(pattern) => Field {
                arg: Arg::Glob(format!("{}/*", pattern.trim_end_matches('/'))),
                ..Field::below(String::new())
            },
            _ => Field::unknown(false),
        },
        (Some(text), Some(root)) if text.contains("{}") => replaced(word, "{}", &format!("{root}/")),
        (Some(text), None) if text.contains("{}") => Field::unknown(false),
        _ => word.clone(),
    }
}
