//! Simple commands: from words to a program, a function, an alias.

use std::rc::Rc;

use placet_model::{Arg, Entries, Location, Span, Stream};

use super::Machine;
use super::emit::line;
use super::parameters::Defaults;
use super::paths::shown;
use super::value::{Field, Value};
use crate::syntax::{Assignment, Redirect, RedirectOperator, Simple};

/// Directories of programs of the system.
const SYSTEM: &[&str] = &[
    "/bin",
    "/sbin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/opt/homebrew/bin",
    "/snap/bin",
    "/run/current-system/sw/bin",
    "/home/linuxbrew/.linuxbrew/bin",
];

/// Programs a command word with a pattern is taken to mean at most.
const CANDIDATES: usize = 16;

/// A command about to be run.
pub(super) struct Call {
    /// Command word first.
    pub(super) words: Vec<Field>,
    pub(super) streams: Vec<Stream>,
    pub(super) span: Option<Span>,
    /// Functions and aliases count (not for the children of other programs).
    pub(super) functions: bool,
    /// It runs in this shell and may change its state.
    pub(super) here: bool,
    /// It is only one of the things that may run, or stands in a text that could not be read.
    pub(super) guessed: bool,
    /// Commands by name may come from anywhere.
    pub(super) path_changed: bool,
    /// Its standard input stands at the command itself: a here-document or a here-string.
    pub(super) own_input: bool,
    /// Bits of `does` to add.
    pub(super) does: u32,
    pub(super) why: Option<&'static str>,
}

impl Call {
    pub(super) fn new(words: Vec<Field>, span: Option<Span>) -> Self {
        Self {
            words,
            streams: Vec::new(),
            span,
            functions: false,
            here: false,
            guessed: false,
            path_changed: false,
            own_input: false,
            does: 0,
            why: None,
        }
    }
}

impl Machine<'_> {
    pub(super) fn simple(&mut self, simple: &Simple, redirects: &[Redirect], span: &Span) {
        let outer = self.texts == 0 && self.chain.is_empty();
        let secret = std::mem::replace(&mut self.secret, false);
        self.process_text = None;
        let (fields, assumed) = self.command_words(simple);
        let stdin = self.stdin.clone();
        self.hidden_name(&fields, span);
        let (streams, effects) = self.redirects(redirects);
        if fields.is_empty() {
            self.assign_here(&simple.assignments, span);
            if !streams.is_empty() {
                self.own_commands += u32::from(outer);
                self.push_redirections_only(streams, span);
            }
            self.push_streams(effects, None, span);
            self.stdin = stdin;
            self.secret |= secret;
            return;
        }
        self.own_commands += u32::from(outer);
        let saved = self.assign_for(&simple.assignments);
        let mut call = Call::new(fields, self.span(span));
        call.streams = streams;
        call.functions = true;
        call.here = true;
        call.path_changed = self.state.path_changed;
        call.own_input = redirects.iter().any(|redirect| {
            matches!(redirect.operator, RedirectOperator::HereString | RedirectOperator::HereDocument)
        });
        self.environment(&simple.assignments, &mut call);
        self.mark_secret(&mut call);
        self.secret |= secret;
        let first = self.actions.len();
        self.run(call);
        let target = self.actions.len().gt(&first).then_some(first);
        self.push_streams(effects, target, span);
        self.remember_text(simple, redirects);
        if let Some(words) = assumed {
            let why = Some("a variable that is not known may be empty, and then its default counts");
            let guess = Call { guessed: true, why, ..Call::new(words, self.span(span)) };
            self.subshell(|machine| machine.run(guess));
        }
        for (name, before, exported) in saved {
            self.state.restore(&name, before, exported);
        }
        self.stdin = stdin;
    }

    /// A program nobody knows under a name that nobody sees in the text: `$'\x2e/x'`, `X=./a; "${X}b"`.
    fn hidden_name(&mut self, fields: &[Field], span: &Span) {
        let Some(name) = fields.first().and_then(Field::text) else { return };
        // The folders of an absolute path may be the value of a variable that everybody knows.
        let last = if name.starts_with('/') { name.rsplit('/').next().unwrap_or(name) } else { name };
        let stands = last.split('/').all(|part| self.source.contains(part));
        // A function may come from a text other than the one that is walked.
        if stands || !self.calls.is_empty() {
            return;
        }
        let model = crate::programs::program(last, self.context.added);
        if model.is_none() || location(name) == Location::Elsewhere {
            self.push_unknown(name, self.span(span), "the program's name does not stand in the text");
        }
    }

    /// The words of a command; and, when defaults of variables that are not known matter, the words with them.
    fn command_words(&mut self, simple: &Simple) -> (Vec<Field>, Option<Vec<Field>>) {
        let mut fields = Vec::with_capacity(simple.words.len());
        let declares = super::assign::is_declaration(simple);
        let before = std::mem::replace(&mut self.defaults, Defaults::Unseen);
        for word in &simple.words {
            if declares { self.declared_word(word, &mut fields) } else { self.word_into(word, &mut fields) }
        }
        let seen = std::mem::replace(&mut self.defaults, Defaults::Assume) == Defaults::Seen;
        let assumed = seen.then(|| self.quietly(|machine| machine.words(&simple.words)));
        self.defaults = before;
        (fields, assumed)
    }

    /// Temporary assignments in front of a command; tells what was before.
    fn assign_for(&mut self, assignments: &[Assignment]) -> Vec<(Rc<str>, Option<Value>, bool)> {
        let mut saved = Vec::with_capacity(assignments.len());
        for assignment in assignments {
            let name = assignment.name.as_str();
            saved.push((Rc::from(name), self.state.assigned(name).cloned(), self.state.is_exported(name)));
            self.assign(assignment);
            self.state.export(&assignment.name);
        }
        saved
    }

    /// Finds out what the command word means.
    pub(super) fn run(&mut self, call: Call) {
        if !self.step() || call.words.is_empty() {
            return;
        }
        self.deeper(|machine| machine.run_inner(call));
    }

    fn run_inner(&mut self, call: Call) {
        let Some(first) = call.words.first().cloned() else { return };
        match &first.arg {
            Arg::Known(name) => self.run_named(name, &first, call),
            Arg::Glob(pattern) => self.run_pattern(pattern, call),
            Arg::Partly { prefix, suffix } => self.run_unknown(prefix, suffix, &first, call),
        }
    }

    fn run_named(&mut self, name: &str, first: &Field, call: Call) {
        if self.is_of_zsh(name) {
            self.push_unknown(&line(&call.words), call.span.clone(), "it is a command of zsh");
        }
        if call.functions && !self.state.aliases.is_empty() && !first.quoted && self.run_alias(name, &call) {
            // Aliases only hold from the next line on, so the plain command may run as well.
        }
        if call.functions {
            let found: Vec<_> =
                self.state.functions.iter().filter(|function| &*function.name == name).cloned().collect();
            let certain = found.iter().any(|function| function.certain);
            let before = (!certain && !found.is_empty()).then(|| self.state.clone());
            for function in found {
                let arguments = call.words.get(1..).unwrap_or(&[]);
                self.call_function(&function, Some(arguments), call.span.clone());
            }
            if certain {
                return;
            }
            if let Some(before) = before {
                self.settle();
                let state = self.state.clone();
                self.state = state.merge(before);
            }
        }
        self.program(name, call);
    }

    fn run_pattern(&mut self, pattern: &str, call: Call) {
        let (dir, last) = pattern.rsplit_once('/').unwrap_or(("", pattern));
        let mut names: Vec<String> = Vec::new();
        let listed = match self.state.dirs.first() {
            Some(cwd) if !dir.contains(['*', '?', '[']) => {
                let dir = placet_model::path::absolute(
                    if dir.is_empty() && pattern.starts_with('/') { "/" } else { dir },
                    cwd,
                    None,
                );
                self.context.facts.entries(&dir, false, 4096)
            }
            _ => Entries::Unknown,
        };
        if let Entries::All(entries) = listed {
            names.extend(entries.into_iter().filter(|entry| crate::glob::fits(last, entry)));
            names.sort();
        }
        self.push_unknown(&line(&call.words), call.span.clone(), "the command word is a pathname pattern");
        names.extend(
            crate::programs::names(self.context.added)
                .filter(|name| crate::glob::fits(last, name))
                .map(str::to_owned),
        );
        names.dedup();
        for name in names.into_iter().take(CANDIDATES) {
            let mut words = call.words.clone();
            if let Some(first) = words.first_mut() {
                *first = Field::known(if pattern.contains('/') { format!("{dir}/{name}") } else { name });
            }
            let guess = Call {
                guessed: true,
                why: Some("the command word is a pattern that fits this program"),
                ..Call::new(words, call.span.clone())
            };
            self.run(guess);
        }
    }

    fn run_unknown(&mut self, prefix: &str, suffix: &str, first: &Field, call: Call) {
        let name = suffix.rsplit_once('/').map(|(_, name)| name).filter(|name| !name.is_empty());
        if let Some(name) = name.filter(|_| !first.elastic) {
            return self.program(name, call);
        }
        self.push_unknown(&line(&call.words), call.span.clone(), "the command word is not known");
        let guess = |words: Vec<Field>| Call { guessed: true, ..Call::new(words, call.span.clone()) };
        if let Some(name) = name {
            let mut words = call.words.clone();
            if let Some(first) = words.first_mut() {
                *first = Field::known(name);
            }
            self.run(guess(words));
        } else if prefix.is_empty() && suffix.is_empty() && call.words.len() > 1 {
            // `$SUDO rm x`: the unknown word may be nothing or a wrapper.
            self.chain.push(shown(&first.arg));
            self.run(guess(call.words.get(1..).unwrap_or(&[]).to_vec()));
            self.chain.pop();
        }
    }

    /// Runs the text of an alias with the command's other words behind it.
    fn run_alias(&mut self, name: &str, call: &Call) -> bool {
        let values: Vec<Value> = self
            .state
            .aliases
            .iter()
            .filter(|(alias, _)| &**alias == name)
            .map(|(_, value)| value.clone())
            .collect();
        let found = !values.is_empty();
        for value in values {
            let rest = call.words.get(1..).unwrap_or(&[]);
            let text = match &value {
                Value::Known(text) => Some(text.to_string()),
                _ => None,
            };
            match text.as_deref().map(|text| crate::read_as(text, self.dialect)) {
                Some(Ok(list)) => {
                    let simple = list.entries.as_slice();
                    self.chain.push(name.to_owned());
                    self.texts += 1;
                    let aliases = std::mem::take(&mut self.state.aliases);
                    match simple {
                        [crate::syntax::Entry { stages, .. }] => match stages.as_slice() {
                            [crate::syntax::Node { kind: crate::syntax::Kind::Simple(simple), .. }] => {
                                let mut words = self.words(&simple.words);
                                words.extend_from_slice(rest);
                                let mut inner = Call::new(words, None);
                                inner.functions = true;
                                inner.here = true;
                                self.run(inner);
                            }
                            _ => self.alias_of_several(&list, call),
                        },
                        _ => self.alias_of_several(&list, call),
                    }
                    self.state.aliases = aliases;
                    self.texts -= 1;
                    self.chain.pop();
                }
                _ => self.push_unknown(
                    &line(&call.words),
                    call.span.clone(),
                    "the text of an alias is not known",
                ),
            }
        }
        found
    }

    fn alias_of_several(&mut self, list: &crate::syntax::List, call: &Call) {
        self.list(list);
        if call.words.len() > 1 {
            self.push_unknown(&line(&call.words), None, "an alias of several commands gets more words");
        }
    }
}

/// Where a command word says that the program lies.
pub(super) fn location(word: &str) -> Location {
    match word.rsplit_once('/') {
        None => Location::Path,
        Some((dir, _)) if SYSTEM.contains(&dir) => Location::System,
        Some(_) => Location::Elsewhere,
    }
}
