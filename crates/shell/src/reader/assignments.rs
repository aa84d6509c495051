//! Assignments in front of a command, and arrays as arguments of `declare` and its like.

use super::arithmetic::Close;
use super::cursor::{Read, Reader};
use super::words::{Flavour, is_meta, is_name_start};
use crate::syntax::{Assignment, Part, Value, Word};

impl Reader<'_> {
    /// `name=…`, if that comes next. With `arrays_only`, only when the value is an array.
    ///
    /// `certain`: Bash reads a subscript here up to its `]` whatever stands between.
    pub(super) fn assignment(&mut self, arrays_only: bool, certain: bool) -> Read<Option<Assignment>> {
        if !self.peek().is_some_and(is_name_start) {
            return Ok(None);
        }
        let start = self.pos;
        let name = self.name()?;
        let mut index = None;
        if !arrays_only && self.peek() == Some(b'[') {
            match self.assigned_index(certain)? {
                Some(parts) => index = Some(parts),
                None => {
                    self.pos = start;
                    return Ok(None);
                }
            }
        }
        let append = self.peek() == Some(b'+');
        if append {
            self.bump();
        }
        if !self.take(b'=') {
            self.pos = start;
            return Ok(None);
        }
        let array = self.peek() == Some(b'(');
        if arrays_only && !array {
            self.pos = start;
            return Ok(None);
        }
        let value = if array {
            if index.is_some() {
                return self.refuse("array assigned to an element");
            }
            let elements = self.array()?;
            if !self.peek().is_none_or(is_meta) {
                return self.refuse("text right behind an array");
            }
            Value::Array(elements)
        } else {
            Value::Scalar(self.value()?)
        };
        Ok(Some(Assignment { name, index, append, value, span: self.span(start) }))
    }

    /// A possibly empty word without brace expansion.
    fn value(&mut self) -> Read<Word> {
        let start = self.pos;
        let parts = self.word_parts(Flavour::Plain)?;
        self.zsh_word(start)?;
        Ok(Word { parts, span: self.span(start) })
    }

    /// `[…]` in front of `=` or `+=`. `None` when no such operator follows: the word is no assignment.
    ///
    /// A bracket that is not certainly a subscript is refused unless a word reader would read the same.
    fn assigned_index(&mut self, certain: bool) -> Read<Option<Vec<Part>>> {
        let start = self.pos;
        let mark = self.mark();
        self.bump();
        let close = if certain { Close::Bracket } else { Close::Subscript };
        let parts = if self.peek() == Some(b'\'') { self.index() } else { self.arithmetic(close) };
        match parts {
            Ok(parts) => {
                let assigns = match self.peek() {
                    Some(b'=') => true,
                    Some(b'+') => self.peek_second() == Some(b'='),
                    _ => false,
                };
                if !assigns && !self.is_plain_bracket(start)? {
                    return self.refuse_at(start, "bracket that may be a subscript");
                }
                Ok(assigns.then_some(parts))
            }
            Err(refusal) => {
                self.reset(mark);
                if self.is_plain_bracket(start)? { Ok(None) } else { Err(refusal) }
            }
        }
    }

    /// Whether the text from a `[` to the end of the word holds only bytes that mean the same in a subscript and
    /// in a word, and the bracket closes in it.
    fn is_plain_bracket(&mut self, start: usize) -> Read<bool> {
        let mut at = start + 1;
        let mut open = 1_usize;
        while let Some(byte) = self.raw_at(at) {
            self.spend(1)?;
            match byte {
                b'[' => open += 1,
                b']' => open -= 1,
                b'_' | b'-' | b'.' | b'/' | b':' | b'^' | b'!' | b'*' | b'?' | b'@' | b',' | b'%' => {}
                _ if byte.is_ascii_alphanumeric() => {}
                _ => return Ok(false),
            }
            if open == 0 {
                return Ok(true);
            }
            at += 1;
        }
        Ok(false)
    }

    /// `( … )` of an array, from its `(`.
    fn array(&mut self) -> Read<Vec<(Option<Vec<Part>>, Word)>> {
        let start = self.pos;
        self.bump();
        self.nested(|reader| {
            let mut elements = Vec::new();
            let due = !reader.pending.is_empty();
            loop {
                reader.array_blanks()?;
                match reader.peek() {
                    Some(b')') => {
                        reader.bump();
                        // Bash 5.2 forgets the backslashes when it first reads such an array.
                        if reader.in_substitution && reader.slice(start, reader.pos)?.contains('\\') {
                            return reader.refuse_at(start, "backslash in an array in a substitution");
                        }
                        if due && reader.slice(start, reader.pos)?.contains('\n') {
                            return reader.refuse("newline in an array before the body of a here-document");
                        }
                        return Ok(elements);
                    }
                    Some(b'[') => {
                        let element = reader.subscripted()?;
                        elements.push(element);
                    }
                    None => return reader.refuse("unclosed array"),
                    Some(_) => elements.push((None, reader.expandable_word()?)),
                }
                if reader.peek() == Some(b'(') {
                    return reader.refuse("`(` in an array");
                }
            }
        })
    }

    /// Passes blanks, newlines and comments between elements.
    fn array_blanks(&mut self) -> Read<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n') => self.bump(),
                Some(b'#') => self.comment()?,
                _ => return self.spend(1),
            }
        }
    }

    /// An element that starts with `[`: `[index]=word`, or a word with a pattern in it.
    fn subscripted(&mut self) -> Read<(Option<Vec<Part>>, Word)> {
        let start = self.pos;
        match self.assigned_index(true)? {
            Some(parts) => {
                self.take(b'+');
                self.require(b'=', "`=` expected")?;
                Ok((Some(parts), self.value()?))
            }
            None => {
                self.pos = start;
                Ok((None, self.expandable_word()?))
            }
        }
    }
}
