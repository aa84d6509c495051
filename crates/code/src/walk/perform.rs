//! Calls of things that the tables know: what they do, and what comes of them.

use std::rc::Rc;

use super::call::Given;
use super::value::{Value, join_paths};
use super::{Language, Walk};
use crate::effects::{Part, What, Word};
use crate::tables::{self, Item};
use crate::tree::At;

/// Reasons of the tables that mean: what cannot be seen is run.
const HIDING: [&str; 3] = ["a program is started", "a text for a shell is run", "foreign code is loaded"];

impl Walk {
    /// Calls something of a module.
    pub(super) fn call_known(&mut self, name: &Rc<str>, given: &Given, at: At) -> Value {
        let Some(spec) = tables::find(self.language, name) else {
            given.all().for_each(|value| self.lose(value, at));
            self.doubt(&format!("`{name}` is called, which is not known"), at);
            return Value::Unknown;
        };
        if let Some(value) = self.special(name, given, at) {
            return value;
        }
        self.run_spec(spec, None, given, at)
    }

    /// Calls a method of a thing of the tables.
    pub(super) fn call_instance(
        &mut self,
        kind: &'static str,
        inner: &Rc<Value>,
        base: &Value,
        name: &Rc<str>,
        given: &Given,
        at: At,
    ) -> Value {
        let full = format!("<{kind}>.{name}");
        let Some(spec) = tables::find(self.language, &full) else {
            given.all().for_each(|value| self.lose(value, at));
            self.doubt(&format!("`{name}` is not known of a {kind}"), at);
            return Value::Unknown;
        };
        if let Some(value) = self.special_method(&full, inner, given, at) {
            return value;
        }
        if spec.starts_with('@') {
            given.all().for_each(|value| self.lose(value, at));
            self.doubt(&format!("`{name}` of a {kind} is called"), at);
            return Value::Unknown;
        }
        self.run_spec(spec, Some(base), given, at)
    }

    fn run_spec(&mut self, spec: &'static str, base: Option<&Value>, given: &Given, at: At) -> Value {
        let (items, result) = tables::parts(spec);
        for item in items {
            self.perform(&item, base, given, at);
        }
        let value = self.result(result, base, given, at);
        // Functions among the arguments are called with what is made, or with anything.
        let handed = match (self.language, &value) {
            (Language::JavaScript, Value::Known(_) | Value::Identity) => Value::Unknown,
            (Language::JavaScript, value) => value.clone(),
            _ => Value::Unknown,
        };
        for argument in given.all() {
            // What makes data of it keeps nothing.
            if result != "data" || !matches!(argument, Value::Instance(..)) {
                self.lose_with(argument, &handed, at);
            }
        }
        value
    }

    fn result(&mut self, result: &'static str, base: Option<&Value>, given: &Given, at: At) -> Value {
        if let Some(kind) = result.strip_prefix("path-of ") {
            let at = kind.parse().unwrap_or(0);
            let inner = given.get(at, "").unwrap_or(Value::text("."));
            return Value::Instance("path", Rc::new(Value::word(inner.to_word())));
        }
        if result.starts_with('<') {
            let made = given.get(0, "").unwrap_or(Value::Plain);
            return tables::instance(result)
                .map_or(Value::Unknown, |kind| Value::Instance(kind, Rc::new(Value::word(made.to_word()))));
        }
        match result {
            "" | "data" => Value::Plain,
            "like" => {
                if given.is_plain() && base.is_none_or(Value::is_plain) {
                    Value::Plain
                } else {
                    Value::Unknown
                }
            }
            "self" => base.cloned().unwrap_or(Value::Plain),
            "first" => given.get(0, "").unwrap_or(Value::Plain),
            "identity" => Value::Identity,
            "temp" => Value::word(temporary()),
            "temp-path" => Value::Instance("path", Rc::new(Value::word(temporary()))),
            "any" => Value::Unknown,
            other if HIDING.contains(&other) => {
                self.hide(other, at);
                Value::Unknown
            }
            other => {
                self.doubt(other, at);
                Value::Unknown
            }
        }
    }

    /// A path as the process sees it: behind the directory it has changed to.
    pub(super) fn located(&self, value: &Value) -> Word {
        let word = value.to_word();
        let moved = if self.later_than.is_some() && self.names.moves {
            Word::unknown()
        } else {
            let slot = self.frames.find(0, "\0cwd");
            slot.and_then(|slot| self.frames.get(slot)).map(Value::to_word).unwrap_or_default()
        };
        if moved.parts.is_empty() { word } else { join_paths(&moved, &word) }
    }

    fn perform(&mut self, item: &Item, base: Option<&Value>, given: &Given, at: At) {
        let value = if item.of_self {
            base.cloned()
        } else {
            given.get(item.at, item.name).or_else(|| item.default.map(Value::text))
        };
        let Some(value) = value else { return };
        self.reveal(&value, at);
        // A list of paths: each of them.
        let values: Vec<Value> = match &value {
            Value::List(items, open) => {
                let mut values = items.to_vec();
                if *open {
                    values.push(Value::Unknown);
                }
                values
            }
            Value::Many(item) => vec![(**item).clone()],
            other => vec![other.clone()],
        };
        for value in values {
            // A file or the number of one that is open already.
            if matches!(value, Value::Instance("file", _) | Value::Number(_)) && item.role != "connect" {
                continue;
            }
            let word = self.located(&value);
            match item.role {
                // What lies at the second path is from now on what lies at the first.
                "link" | "symlink" => {
                    let Some(name) = given.get(item.at + 1, "dst") else { continue };
                    let target = if item.role == "link" { word } else { value.to_word() };
                    let mut words = vec![Word::known("ln"), Word::known("-s"), target, self.located(&name)];
                    if item.role == "link" {
                        words.remove(1);
                    }
                    self.note(What::Process { words, open: false, directory: None, input: None }, at);
                }
                "read" => self.note(What::Read(word), at),
                "readtree" => self.note(What::ReadTree(word), at),
                "write" => self.note(What::Write(word), at),
                "writetree" => self.note(What::WriteTree(word), at),
                "delete" => self.note(What::Delete(word), at),
                "deltree" => self.note(What::DeleteTree(word), at),
                "list" => self.note(What::List(word), at),
                "fetch" => self.fetch(value.to_word(), false, at),
                "send" => self.fetch(value.to_word(), true, at),
                "connect" => self.note(What::Connect(value.to_word()), at),
                "shell" => self.shell(&value, given, at),
                "chdir" => self.change_directory(&value),
                "variable" => {
                    self.variable(&value, at);
                }
                _ => self.doubt("an effect that is not known", at),
            }
        }
    }

    pub(super) fn fetch(&mut self, word: Word, sends: bool, at: At) {
        let local = word.text().and_then(|text| text.strip_prefix("file:")).map(|rest| {
            let rest = rest.strip_prefix("//").unwrap_or(rest);
            rest.strip_prefix("localhost").unwrap_or(rest).to_owned()
        });
        match local {
            Some(path) => self.note(What::Read(Word::known(path)), at),
            None if sends => self.note(What::Send(word), at),
            None => self.note(What::Fetch(word), at),
        }
    }

    pub(super) fn change_directory(&mut self, value: &Value) {
        let word = self.located(value);
        if let Some(slot) = self.frames.find(0, "\0cwd") {
            self.frames.set(slot, Some(Value::word(word)));
        }
    }

    /// The directory a started process gets.
    pub(super) fn directory(&self, given: &Given, name: &str) -> Option<Word> {
        match given.get(usize::MAX, name) {
            Some(value)
                if given.named.iter().any(|(found, _)| &**found == name)
                    && !matches!(value, Value::Nothing) =>
            {
                Some(self.located(&value))
            }
            _ => {
                let word = self.located(&Value::word(Word::default()));
                (!word.parts.is_empty()).then_some(word)
            }
        }
    }

    fn shell(&mut self, value: &Value, given: &Given, at: At) {
        let directory = self.directory(given, "cwd");
        self.note(What::Shell { text: value.to_word(), directory }, at);
    }

    /// A program with the words of a list.
    pub(super) fn process(&mut self, words: &Value, directory: Option<Word>, input: Option<Word>, at: At) {
        let (words, open) = match words {
            Value::List(items, open) => (items.iter().map(Value::to_word).collect(), *open),
            Value::Word(_) | Value::Instance("path", _) => (vec![words.to_word()], false),
            _ => (vec![Word::unknown()], true),
        };
        if words.is_empty() {
            return;
        }
        if open && self.names.mutates {
            // A list that was changed in place: any of its words may be another by now.
            let words = vec![Word::unknown()];
            let (directory, input) = (directory.clone(), input.clone());
            self.note(What::Process { words, open, directory, input }, at);
        }
        self.note(What::Process { words, open, directory, input }, at);
    }

    /// The mode or the owner of a file is set: what `chmod` or `chown` does.
    pub(super) fn moded(&mut self, program: &str, path: &Value, mode: &Value, at: At) {
        let mode = match mode {
            Value::Number(number) if program == "chmod" => Word::known(format!("{number:o}")),
            other => other.to_word(),
        };
        let words = vec![Word::known(program), mode, self.located(path)];
        self.note(What::Process { words, open: false, directory: None, input: None }, at);
    }

    /// `open` and its like: what is done hangs on the mode.
    pub(super) fn open_file(&mut self, path: &Value, mode: Option<&Value>, at: At) -> Value {
        if matches!(path, Value::Number(_)) {
            return Value::Instance("file", Rc::new(Value::Plain));
        }
        let word = self.located(path);
        match mode.map(Value::known) {
            None => self.note(What::Read(word), at),
            Some(Some(mode)) => {
                if mode.contains('r') || mode.contains('+') || !mode.contains(['w', 'a', 'x']) {
                    self.note(What::Read(word.clone()), at);
                }
                if mode.contains(['w', 'a', 'x', '+']) {
                    self.note(What::Write(word), at);
                }
            }
            Some(None) => {
                self.note(What::Read(word.clone()), at);
                self.note(What::Write(word), at);
            }
        }
        Value::Instance("file", Rc::new(Value::Plain))
    }
}

/// Some file in the folder for temporary ones.
fn temporary() -> Word {
    Word { parts: vec![Part::Text("/tmp/".to_owned()), Part::Unknown] }
}
