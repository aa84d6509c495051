//! `${…}`.

use super::arithmetic::Close;
use super::cursor::{Read, Reader};
use super::dollar::is_special_parameter;
use super::words::{Quoting, is_name_start, push_bare, push_quoted};
use crate::syntax::{Operator, Parameter, Part, Word};

/// How Bash treats `'` in an operand inside double quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apostrophe {
    /// Kept as a character (`:-` and its like), though what it encloses hides a `}`.
    Kept,
    /// Quotes, taken away (patterns).
    Quotes,
    /// Not certain.
    Refused,
}

impl Reader<'_> {
    /// From behind `${` to behind its `}`.
    pub(super) fn braced_parameter(&mut self, quoting: Quoting) -> Read<Parameter> {
        let (length, indirect) = self.prefix()?;
        let name = self.parameter_name()?;
        let index = if self.peek() == Some(b'[') && name.bytes().next().is_some_and(is_name_start) {
            self.bump();
            Some(self.index()?)
        } else {
            None
        };
        let mut parameter = Parameter { name, index, indirect, length, operator: Operator::Plain };
        if self.take(b'}') {
            return Ok(parameter);
        }
        if length || matches!(parameter.name.as_str(), "!" | "#" | "$" | "-" | "?") {
            return self.refuse("operator behind a special parameter");
        }
        parameter.operator = self.operator(quoting, indirect)?;
        Ok(parameter)
    }

    /// `#` or `!` in front of the name: length, indirect.
    fn prefix(&mut self) -> Read<(bool, bool)> {
        match (self.peek(), self.peek_second()) {
            (Some(b'#' | b'!'), Some(b'}')) => Ok((false, false)),
            (Some(b'#'), Some(next)) if begins_parameter(next) => {
                self.bump();
                Ok((true, false))
            }
            (Some(b'!'), Some(next))
                if is_name_start(next) || next.is_ascii_digit() || matches!(next, b'@' | b'*' | b'#') =>
            {
                self.bump();
                Ok((false, true))
            }
            (Some(b'#' | b'!'), _) => self.refuse("unusual `${#` or `${!`"),
            _ => Ok((false, false)),
        }
    }

    fn parameter_name(&mut self) -> Read<String> {
        match self.peek() {
            Some(byte) if is_name_start(byte) => self.name(),
            Some(byte) if byte.is_ascii_digit() => {
                let mut digits = String::new();
                while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
                    digits.push(char::from(digit));
                    self.bump();
                }
                Ok(digits)
            }
            Some(byte) if is_special_parameter(byte) => {
                self.bump();
                Ok(char::from(byte).to_string())
            }
            _ => self.refuse("parameter name expected"),
        }
    }

    /// A subscript behind its `[`. A single-quoted key is certain when it holds nothing that could mean more.
    pub(super) fn index(&mut self) -> Read<Vec<Part>> {
        if self.peek() == Some(b'\'') {
            let text = self.single_quoted()?;
            if text.bytes().any(|byte| matches!(byte, b'$' | b'`' | b'\\' | b'"' | b'[' | b']')) {
                return self.refuse("single quotes in a subscript");
            }
            let parts = vec![Part::Quoted(text.to_owned())];
            self.require(b']', "`]` expected")?;
            return Ok(parts);
        }
        // `[@]` and `[*]`: all elements.
        if let Some(all @ (b'@' | b'*')) = self.peek()
            && self.peek_second() == Some(b']')
        {
            self.bump();
            self.bump();
            return Ok(vec![Part::Bare(char::from(all).to_string())]);
        }
        self.arithmetic(Close::Bracket)
    }

    fn operator(&mut self, quoting: Quoting, indirect: bool) -> Read<Operator> {
        let Some(first) = self.peek() else {
            return self.refuse("unclosed `${`");
        };
        self.bump();
        match first {
            b'-' | b'=' | b'?' | b'+' => self.word_operator(first, quoting),
            b':' => match self.peek() {
                Some(second @ (b'-' | b'=' | b'?' | b'+')) => {
                    self.bump();
                    self.word_operator(second, quoting)
                }
                _ => {
                    self.zsh_colon()?;
                    Ok(Operator::Change(":".to_owned(), self.arithmetic(Close::Brace)?))
                }
            },
            b'#' | b'%' | b'/' => {
                let mut operator = char::from(first).to_string();
                if self.take(first) {
                    operator.push(char::from(first));
                }
                let parts = self.operand(quoting, Apostrophe::Quotes)?;
                Ok(Operator::Change(operator, as_pattern(parts, quoting)))
            }
            b'^' | b',' | b'~' => {
                let mut operator = char::from(first).to_string();
                if self.take(first) {
                    operator.push(char::from(first));
                }
                Ok(Operator::Change(operator, self.operand(quoting, Apostrophe::Refused)?))
            }
            b'@' | b'*' if indirect && self.take(b'}') => {
                Ok(Operator::Change(char::from(first).to_string(), Vec::new()))
            }
            b'@' => match self.peek() {
                Some(letter) if letter.is_ascii_alphabetic() => {
                    self.bump();
                    self.require(b'}', "`}` expected")?;
                    Ok(Operator::Change(format!("@{}", char::from(letter)), Vec::new()))
                }
                _ => self.refuse("unknown `@` operator"),
            },
            _ => self.refuse("unknown operator in `${`"),
        }
    }

    fn word_operator(&mut self, operator: u8, quoting: Quoting) -> Read<Operator> {
        let start = self.pos;
        let parts = self.operand(quoting, Apostrophe::Kept)?;
        let word = Word { parts, span: self.span_to(start, self.pos - 1) };
        Ok(match operator {
            b'-' => Operator::Default(word),
            b'=' => Operator::Assign(word),
            b'?' => Operator::Error(word),
            _ => Operator::Alternative(word),
        })
    }

    /// Parts up to the first unquoted `}`, which is passed.
    fn operand(&mut self, quoting: Quoting, apostrophe: Apostrophe) -> Read<Vec<Part>> {
        let mut parts = Vec::new();
        loop {
            if quoting == Quoting::Bare {
                self.bare_run(&mut parts, |byte| !matches!(byte, b'}' | b'<' | b'>'))?;
            } else {
                self.quoted_run(&mut parts, |byte| matches!(byte, b'}' | b'<' | b'>' | b'\'' | b'"'))?;
            }
            match self.peek() {
                None => return self.refuse("unclosed `${`"),
                Some(b'}') => {
                    self.bump();
                    return Ok(parts);
                }
                Some(byte @ (b'<' | b'>')) => self.operand_angle(&mut parts, byte, quoting)?,
                Some(_) if quoting == Quoting::Bare => self.special(&mut parts)?,
                Some(b'"') if quoting == Quoting::Double => parts.push(self.quotes_in_quotes()?),
                Some(b'"') => parts.push(self.document_quotes()?),
                Some(b'$') if apostrophe == Apostrophe::Quotes && self.peek_second() == Some(b'\'') => {
                    self.ansi_in_quotes(&mut parts, quoting)?;
                }
                Some(b'\'') => self.apostrophes(&mut parts, quoting, apostrophe)?,
                Some(_) => self.operand_special(&mut parts, quoting)?,
            }
        }
    }

    /// `"…"` inside `"${…}"`, where Bash takes every backslash away before it expands: `"${x-"$\(y)"}"` runs `y`.
    fn quotes_in_quotes(&mut self) -> Read<Part> {
        let start = self.pos;
        let quoted = self.double_quoted()?;
        let mut rest = self.slice(start, self.pos)?.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'\\' && !matches!(rest.next(), Some(b'"' | b'$' | b'`' | b'\\')) {
                return self.refuse_at(start, "backslash in double quotes in a quoted `${…}`");
            }
        }
        Ok(quoted)
    }

    fn operand_angle(&mut self, parts: &mut Vec<Part>, byte: u8, quoting: Quoting) -> Read<()> {
        if self.peek_second() == Some(b'(') {
            if quoting != Quoting::Bare {
                return self.refuse("process substitution in a quoted `${…}`");
            }
            parts.push(self.process()?);
            return Ok(());
        }
        self.bump();
        let text = if byte == b'<' { "<" } else { ">" };
        if quoting == Quoting::Bare {
            push_bare(parts, text)
        } else {
            push_quoted(parts, text)
        }
        Ok(())
    }

    /// Backslash, back-quote or `$` in an operand inside double quotes.
    fn operand_special(&mut self, parts: &mut Vec<Part>, quoting: Quoting) -> Read<()> {
        let start = self.pos;
        let back_quoted = self.raw() == Some(b'`');
        self.quoted_special(parts, quoting, |byte| matches!(byte, b'"' | b'}'))?;
        if back_quoted && self.slice(start, self.pos)?.contains('\\') {
            return self.refuse("backslash in back-quotes in a quoted `${…}`");
        }
        Ok(())
    }

    /// `"…"` inside `${…}` in a here-document. Bash 5 takes the quotes away, others may keep them; what is between
    /// them expands either way, and ends at the same place when it holds nothing that quotes could protect.
    fn document_quotes(&mut self) -> Read<Part> {
        let start = self.pos;
        let quoted = self.double_quoted()?;
        if self.slice(start, self.pos)?.contains('\\') {
            return self.refuse_at(start, "backslash in double quotes in `${…}` in a here-document");
        }
        let protects = |part: &Part| matches!(part, Part::Quoted(text) if text.contains(['{', '}', '\'', '"', '\\', '`', '$']));
        match &quoted {
            Part::Double(inner) if inner.iter().any(protects) => {
                self.refuse("`\"` in `${…}` in a here-document")
            }
            _ => Ok(quoted),
        }
    }

    /// `$'…'` in a pattern inside `"${…}"`.
    fn ansi_in_quotes(&mut self, parts: &mut Vec<Part>, quoting: Quoting) -> Read<()> {
        self.bump();
        let start = self.pos;
        let text = self.ansi_quoted()?;
        let odd = |byte| matches!(byte, b'`' | b'$' | b'"' | b'\'' | b'{' | b'}' | b'<' | b'>');
        let raw = self.slice(start, self.pos)?;
        let raw = raw.trim_start_matches('\'').trim_end_matches('\'');
        if quoting != Quoting::Double || raw.bytes().any(odd) || text.bytes().any(odd) {
            return self.refuse_at(start, "single quotes in a quoted `${…}`");
        }
        parts.push(Part::Double(vec![Part::Quoted(text)]));
        Ok(())
    }

    /// `'…'` inside `"${…}"`. The lexer pairs them; expansion may or may not see quotes. Certain only when
    /// nothing between them has a meaning either way.
    fn apostrophes(&mut self, parts: &mut Vec<Part>, quoting: Quoting, apostrophe: Apostrophe) -> Read<()> {
        let start = self.pos + 1;
        let text = self.single_quoted()?;
        let meaning = |byte| matches!(byte, b'\\' | b'"' | b'{' | b'}' | b'<' | b'>');
        if text.bytes().any(meaning) || (text.contains(['$', '`']) && apostrophe != Apostrophe::Kept) {
            return self.refuse("single quotes in a quoted `${…}`");
        }
        match apostrophe {
            // What is between them expands all the same.
            Apostrophe::Kept => {
                push_quoted(parts, "'");
                parts.extend(self.within(start, start + text.len(), |reader| {
                    let mut inner = Vec::new();
                    while reader.raw().is_some() {
                        reader.quoted_run(&mut inner, |_| false)?;
                        reader.quoted_special(&mut inner, quoting, |_| false)?;
                    }
                    Ok(inner)
                })?);
                push_quoted(parts, "'");
            }
            // Apart from what stands around it, which is no text but a pattern.
            Apostrophe::Quotes => parts.push(Part::Double(vec![Part::Quoted(text.to_owned())])),
            Apostrophe::Refused => return self.refuse("single quotes in a quoted `${…}`"),
        }
        Ok(())
    }
}

/// A pattern means inside double quotes what it means outside of them; a tilde may not.
fn as_pattern(parts: Vec<Part>, quoting: Quoting) -> Vec<Part> {
    if quoting == Quoting::Bare {
        return parts;
    }
    let bare = |part| match part {
        Part::Quoted(text) if !text.starts_with('~') => Part::Bare(text),
        other => other,
    };
    parts.into_iter().map(bare).collect()
}

fn begins_parameter(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || is_special_parameter(byte)
}
