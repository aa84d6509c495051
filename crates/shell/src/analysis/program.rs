//! A program by its model: the command itself, then what its words stand for, then what it runs.

use std::borrow::Cow;
use std::rc::Rc;

use placet_model::{ActionKind, Arg, Command, Does, Flag, Location, PathRef, Reach, Resource, Span};

use super::children::Child;
use super::corrections::{Corrected, correct};
use super::emit::{Ready, line};
use super::options::{Parsed, Used, parse};
use super::roles::{Given, assign};
use super::simple::{Call, location};
use super::value::Field;
use super::{Machine, Stdin};
use crate::programs::{Role, Run, does_bit, does_list, program};

/// What is collected while the words of one command are looked at.
pub(super) struct Scope {
    pub(super) name: String,
    /// Directories the program works in.
    pub(super) dirs: Vec<Rc<str>>,
    pub(super) span: Option<Span>,
    pub(super) why: &'static str,
    /// `[keys]` of the levels, nearest first.
    pub(super) keys: Vec<Run>,
    /// Path operands so far, for `destination`.
    pub(super) sources: Vec<Field>,
    /// First operand that is a path: what `{}` of `find` lies below.
    pub(super) roots: Vec<Field>,
    /// The last `key`.
    pub(super) key: String,
    /// `$0` and following for a shell text.
    pub(super) arguments: Vec<Field>,
    pub(super) placeholder: Option<Field>,
    /// What standard input adds to an `appended-command`.
    pub(super) fed: Vec<Field>,
    pub(super) does: u32,
    pub(super) bits: u32,
    pub(super) understood: bool,
    pub(super) children: Vec<Child>,
    /// A wrapper's words are not certain, so its child's are not either.
    pub(super) loose: bool,
    pub(super) guessed: bool,
    /// A statement for a database was among the words.
    pub(super) stated: bool,
    /// The command stands for another one with the same effect.
    pub(super) derived: bool,
    /// All words of the command.
    pub(super) words: Vec<Field>,
    /// Operands in front of a bare `--`.
    pub(super) dashes: Option<usize>,
    /// The operand at hand stands behind a bare `--`.
    pub(super) behind: bool,
    /// Of the trees that are read only files that end so are.
    pub(super) endings: Vec<String>,
}

impl Machine<'_> {
    /// Runs the program `word` names.
    pub(super) fn program(&mut self, word: &str, call: Call) {
        // `=rm` is `rm` for zsh, and nothing for other shells.
        let word = word.strip_prefix('=').filter(|rest| !rest.is_empty()).unwrap_or(word);
        let name = word.rsplit('/').next().unwrap_or(word).to_owned();
        let mut call = call;
        self.agent_environment(&name, &mut call);
        let mut place = location(word);
        if call.path_changed && place == Location::Path {
            place = Location::Elsewhere;
        }
        if place == Location::Path
            && matches!(call.words.first().map(|word| &word.arg), Some(Arg::Partly { .. }))
        {
            place = Location::Elsewhere;
        }
        let Some(model) = program(&name, self.context.added).filter(|_| !name.starts_with('_')) else {
            return self.unmodelled(word, name, place, call);
        };
        let parsed = parse(call.words.get(1..).unwrap_or(&[]), model);
        let mut now = correct(&parsed);
        if parsed.information {
            now.does = does_bit(Does::Inspect);
            now.understood = true;
        } else if !parsed.known {
            now.does = 0;
        }
        now.does |= self.gate_process(&name, &call.words, &parsed);
        let understood = parsed.understood && now.understood && !call.guessed && !call.path_changed;
        let command = command(&name, place, &call, &parsed, does_list(now.does | call.does), understood);
        let at =
            self.push_command(Ready { command, span: call.span.clone(), why: call.why.map(Cow::Borrowed) });
        if parsed.information {
            return;
        }
        self.unread_code(&name, now.does, word, call.span.as_ref());
        let program = name.clone();
        let compiles = matches!(
            program.as_str(),
            "gcc"
                | "cc"
                | "g++"
                | "c++"
                | "clang"
                | "clang++"
                | "rustc"
                | "go"
                | "zig"
                | "ghc"
                | "javac"
                | "tsc"
                | "ld"
        );
        let written = self.memory.mark();
        let kept = matches!(program.as_str(), "chmod" | "chown" | "chgrp").then(|| self.memory.keep());
        self.touch(at, name, &call, &parsed, &now);
        if compiles {
            self.memory.forget_since(written);
        }
        // What a package manager writes down is what it was told, and no script.
        if now.does & does_bit(Does::Install) != 0 && now.does & does_bit(Does::Configure) == 0 {
            self.memory.forget_named(written, &["package.json", "composer.json"]);
        }
        if let Some(kept) = kept {
            self.memory.restore(kept);
        }
        self.remember(&program, &parsed);
        self.made_directories |=
            !matches!(command_name(&call), "echo" | "ls" | "cat" | "cp" | "mv" | "ln" | "cd" | "test" | "[");
        if call.here && !word.contains('/') {
            self.after_builtin(&call);
        }
    }

    /// A program without a model: what it does is not known; a file that is run is read.
    fn unmodelled(&mut self, word: &str, name: String, place: Location, call: Call) {
        let parsed = parse(call.words.get(1..).unwrap_or(&[]), crate::programs::empty());
        let paths = match call.words.first().filter(|_| word.contains('/')) {
            Some(first) => self.paths(first, Reach::Entry, &self.state.dirs),
            None => Vec::new(),
        };
        let inside = !paths.is_empty() && paths.iter().all(PathRef::inside_project);
        let does = if inside && !call.guessed { does_bit(Does::Build) } else { 0 };
        let shown = name.clone();
        let command = command(&shown, place, &call, &parsed, does_list(does | call.does), false);
        let command = Command { understood: inside && !call.guessed, ..command };
        let at =
            self.push_command(Ready { command, span: call.span.clone(), why: call.why.map(Cow::Borrowed) });
        if self.remote {
            return;
        }
        for path in paths.into_iter().filter(|_| place == Location::Elsewhere) {
            self.push_effect(
                ActionKind::ReadFile,
                Resource::Path(path),
                call.span.as_ref(),
                "the file is run",
            );
        }
        let mut scope = self.scope(name, &call, "");
        if let Some(first) = call.words.first().filter(|_| place == Location::Elsewhere) {
            self.run_script(first, call.words.get(1..).unwrap_or(&[]), false, &mut scope);
        }
        self.recipes(&parsed, &mut scope);
        self.unread_code("", does, word, call.span.as_ref());
        self.likely_reads(call.words.get(1..).unwrap_or(&[]), &mut scope);
        self.mentions(call.words.get(1..).unwrap_or(&[]), &scope);
        scope.children.clear();
        self.behind_name(&call, &mut scope);
        if !scope.children.is_empty() {
            self.children(at, scope, &call);
        }
    }

    pub(super) fn scope(&self, name: String, call: &Call, why: &'static str) -> Scope {
        Scope {
            name,
            dirs: self.state.dirs.clone(),
            span: call.span.clone(),
            why,
            keys: Vec::new(),
            sources: Vec::new(),
            roots: Vec::new(),
            key: String::new(),
            arguments: Vec::new(),
            placeholder: None,
            fed: Vec::new(),
            does: 0,
            bits: 0,
            understood: true,
            children: Vec::new(),
            loose: false,
            guessed: call.guessed,
            stated: false,
            derived: call.why.is_some(),
            words: call.words.clone(),
            dashes: None,
            behind: false,
            endings: Vec::new(),
        }
    }

    fn touch(&mut self, at: usize, name: String, call: &Call, parsed: &Parsed, now: &Corrected) {
        let shown = std::iter::once(name.as_str())
            .chain(parsed.subcommand.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" ");
        let mut scope = self.scope(shown, call, now.why);
        scope.keys = parsed.levels.iter().rev().map(|level| level.keys).collect();
        scope.does = now.does;
        scope.dashes = parsed.dashes;
        scope.endings = super::narrow::endings(&scope.name, &parsed.flags);
        scope.loose = parsed.flags.iter().any(|used| used.value.as_ref().is_some_and(|value| value.elastic));
        if now.slots.iter().any(|slot| slot.role == Role::AppendedCommand) {
            scope.fed = self.fed(parsed);
        }
        let fallback = [Field::known(now.default_operand)];
        let operands = if parsed.operands.is_empty() && !now.default_operand.is_empty() {
            &fallback[..]
        } else {
            &parsed.operands[..]
        };
        let narrowed: Vec<Field>;
        let deletes = matches!(scope.name.as_str(), "find" | "gfind")
            && now.slots.iter().any(|slot| slot.role == Role::DeleteTree);
        let operands = if deletes {
            narrowed = operands
                .iter()
                .flat_map(|root| {
                    self.found_below(call.words.get(1..).unwrap_or(&[]), root)
                        .unwrap_or_else(|| vec![root.clone()])
                })
                .collect();
            &narrowed[..]
        } else {
            operands
        };
        let (given, fits) = assign(now.slots, operands);
        scope.understood &= fits || !parsed.known;
        for used in parsed.flags.iter().filter(|used| now.value_role(used) == Role::Cwd) {
            if let Some(value) = &used.value {
                self.apply(Role::Cwd, value, &mut scope);
            }
        }
        self.repository_at(parsed, &mut scope);
        // What the command writes itself comes after.
        self.recipes(parsed, &mut scope);
        self.operands(&given, operands, now.stdin, &mut scope);
        self.values(parsed, now, &mut scope);
        self.unlisted_files(call.words.get(1..).unwrap_or(&[]), parsed, &mut scope);
        let sends = now.does & (does_bit(Does::Send) | does_bit(Does::Publish)) != 0;
        if sends {
            self.attached_reads(call.words.get(1..).unwrap_or(&[]), &mut scope);
        }
        self.fixed(now, &mut scope);
        self.made_program(call, &mut scope);
        self.behind_name(call, &mut scope);
        let program = command_name(call).rsplit('/').next().unwrap_or("").to_owned();
        self.named_elsewhere(&program, parsed, &mut scope);
        self.recipe(&program, parsed, &mut scope);
        self.stdin_role(parsed, now, &mut scope);
        self.equivalents(parsed, now, operands, &mut scope);
        self.amend(at, scope.bits, scope.understood);
        // An option that is not listed may take the next word, so that what follows is not the command it seems.
        let lenient = parsed.levels.last().is_some_and(|level| level.lenient);
        let unlisted = !lenient && parsed.flags.iter().any(|used| used.entry.is_none());
        let starts =
            scope.children.iter().any(|child| matches!(child, Child::Words { .. } | Child::Text { .. }));
        if unlisted && starts && !scope.loose {
            self.push_unknown(
                &line(&call.words),
                call.span.clone(),
                "an option of the wrapper is not known, so neither is the command",
            );
        }
        if !(parsed.understood && now.understood && scope.understood) {
            self.mentions(call.words.get(1..).unwrap_or(&[]), &scope);
        }
        self.children(at, scope, call);
    }

    fn operands(&mut self, given: &[Given], operands: &[Field], stdin: Role, scope: &mut Scope) {
        for one in given {
            match *one {
                Given::One(Role::Script, at) => {
                    let Some(field) = operands.get(at) else { continue };
                    self.apply(Role::Script, field, scope);
                    if !is_standard_input(field) {
                        let arguments = operands.get(at + 1..).unwrap_or(&[]).to_vec();
                        scope.children.push(Child::Script {
                            field: field.clone(),
                            arguments,
                            shell: stdin == Role::Shell,
                        });
                    }
                }
                Given::One(Role::Argument, at) => scope.arguments.extend(operands.get(at).cloned()),
                Given::One(role, at) => {
                    if let Some(field) = operands.get(at) {
                        scope.loose |= field.elastic;
                        scope.behind = scope.dashes.is_some_and(|count| at >= count);
                        self.apply(role, field, scope);
                    }
                }
                Given::Rest(role, at) => {
                    let words = operands.get(at..).unwrap_or(&[]).to_vec();
                    scope.children.push(Child::Words { role, words, label: scope.name.clone() });
                }
                Given::Joined(role, from, to) => {
                    let words = operands.get(from..to).unwrap_or(&[]);
                    let label = scope.name.clone();
                    scope.children.push(Child::Text { role, text: joined(words), label });
                }
            }
        }
    }

    fn values(&mut self, parsed: &Parsed, now: &Corrected, scope: &mut Scope) {
        for used in &parsed.flags {
            let role = now.value_role(used);
            let label = || format!("{} {}", scope.name, used.entry.map_or("", |entry| entry.spelling.get()));
            match (role, &used.value) {
                (Role::Cwd | Role::None, _) => {}
                (Role::Exec, _) => {
                    let child = Child::Exec { words: used.exec.clone(), label: label() };
                    scope.children.push(child);
                }
                (Role::Shell | Role::RemoteShell, Some(value)) => {
                    let child = Child::Text { role, text: value.clone(), label: label() };
                    scope.children.push(child);
                }
                (Role::Script, Some(value)) => {
                    self.apply(role, value, scope);
                    self.loaded(value, scope);
                }
                (_, Some(value)) => self.apply(role, value, scope),
                (_, None) => {}
            }
        }
    }

    /// A program file behind an option is run beside what the command is for: nothing vouches for one that was only
    /// just made, or that is no file.
    fn loaded(&mut self, field: &Field, scope: &mut Scope) {
        let address =
            |text: &str| ["/dev/fd/", "data:", "http:", "https:"].iter().any(|at| text.starts_with(at));
        let made = field.text().is_some_and(address)
            || self.paths(field, Reach::Entry, &scope.dirs).iter().any(|path| {
                self.memory.written(&path.absolute).is_some()
                    || self.context.facts.session_wrote(&path.absolute)
            });
        if made && !self.remote {
            let text = super::paths::shown(&field.arg);
            self.unknown_code(&text, scope, "the file that is loaded here was only just written");
        }
    }

    /// Paths and hosts that the model names whatever the words are.
    fn fixed(&mut self, now: &Corrected, scope: &mut Scope) {
        let lists = [
            (ActionKind::ReadFile, now.reads),
            (ActionKind::WriteFile, now.writes),
            (ActionKind::DeleteFile, now.deletes),
        ];
        for (kind, run) in lists {
            for text in run.texts() {
                let (text, reach) = match text.strip_suffix("/**") {
                    Some(dir) => (dir, Reach::Tree),
                    None => (text, Reach::Entry),
                };
                let home = self.context.home.filter(|_| text.starts_with("~/"));
                let text = match (home, text.strip_prefix('~')) {
                    (Some(home), Some(rest)) => format!("{home}{rest}"),
                    _ => text.to_owned(),
                };
                let field = if text.contains('*') {
                    Field { arg: Arg::Glob(text), ..Field::known("") }
                } else {
                    Field::known(text)
                };
                self.path_effect(kind.clone(), &field, reach, scope);
            }
        }
        for host in now.hosts.texts() {
            self.host_effect((host != "?").then_some(host), scope);
        }
    }

    fn stdin_role(&mut self, parsed: &Parsed, now: &Corrected, scope: &mut Scope) {
        if let (Role::Transfer, Stdin::Known(text)) = (now.stdin, self.stdin.clone()) {
            return self.transfer(&text, scope);
        }
        if now.stdin == Role::Sql && !scope.stated {
            return self.sql_stdin(scope);
        }
        if !matches!(now.stdin, Role::Shell | Role::Code) {
            return;
        }
        let script = parsed.operands.first().is_some_and(|operand| !is_standard_input(operand));
        let inline = parsed.flags.iter().any(|used| {
            used.entry.is_some_and(|entry| {
                let text = matches!(entry.value, Role::Code | Role::Shell | Role::RemoteShell);
                entry.ends || text && used.value.is_some()
            })
        });
        let bare = parsed
            .flags
            .iter()
            .any(|used| used.value.is_none() && used.entry.is_some_and(|entry| entry.value == Role::Code));
        if !now.stdin_forced && (script || inline) {
            return;
        }
        match self.stdin.clone() {
            // `perl -x`: the program begins somewhere in the text.
            _ if bare => self.unknown_code(&scope.name.clone(), scope, "part of a text is run"),
            Stdin::Known(text) if now.stdin == Role::Shell => {
                let label = scope.name.clone();
                if parsed.flags.iter().any(|used| used.name() == "s") {
                    let zero = Field::known(label.as_str());
                    scope.arguments = std::iter::once(zero).chain(parsed.operands.iter().cloned()).collect();
                }
                scope.children.push(Child::Text { role: Role::Shell, text: Field::known(text), label });
            }
            Stdin::File => scope.bits |= does_bit(Does::Build),
            Stdin::Known(text) => {
                self.code(&Field::known(text), scope, super::interpreters::STANDARD_INPUT);
            }
            Stdin::Inherited | Stdin::Unknown | Stdin::Words(_) => {
                let text = scope.name.clone();
                if self.network && now.stdin == Role::Shell {
                    scope.bits |= does_bit(Does::Destroy);
                    return self.unknown_code(&text, scope, "hands a shell to another machine");
                }
                self.unknown_code(&text, scope, "a program text from standard input is run");
            }
        }
    }

    pub(super) fn unknown_code(&mut self, text: &str, scope: &mut Scope, why: &'static str) {
        scope.bits |= does_bit(Does::Execute);
        self.push_unknown(text, scope.span.clone(), why);
    }

    fn equivalents(&mut self, parsed: &Parsed, now: &Corrected, operands: &[Field], scope: &mut Scope) {
        if scope.guessed && self.depth > 40 {
            return;
        }
        let flags =
            parsed.flags.iter().filter_map(|used| used.entry.map(|entry| (entry.also, used.value.as_ref())));
        let levels = now.also.iter().map(|run| (*run, None));
        for (run, value) in levels.chain(flags) {
            for template in run.texts() {
                let words = fill(template, operands, value);
                scope.children.push(Child::Same {
                    words,
                    why: if scope.why.is_empty() { "the command has the same effect" } else { scope.why },
                });
            }
        }
    }
}

fn command(
    name: &str,
    location: Location,
    call: &Call,
    parsed: &Parsed,
    does: Vec<Does>,
    understood: bool,
) -> Command {
    Command {
        program: name.to_owned(),
        location,
        subcommand: parsed.subcommand.clone(),
        flags: parsed.flags.iter().map(flag).collect(),
        operands: parsed.operands.iter().map(|field| field.arg.clone()).collect(),
        argv: call.words.iter().map(|field| field.arg.clone()).collect(),
        streams: call.streams.clone(),
        does,
        understood,
        text: line(&call.words),
    }
}

fn flag(used: &Used) -> Flag {
    let letter = match used.entry {
        Some(entry) if entry.letter != 0 => Some(char::from(entry.letter)),
        Some(_) => None,
        None => used.spelling.chars().next().filter(|_| used.spelling.chars().count() == 1),
    };
    Flag { name: used.name().to_owned(), letter, value: used.value.as_ref().map(|value| value.arg.clone()) }
}

/// Words joined by blanks to the text that a shell gets.
fn joined(words: &[Field]) -> Field {
    if let [one] = words {
        return one.clone();
    }
    let texts: Option<Vec<&str>> = words.iter().map(Field::text).collect();
    match texts {
        Some(texts) => Field::known(texts.join(" ")),
        None => Field {
            arg: Arg::Partly {
                prefix: words.iter().map_while(Field::text).collect::<Vec<_>>().join(" "),
                suffix: String::new(),
            },
            ..Field::unknown(false)
        },
    }
}

/// Fills in a template of an equivalent command.
fn fill(template: &str, operands: &[Field], value: Option<&Field>) -> Vec<Field> {
    let mut words = Vec::new();
    for word in template.split(' ') {
        match word {
            "{operands}" => words.extend_from_slice(operands),
            "{value}" => words.extend(value.cloned()),
            _ => match word
                .strip_prefix("{operand:")
                .and_then(|rest| rest.strip_suffix('}'))
                .and_then(|at| at.parse::<usize>().ok())
            {
                Some(at) => words.extend(operands.get(at.saturating_sub(1)).cloned()),
                None => words.push(Field::known(word)),
            },
        }
    }
    words
}

fn command_name(call: &Call) -> &str {
    call.words.first().map_or("", Field::start)
}

/// Whether the word stands for standard input where a program file is wanted.
fn is_standard_input(field: &Field) -> bool {
    matches!(field.text(), Some("-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0"))
}
