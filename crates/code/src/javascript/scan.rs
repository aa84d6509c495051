//! JavaScript tokens as far as it matters to [`super::depth`]: what opens, closes and may be nested.
//!
//! Whether `/` divides or opens a regular expression depends on the grammar. It is told from the token before
//! where that is certain, and refused where it is not: a wrong guess would hide brackets from the count.

use crate::tree::{At, Refusal};

/// What stands in front of a token, as far as a `/` or the end of a statement depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// A value must follow: the start, an operator, an opening bracket, a word such as `return`.
    Open,
    /// A `.`: the next word is a member.
    Dot,
    /// A value has ended: `/` divides, on the same line or another.
    Value,
    /// A name that a declaration may have ended with: on another line, `/` may be either.
    Name,
    /// `)` of `if (…)` and the like: a statement follows.
    Head,
    /// `}`, a word such as `yield`: `/` may be either.
    Either,
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tok<'t> {
    Word(&'t str),
    /// A word that is not plain ASCII; it may mean what a plain one does.
    OddWord,
    /// A text, number, regular expression or private name.
    Value,
    /// The start of a template literal, or its next stretch behind a `}`: whether an expression follows.
    Template(bool),
    Sign(&'static str),
    End,
}

/// Signs, the longest first.
const SIGNS: [&str; 58] = [
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=",
    ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>",
    "**", "{", "}", "(", ")", "[", "]", ";", ",", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~",
    "?", ":", "=", ".", "@",
];

pub(super) fn refuse<T>(why: &'static str, at: usize) -> Result<T, Refusal> {
    Err(Refusal { why, at: At::new(at, at + 1) })
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\') || byte >= 0x80
}

pub(super) struct Scan<'t> {
    text: &'t str,
    typed: bool,
    /// Where the next token is looked for.
    pub(super) at: usize,
    /// Where the token that was read last starts.
    pub(super) start: usize,
    /// Whether a line ended before the token that was read last.
    pub(super) fresh: bool,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str, typed: bool) -> Self {
        // `#!` is a comment at the very start only.
        let at = if text.starts_with("#!") { text.find('\n').unwrap_or(text.len()) } else { 0 };
        Self { text, typed, at, start: at, fresh: true }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn next(&mut self, before: Before) -> Result<Tok<'t>, Refusal> {
        self.blanks()?;
        let start = self.at;
        self.start = start;
        let first = self.byte(start);
        if start >= self.text.len() {
            return Ok(Tok::End);
        }
        if first.is_ascii_digit() || first == b'.' && self.byte(start + 1).is_ascii_digit() {
            return self.number();
        }
        if first == b'#' && is_part(self.byte(start + 1)) {
            self.at += 1;
            return self.word().map(|_| Tok::Value);
        }
        if is_part(first) {
            return self.word();
        }
        match first {
            b'"' | b'\'' => self.quoted(first),
            b'`' => {
                self.at += 1;
                self.template().map(Tok::Template)
            }
            b'/' if self.is_regex(before)? => self.regex(),
            _ => {
                let rest = self.rest();
                let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else {
                    return refuse("a sign that is not known", start);
                };
                // `a?.5:b`
                let sign = if *sign == "?." && self.byte(start + 2).is_ascii_digit() { "?" } else { sign };
                self.at += sign.len();
                Ok(Tok::Sign(sign))
            }
        }
    }

    /// Skips blanks and comments.
    fn blanks(&mut self) -> Result<(), Refusal> {
        self.fresh = self.at == 0;
        loop {
            let rest = self.rest();
            match self.byte(self.at) {
                b' ' | b'\t' | 0x0b | 0x0c => self.at += 1,
                b'\n' | b'\r' => {
                    self.fresh = true;
                    self.at += 1;
                }
                b'/' if rest.starts_with("//") => self.at += rest.find('\n').unwrap_or(rest.len()),
                b'/' if rest.starts_with("/*") => {
                    let Some(end) = rest.get(2..).and_then(|inner| inner.find("*/")) else {
                        return refuse("a comment is not closed", self.at);
                    };
                    self.fresh |= rest.get(..end + 2).is_some_and(|comment| comment.contains('\n'));
                    self.at += end + 4;
                }
                b'<' if rest.starts_with("<!--") => {
                    return refuse("a comment in the manner of HTML", self.at);
                }
                b'-' if self.fresh && rest.starts_with("-->") => {
                    return refuse("a comment in the manner of HTML", self.at);
                }
                _ => return Ok(()),
            }
        }
    }

    fn word(&mut self) -> Result<Tok<'t>, Refusal> {
        let start = self.at;
        let mut odd = false;
        while is_part(self.byte(self.at)) {
            match self.byte(self.at) {
                b'\\' => {
                    odd = true;
                    self.escape()?;
                }
                byte => {
                    odd |= byte >= 0x80;
                    self.at += 1;
                }
            }
        }
        let word = self.text.get(start..self.at).unwrap_or("");
        if let Some(blank) = word.find(|letter: char| letter.is_whitespace() || letter.is_control()) {
            return refuse("a sign that is not known", start + blank);
        }
        Ok(if odd { Tok::OddWord } else { Tok::Word(word) })
    }

    /// `\u0061` or `\u{61}` in a word.
    fn escape(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        let braced = self.byte(start + 2) == b'{';
        self.at += if braced { 3 } else { 2 };
        let digits = self.at;
        while self.byte(self.at).is_ascii_hexdigit() && (braced || self.at < digits + 4) {
            self.at += 1;
        }
        let fine = self.byte(start + 1) == b'u'
            && if braced { self.byte(self.at) == b'}' } else { self.at == digits + 4 };
        if !fine {
            return refuse("a sign that is not known", start);
        }
        self.at += usize::from(braced);
        Ok(())
    }

    fn number(&mut self) -> Result<Tok<'t>, Refusal> {
        let radix = self.byte(self.at) == b'0'
            && matches!(self.byte(self.at + 1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B');
        self.at += if radix { 2 } else { 0 };
        let mut dot = false;
        loop {
            let byte = self.byte(self.at);
            let point = byte == b'.' && !dot && !radix;
            if byte.is_ascii_digit() || byte == b'_' || point || radix && byte.is_ascii_hexdigit() {
                dot |= point;
                self.at += 1;
            } else if matches!(byte, b'e' | b'E') && !radix {
                self.at += if matches!(self.byte(self.at + 1), b'+' | b'-') { 2 } else { 1 };
                dot = true;
            } else {
                break;
            }
        }
        self.at += usize::from(self.byte(self.at) == b'n');
        if is_part(self.byte(self.at)) {
            return refuse("a number runs into a word", self.at);
        }
        Ok(Tok::Value)
    }

    fn quoted(&mut self, quote: u8) -> Result<Tok<'t>, Refusal> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.byte(self.at) {
                0 => return refuse("a text is not closed", start),
                b'\n' | b'\r' => return refuse("a text is not closed on its line", self.at),
                b'\\' if self.byte(self.at + 1) == b'\r' => self.at += 3,
                b'\\' => self.at += 2,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return Ok(Tok::Value);
                    }
                }
            }
        }
    }

    /// Goes on in a template literal to its end or past the next `${`; whether it was that.
    pub(super) fn template(&mut self) -> Result<bool, Refusal> {
        let start = self.at;
        loop {
            match self.byte(self.at) {
                0 => return refuse("a template is not closed", start),
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    return Ok(false);
                }
                b'$' if self.byte(self.at + 1) == b'{' => {
                    self.at += 2;
                    return Ok(true);
                }
                _ => self.at += 1,
            }
        }
    }

    fn is_regex(&self, before: Before) -> Result<bool, Refusal> {
        let certain = match before {
            Before::Open | Before::Head => Some(true),
            Before::Value if !(self.typed && self.fresh) => Some(false),
            Before::Name if !self.fresh => Some(false),
            _ => None,
        };
        match certain {
            Some(certain) => Ok(certain),
            None => refuse("a slash that may divide or open a regular expression", self.at),
        }
    }

    fn regex(&mut self) -> Result<Tok<'t>, Refusal> {
        let start = self.at;
        self.at += 1;
        let mut class = false;
        loop {
            match self.byte(self.at) {
                0 | b'\n' | b'\r' => return refuse("a regular expression is not closed", start),
                b'\\' if matches!(self.byte(self.at + 1), b'\n' | b'\r') => {
                    return refuse("a regular expression is not closed", start);
                }
                b'\\' => self.at += 2,
                b'/' if !class => break,
                byte => {
                    class = (class || byte == b'[') && byte != b']';
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        // Its flags.
        if is_part(self.byte(self.at)) {
            self.word()?;
        }
        Ok(Tok::Value)
    }
}
