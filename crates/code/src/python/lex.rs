//! Python text to tokens: names, numbers, texts, operators, and the lines and indentations Python counts.
//!
//! INVARIANT: what is refused here (names outside ASCII, form feeds, lone carriage returns, mixed indentation)
//! is what two readers of Python could take differently (guarded by `tests/it/oracle.rs`).

use std::rc::Rc;

use crate::tree::{At, Refusal};

/// A token and where it is.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) tok: Tok,
    pub(super) at: At,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tok {
    /// A name or a keyword.
    Name(Rc<str>),
    /// A whole number when it is a small decimal one.
    Number(Option<i64>),
    /// A text literal.
    Text(Literal),
    Op(&'static str),
    Newline,
    Indent,
    Dedent,
    End,
}

/// A text literal as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Literal {
    pub(super) raw: bool,
    pub(super) bytes: bool,
    pub(super) format: bool,
    /// Byte positions of what is between the quotes.
    pub(super) inside: (usize, usize),
}

const OPERATORS: [&str; 47] = [
    "**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=",
    "^=", "==", "<=", ">=", "**", "//", ">>", "<<", "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<",
    ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "=",
];

pub(super) struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    end: usize,
    nested: u32,
    indents: Vec<usize>,
    tabs: Option<bool>,
    tokens: Vec<Token>,
}

/// All tokens of `text` between two positions. `inside` says that it is within brackets (an f-string).
pub(super) fn lex(text: &str, from: usize, end: usize, inside: bool) -> Result<Vec<Token>, Refusal> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: from,
        end,
        nested: u32::from(inside),
        indents: vec![0],
        tabs: None,
        tokens: Vec::new(),
    };
    let outcome = lexer.run(!inside);
    match outcome {
        Ok(()) => Ok(lexer.tokens),
        Err(refusal) => Err(refusal),
    }
}

impl Lexer<'_> {
    fn refuse<T>(&self, why: &'static str) -> Result<T, Refusal> {
        Err(Refusal { why, at: At::new(self.at, self.at + 1) })
    }

    fn byte(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.end { self.bytes.get(at).copied().unwrap_or(0) } else { 0 }
    }

    fn push(&mut self, tok: Tok, from: usize) {
        self.tokens.push(Token { tok, at: At::new(from, self.at) });
    }

    fn run(&mut self, mut fresh: bool) -> Result<(), Refusal> {
        let top = fresh;
        while self.at < self.end {
            if fresh {
                fresh = false;
                if !self.indentation()? {
                    fresh = true;
                    continue;
                }
            }
            let from = self.at;
            match self.byte(0) {
                b' ' | b'\t' => self.at += 1,
                b'\r' if self.byte(1) == b'\n' => self.at += 1,
                b'#' => self.comment(),
                b'\n' => {
                    self.at += 1;
                    if self.nested == 0 {
                        self.push(Tok::Newline, from);
                        fresh = true;
                    }
                }
                b'\\' => self.continuation()?,
                b'0'..=b'9' => self.number()?,
                b'.' if self.byte(1).is_ascii_digit() => self.number()?,
                b'"' | b'\'' => self.literal(false, false, false)?,
                byte if byte.is_ascii_alphabetic() || byte == b'_' => self.name()?,
                _ => self.operator()?,
            }
        }
        if top {
            if self.nested > 0 {
                return self.refuse("a bracket is not closed");
            }
            if !matches!(self.tokens.last().map(|token| &token.tok), None | Some(Tok::Newline | Tok::Dedent))
            {
                self.push(Tok::Newline, self.at);
            }
            while self.indents.len() > 1 {
                self.indents.pop();
                self.push(Tok::Dedent, self.at);
            }
        }
        self.push(Tok::End, self.at);
        Ok(())
    }

    /// Blanks at the start of a line; `false` when nothing else is on it.
    fn indentation(&mut self) -> Result<bool, Refusal> {
        let from = self.at;
        let (mut column, mut tab, mut blank) = (0, false, false);
        loop {
            match self.byte(0) {
                b' ' => blank = true,
                b'\t' => tab = true,
                _ => break,
            }
            column += 1;
            self.at += 1;
        }
        match self.byte(0) {
            b'#' => {
                self.comment();
                if self.byte(0) == b'\n' {
                    self.at += 1;
                }
                return Ok(false);
            }
            b'\n' => {
                self.at += 1;
                return Ok(false);
            }
            b'\r' if self.byte(1) == b'\n' => {
                self.at += 2;
                return Ok(false);
            }
            b'\\' => return self.refuse("a line starts with a backslash"),
            0 if self.at >= self.end => return Ok(false),
            _ => {}
        }
        if tab && (blank || self.tabs == Some(false)) || blank && self.tabs == Some(true) {
            return self.refuse("tabs and blanks are mixed at the start of lines");
        }
        if column > 0 {
            self.tabs = Some(tab);
        }
        let now = self.indents.last().copied().unwrap_or(0);
        if column > now {
            if self.indents.len() > usize::from(crate::tree::DEPTH) {
                return self.refuse("blocks are nested too deeply");
            }
            self.indents.push(column);
            self.push(Tok::Indent, from);
        }
        while column < self.indents.last().copied().unwrap_or(0) {
            self.indents.pop();
            self.push(Tok::Dedent, from);
        }
        if column != self.indents.last().copied().unwrap_or(0) {
            return self.refuse("the indentation fits no block");
        }
        Ok(true)
    }

    fn comment(&mut self) {
        while self.at < self.end && self.byte(0) != b'\n' {
            self.at += 1;
        }
    }

    fn continuation(&mut self) -> Result<(), Refusal> {
        let length = match (self.byte(1), self.byte(2)) {
            (b'\n', _) => 2,
            (b'\r', b'\n') => 3,
            _ => return self.refuse("a stray backslash"),
        };
        self.at += length;
        if self.at >= self.end {
            return self.refuse("a line is continued past the end");
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Refusal> {
        let from = self.at;
        let mut plain = true;
        loop {
            let byte = self.byte(0);
            let sign = matches!(byte, b'+' | b'-')
                && matches!(self.bytes.get(self.at.wrapping_sub(1)), Some(b'e' | b'E'))
                && !self
                    .text
                    .get(from..self.at)
                    .is_some_and(|text| text.starts_with("0x") || text.starts_with("0X"));
            if !byte.is_ascii_alphanumeric() && byte != b'_' && byte != b'.' && !sign {
                break;
            }
            plain &= byte.is_ascii_digit() || byte == b'_';
            self.at += 1;
        }
        let digits = self.text.get(from..self.at).unwrap_or("");
        // `1if x else y`: a number that runs into a word is taken for two by Python.
        let radix = digits.starts_with("0x")
            || digits.starts_with("0X")
            || digits.starts_with("0b")
            || digits.starts_with("0B")
            || digits.starts_with("0o")
            || digits.starts_with("0O");
        let word = digits
            .bytes()
            .any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E' | b'j' | b'J'));
        if !radix && (word || digits.matches('.').count() > 1 || self.byte(0) >= 0x80) {
            return self.refuse("a number runs into a word");
        }
        if radix && digits.bytes().skip(2).any(|byte| !byte.is_ascii_hexdigit() && byte != b'_') {
            return self.refuse("a number runs into a word");
        }
        let value = if radix {
            crate::tree::integer(digits)
        } else {
            plain.then(|| digits.replace('_', "").parse().ok()).flatten()
        };
        self.push(Tok::Number(value), from);
        Ok(())
    }

    fn name(&mut self) -> Result<(), Refusal> {
        let from = self.at;
        while self.byte(0).is_ascii_alphanumeric() || self.byte(0) == b'_' {
            self.at += 1;
        }
        if self.byte(0) >= 0x80 {
            return self.refuse("a name outside ASCII");
        }
        let name = self.text.get(from..self.at).unwrap_or("");
        if matches!(self.byte(0), b'"' | b'\'') {
            let lower = name.to_ascii_lowercase();
            let flags = match lower.as_str() {
                "r" => Some((true, false, false)),
                "b" => Some((false, true, false)),
                "u" => Some((false, false, false)),
                "f" => Some((false, false, true)),
                "rb" | "br" => Some((true, true, false)),
                "rf" | "fr" => Some((true, false, true)),
                "t" | "rt" | "tr" => return self.refuse("a template text"),
                _ => None,
            };
            if let Some((raw, bytes, format)) = flags {
                return self.literal_from(from, raw, bytes, format);
            }
        }
        self.push(Tok::Name(Rc::from(name)), from);
        Ok(())
    }

    fn literal(&mut self, raw: bool, bytes: bool, format: bool) -> Result<(), Refusal> {
        self.literal_from(self.at, raw, bytes, format)
    }

    fn literal_from(&mut self, from: usize, raw: bool, bytes: bool, format: bool) -> Result<(), Refusal> {
        let quote = self.byte(0);
        let triple = self.byte(1) == quote && self.byte(2) == quote;
        self.at += if triple { 3 } else { 1 };
        let start = self.at;
        // Open braces of an f-string, whose own texts may hold quotes.
        let mut braces: u32 = 0;
        loop {
            if self.at >= self.end {
                return self.refuse("a text is not closed");
            }
            let byte = self.byte(0);
            match byte {
                b'\\' if braces == 0 => {
                    let crlf = self.byte(1) == b'\r' && self.byte(2) == b'\n';
                    self.at += if crlf { 3 } else { 2 };
                    if !raw
                        && format
                        && self.bytes.get(self.at.wrapping_sub(1)) == Some(&b'N')
                        && self.byte(0) == b'{'
                    {
                        return self.refuse("a character by its name in an f-string");
                    }
                    continue;
                }
                b'\\' => return self.refuse("a backslash within an f-string's braces"),
                b'\n' if !triple => return self.refuse("a text is not closed on its line"),
                b'{' if format && braces == 0 && self.byte(1) == b'{' => self.at += 1,
                b'{' if format => braces += 1,
                b'}' if format && braces > 0 => braces -= 1,
                b'"' | b'\'' if braces > 0 => {
                    if byte == quote {
                        return self.refuse("the quote of an f-string within its braces");
                    }
                    self.skip_inner(byte)?;
                    continue;
                }
                b'#' if braces > 0 => return self.refuse("a number sign within an f-string's braces"),
                _ if byte == quote && (!triple || self.byte(1) == quote && self.byte(2) == quote) => break,
                _ => {}
            }
            self.at += 1;
        }
        let inside = (start, self.at);
        self.at += if triple { 3 } else { 1 };
        if bytes && self.text.get(inside.0..inside.1).is_none_or(|text| !text.is_ascii()) {
            return self.refuse("bytes outside ASCII");
        }
        self.push(Tok::Text(Literal { raw, bytes, format, inside }), from);
        Ok(())
    }

    /// A text within the braces of an f-string. A format behind a colon may hold a lone quote; such a one is
    /// refused by its missing end.
    fn skip_inner(&mut self, quote: u8) -> Result<(), Refusal> {
        if self.byte(1) == quote && self.byte(2) == quote {
            return self.refuse("a text of three quotes within an f-string's braces");
        }
        self.at += 1;
        while self.byte(0) != quote {
            if self.at >= self.end || matches!(self.byte(0), b'\\' | b'\n' | b'{' | b'}') {
                return self.refuse("a text within an f-string's braces is too involved");
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(())
    }

    fn operator(&mut self) -> Result<(), Refusal> {
        let from = self.at;
        let rest = self.text.get(from..self.end).unwrap_or("");
        let Some(op) = OPERATORS.iter().find(|op| rest.starts_with(**op)) else {
            return self.refuse("a sign that is not known");
        };
        self.at += op.len();
        match *op {
            "(" | "[" | "{" => self.nested += 1,
            ")" | "]" | "}" => {
                if self.nested == 0 {
                    return self.refuse("a bracket too many");
                }
                self.nested -= 1;
            }
            _ => {}
        }
        self.push(Tok::Op(op), from);
        Ok(())
    }
}
