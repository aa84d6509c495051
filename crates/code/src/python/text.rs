//! Values of Python's text literals.

use std::rc::Rc;

use super::lex::Literal;
use super::parse::Parser;
use crate::tree::{At, Expr, Kind, Refusal};

/// Value of what is between the quotes; `None` when it is not worked out.
pub(super) fn unescape(source: &str, raw: bool, bytes: bool) -> Option<String> {
    let source = source.replace("\r\n", "\n");
    if raw || !source.contains('\\') {
        return Some(source);
    }
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let next = chars.next()?;
        match next {
            '\n' => {}
            '\\' | '\'' | '"' => out.push(next),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\u{b}'),
            '0'..='7' => {
                let mut value = next.to_digit(8)?;
                for _ in 0..2 {
                    let Some(digit) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                    value = value * 8 + digit;
                    chars.next();
                }
                out.push(narrow(value, bytes)?);
            }
            'x' => out.push(narrow(digits(&mut chars, 2)?, bytes)?),
            'u' if !bytes => out.push(char::from_u32(digits(&mut chars, 4)?)?),
            'U' if !bytes => out.push(char::from_u32(digits(&mut chars, 8)?)?),
            'N' if !bytes => return None,
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    Some(out)
}

/// A byte above ASCII is no character of its own.
fn narrow(value: u32, bytes: bool) -> Option<char> {
    if bytes && value >= 0x80 { None } else { char::from_u32(value) }
}

fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, count: usize) -> Option<u32> {
    let mut value = 0_u32;
    for _ in 0..count {
        value = value.checked_mul(16)? + chars.next()?.to_digit(16)?;
    }
    Some(value)
}

impl Parser<'_> {
    /// One literal.
    pub(super) fn literal(&mut self, literal: Literal, at: At) -> Result<Expr, Refusal> {
        let (from, to) = literal.inside;
        if literal.format {
            let pieces = self.format_pieces(from, to, literal.raw)?;
            return Ok(Expr { kind: Kind::Template(pieces), at });
        }
        let source = self.text.get(from..to).unwrap_or("");
        let kind = match unescape(source, literal.raw, literal.bytes) {
            Some(text) => Kind::Text(Rc::from(text)),
            None => Kind::Constant,
        };
        Ok(Expr { kind, at })
    }

    /// What an f-string, or a format within one, is made of.
    fn format_pieces(&mut self, from: usize, to: usize, raw: bool) -> Result<Vec<Expr>, Refusal> {
        let source = self.text.get(from..to).unwrap_or("");
        let bytes = source.as_bytes();
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let doubled = bytes.get(at + 1) == Some(byte);
            match byte {
                b'{' | b'}' if doubled => {
                    literal.push(char::from(*byte));
                    at += 2;
                }
                b'}' => return Err(self.refusal("a lone brace in an f-string")),
                b'{' => {
                    pieces.push(self.literal_piece(&literal, raw, from + at));
                    literal.clear();
                    let end = closing(bytes, at)
                        .ok_or_else(|| self.refusal("a brace of an f-string is not closed"))?;
                    self.replacement(from + at + 1, from + end, raw, &mut pieces)?;
                    at = end + 1;
                }
                _ => {
                    let next = source.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
                    literal.push(next);
                    at += next.len_utf8();
                }
            }
        }
        pieces.push(self.literal_piece(&literal, raw, to));
        Ok(pieces)
    }

    fn literal_piece(&self, source: &str, raw: bool, at: usize) -> Expr {
        let kind = match unescape(source, raw, false) {
            Some(text) => Kind::Text(Rc::from(text)),
            None => Kind::Constant,
        };
        Expr { kind, at: At::new(at, at) }
    }

    /// `x!r:>{width}` between braces.
    fn replacement(
        &mut self,
        from: usize,
        to: usize,
        raw: bool,
        pieces: &mut Vec<Expr>,
    ) -> Result<(), Refusal> {
        let source = self.text.get(from..to).unwrap_or("");
        let (expression, rest) = split(source);
        let shows = expression.trim_end().ends_with('=');
        let expression = if shows { expression.trim_end().trim_end_matches('=') } else { expression };
        self.enter()?;
        let value = self.inner(from, from + expression.len())?;
        self.leave();
        let at = value.at;
        let mut bare = !shows;
        let mut parts = vec![value];
        let rest_at = to - rest.len();
        if let Some(colon) = rest.find(':') {
            bare = false;
            self.enter()?;
            parts.extend(self.format_pieces(rest_at + colon + 1, to, raw)?);
            self.leave();
        }
        bare &= rest.is_empty() || rest == "!s";
        if bare {
            pieces.extend(parts);
        } else {
            // Cut to a width, quoted: some text made of these.
            pieces.push(Expr { kind: Kind::Plain(parts), at });
        }
        Ok(())
    }
}

/// Position of the brace that closes the one at `open`.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0_u32;
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match (quote, byte) {
            (Some(q), b) if q == *b => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'{') => depth += 1,
            (None, b'}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The expression, and the conversion and format behind it.
fn split(source: &str) -> (&str, &str) {
    let bytes = source.as_bytes();
    let mut depth = 0_u32;
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(q), b) if q == *b => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (None, b':') if depth == 0 => return source.split_at_checked(at).unwrap_or((source, "")),
            (None, b'!') if depth == 0 && bytes.get(at + 1) != Some(&b'=') => {
                return source.split_at_checked(at).unwrap_or((source, ""));
            }
            _ => {}
        }
    }
    (source, "")
}
