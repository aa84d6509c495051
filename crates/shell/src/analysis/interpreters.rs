//! Program texts of Python and JavaScript that a command runs: each thing they do becomes what a shell command
//! of the same effect would give.

use std::rc::Rc;

use placet_code::{Dialect, Effects, Part, Use, What, Why, Word};
use placet_model::path::absolute;
use placet_model::{Action, ActionKind, Arg, Does, Reach, Resource, UrlRef};

use super::children::Child;
use super::paths::shown;
use super::program::Scope;
use super::simple::Call;
use super::value::{Field, Value};
use super::{Machine, Stdin};
use crate::programs::does_bit;

/// Longest program file that is read.
const SCRIPT_BYTES: usize = 64 * 1024;
/// Files loaded by files that are followed.
const OPEN: usize = 6;
/// Files in the place of modules that are followed for one text.
const MODULE_FILES: usize = 16;
/// Modules in the place of known ones are not looked for in longer lists of files.
const LISTED: usize = 2_000;

/// A language with a reader of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    JavaScript,
    TypeScript,
    Perl,
    Ruby,
}

impl Language {
    /// The language that the program of that name runs; `None`: no reader.
    pub(super) fn of(program: &str) -> Option<Self> {
        let name = program.split(' ').next().unwrap_or(program);
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        match (bare, name) {
            // In Python 2 `input()` runs what it reads, and much else differs.
            (_, "python2") => None,
            ("python" | "pypy", _) if !name.starts_with("python2.") => Some(Self::Python),
            ("node" | "nodejs", _) => Some(Self::JavaScript),
            ("tsx" | "ts-node" | "deno" | "bun", _) => Some(Self::TypeScript),
            ("perl", _) => Some(Self::Perl),
            ("ruby", _) => Some(Self::Ruby),
            _ => None,
        }
    }

    /// The language of a file by its first line or the program that runs it.
    pub(super) fn of_file(program: &str, path: &str, text: &str) -> Option<Self> {
        let typed = [".ts", ".mts", ".cts"].iter().any(|end| path.ends_with(end));
        let by_line = || {
            let line = text.lines().next()?.strip_prefix("#!")?;
            let mut words = line.split_ascii_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
            let first = words.next()?;
            Self::of(if first == "env" { words.find(|word| !word.starts_with('-'))? } else { first })
        };
        match Self::of(program).or_else(by_line)? {
            Self::JavaScript if typed => Some(Self::TypeScript),
            other => Some(other),
        }
    }

    fn read(self, text: &str) -> Effects {
        match self {
            Self::Python => placet_code::python(text),
            Self::JavaScript => placet_code::javascript(text, Dialect::JavaScript),
            Self::TypeScript => placet_code::javascript(text, Dialect::TypeScript),
            Self::Perl => placet_code::perl(text),
            Self::Ruby => placet_code::ruby(text),
        }
    }
}

/// A program text, where it came from and how far it counts.
pub(super) struct Code {
    pub(super) language: Language,
    pub(super) text: String,
    /// In the chain of what it does.
    pub(super) label: String,
    /// Why it is unknown when it is.
    pub(super) why: &'static str,
}

/// How far what a text would do counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    /// A file that was made in this session: all that was found, and what hides more. A package that is not known
    /// is no more than any other program of the project.
    Made,
    /// The project's own file: what was found, by the rules of [`Machine::only_certain`].
    Found,
}

impl Machine<'_> {
    /// Program text that the command runs.
    pub(super) fn code(&mut self, field: &Field, scope: &mut Scope, why: &'static str) {
        let before = scope.children.iter().any(|child| matches!(child, Child::Code(_)));
        match (Language::of(&scope.name), field.text()) {
            (Some(language), Some(text)) if !before => {
                let label = scope.name.clone();
                let flag = match language {
                    _ if why == STANDARD_INPUT => " -",
                    Language::Python => " -c",
                    _ => " -e",
                };
                let label = if label.contains(' ') { label } else { label + flag };
                let text = text.to_owned();
                scope.children.push(Child::Code(Code { language, text, label, why }));
            }
            (Some(language), Some(text)) => {
                // One is put behind the other, or only one of them counts.
                self.unknown_code(text, scope, "there are several program texts");
                let (text, label) = (text.to_owned(), scope.name.clone());
                scope.children.push(Child::Code(Code { language, text, label, why }));
            }
            _ => self.unknown_code(&shown(&field.arg), scope, why),
        }
    }

    /// Whether a word of the command makes more of the text than stands in it.
    fn is_changed(&self, code: &Code, at: usize, scope: &Scope) -> bool {
        let understood = match self.actions.get(at).map(|action| &action.resource) {
            Some(Resource::Command(command)) => command.understood,
            _ => false,
        };
        let perl = matches!(code.language, Language::Perl | Language::Ruby);
        !understood
            || perl
                && scope.words.iter().skip(1).filter(|word| word.text() != Some(&code.text)).any(|word| {
                    // `-I` says where modules come from; Perl runs an operand that ends in a bar.
                    let text = word.start().trim();
                    let glob = matches!(&word.arg, Arg::Glob(pattern) if pattern.ends_with(['*', '?', ']']));
                    text.starts_with("-I")
                        || text.starts_with(['|', '<', '>', '+'])
                        || text.ends_with('|')
                        || glob
                        || matches!(word.arg, Arg::Partly { .. })
                })
    }

    /// What the text of a command does.
    pub(super) fn run_code(&mut self, code: &Code, at: usize, scope: &Scope, call: &Call) {
        let changed = self.is_changed(code, at, scope);
        let effects = code.language.read(&code.text);
        let folders: Vec<Rc<str>> = scope.dirs.clone();
        let first = self.actions.len();
        let known = effects.unknown.is_none();
        self.chain.push(code.label.clone());
        let bits = self.performed(&effects, scope, call);
        let sound = self.modules(code.language, &effects, &folders, scope, call);
        self.chain.pop();
        if known && sound && !changed && !scope.loose {
            self.amend(at, bits, true);
            self.only_wraps(at);
            return;
        }
        self.amend(at, bits | does_bit(Does::Execute), true);
        let why = match &effects.unknown {
            Some(why) => format!("{}: {}", code.why, why.text),
            None if changed => format!("{}: an option or operand of the command may add to it", code.why),
            None => format!("{}: a module it loads is a file of the folder", code.why),
        };
        self.push_doubt(&code.text, scope, why, first);
    }

    /// `execute:unknown` in front of what was found.
    fn push_doubt(&mut self, text: &str, scope: &Scope, why: String, first: usize) {
        self.push_unknown(text, scope.span.clone(), "");
        if let Some(mut action) = self.actions.pop() {
            action.why = Some(why.into());
            self.actions.insert(first.min(self.actions.len()), action);
        }
    }

    /// Follows a program file.
    pub(super) fn follow_code(
        &mut self,
        language: Language,
        text: &str,
        field: &Field,
        path: &str,
        made: bool,
        scope: &Scope,
    ) {
        let effects = language.read(text);
        let counts = if made { Counts::Made } else { Counts::Found };
        let first = self.actions.len();
        let call = Call { guessed: scope.guessed, ..Call::new(scope.words.clone(), scope.span.clone()) };
        let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
        self.chain.push(field.text().unwrap_or("program").to_owned());
        self.performed(&effects, scope, &call);
        self.modules(language, &effects, &[Rc::from(folder)], scope, &call);
        self.chain.pop();
        match (counts, &effects.unknown) {
            (Counts::Found, _) => self.only_certain(first),
            (_, Some(Why { text: why, hides: true, .. })) => {
                let why = format!("the file was only just written, and what it does is not known: {why}");
                self.push_doubt(field.text().unwrap_or(""), scope, why, first);
            }
            _ => {}
        }
    }

    /// Of the actions since `first` those that certainly are what they seem: the rest is the project's own code.
    pub(super) fn only_certain(&mut self, first: usize) {
        let mut at = 0;
        self.actions.retain(|action| {
            at += 1;
            at <= first || is_certain(action)
        });
    }
}

fn is_certain(action: &Action) -> bool {
    match (&action.kind, &action.resource) {
        (ActionKind::ExecuteUnknown, _) => false,
        (_, Resource::Command(command)) => !command.does.is_empty(),
        (_, Resource::Path(path)) => path.certainty == placet_model::PathCertainty::Exact,
        (_, Resource::Host(None)) => false,
        _ => true,
    }
}

/// Why a program text from standard input is not known.
pub(super) const STANDARD_INPUT: &str = "a program text from standard input is run";

/// Reads and follows what a text does, one thing after another.
impl Machine<'_> {
    fn performed(&mut self, effects: &Effects, scope: &Scope, call: &Call) -> u32 {
        let mut inner = self.scope(scope.name.clone(), call, "the program text does this");
        inner.dirs = scope.dirs.clone();
        inner.does = does_bit(Does::Edit);
        inner.bits = does_bit(Does::Inspect);
        for done in &effects.uses {
            if !self.step() {
                break;
            }
            self.perform(done, effects, &mut inner, call);
        }
        inner.bits
    }

    fn perform(&mut self, done: &Use, effects: &Effects, inner: &mut Scope, call: &Call) {
        use ActionKind::{ReadFile, WriteFile};
        let edit = does_bit(Does::Edit);
        match &done.what {
            What::Read(word) => match self.path_of(word) {
                // Some files of a folder, as far as anybody can tell all of them.
                Field { arg: Arg::Partly { prefix, .. }, safe: true, .. } => {
                    self.path_effect(ReadFile, &Field::known(prefix), Reach::Tree, inner);
                }
                field => self.path_effect(ReadFile, &field, Reach::Entry, inner),
            },
            What::ReadTree(word) => self.path_effect(ReadFile, &self.path_of(word), Reach::Tree, inner),
            What::Write(word) | What::WriteTree(word) => {
                let tree = matches!(done.what, What::WriteTree(_));
                inner.bits |= edit;
                self.path_effect(
                    WriteFile,
                    &self.path_of(word),
                    if tree { Reach::Tree } else { Reach::Entry },
                    inner,
                );
            }
            What::Delete(word) => self.removed(&["rm"], word, inner, call),
            What::DeleteTree(word) => self.removed(&["rm", "-r", "-f"], word, inner, call),
            What::List(_) => {}
            What::Process { words, open, directory, input } => {
                let mut fields: Vec<Field> = words.iter().map(|word| self.field_of(word)).collect();
                if *open {
                    fields.push(Field::unknown(true));
                }
                let stdin = match input.as_ref().and_then(Word::text) {
                    Some(text) => Stdin::Known(text.to_owned()),
                    None => Stdin::Unknown,
                };
                self.started(directory.as_ref(), stdin, inner, |machine| {
                    machine.run(Call { guessed: call.guessed, ..Call::new(fields, call.span.clone()) });
                });
            }
            What::Shell { text, directory } => {
                let text = self.field_of(text);
                self.started(directory.as_ref(), Stdin::Unknown, inner, |machine| match text.text() {
                    Some(known) => machine.text(known, true, None),
                    None => machine.unknown_text(&text),
                });
            }
            What::Fetch(word) => {
                inner.bits |= does_bit(Does::Fetch);
                self.same(vec![Field::known("curl"), self.field_of(word)], inner, call);
            }
            What::Send(word) => {
                inner.bits |= does_bit(Does::Send);
                let words = ["curl", "-d", "data"].into_iter().map(Field::known);
                self.same(words.chain([self.field_of(word)]).collect(), inner, call);
            }
            What::Connect(word) => {
                inner.bits |= does_bit(Does::Send);
                self.host_effect(word.text(), inner);
            }
            What::Statement { database, text } => {
                let words = vec![Field::known("sqlite3"), self.path_of(database), self.field_of(text)];
                self.same(words, inner, call);
            }
            What::Variable(name) => {
                if self.shows_secret(name.as_deref(), effects) {
                    inner.bits |= does_bit(Does::Secrets);
                }
            }
        }
    }

    /// Something is removed: what `rm` would do.
    fn removed(&mut self, command: &[&'static str], word: &Word, inner: &Scope, call: &Call) {
        let path = self.path_of(word);
        let mut words: Vec<Field> = command.iter().map(|word| Field::known(*word)).collect();
        if path.start().is_empty() || path.start().starts_with('-') {
            words.push(Field::known("--"));
        }
        words.push(path);
        self.same(words, inner, call);
    }

    /// What a command with the same effect would do.
    fn same(&mut self, words: Vec<Field>, inner: &Scope, call: &Call) {
        self.started(None, Stdin::Unknown, inner, |machine| {
            machine.run(Call { guessed: call.guessed, ..Call::new(words, call.span.clone()) });
        });
    }

    /// A new process in `directory`, or in that of the program text.
    fn started(
        &mut self,
        directory: Option<&Word>,
        stdin: Stdin,
        inner: &Scope,
        work: impl FnOnce(&mut Self),
    ) {
        let field = directory.map(|word| self.path_of(word));
        let dirs: Vec<Rc<str>> = match &field {
            None => inner.dirs.clone(),
            Some(field) => match field.text() {
                Some(text) if text.starts_with('/') => vec![Rc::from(absolute(text, "/", None))],
                Some(text) => inner.dirs.iter().map(|dir| Rc::from(absolute(text, dir, None))).collect(),
                None => Vec::new(),
            },
        };
        let remote = self.remote;
        self.elsewhere(remote, stdin, |machine| {
            machine.state.dirs = dirs;
            work(machine);
        });
    }

    /// A text of the program as a word of a command.
    fn field_of(&self, word: &Word) -> Field {
        let (mut prefix, mut suffix, mut open) = (String::new(), String::new(), false);
        for part in &word.parts {
            let value = match part {
                Part::Text(text) => Some(text.clone()),
                Part::Home => match self.variable("HOME") {
                    Value::Known(home) => Some(home.to_string()),
                    _ if self.state.assigned("HOME").is_none() => Some("~".to_owned()),
                    _ => None,
                },
                Part::Variable(name) => match self.variable(name) {
                    Value::Known(text) => Some(text.to_string()),
                    _ => None,
                },
                Part::Inside | Part::Unknown => None,
            };
            match value {
                Some(text) if open => suffix.push_str(&text),
                Some(text) => prefix.push_str(&text),
                None => {
                    open = true;
                    suffix.clear();
                }
            }
        }
        if !open {
            return Field { quoted: true, ..Field::known(prefix) };
        }
        Field { arg: Arg::Partly { prefix, suffix }, quoted: true, ..Field::unknown(false) }
    }

    /// The same where a path is meant: what a listing gave stays below its folder.
    fn path_of(&self, word: &Word) -> Field {
        let field = self.field_of(word);
        let listed = word.parts.iter().all(|part| !matches!(part, Part::Unknown | Part::Variable(_)));
        let climbs = || word.parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains("..")));
        match &field.arg {
            Arg::Partly { prefix, .. } if listed && !climbs() => {
                let end = prefix.rfind('/').map_or(0, |at| at + 1);
                let folder = prefix.get(..end).filter(|folder| !folder.is_empty()).unwrap_or("./");
                Field::below(folder.to_owned())
            }
            _ => field,
        }
    }

    /// Whether a variable that is read looks like a secret, and goes elsewhere than to the site it is for.
    fn shows_secret(&self, name: Option<&str>, effects: &Effects) -> bool {
        let Some(name) = name else { return true };
        if !super::secrets::is_secret_name(name) || self.state.assigned(name).is_some() {
            return false;
        }
        let mut hosts = effects.uses.iter().filter_map(|done| match &done.what {
            What::Fetch(word) | What::Send(word) => {
                Some(word.text().and_then(|text| UrlRef::parse(text).host))
            }
            What::Connect(word) => Some(word.text().map(str::to_owned)),
            _ => None,
        });
        let own = |host: Option<String>| host.is_some_and(|host| super::secrets::is_own_site(&host));
        match hosts.next() {
            None => true,
            Some(first) => !(own(first) && hosts.all(own)),
        }
    }
}

/// Files in the place of modules.
impl Machine<'_> {
    /// Follows the files that the text would load from its own folders. Whether what it loads is what it seems.
    fn modules(
        &mut self,
        language: Language,
        effects: &Effects,
        folders: &[Rc<str>],
        scope: &Scope,
        call: &Call,
    ) -> bool {
        if effects.modules.is_empty() || self.remote || matches!(language, Language::Perl | Language::Ruby) {
            return true;
        }
        if folders.is_empty() {
            return language != Language::Python;
        }
        let mut sound = true;
        for folder in folders {
            let files = match language {
                Language::Python => self.python_files(&effects.modules, folder),
                _ => effects.modules.iter().filter_map(|name| self.javascript_file(name, folder)).collect(),
            };
            for file in files.into_iter().take(MODULE_FILES) {
                sound = false;
                self.module_file(language, &file, scope, call);
            }
        }
        sound
    }

    fn module_file(&mut self, language: Language, file: &str, scope: &Scope, call: &Call) {
        if self.memory.open.len() >= OPEN || self.memory.open.iter().any(|open| open == file) {
            return;
        }
        let written = self.memory.written(file);
        let made = written.is_some() || self.context.facts.session_wrote(file);
        let text = match &written {
            Some(text) => text.as_deref().map(str::to_owned),
            None => self.context.facts.text(file, SCRIPT_BYTES),
        };
        let Some(text) = text else { return };
        self.memory.open.push(file.to_owned());
        let scope = Scope { words: call.words.clone(), ..self.scope(scope.name.clone(), call, "") };
        let language = match language {
            Language::JavaScript if file.ends_with("ts") => Language::TypeScript,
            other => other,
        };
        self.follow_code(language, &text, &Field::known(file), file, made, &scope);
        self.memory.open.pop();
    }

    /// Files in `folder` that Python would load before the modules of that name, or that those load.
    fn python_files(&self, modules: &[String], folder: &str) -> Vec<String> {
        let wanted = |stem: &str| {
            placet_code::is_standard(stem)
                || modules.iter().any(|module| module.split('.').next() == Some(stem))
        };
        let mut found: Vec<String> = Vec::new();
        let exists =
            |path: &str| self.memory.written(path).is_some() || self.context.facts.kind(path).is_some();
        let stem = folder.trim_end_matches('/');
        match self.context.facts.entries(folder, false, LISTED) {
            placet_model::Entries::All(entries) => {
                for entry in entries.iter().filter(|entry| wanted(entry.split('.').next().unwrap_or(""))) {
                    let package = format!("{stem}/{entry}/__init__.py");
                    let compiled = [".py", ".pyc", ".so"].iter().any(|end| entry.ends_with(end));
                    if compiled {
                        found.push(format!("{stem}/{entry}"));
                    } else if !entry.contains('.') && exists(&package) {
                        found.push(package);
                    }
                }
            }
            _ => {
                let roots = modules.iter().filter_map(|module| module.split('.').next());
                for root in roots {
                    found.extend(
                        [format!("{stem}/{root}.py"), format!("{stem}/{root}/__init__.py")]
                            .into_iter()
                            .filter(|path| exists(path)),
                    );
                }
            }
        }
        for path in self.memory.written_below(stem) {
            let name = path.get(stem.len() + 1..).unwrap_or("");
            let root = name.split(['.', '/']).next().unwrap_or("");
            let loads = !name.contains('/') || name.ends_with("/__init__.py");
            if loads && wanted(root) && !found.contains(&path) {
                found.push(path);
            }
        }
        found
    }

    /// The file that `require("./name")` loads.
    fn javascript_file(&self, name: &str, folder: &str) -> Option<String> {
        if !name.starts_with(['.', '/']) {
            return None;
        }
        let base = absolute(name, folder, None);
        ["", ".js", ".cjs", ".mjs", ".ts", "/index.js"].iter().map(|end| format!("{base}{end}")).find(
            |path| {
                self.memory.written(path).is_some()
                    || self.context.facts.kind(path) == Some(placet_model::EntryKind::File)
            },
        )
    }
}
