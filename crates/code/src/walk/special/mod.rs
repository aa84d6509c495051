//! Functions of the tables whose result or effect hangs on what they are given.

mod decoding;
mod items;
mod javascript;
mod methods;
mod paths;
mod processes;
mod python;

pub(in crate::walk) use paths::{file_name, parent};

use std::rc::Rc;

use crate::effects::{Part, What, Word};
use crate::tree::{At, Text};
use crate::walk::call::Given;
use crate::walk::value::Value;
use crate::walk::{Language, TEXTS, Walk, effects_within};

impl Walk {
    /// Functions with rules of their own; `None`: the table says it all.
    pub(in crate::walk) fn special(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        if name.starts_with("child_process.") || name.starts_with("subprocess.") {
            return self.started(name, given, at);
        }
        match self.language {
            Language::Python => {
                self.special_python(name, given, at).or_else(|| self.special_items(name, given, at))
            }
            Language::JavaScript => self.special_javascript(name, given, at),
        }
    }

    pub(super) fn first(given: &Given) -> Value {
        given.get(0, "").unwrap_or(Value::Unknown)
    }

    pub(in crate::walk) fn connect(&mut self, address: &Value, at: At) {
        let host = match address {
            Value::List(items, false) => items.first().map_or_else(Word::unknown, Value::to_word),
            _ => Word::unknown(),
        };
        self.note(What::Connect(host), at);
    }

    /// A text of the same language is run.
    pub(in crate::walk) fn run_text(&mut self, text: &Value, how: &str, at: At) -> Value {
        if let Some(source) = text.known()
            && self.texts < TEXTS
        {
            let tree: Text = match self.language {
                Language::Python => crate::python::read(source),
                Language::JavaScript => crate::javascript::read(source, false),
            };
            let within = effects_within(&tree, self.language, self.texts + 1, Some(self.outer.unwrap_or(at)));
            for done in within.uses {
                if !self.uses.contains(&done) {
                    self.uses.push(done);
                }
            }
            self.modules.extend(within.modules);
        }
        self.hide(&format!("`{how}` runs a text"), at);
        Value::Unknown
    }

    /// Methods of the environment.
    pub(in crate::walk) fn environment(&mut self, name: &str, given: &Given, at: At) -> Value {
        match (self.language, name) {
            (Language::Python, "get" | "__getitem__") => {
                self.special_python("os.environ.get", given, at).unwrap_or(Value::Unknown)
            }
            (Language::Python, "copy") => Value::Environment,
            (Language::Python, "items" | "values" | "keys") => {
                self.note(What::Variable(None), at);
                Value::Plain
            }
            _ => {
                given.all().for_each(|value| self.lose(value, at));
                self.note(What::Variable(None), at);
                self.doubt("the environment is changed", at);
                Value::Unknown
            }
        }
    }
}

/// Whether every text in it is known to the last sign.
fn certain(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Word(word) => word.text().is_some(),
        Value::List(items, false) => items.iter().all(certain),
        Value::Map(members, false) => {
            members.iter().all(|(name, value)| !name.starts_with('\0') && certain(value))
        }
        _ => false,
    }
}

fn first_text(given: &Given) -> Value {
    match given.get(0, "") {
        Some(value @ Value::Word(_)) => value,
        _ => Value::Plain,
    }
}

/// Names as a listing gives them.
fn names() -> Value {
    Value::Many(Rc::new(Value::word(Word { parts: vec![Part::Inside] })))
}
