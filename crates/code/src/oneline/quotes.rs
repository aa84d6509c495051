//! Quotes of Perl and Ruby.

use super::Which;
use super::lex::{Tok, flagged};
use crate::effects::{Part, Word};

/// What stands between two delimiters, and how long it is with them.
pub(super) struct Quoted<'t> {
    pub(super) inner: &'t str,
    pub(super) length: usize,
}

/// From an opening delimiter at the start of `rest` to the one that closes it.
pub(super) fn regex_ends(rest: &str, open: char, close: char) -> Option<Quoted<'_>> {
    let mut depth = 0_u32;
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == close && (open != close && depth == 1 || open == close && at > 0) {
            return Some(Quoted { inner: rest.get(open.len_utf8()..at)?, length: at + close.len_utf8() });
        } else if c == open && open != close {
            depth += 1;
        } else if c == close && open != close {
            depth -= 1;
        }
    }
    None
}

/// The sign that closes what `open` opens.
fn closing(open: char) -> Option<char> {
    match open {
        '(' => Some(')'),
        '[' => Some(']'),
        '{' => Some('}'),
        '/' | '|' | '!' | ':' | '~' | '%' | '^' | '@' | '#' | ',' => Some(open),
        _ => None,
    }
}

/// A text in ordinary quotes.
pub(super) fn quoted(rest: &str, which: Which) -> (Tok<'_>, usize) {
    let quote = rest.chars().next().unwrap_or('"');
    let Some(Quoted { inner, length }) = regex_ends(rest, quote, quote) else {
        return (Tok::Odd("a text that is not closed"), 1);
    };
    let tok = match quote {
        '\'' => single(inner),
        '`' => Tok::Shell(double(inner, which)),
        _ => Tok::Text { word: double(inner, which), plain: is_plain(inner, which) },
    };
    (tok, length)
}

fn single<'t>(inner: &str) -> Tok<'t> {
    Tok::Text { word: Word::known(inner.replace("\\'", "'").replace("\\\\", "\\")), plain: true }
}

/// `q{…}`, `qx(…)`, `s/…/…/`.
pub(super) fn perl_quote<'t>(rest: &'t str, name: &str) -> (Tok<'t>, usize) {
    let odd = (Tok::Odd("a quote that is not known"), name.len());
    let Some(tail) = rest.get(name.len()..) else { return odd };
    let Some((open, close)) = tail.chars().next().and_then(|open| Some((open, closing(open)?))) else {
        return odd;
    };
    let Some(Quoted { inner, length }) = regex_ends(tail, open, close) else { return odd };
    let end = name.len() + length;
    match name {
        "q" => (single(inner), end),
        "qq" => (Tok::Text { word: double(inner, Which::Perl), plain: is_plain(inner, Which::Perl) }, end),
        "qx" => (Tok::Shell(double(inner, Which::Perl)), end),
        "qw" => (Tok::Text { word: Word::unknown(), plain: true }, end),
        "m" | "qr" => flagged(rest, inner, end, Which::Perl),
        _ => replaced(rest, name, (open, close), inner, end),
    }
}

/// `s/…/…/` and `tr/…/…/` from the second delimiter on.
fn replaced<'t>(
    rest: &'t str,
    name: &str,
    (open, close): (char, char),
    pattern: &str,
    end: usize,
) -> (Tok<'t>, usize) {
    let odd = (Tok::Odd("a replacement that is not closed"), end);
    let from = if open == close {
        end - close.len_utf8()
    } else {
        end + rest.get(end..).unwrap_or("").len() - rest.get(end..).unwrap_or("").trim_start().len()
    };
    let Some(tail) = rest.get(from..).filter(|tail| tail.starts_with(open)) else { return odd };
    let Some(Quoted { inner, length }) = regex_ends(tail, open, close) else { return odd };
    let (tok, end) = flagged(rest, pattern, from + length, Which::Perl);
    let letters = name != "s" || is_plain(inner, Which::Perl);
    // The flags of `tr` are others, and harmless.
    let plain = letters && (name != "s" || tok == Tok::Regex { plain: true });
    (Tok::Regex { plain }, end)
}

/// `%w[…]`, `%x(…)`, `%q{…}` of Ruby.
pub(super) fn percent(rest: &str) -> (Tok<'_>, usize) {
    let odd = (Tok::Odd("a quote that is not known"), 1);
    let tail = rest.get(1..).unwrap_or("");
    let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
    let (kind, tail) = tail.split_at_checked(letters).unwrap_or(("", ""));
    let Some((open, close)) = tail.chars().next().and_then(|open| Some((open, closing(open)?))) else {
        return odd;
    };
    let Some(Quoted { inner, length }) = regex_ends(tail, open, close) else { return odd };
    let end = 1 + letters + length;
    match kind {
        "x" => (Tok::Shell(double(inner, Which::Ruby)), end),
        "q" => (single(inner), end),
        "w" | "i" => (Tok::Text { word: Word::unknown(), plain: true }, end),
        "" | "Q" => {
            (Tok::Text { word: double(inner, Which::Ruby), plain: is_plain(inner, Which::Ruby) }, end)
        }
        _ => odd,
    }
}

/// Whether nothing in a text between double quotes is worked out but simple variables.
pub(super) fn is_plain(inner: &str, which: Which) -> bool {
    if which == Which::Ruby {
        let simple = |name: &str| matches!(name, "$_" | "$." | "$1" | "$2" | "$3" | "_1" | "it");
        return !inner.contains("#$")
            && !inner.contains("#@")
            && inner
                .split("#{")
                .skip(1)
                .all(|rest| rest.split_once('}').is_some_and(|(name, _)| simple(name)));
    }
    let mut rest = inner;
    while let Some(at) = rest.find(['$', '@']) {
        let tail = rest.get(at + 1..).unwrap_or("");
        if tail.starts_with(['{', '$', ':']) {
            return false;
        }
        let name = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(tail.len());
        let behind = tail.get(name..).unwrap_or("");
        // What stands in a subscript is code.
        if name > 0 && !is_simple_subscript(behind) {
            return false;
        }
        rest = behind;
    }
    true
}

fn is_simple_subscript(behind: &str) -> bool {
    let close = match behind.chars().next() {
        Some('[') => ']',
        Some('{') => '}',
        Some('-') if behind.starts_with("->") => return false,
        Some(':') if behind.starts_with("::") => return false,
        _ => return true,
    };
    behind.get(1..).and_then(|rest| rest.split_once(close)).is_some_and(|(inner, _)| {
        inner.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'-' | b'^'))
    })
}

/// A text between double quotes, as far as it is known.
fn double(inner: &str, which: Which) -> Word {
    let mut word = Word::default();
    let mut rest = inner;
    let marks: &[char] = if which == Which::Perl { &['\\', '$', '@'] } else { &['\\', '#'] };
    while let Some(at) = rest.find(marks) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        word.push(Part::Text(before.to_owned()));
        rest = piece(behind, which, &mut word);
    }
    word.push(Part::Text(rest.to_owned()));
    word
}

/// One escape or variable at the start of `behind`; gives what follows it.
fn piece<'t>(behind: &'t str, which: Which, word: &mut Word) -> &'t str {
    let tail = behind.get(1..).unwrap_or("");
    let first = tail.chars().next().unwrap_or(' ');
    if behind.starts_with('\\') {
        let (text, length) = match first {
            'n' => ("\n".to_owned(), 1),
            't' => ("\t".to_owned(), 1),
            'x' => {
                let digits = tail.get(1..3).unwrap_or("");
                match u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii) {
                    Some(byte) => (char::from(byte).to_string(), 3),
                    None => (String::new(), 1),
                }
            }
            other => (other.to_string(), other.len_utf8()),
        };
        let odd = first.is_ascii_digit() || matches!(first, 'u' | 'c' | 'N' | 'e');
        let known = !(text.is_empty() || odd);
        word.push(if known { Part::Text(text) } else { Part::Unknown });
        return tail.get(length..).unwrap_or("");
    }
    let home = match which {
        Which::Perl => tail.strip_prefix("ENV{HOME}"),
        Which::Ruby => ["{Dir.home}", "{ENV['HOME']}", "{ENV[\"HOME\"]}", "{Dir.home()}"]
            .iter()
            .find_map(|form| tail.strip_prefix(form)),
    };
    if let Some(rest) = home {
        word.push(Part::Home);
        return rest;
    }
    if which == Which::Ruby && !tail.starts_with(['{', '$', '@']) {
        word.push(Part::Text("#".to_owned()));
        return tail;
    }
    word.push(Part::Unknown);
    if which == Which::Ruby {
        return tail.split_once('}').map_or("", |(_, rest)| rest);
    }
    let name = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(tail.len());
    tail.get(name..).unwrap_or("")
}
