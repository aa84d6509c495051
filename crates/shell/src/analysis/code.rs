//! Scripts of `sed`, as far as it can be told what they touch.

use placet_model::{ActionKind, Reach};

use super::Machine;
use super::children::Child;
use super::paths::shown;
use super::program::Scope;
use super::value::Field;
use crate::programs::Role;

impl Machine<'_> {
    /// A sed script: files of `r`, `w`, commands of `e`.
    pub(super) fn sed(&mut self, field: &Field, scope: &mut Scope) {
        let parts = match field.text() {
            Some(text) => sed_parts(text),
            // Unknown text in it may be anything, also the end of an expression.
            None => None,
        };
        let Some(parts) = parts else {
            return self.unknown_code(&shown(&field.arg), scope, "the sed script could not be read");
        };
        for part in parts {
            match part {
                SedPart::Read(path) => {
                    self.path_effect(ActionKind::ReadFile, &Field::known(path), Reach::Entry, scope)
                }
                SedPart::Write(path) => {
                    self.path_effect(ActionKind::WriteFile, &Field::known(path), Reach::Entry, scope)
                }
                SedPart::Run(command) if !command.is_empty() => {
                    let label = format!("{} e", scope.name);
                    scope.children.push(Child::Text {
                        role: Role::Shell,
                        text: Field::known(command),
                        label,
                    });
                }
                SedPart::Run(_) => self.unknown_code(&shown(&field.arg), scope, "sed runs what it reads"),
            }
        }
    }
}

#[derive(Debug, PartialEq)]
enum SedPart {
    Read(String),
    Write(String),
    Run(String),
}

/// What a sed script touches; `None` when it is not understood.
fn sed_parts(script: &str) -> Option<Vec<SedPart>> {
    let mut parts = Vec::new();
    let mut rest = script;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';' || c == '{' || c == '}');
        if rest.is_empty() {
            return Some(parts);
        }
        if let Some(comment) = rest.strip_prefix('#') {
            rest = comment.split_once('\n').map_or("", |(_, after)| after);
            continue;
        }
        rest = sed_address(rest)?;
        rest = sed_command(rest, &mut parts)?;
    }
}

/// Skips `addr1,addr2!`.
fn sed_address(script: &str) -> Option<&str> {
    let mut rest = script;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',', '!']);
        let first = rest.chars().next()?;
        rest = match first {
            '0'..='9' | '$' | '~' | '+' => rest.get(1..)?,
            '/' => delimited(rest.get(1..)?, '/')?.trim_start_matches(['I', 'M']),
            '\\' => {
                let delimiter = rest.chars().nth(1)?;
                delimited(rest.get(1 + delimiter.len_utf8()..)?, delimiter)?.trim_start_matches(['I', 'M'])
            }
            _ => return Some(rest),
        };
    }
}

/// What is behind the next unescaped `delimiter`, outside of brackets.
fn delimited(text: &str, delimiter: char) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == delimiter {
            return text.get(at + c.len_utf8()..);
        } else if c == '\n' {
            return None;
        }
    }
    None
}

fn sed_command<'s>(script: &'s str, parts: &mut Vec<SedPart>) -> Option<&'s str> {
    let command = script.chars().next()?;
    let rest = script.get(command.len_utf8()..)?;
    let line = |text: &'s str| text.split_once('\n').unwrap_or((text, ""));
    match command {
        '{' => Some(rest),
        '}' | '=' | 'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' | 'F' => {
            ended(rest)
        }
        'l' | 'L' | 'q' | 'Q' => {
            ended(rest.trim_start_matches([' ', '\t']).trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        'b' | 't' | 'T' | ':' | 'v' => {
            Some(rest.trim_start_matches(|c: char| c != ';' && c != '\n' && c != '}'))
        }
        'a' | 'i' | 'c' => {
            // The text goes on behind a backslash at the end of the line.
            let mut text = rest;
            loop {
                let (first, after) = line(text);
                if !first.ends_with('\\') || after.is_empty() {
                    return Some(after);
                }
                text = after;
            }
        }
        'r' | 'R' | 'w' | 'W' => {
            let (name, after) = line(rest.trim_start());
            let name = name.to_owned();
            parts.push(if matches!(command, 'r' | 'R') { SedPart::Read(name) } else { SedPart::Write(name) });
            Some(after)
        }
        'e' => {
            let (text, after) = line(rest.trim_start_matches([' ', '\t']));
            parts.push(SedPart::Run(text.to_owned()));
            Some(after)
        }
        'y' => {
            let delimiter = rest.chars().next()?;
            let rest = delimited(rest.get(delimiter.len_utf8()..)?, delimiter)?;
            ended(delimited(rest, delimiter)?)
        }
        's' => sed_substitute(rest, parts),
        _ => None,
    }
}

fn sed_substitute<'s>(script: &'s str, parts: &mut Vec<SedPart>) -> Option<&'s str> {
    let delimiter = script.chars().next().filter(|c| *c != '\n' && *c != '\\')?;
    let rest = delimited(script.get(delimiter.len_utf8()..)?, delimiter)?;
    let mut rest = replacement(rest, delimiter)?;
    loop {
        match rest.chars().next() {
            Some('g' | 'p' | 'i' | 'I' | 'm' | 'M' | '0'..='9') => rest = rest.get(1..)?,
            Some('e') => {
                parts.push(SedPart::Run(String::new()));
                rest = rest.get(1..)?;
            }
            Some('w') => {
                let (name, after) = rest.get(1..)?.split_once('\n').unwrap_or((rest.get(1..)?, ""));
                parts.push(SedPart::Write(name.trim_start().to_owned()));
                return Some(after);
            }
            _ => return ended(rest),
        }
    }
}

/// Like [`delimited`], but the replacement may hold escaped line ends.
fn replacement(text: &str, delimiter: char) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == delimiter => return text.get(at + c.len_utf8()..),
            _ => {}
        }
    }
    None
}

/// A command must end here.
fn ended(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches([' ', '\t']);
    (rest.is_empty() || rest.starts_with([';', '\n', '}', '#'])).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sed_scripts() {
        let none = |script: &str| assert_eq!(sed_parts(script), Some(Vec::new()), "{script}");
        [
            "s/a/b/g",
            "1,$p",
            "/x/,/y/d",
            "s|a/b|c|;p",
            "/a/!{s/x/y/;p}",
            "$!N;P;D",
            "y/ab/cd/",
            "a\\\ntext w /etc/x",
            "5q",
            ":a;N;$!ba;s/\\n/ /g",
            "s/w /e/",
        ]
        .into_iter()
        .for_each(none);
        assert_eq!(sed_parts("w /etc/x"), Some(vec![SedPart::Write("/etc/x".into())]));
        assert_eq!(sed_parts("s/a/b/w out"), Some(vec![SedPart::Write("out".into())]));
        assert_eq!(sed_parts("1e id"), Some(vec![SedPart::Run("id".into())]));
        assert_eq!(sed_parts("s/x/y/e"), Some(vec![SedPart::Run(String::new())]));
        assert_eq!(sed_parts("r .env\np"), Some(vec![SedPart::Read(".env".into())]));
        assert_eq!(sed_parts("s/a/b"), None);
        assert_eq!(sed_parts("k"), None);
    }
}
