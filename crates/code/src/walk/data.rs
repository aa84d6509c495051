//! Methods of plain data.

use std::rc::Rc;

use super::call::Given;
use super::value::Value;
use super::{Language, Walk};
use crate::effects::{Part, Word};
use crate::tables;
use crate::tree::At;

/// Methods of data that hand items to a function.
const CALLING: [&str; 21] = [
    "forEach",
    "map",
    "filter",
    "some",
    "every",
    "find",
    "findIndex",
    "findLast",
    "flatMap",
    "sort",
    "toSorted",
    "replace",
    "replaceAll",
    "sub",
    "subn",
    "reduce",
    "reduceRight",
    "on",
    "once",
    "submit",
    "add_done_callback",
];

/// Whether calling the method of that name does nothing, whatever of the known things it is called on.
pub(super) fn is_harmless(language: Language, name: &str, given: &Given) -> bool {
    if language == Language::Python && name == "replace" {
        // A path takes one argument, a text two.
        return given.exact && given.positional.len() >= 2;
    }
    tables::is_data_method(language, name) && !tables::is_effect_method(language, name)
}

/// Double-underscored methods that a class of the text may call on its base.
pub(super) fn is_plain_dunder(name: &str) -> bool {
    matches!(
        name,
        "__init__"
            | "__str__"
            | "__repr__"
            | "__enter__"
            | "__exit__"
            | "__len__"
            | "__iter__"
            | "__eq__"
            | "__hash__"
    )
}

impl Walk {
    pub(super) fn call_data(&mut self, base: &Value, name: &Rc<str>, given: &Given, at: At) -> Value {
        if !tables::is_data_method(self.language, name) {
            given.all().for_each(|value| self.lose(value, at));
            self.doubt(&format!("`{name}` of plain data is called, which is not known"), at);
            return Value::Unknown;
        }
        given.all().for_each(|value| self.reveal(value, at));
        if let Some(value) = self.text_method(base, name, given) {
            return value;
        }
        if CALLING.contains(&&**name) {
            return self.calling(base, name, given, at);
        }
        given.all().for_each(|value| self.lose(value, at));
        match (base, &**name) {
            (Value::Map(members, false), "get" | "pop" | "setdefault")
                if self.language == Language::Python =>
            {
                let found = given.get(0, "").and_then(|key| {
                    let name = key.known()?.to_owned();
                    members.iter().find(|(found, _)| **found == *name).map(|(_, value)| value.clone())
                });
                match found {
                    Some(value) => value,
                    None => base.item_of_map().joined(&given.get(1, "default").unwrap_or(Value::Plain)),
                }
            }
            (Value::Map(members, false), "items") => Value::List(
                members
                    .iter()
                    .map(|(name, value)| Value::List([Value::text(name), value.clone()].into(), false))
                    .collect(),
                false,
            ),
            (Value::Map(members, false), "values") => {
                Value::List(members.iter().map(|(_, value)| value.clone()).collect(), false)
            }
            (Value::Map(members, _), "keys") => Value::Many(Rc::new(if members.is_empty() {
                Value::Plain
            } else {
                Value::word(Word::unknown())
            })),
            (Value::List(_, _), "concat") => given.all().fold(base.clone(), |all, more| all.concat(more)),
            _ if base.is_plain() && given.is_plain() => Value::Plain,
            _ if is_about(name) => Value::Plain,
            _ => Value::Unknown,
        }
    }

    /// `forEach` and the like.
    fn calling(&mut self, base: &Value, name: &str, given: &Given, at: At) -> Value {
        let Some(callee) = given.get(0, "").or_else(|| given.get(usize::MAX, "key")) else {
            return base.clone();
        };
        let callee = match &callee {
            Value::Closure(..) => callee,
            // `on("data", f)`, `replace(/x/, f)`
            _ => given.all().find(|value| matches!(value, Value::Closure(..))).cloned().unwrap_or(callee),
        };
        let plain = base.is_plain();
        let (rounds, _) = match (name, base) {
            ("reduce" | "reduceRight" | "submit" | "add_done_callback", _) => (vec![Value::Unknown], false),
            ("on" | "once" | "replace" | "replaceAll" | "sub" | "subn", _) => (vec![Value::Plain], false),
            (_, base) => self.rounds(base),
        };
        let mut results = Vec::new();
        for item in rounds {
            let rest = if plain { Value::Plain } else { Value::Unknown };
            let arguments = Given::of(&[item, rest.clone(), rest]);
            let callee = callee.clone();
            let mut result = Value::Unknown;
            self.again(&mut |walk| result = walk.call_back(&callee, &arguments, at));
            results.push(result);
        }
        let taken = callee;
        for value in given.all().filter(|value| !same_function(value, &taken)) {
            self.lose(value, at);
        }
        match name {
            "map" if results.len() > 1 => Value::List(results.into(), false),
            "map" | "flatMap" => results.pop().map_or(Value::Plain, |value| {
                if value.is_plain() && !matches!(value, Value::Word(_)) {
                    Value::Plain
                } else {
                    self.lose(&value, at);
                    Value::Many(Rc::new(value))
                }
            }),
            "filter" | "sort" | "toSorted" => match base {
                Value::List(..) => Value::Many(Rc::new(base.item())),
                other => other.clone(),
            },
            "find" | "findLast" => base.item(),
            "on" | "once" => base.clone(),
            _ if plain => {
                results.iter().for_each(|value| self.lose(value, at));
                if results.iter().all(Value::is_plain) { Value::Plain } else { Value::Unknown }
            }
            _ => {
                results.iter().for_each(|value| self.lose(value, at));
                Value::Unknown
            }
        }
    }

    /// Methods of texts whose result is worked out.
    fn text_method(&mut self, base: &Value, name: &str, given: &Given) -> Option<Value> {
        let first = given.get(0, "");
        match (base, name) {
            (Value::Word(separator), "join") if self.language == Language::Python => {
                self.joined(separator, first.as_ref())
            }
            (Value::List(..), "join") if self.language == Language::JavaScript => {
                let separator = first.map_or_else(|| Word::known(","), |value| value.to_word());
                self.joined(&separator, Some(base))
            }
            (Value::Word(word), "format") => Some(self.format(word, given)),
            (Value::Word(word), "encode" | "decode" | "toString" | "valueOf") => {
                Some(Value::word((**word).clone()))
            }
            (Value::Word(_), "concat") => Some(given.all().fold(base.clone(), |all, more| all.concat(more))),
            (Value::Word(word), _) => {
                let text = word.text()?;
                let argument =
                    |at: usize| given.get(at, "").and_then(|value| value.known().map(str::to_owned));
                match name {
                    "strip" | "trim" if given.positional.is_empty() => Some(Value::text(text.trim())),
                    "lower" | "toLowerCase" => Some(Value::text(&text.to_lowercase())),
                    "upper" | "toUpperCase" => Some(Value::text(&text.to_uppercase())),
                    "replace" | "replaceAll" if given.positional.len() == 2 => {
                        let (from, to) = (argument(0)?, argument(1)?);
                        if self.language == Language::JavaScript && name == "replace" {
                            return Some(Value::text(&text.replacen(&from, &to, 1)));
                        }
                        if from.is_empty() { None } else { Some(Value::text(&text.replace(&from, &to))) }
                    }
                    "split" if given.positional.len() <= 1 => {
                        let parts: Vec<Value> = match argument(0) {
                            Some(separator) if !separator.is_empty() => {
                                text.split(&separator).map(Value::text).collect()
                            }
                            None if given.positional.is_empty() && self.language == Language::Python => {
                                text.split_whitespace().map(Value::text).collect()
                            }
                            _ => return None,
                        };
                        (parts.len() <= 32).then(|| Value::List(parts.into(), false))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn joined(&mut self, separator: &Word, items: Option<&Value>) -> Option<Value> {
        let Some(Value::List(items, false)) = items else {
            return items.map(|_| Value::word(Word::unknown()));
        };
        let mut word = Word::default();
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                word = word.then(separator);
            }
            word = word.then(&item.to_word());
        }
        Some(Value::word(word))
    }

    /// `"{} {name}".format(…)`.
    fn format(&mut self, word: &Word, given: &Given) -> Value {
        let Some(text) = word.text() else { return Value::Plain };
        let mut out = Word::default();
        let mut rest = text;
        let mut next = 0;
        while let Some((before, after)) = rest.split_once('{') {
            out.push(Part::Text(before.to_owned()));
            let Some((field, after)) = after.split_once('}') else { break };
            let value = if field.is_empty() {
                next += 1;
                given.get(next - 1, "")
            } else {
                match field.parse::<usize>() {
                    Ok(at) => given.get(at, ""),
                    Err(_) => given.get(usize::MAX, field),
                }
            };
            match value {
                Some(value) if !before.contains('}') => out = out.then(&value.to_word()),
                _ => out.push(Part::Unknown),
            }
            rest = after;
        }
        out.push(Part::Text(rest.to_owned()));
        Value::word(out)
    }
}

/// Methods whose result is data whatever they are asked about.
fn is_about(name: &str) -> bool {
    matches!(
        name,
        "join"
            | "format"
            | "index"
            | "count"
            | "includes"
            | "indexOf"
            | "startswith"
            | "endswith"
            | "push"
            | "append"
            | "has"
    )
}

fn same_function(one: &Value, other: &Value) -> bool {
    matches!((one, other), (Value::Closure(a, _), Value::Closure(b, _)) if Rc::ptr_eq(a, b))
}
