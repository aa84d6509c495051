//! Variables and functions of makefiles, as far as they are plain.

use std::collections::BTreeMap;

/// Shell variable that stands for what is not known.
pub(super) const UNKNOWN: &str = "${_unknown_}";
/// References that are followed, in one another and in all.
const DEPTH: u16 = 24;
const STEPS: u32 = 4_000;
/// Longest expansion, in bytes.
const LONG: usize = 32 * 1024;

/// A variable of a makefile.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Text with references that are followed when it is used.
    Deferred(String),
    /// Text for the shell, references followed.
    Plain(String),
    Unknown,
}

/// The variables of one makefile, and what expanding them brought up.
#[derive(Debug, Default)]
pub(super) struct Variables {
    pub(super) values: BTreeMap<String, Value>,
    /// Set on the command line, which wins.
    given: Vec<String>,
    /// Exported to recipes.
    pub(super) exported: Vec<String>,
    /// Texts of `$(shell …)` that were met.
    pub(super) shell: Vec<String>,
    /// Texts of `$(eval …)` that were met.
    pub(super) evaluated: Vec<String>,
    /// What `$(1)` and so on stand for, innermost call last.
    pub(super) arguments: Vec<Vec<String>>,
    /// Something was not understood.
    pub(super) vague: bool,
    steps: u32,
}

/// A value put aside.
#[derive(Debug)]
pub(super) struct Kept(Option<Value>);

/// Automatic variables of a rule.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Automatic<'a> {
    pub(super) target: &'a str,
    pub(super) needs: &'a [String],
}

impl Variables {
    /// A variable given on the command line.
    pub(super) fn give(&mut self, name: &str, value: Option<&str>) {
        let value = value.map_or(Value::Unknown, |value| Value::Deferred(value.to_owned()));
        self.values.insert(name.to_owned(), value);
        self.given.push(name.to_owned());
    }

    fn is_given(&self, name: &str) -> bool {
        self.given.iter().any(|given| given == name)
    }

    /// An assignment with its operator.
    pub(super) fn assign(&mut self, name: &str, operator: &str, text: &str) {
        let plain = match operator {
            ":=" | "::=" | ":::=" => Some(self.expand(text, Automatic::default())),
            "!=" => {
                let command = self.expand(text, Automatic::default());
                self.shell.push(command);
                None
            }
            _ => None,
        };
        if self.is_given(name) {
            return;
        }
        let value = match (operator, plain) {
            (_, Some(text)) => Value::Plain(text),
            ("!=", None) => Value::Unknown,
            ("?=", None) if self.values.contains_key(name) => return,
            // The environment may have it.
            ("?=", None) if !text.contains('$') => {
                let quiet = !text.contains(['}', '"', '\'', '`', '\\']);
                if quiet { Value::Plain(format!("${{{name}:-{text}}}")) } else { Value::Unknown }
            }
            ("+=", None) => match self.values.remove(name) {
                Some(Value::Deferred(before)) => Value::Deferred(format!("{before} {text}")),
                Some(Value::Plain(before)) => {
                    Value::Plain(format!("{before} {}", self.expand(text, Automatic::default())))
                }
                Some(Value::Unknown) => Value::Unknown,
                None => Value::Deferred(text.to_owned()),
            },
            _ => Value::Deferred(text.to_owned()),
        };
        self.values.insert(name.to_owned(), value);
    }

    /// `text` with its references followed, as text for the shell.
    pub(super) fn expand(&mut self, text: &str, automatic: Automatic<'_>) -> String {
        let mut out = String::new();
        self.expand_into(text, automatic, 0, &mut out);
        out
    }

    pub(super) fn unknown(&mut self, out: &mut String) {
        self.vague = true;
        out.push_str(UNKNOWN);
    }

    pub(super) fn expand_into(&mut self, text: &str, automatic: Automatic<'_>, depth: u16, out: &mut String) {
        self.steps += 1;
        if depth > DEPTH || self.steps > STEPS || out.len() > LONG {
            return self.unknown(out);
        }
        let mut rest = text;
        while let Some((front, behind)) = rest.split_once('$') {
            out.push_str(front);
            let mut chars = behind.chars();
            rest = match chars.next() {
                Some('$') => {
                    out.push('$');
                    chars.as_str()
                }
                Some(open @ ('(' | '{')) => match close(chars.as_str(), open) {
                    Some((inner, after)) => {
                        self.reference(inner, automatic, depth + 1, out);
                        after
                    }
                    None => {
                        self.unknown(out);
                        ""
                    }
                },
                Some(letter) => {
                    let mut buffer = [0; 4];
                    self.variable(letter.encode_utf8(&mut buffer), automatic, depth + 1, out);
                    chars.as_str()
                }
                None => "",
            };
        }
        out.push_str(rest);
    }

    /// What stands between the parentheses: a name, or a function with its arguments.
    fn reference(&mut self, inner: &str, automatic: Automatic<'_>, depth: u16, out: &mut String) {
        let (word, arguments) = inner.split_once([' ', '\t']).unwrap_or((inner, ""));
        let arguments = arguments.trim_start();
        let mut value = String::new();
        match word {
            "shell" => {
                self.expand_into(arguments, automatic, depth, &mut value);
                self.shell.push(value);
                self.unknown(out);
            }
            "info" | "warning" | "error" if !arguments.is_empty() => {
                self.expand_into(arguments, automatic, depth, &mut value);
            }
            "eval" => {
                self.expand_into(arguments, automatic, depth, &mut value);
                self.evaluated.push(value);
            }
            "call" => self.call(arguments, automatic, depth, out),
            "foreach" | "subst" | "patsubst" | "addprefix" | "addsuffix" | "if" | "file" => {
                if !self.function(word, arguments, automatic, depth, out) {
                    self.expand_into(arguments, automatic, depth, &mut value);
                    self.unknown(out);
                }
            }
            // A pattern means to the shell what it means here.
            "wildcard" | "strip" | "sort" | "abspath" | "realpath" if !arguments.is_empty() => {
                self.expand_into(arguments, automatic, depth, out);
            }
            _ if inner.contains([' ', '\t', ',', ':', '=']) => {
                self.expand_into(arguments, automatic, depth, &mut value);
                self.unknown(out);
            }
            _ if inner.contains('$') => {
                self.expand_into(inner, automatic, depth, &mut value);
                self.variable(&value, automatic, depth, out);
            }
            name => self.variable(name, automatic, depth, out),
        }
    }

    /// Sets a variable for a while; what it was before.
    pub(super) fn borrow(&mut self, name: &str, operator: &str, text: &str) -> Kept {
        let before = self.values.get(name).cloned();
        self.assign(name, operator, text);
        Kept(before)
    }

    /// Gives back what [`Variables::borrow`] kept.
    pub(super) fn give_back(&mut self, name: &str, kept: Kept) {
        match kept.0 {
            Some(value) => self.values.insert(name.to_owned(), value),
            None => self.values.remove(name),
        };
    }

    pub(super) fn variable(&mut self, name: &str, automatic: Automatic<'_>, depth: u16, out: &mut String) {
        match (name, automatic.target) {
            ("@", target) if !target.is_empty() => return out.push_str(target),
            ("<", target) if !target.is_empty() => {
                return out.push_str(automatic.needs.first().map_or("", String::as_str));
            }
            ("^" | "+", target) if !target.is_empty() => return out.push_str(&automatic.needs.join(" ")),
            _ => {}
        }
        if let (Ok(place), Some(arguments)) = (name.parse::<usize>(), self.arguments.last()) {
            if let Some(text) = arguments.get(place) {
                out.push_str(text);
            }
            return;
        }
        match self.values.get(name).cloned() {
            Some(Value::Deferred(text)) => self.expand_into(&text, automatic, depth, out),
            Some(Value::Plain(text)) => {
                self.steps += 1;
                if out.len() + text.len() > LONG || self.steps > STEPS {
                    return self.unknown(out);
                }
                out.push_str(&text);
            }
            Some(Value::Unknown) => self.unknown(out),
            None => match builtin(name) {
                Some(text) => out.push_str(text),
                // A variable of the environment.
                None if is_name(name) => {
                    out.push_str("${");
                    out.push_str(name);
                    out.push('}');
                }
                None => self.unknown(out),
            },
        }
    }
}

/// Variables that make itself sets.
fn builtin(name: &str) -> Option<&'static str> {
    Some(match name {
        "MAKE" => "make",
        "CURDIR" => ".",
        "RM" => "rm -f",
        "CC" => "cc",
        "CXX" => "g++",
        "CPP" => "cc -E",
        "AR" => "ar",
        "AS" => "as",
        "SHELL" => "/bin/sh",
        "MAKEFLAGS" | "MFLAGS" | "MAKEOVERRIDES" | "CFLAGS" | "CXXFLAGS" | "LDFLAGS" | "LDLIBS" => "",
        _ => return None,
    })
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Splits behind an opening parenthesis or brace: what is inside, and what follows the closing one.
pub(super) fn close(text: &str, open: char) -> Option<(&str, &str)> {
    let shut = if open == '(' { ')' } else { '}' };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == shut {
            if depth == 0 {
                return Some((text.get(..at)?, text.get(at + 1..)?));
            }
            depth -= 1;
        }
    }
    None
}
