//! Programs that are started.

use std::rc::Rc;

use crate::effects::{Part, What, Word};
use crate::tree::At;
use crate::walk::call::Given;
use crate::walk::value::Value;
use crate::walk::{Language, Walk};

impl Walk {
    /// Programs that are started.
    pub(super) fn started(&mut self, name: &str, given: &Given, at: At) -> Option<Value> {
        let (_, how) = name.rsplit_once('.')?;
        match self.language {
            Language::Python => self.started_python(how, given, at),
            Language::JavaScript => self.started_javascript(how, given, at),
        }
    }

    fn started_python(&mut self, how: &str, given: &Given, at: At) -> Option<Value> {
        if matches!(how, "getoutput" | "getstatusoutput") {
            let text = given.get(0, "cmd").unwrap_or(Value::Unknown).to_word();
            let directory = self.directory(given, "cwd");
            self.note(What::Shell { text, directory }, at);
            return Some(Value::Plain);
        }
        if !matches!(how, "run" | "call" | "check_call" | "check_output" | "Popen") {
            return None;
        }
        let words = given.get(0, "args").unwrap_or(Value::Unknown);
        let named =
            |key: &str| given.named.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.clone());
        let directory = self.directory(given, "cwd");
        let input = named("input").map(|value| value.to_word());
        if named("executable").is_some_and(|value| !matches!(value, Value::Nothing))
            || given.open
            || given.positional.len() > 1
        {
            self.doubt("a program is started in a way that is not known", at);
        }
        if named("env").is_some_and(|value| !matches!(value, Value::Nothing | Value::Environment)) {
            self.doubt("a program is started with another environment", at);
        }
        match named("shell") {
            Some(Value::Number(0) | Value::Truth(false)) | None => self.process(&words, directory, input, at),
            Some(shell) => {
                if !matches!(shell, Value::Truth(true) | Value::Number(_)) {
                    self.process(&words, directory.clone(), input, at);
                }
                let text = match &words {
                    // The first is the text, the others are its arguments.
                    Value::List(items, _) => items.first().map_or_else(Word::unknown, Value::to_word),
                    other => other.to_word(),
                };
                self.note(What::Shell { text, directory }, at);
            }
        }
        given
            .all()
            .filter(|value| !matches!(value, Value::Environment))
            .for_each(|value| self.lose(value, at));
        Some(Value::Instance("proc", Rc::new(Value::Plain)))
    }

    fn started_javascript(&mut self, how: &str, given: &Given, at: At) -> Option<Value> {
        let first = Self::first(given);
        let options = given.all().find_map(|value| match value {
            Value::Map(members, open) => Some((Rc::clone(members), *open)),
            _ => None,
        });
        let member = |key: &str| {
            let (members, _) = options.as_ref()?;
            members.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.clone())
        };
        let directory = match member("cwd") {
            Some(value) => Some(self.located(&value)),
            None => self.directory(&Given::default(), "cwd"),
        };
        let input = member("input").map(|value| value.to_word());
        let odd = given.positional.iter().skip(1).any(|value| {
            !matches!(
                value,
                Value::Map(_, false) | Value::List(..) | Value::Closure(..) | Value::Plain | Value::Many(_)
            )
        });
        if odd
            || options.as_ref().is_some_and(|(members, open)| {
                *open || members.iter().any(|(name, _)| name.starts_with('\0'))
            })
        {
            self.doubt("a program is started in a way that is not known", at);
        }
        if member("env").is_some_and(|value| !matches!(value, Value::Environment))
            || member("execPath").is_some()
            || member("argv0").is_some()
        {
            self.doubt("a program is started with another environment", at);
        }
        let list = match given.get(1, "") {
            Some(Value::List(items, open)) => Value::List(
                std::iter::once(first.clone()).chain(items.iter().cloned()).collect(),
                open || given.open,
            ),
            Some(Value::Map(..) | Value::Closure(..)) | None => {
                Value::List([first.clone()].into(), given.open)
            }
            Some(_) => Value::List([first.clone()].into(), true),
        };
        match how {
            "exec" | "execSync" => {
                if member("shell").is_some_and(|shell| {
                    !matches!(shell.known(), Some("/bin/sh" | "/bin/bash" | "sh" | "bash"))
                }) {
                    self.doubt("a shell that is not known", at);
                }
                self.note(What::Shell { text: first.to_word(), directory }, at);
            }
            "spawn" | "spawnSync" | "execFile" | "execFileSync" => {
                if member("shell").is_some_and(|value| !matches!(value, Value::Truth(false))) {
                    let text = match &list {
                        Value::List(items, open) => {
                            let mut word = Word::default();
                            for (number, item) in items.iter().enumerate() {
                                if number > 0 {
                                    word.push(Part::Text(" ".to_owned()));
                                }
                                word = word.then(&item.to_word());
                            }
                            if *open {
                                word.push(Part::Unknown);
                            }
                            word
                        }
                        other => other.to_word(),
                    };
                    self.note(What::Shell { text, directory }, at);
                } else {
                    self.process(&list, directory, input, at);
                }
            }
            "fork" => {
                let words = match list {
                    Value::List(items, open) => Value::List(
                        std::iter::once(Value::text("node")).chain(items.iter().cloned()).collect(),
                        open,
                    ),
                    other => other,
                };
                self.process(&words, directory, None, at);
            }
            _ => return None,
        }
        given.all().for_each(|value| self.lose_with(value, &Value::Plain, at));
        Some(Value::Instance("proc", Rc::new(Value::Plain)))
    }
}
