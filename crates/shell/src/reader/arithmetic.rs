//! Arithmetic: a small alphabet of which every byte's meaning is certain, with expansions in it.

use super::cursor::{Read, Reader};
use super::heredoc::Pending;
use super::words::{Quoting, push_bare};
use crate::syntax::Part;

/// What ends an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// `)`, of which the caller wants a second one.
    Parenthesis,
    /// The same in `for ((`, where `;` parts the three expressions.
    For,
    /// `]` of `$[ ]` and of a subscript in a parameter expansion.
    Bracket,
    /// `]` of a subscript of an assignment, where blanks would end the word in some places.
    Subscript,
    /// `}` of `${name:offset:length}`.
    Brace,
}

impl Close {
    fn byte(self) -> u8 {
        match self {
            Self::Parenthesis | Self::For => b')',
            Self::Bracket | Self::Subscript => b']',
            Self::Brace => b'}',
        }
    }
}

/// State to come back to when a construct turns out to be another one.
#[derive(Clone)]
pub(super) struct Mark {
    pos: usize,
    bodies: usize,
    documents: usize,
    in_substitution: bool,
    doubt: u8,
    pending: Vec<Pending>,
}

impl Reader<'_> {
    /// The present state.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            pos: self.pos,
            bodies: self.bodies.len(),
            documents: self.documents,
            in_substitution: self.in_substitution,
            doubt: self.doubt,
            pending: self.pending.clone(),
        }
    }

    /// Goes back to a state. Here-documents begun since are forgotten.
    pub(super) fn reset(&mut self, mark: Mark) {
        self.pos = mark.pos;
        self.bodies.truncate(mark.bodies);
        self.documents = mark.documents;
        self.in_substitution = mark.in_substitution;
        self.doubt = mark.doubt;
        self.pending = mark.pending;
    }

    /// An expression and the byte that closes it.
    pub(super) fn arithmetic(&mut self, close: Close) -> Read<Vec<Part>> {
        self.nested(|reader| reader.scanned(|reader| reader.expression(close)))
    }

    fn expression(&mut self, close: Close) -> Read<Vec<Part>> {
        let mut parts = Vec::new();
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.arithmetic_run(&mut parts, close)?;
            let Some(byte) = self.peek() else {
                return self.refuse("unclosed arithmetic");
            };
            match byte {
                _ if byte == close.byte() && open.is_empty() => {
                    self.bump();
                    return Ok(parts);
                }
                b'(' | b'[' => {
                    open.push(if byte == b'(' { b')' } else { b']' });
                    self.arithmetic_byte(&mut parts, byte);
                }
                b')' | b']' if open.pop() == Some(byte) => self.arithmetic_byte(&mut parts, byte),
                b'$' => self.arithmetic_dollar(&mut parts)?,
                b'`' => {
                    let start = self.pos;
                    parts.push(self.back_quoted(Quoting::Double)?);
                    if self.slice(start, self.pos)?.contains('\\') {
                        return self.refuse("backslash in back-quotes in arithmetic");
                    }
                }
                b'"' => self.arithmetic_quotes(&mut parts)?,
                b'@' if last_byte(&parts) == Some(b'[') => self.arithmetic_byte(&mut parts, byte),
                b'#' if last_byte(&parts).is_some_and(|last| last.is_ascii_digit()) => {
                    self.arithmetic_byte(&mut parts, byte);
                }
                _ => return self.refuse("unexpected character in arithmetic"),
            }
        }
    }

    fn arithmetic_byte(&mut self, parts: &mut Vec<Part>, byte: u8) {
        self.bump();
        push_bare(parts, char::from(byte).encode_utf8(&mut [0; 4]));
    }

    /// Bytes that are text in every expression.
    fn arithmetic_run(&mut self, parts: &mut Vec<Part>, close: Close) -> Read<()> {
        let start = self.pos;
        while let Some(byte) = self.raw() {
            let text = match byte {
                b'<' | b'>' if self.raw_at(self.pos + 1) == Some(b'(') => close == Close::Parenthesis,
                b' ' | b'\t' | b'\n' | b'<' | b'>' | b'&' | b'|' => close != Close::Subscript,
                b';' => close == Close::For,
                b'_' | b'+' | b'-' | b'*' | b'/' | b'%' | b'=' | b'!' | b'^' | b'~' | b'?' | b':' | b','
                | b'.' => true,
                _ => byte.is_ascii_alphanumeric(),
            };
            if !text {
                break;
            }
            self.pos += 1;
        }
        self.spend(self.pos - start + 1)?;
        if self.pos > start {
            push_bare(parts, self.slice(start, self.pos)?);
        }
        Ok(())
    }

    fn arithmetic_dollar(&mut self, parts: &mut Vec<Part>) -> Read<()> {
        let before = parts.len();
        let start = self.pos;
        let braced = self.peek_second() == Some(b'{');
        self.dollar(parts, Quoting::Double)?;
        // Bash counts parentheses and brackets in some of its passes over the expression.
        if braced && !is_balanced(self.slice(start, self.pos)?) {
            return self.refuse_at(start, "unbalanced `${…}` in arithmetic");
        }
        match parts.last() {
            Some(Part::Quoted(_)) | None => self.refuse("`$` in arithmetic"),
            Some(_) if parts.len() == before => self.refuse("`$` in arithmetic"),
            Some(_) => Ok(()),
        }
    }

    /// `"…"`, which arithmetic takes away.
    fn arithmetic_quotes(&mut self, parts: &mut Vec<Part>) -> Read<()> {
        let quoted = self.double_quoted()?;
        if let Part::Double(inner) = &quoted {
            let odd = |text: &str| {
                text.contains(['$', '`', '\\', '"', '\'', '\n', '(', ')', '{', '}']) || !is_balanced(text)
            };
            if inner.iter().any(|part| matches!(part, Part::Quoted(text) if odd(text))) {
                return self.refuse("quoted text in arithmetic");
            }
        }
        parts.push(quoted);
        Ok(())
    }
}

/// Whether as many parentheses and brackets open as close.
fn is_balanced(text: &str) -> bool {
    let count = |wanted: u8| text.bytes().filter(|&byte| byte == wanted).count();
    count(b'(') == count(b')') && count(b'[') == count(b']')
}

/// Last byte of unquoted text.
fn last_byte(parts: &[Part]) -> Option<u8> {
    match parts.last() {
        Some(Part::Bare(text)) => text.bytes().last(),
        _ => None,
    }
}
