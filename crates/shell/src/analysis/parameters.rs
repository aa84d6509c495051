//! Parameter expansions.

use std::rc::Rc;

use placet_model::Arg;

use super::Machine;
use super::value::{Field, Value};
use crate::syntax::{Operator, Parameter, Part};

/// Longest value that pattern removal is worked out for.
const LONG: usize = 256;

/// Whether the default of an expansion (`${NAME:-/}`) was left open because the variable is not known, and
/// whether it is to be taken for the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defaults {
    Unseen,
    Seen,
    Assume,
}

impl Machine<'_> {
    /// Value of a variable by name.
    pub(super) fn variable(&self, name: &str) -> Value {
        if let Some(value) = self.state.assigned(name) {
            // `cd` sets it again.
            return if name == "PWD" { Value::Unknown } else { value.clone() };
        }
        match name {
            "IFS" => Value::known(" \t\n"),
            "PWD" => match self.state.dirs.as_slice() {
                [one] => Value::Known(Rc::clone(one)),
                _ => Value::Unknown,
            },
            "RANDOM" | "SECONDS" | "LINENO" | "PPID" | "UID" | "EUID" | "BASHPID" | "SHLVL"
            | "EPOCHSECONDS" | "OPTIND" | "COLUMNS" | "LINES" => Value::Number,
            "HOME" => {
                let home = self.context.home.map(str::to_owned).or_else(|| self.context.facts.variable(name));
                // What starts this process without a home may well start the shell with one.
                home.filter(|home| home.starts_with('/')).map_or(Value::Unknown, |home| Value::known(&home))
            }
            "XDG_RUNTIME_DIR" if self.context.facts.variable(name).is_none() => {
                Value::Glob(Rc::from("/run/user/*"))
            }
            "_" | "OLDPWD" | "BASH_COMMAND" | "REPLY" | "PIPESTATUS" | "DIRSTACK" | "OPTARG" => {
                Value::Unknown
            }
            _ if self.remote => Value::Unknown,
            _ => self.context.facts.variable(name).map_or(Value::Unknown, |value| Value::known(&value)),
        }
    }

    fn positional(&self, name: &str) -> Value {
        match (name, &self.state.positional) {
            ("@" | "*", Some(fields)) => Value::List(Rc::clone(fields)),
            ("#" | "?" | "$" | "!", _) => Value::Number,
            ("-", _) => Value::Partly { prefix: Rc::from(""), suffix: Rc::from(""), safe: true },
            ("0", _) => self.state.zero.as_ref().map_or(Value::Unknown, Value::of),
            (_, None) => Value::Unknown,
            (digits, Some(fields)) => match digits.parse::<usize>() {
                Ok(number) => at(fields, number.saturating_sub(1)),
                Err(_) => Value::Unknown,
            },
        }
    }

    /// Value of an expansion as it stands in the text.
    pub(super) fn parameter(&mut self, parameter: &Parameter) -> Value {
        let named = super::words::is_name(&parameter.name);
        let mut value = if named { self.variable(&parameter.name) } else { self.positional(&parameter.name) };
        if let Some(index) = &parameter.index {
            value = self.element(value, index);
        } else if let (true, Value::List(fields)) = (named, &value) {
            value = if self.may_be_zsh() {
                Value::List(Rc::from([Field::unknown(true)]))
            } else {
                fields.first().map_or(Value::Unset, Value::of)
            };
        }
        if named && !parameter.length && !matches!(parameter.operator, Operator::Alternative(_)) {
            self.notice_secret(&parameter.name);
        }
        if parameter.length {
            return Value::Number;
        }
        if parameter.indirect {
            return self.indirect(&value, parameter);
        }
        self.operate(value, &parameter.operator, parameter)
    }

    /// `${a[i]}`, `${a[@]}`.
    fn element(&mut self, value: Value, index: &[Part]) -> Value {
        let text = match index {
            [Part::Bare(text) | Part::Quoted(text)] => text.as_str(),
            _ => "",
        };
        match (value, text) {
            (Value::List(fields), "@" | "*") => Value::List(fields),
            (Value::Known(text), "@" | "*" | "0") => Value::Known(text),
            (Value::Unset, _) => Value::Unset,
            (Value::List(fields), digits)
                if !self.may_be_zsh()
                    && !digits.is_empty()
                    && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                at(&fields, digits.parse::<usize>().unwrap_or(usize::MAX))
            }
            (_, "@" | "*") => Value::List(Rc::from([Field::unknown(true)])),
            _ => {
                self.evaluate(index, None);
                Value::Unknown
            }
        }
    }

    /// `${!name}`: the value names a variable, and a subscript in it would be evaluated.
    fn indirect(&mut self, value: &Value, parameter: &Parameter) -> Value {
        // `${!prefix*}` and `${!array[@]}` list names or subscripts.
        let all = matches!(parameter.index.as_deref(), Some([Part::Bare(text)]) if matches!(text.as_str(), "@" | "*"));
        if all
            || matches!(&parameter.operator, Operator::Change(operator, _) if matches!(operator.as_str(), "*" | "@"))
        {
            return Value::Unknown;
        }
        let value = if parameter.index.is_some() { &Value::Unknown } else { value };
        match value {
            Value::Known(name) if super::words::is_name(name) => {
                self.notice_secret(name);
                let value = self.variable(name);
                self.operate(value, &parameter.operator, parameter)
            }
            Value::Known(text) => {
                if text.contains('[') {
                    self.evaluated_text(&Field::known(&**text));
                }
                Value::Unknown
            }
            Value::Number | Value::Unset => Value::Unknown,
            _ => {
                self.push_unknown(&parameter.name, None, "an indirect expansion may evaluate a subscript");
                Value::Unknown
            }
        }
    }

    fn operate(&mut self, value: Value, operator: &Operator, parameter: &Parameter) -> Value {
        match operator {
            Operator::Plain | Operator::Error(_) => {
                if let Operator::Error(word) = operator {
                    self.one(word);
                }
                value
            }
            Operator::Default(word) | Operator::Assign(word) => {
                let other = self.one(word);
                let blank = other.quoted
                    && other.text().is_none_or(|text| text.contains([' ', '\t', '\n', '*', '?']));
                let other = if blank { Value::Unknown } else { Value::of(&other) };
                if self.defaults == Defaults::Unseen
                    && (value == Value::Unknown || value == Value::known(""))
                    && matches!(&other, Value::Known(text) if text.starts_with('/'))
                {
                    self.defaults = Defaults::Seen;
                }
                if matches!(operator, Operator::Assign(_)) {
                    self.heed_variable(&parameter.name, &other);
                }
                let result = match &value {
                    Value::Unset => other,
                    Value::Known(text) if !text.is_empty() => value.clone(),
                    Value::List(fields) if !fields.is_empty() => value.clone(),
                    Value::Number | Value::Glob(_) => value.clone(),
                    Value::Known(_) if other == value => value.clone(),
                    Value::Known(_) | Value::Unknown if self.defaults == Defaults::Assume => other,
                    _ => Value::Unknown,
                };
                if matches!(operator, Operator::Assign(_)) {
                    self.state.set(&parameter.name, result.clone());
                }
                result
            }
            Operator::Alternative(word) => {
                let other = self.value_of(word);
                match &value {
                    Value::Unset => Value::Unset,
                    Value::Known(text) if !text.is_empty() => other,
                    Value::Number | Value::Glob(_) => other,
                    _ => Value::Unknown,
                }
            }
            Operator::Change(operator, parts) => self.change(&value, operator, parts),
        }
    }

    fn change(&mut self, value: &Value, operator: &str, parts: &[Part]) -> Value {
        let word = self.parts_one(parts, false);
        if operator.starts_with('@') {
            let harmless = match value {
                Value::Known(text) => !text.contains(['$', '`', '\\']),
                Value::Number | Value::Unset => true,
                _ => !operator.contains('P') && !matches!(word.text(), Some(text) if text.contains('P')),
            };
            if !harmless {
                self.push_unknown(
                    "${…@P}",
                    None,
                    "a value is expanded as a prompt, which runs what is in it",
                );
            }
            return Value::Unknown;
        }
        if operator.starts_with(':') {
            self.evaluate(parts, None);
        }
        let (Value::Known(text), Arg::Known(pattern)) = (value, &word.arg) else {
            return match value {
                Value::Unset => Value::Unset,
                // A piece of a number or of a plain name is one again.
                Value::Number if !operator.starts_with('/') => Value::Number,
                _ => Value::Unknown,
            };
        };
        if text.len() > LONG {
            return Value::Unknown;
        }
        let changed = match operator {
            "," | ",," | "^" | "^^" => cased(text, operator, pattern),
            "/" | "//" => replaced(text, operator, pattern, &word),
            _ => cut(text, operator, pattern, &word),
        };
        changed.map_or(Value::Unknown, |text| Value::known(&text))
    }
}

/// `,`, `,,`, `^`, `^^` without a pattern.
fn cased(text: &str, operator: &str, pattern: &str) -> Option<String> {
    if !pattern.is_empty() || !text.is_ascii() {
        return None;
    }
    let mut changed = text.to_owned();
    let end = if operator.len() == 1 { 1.min(changed.len()) } else { changed.len() };
    let part = changed.get_mut(..end)?;
    if operator.starts_with(',') {
        part.make_ascii_lowercase()
    } else {
        part.make_ascii_uppercase()
    }
    Some(changed)
}

/// `/old/new` and `//old/new` with plain texts.
fn replaced(text: &str, operator: &str, pattern: &str, word: &Field) -> Option<String> {
    let (old, new) = pattern.split_once('/').unwrap_or((pattern, ""));
    let plain = !old.is_empty() && !old.starts_with(['#', '%']) && !old.contains(['*', '?', '[', '(', '\\']);
    if word.quoted || !plain || new.contains(['&', '\\']) {
        return None;
    }
    Some(if operator == "//" { text.replace(old, new) } else { text.replacen(old, new, 1) })
}

/// `#`, `##`, `%`, `%%` on known text, and `:offset:length` with plain numbers.
fn cut(text: &str, operator: &str, pattern: &str, word: &Field) -> Option<String> {
    if word.quoted && pattern.contains(['*', '?', '[', '\\']) || pattern.contains('(') {
        return None;
    }
    let mut ends: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
    let fits = |piece: Option<&str>| piece.is_some_and(|piece| crate::glob::fits(pattern, piece));
    match operator {
        "#" | "##" => {
            if operator == "##" {
                ends.reverse();
            }
            let end = ends.into_iter().find(|at| fits(text.get(..*at))).unwrap_or(0);
            text.get(end..).map(str::to_owned)
        }
        "%" | "%%" => {
            if operator == "%" {
                ends.reverse();
            }
            let start = ends.into_iter().find(|at| fits(text.get(*at..))).unwrap_or(text.len());
            text.get(..start).map(str::to_owned)
        }
        ":" if text.is_ascii() => {
            let (from, length) = match pattern.split_once(':') {
                Some((from, length)) => (from, length.parse::<usize>().ok()?),
                None => (pattern, text.len()),
            };
            let from = from.parse::<usize>().ok()?.min(text.len());
            text.get(from..from.saturating_add(length).min(text.len())).map(str::to_owned)
        }
        _ => None,
    }
}

/// One of several words, of which those before it may be more or fewer than they look.
fn at(fields: &[Field], place: usize) -> Value {
    match fields.get(place) {
        Some(field) if !field.elastic && !fields.iter().take(place).any(Field::may_be_several) => {
            Value::of(field)
        }
        None if !fields.iter().any(Field::may_be_several) => Value::Unset,
        _ => Value::Unknown,
    }
}
