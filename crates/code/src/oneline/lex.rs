//! Tokens of Perl and Ruby, as far as they are certain.

use super::Which;
use super::quotes::{Quoted, quoted, regex_ends};
use crate::effects::Word;

/// A token and where it starts.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub(super) tok: Tok<'t>,
    pub(super) at: usize,
    /// Nothing stands between it and the one before.
    pub(super) joined: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tok<'t> {
    Word(&'t str),
    /// With its sign: `$x`, `@F`, `$1`.
    Variable(&'t str),
    Number,
    /// `plain`: nothing in it is worked out but simple variables.
    Text {
        word: Word,
        plain: bool,
    },
    /// A pattern, with or without a replacement.
    Regex {
        plain: bool,
    },
    /// A text for a shell.
    Shell(Word),
    Op(&'t str),
    NewLine,
    /// Something of which it is not certain where it ends.
    Odd(&'static str),
}

/// Operators of more than one sign, longest first.
const OPERATORS: [&str; 34] = [
    "<=>", "**=", "||=", "&&=", "//=", "...", "===", "=~", "!~", "==", "!=", "<=", ">=", "&&", "||", "//",
    "..", "++", "--", "+=", "-=", "*=", "/=", ".=", "x=", "=>", "->", "::", "<<", ">>", "**", "&:", "&.",
    "%=",
];

/// Words behind which a slash starts a pattern.
const BEFORE_REGEX: [&str; 14] = [
    "if", "unless", "and", "or", "not", "split", "grep", "while", "until", "when", "elsif", "return",
    "print", "puts",
];

/// The tokens of a text.
pub(super) fn tokens(text: &str, which: Which) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    let mut joined = false;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        if matches!(first, ' ' | '\t' | '\r') {
            at += 1;
            joined = false;
            continue;
        }
        if first == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            joined = false;
            continue;
        }
        let (tok, length) = token(rest, which, found.last().map(|token| &token.tok));
        found.push(Token { tok, at, joined });
        at += length.max(1);
        joined = true;
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

fn token<'t>(rest: &'t str, which: Which, before: Option<&Tok<'t>>) -> (Tok<'t>, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    match first {
        '\n' => (Tok::NewLine, 1),
        '0'..='9' => {
            let fraction = |text: &str, end: usize| {
                text.as_bytes().get(end) == Some(&b'.')
                    && text.as_bytes().get(end + 1).is_some_and(u8::is_ascii_digit)
            };
            let part = |text: &str| {
                text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
            };
            let mut end = part(rest);
            if fraction(rest, end) {
                end += 1 + part(rest.get(end + 1..).unwrap_or(""));
            }
            (Tok::Number, end)
        }
        '$' | '@' => variable(rest),
        '\'' | '"' | '`' => quoted(rest, which),
        '/' => slash(rest, which, before),
        '%' if which == Which::Ruby => match before {
            Some(Tok::Word(word)) if !BEFORE_REGEX.contains(word) => {
                (Tok::Odd("a sign that may be a quote"), 1)
            }
            Some(Tok::Op("}")) => (Tok::Odd("a sign that may be a quote"), 1),
            before if value(before) => (Tok::Op("%"), 1),
            _ => super::quotes::percent(rest),
        },
        _ if first.is_ascii_alphabetic() || first == '_' => word(rest, which, before),
        _ if !first.is_ascii() => (Tok::Odd("a sign that is not known"), first.len_utf8()),
        _ => {
            let op = OPERATORS.iter().find(|op| rest.starts_with(**op));
            let length = op.map_or(1, |op| op.len());
            (Tok::Op(rest.get(..length).unwrap_or("")), length)
        }
    }
}

/// Whether what comes before is a value, so that an operator follows.
fn value(before: Option<&Tok<'_>>) -> bool {
    match before {
        Some(Tok::Word(word)) => !BEFORE_REGEX.contains(word),
        Some(Tok::Op(op)) => matches!(*op, ")" | "]" | "}"),
        Some(Tok::Variable(_) | Tok::Number | Tok::Text { .. } | Tok::Regex { .. } | Tok::Shell(_)) => true,
        Some(Tok::NewLine | Tok::Odd(_)) | None => false,
    }
}

fn slash<'t>(rest: &'t str, which: Which, before: Option<&Tok<'t>>) -> (Tok<'t>, usize) {
    match before {
        // Behind a block a pattern may start, behind a subscript it divides; a word may take arguments or not.
        Some(Tok::Op("}")) => (Tok::Odd("a slash that may start a pattern"), 1),
        Some(Tok::Word(word)) if !BEFORE_REGEX.contains(word) => {
            (Tok::Odd("a slash that may start a pattern"), 1)
        }
        before if value(before) => {
            let op = ["//=", "//", "/="].into_iter().find(|op| rest.starts_with(op)).unwrap_or("/");
            (Tok::Op(op), op.len())
        }
        _ => match regex_ends(rest, '/', '/') {
            Some(Quoted { inner, length }) => flagged(rest, inner, length, which),
            None => (Tok::Odd("a pattern that is not closed"), 1),
        },
    }
}

/// The letters behind a pattern.
pub(super) fn flagged<'t>(rest: &'t str, inner: &str, length: usize, which: Which) -> (Tok<'t>, usize) {
    let tail = rest.get(length..).unwrap_or("");
    let flags = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(tail.len());
    let known = tail.get(..flags).unwrap_or("").bytes().all(|flag| b"gimsxorcu".contains(&flag));
    let plain =
        known && super::quotes::is_plain(inner, which) && !inner.contains("(?{") && !inner.contains("(??{");
    (Tok::Regex { plain }, length + flags)
}

fn variable(rest: &str) -> (Tok<'_>, usize) {
    let sign = if rest.starts_with("@@") { 2 } else { 1 };
    let tail = rest.get(sign..).unwrap_or("");
    let name = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(tail.len());
    if name > 0 {
        return (Tok::Variable(rest.get(..sign + name).unwrap_or("")), sign + name);
    }
    match tail.chars().next() {
        Some('.' | ',' | ';' | '/' | '\\' | '&' | '!' | '0') if rest.starts_with('$') => {
            (Tok::Variable(rest.get(..2).unwrap_or("")), 2)
        }
        _ => (Tok::Odd("a variable that is not known"), 1),
    }
}

fn word<'t>(rest: &'t str, which: Which, before: Option<&Tok<'t>>) -> (Tok<'t>, usize) {
    let mut end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let ruby_ends = which == Which::Ruby && rest.get(end..).is_some_and(|tail| tail.starts_with(['?', '!']));
    if ruby_ends && !rest.get(end + 1..).is_some_and(|tail| tail.starts_with('=')) {
        end += 1;
    }
    let name = rest.get(..end).unwrap_or("");
    let tail = rest.get(end..).unwrap_or("");
    let member = matches!(before, Some(Tok::Op("->" | "." | "&." | "&:" | "::")));
    if which == Which::Perl
        && !member
        && matches!(name, "q" | "qq" | "qw" | "qr" | "qx" | "m" | "s" | "tr" | "y")
    {
        // `$h{s}`, `s => 1`
        if matches!(before, Some(Tok::Op("{"))) && tail.starts_with('}')
            || tail.trim_start().starts_with("=>")
        {
            return (Tok::Odd("a name that may be a quote"), end);
        }
        return super::quotes::perl_quote(rest, name);
    }
    (Tok::Word(name), end)
}
