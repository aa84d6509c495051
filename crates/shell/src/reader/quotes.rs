//! Quoting: backslash, single quotes, double quotes, back-quotes.

use super::cursor::{Read, Reader};
use super::words::{Quoting, push_quoted};
use crate::syntax::{List, Part};

impl<'t> Reader<'t> {
    /// `\x` outside quotes.
    pub(super) fn escape(&mut self, parts: &mut Vec<Part>) -> Read<()> {
        self.bump();
        if matches!(self.raw(), Some(b'\r') | None) {
            return self.refuse("backslash before the end or a carriage return");
        }
        let text = self.one_character()?;
        push_quoted(parts, text);
        Ok(())
    }

    /// Passes one character whatever it is.
    pub(super) fn one_character(&mut self) -> Read<&'t str> {
        let start = self.pos;
        let rest = self.slice(start, self.end)?;
        let Some(character) = rest.chars().next() else {
            return self.refuse("character expected");
        };
        self.pos += character.len_utf8();
        self.slice(start, self.pos)
    }

    /// `'…'`, of which the text.
    pub(super) fn single_quoted(&mut self) -> Read<&'t str> {
        let start = self.pos + 1;
        let Some(close) = self.find(start, b'\'')? else {
            return self.refuse("unclosed `'`");
        };
        self.pos = close + 1;
        self.slice(start, close)
    }

    /// `"…"`
    pub(super) fn double_quoted(&mut self) -> Read<Part> {
        let open = self.pos;
        self.bump();
        self.nested(|reader| reader.in_quotes(|reader| reader.double_quoted_from(open)))
    }

    fn double_quoted_from(&mut self, open: usize) -> Read<Part> {
        let mut parts = Vec::new();
        loop {
            self.quoted_run(&mut parts, |byte| byte == b'"')?;
            match self.raw() {
                Some(b'"') => {
                    self.bump();
                    return Ok(Part::Double(parts));
                }
                Some(_) => self.quoted_special(&mut parts, Quoting::Double, |byte| byte == b'"')?,
                None => return self.refuse_at(open, "unclosed `\"`"),
            }
        }
    }

    /// Text inside double quotes or a here-document up to something with a meaning there, or `stop`.
    pub(super) fn quoted_run(&mut self, parts: &mut Vec<Part>, stop: impl Fn(u8) -> bool) -> Read<()> {
        let start = self.pos;
        while let Some(byte) = self.raw() {
            if matches!(byte, b'\\' | b'`' | b'$') || stop(byte) {
                break;
            }
            self.pos += 1;
        }
        self.spend(self.pos - start + 1)?;
        if self.pos > start {
            push_quoted(parts, self.slice(start, self.pos)?);
        }
        Ok(())
    }

    /// Backslash, back-quote or `$` inside double quotes or a here-document. A backslash also takes the meaning
    /// from bytes that are `escapable`.
    pub(super) fn quoted_special(
        &mut self,
        parts: &mut Vec<Part>,
        quoting: Quoting,
        escapable: impl Fn(u8) -> bool,
    ) -> Read<()> {
        match self.raw() {
            Some(b'\\') => {
                self.bump();
                match self.raw() {
                    Some(b'\n') => self.bump(),
                    Some(byte) if matches!(byte, b'\\' | b'`' | b'$') || escapable(byte) => {
                        let text = self.one_character()?;
                        push_quoted(parts, text);
                    }
                    Some(_) => {
                        push_quoted(parts, "\\");
                        let text = self.one_character()?;
                        push_quoted(parts, text);
                    }
                    None => push_quoted(parts, "\\"),
                }
                Ok(())
            }
            Some(b'`') => {
                parts.push(self.back_quoted(quoting)?);
                Ok(())
            }
            Some(b'$') => self.dollar(parts, quoting),
            // A plain byte behind a line continuation: the caller goes on.
            _ => self.spend(1),
        }
    }

    /// `` `…` ``. Its text is found first, as Bash does, then read as commands.
    pub(super) fn back_quoted(&mut self, quoting: Quoting) -> Read<Part> {
        let open = self.pos;
        let start = open + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            match self.raw_at(at) {
                Some(b'`') => break,
                Some(b'\\') => {
                    escaped = true;
                    at += 2;
                }
                Some(_) => at += 1,
                None => return self.refuse("unclosed back-quote"),
            }
        }
        self.spend(at - start)?;
        if quoting == Quoting::Double && self.slice(start, at)?.contains('"') {
            self.torn = Some(self.torn.unwrap_or(open));
        }
        let list = if escaped {
            let text = unescape(self.slice(start, at)?, quoting == Quoting::Double);
            self.spend(text.len())?;
            let span = self.span_to(open, at + 1);
            self.derived(&text, span, |inner| inner.nested(Reader::whole))?
        } else {
            self.within(start, at, Reader::all)?
        };
        self.pos = at + 1;
        Ok(Part::Command(list))
    }

    /// A list up to where reading stops.
    pub(super) fn all(&mut self) -> Read<List> {
        let list = self.list()?;
        if self.pos < self.end { self.refuse("unexpected token") } else { Ok(list) }
    }
}

/// Takes one level of backslashes away, as for the text between back-quotes.
fn unescape(text: &str, in_double: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('\n') => {}
            Some(next @ ('\\' | '`' | '$')) => out.push(next),
            Some('"') if in_double => out.push('"'),
            Some(next) => {
                out.push('\\');
                out.push(next);
            }
            None => out.push('\\'),
        }
    }
    out
}
