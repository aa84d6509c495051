//! What follows a `$`.

use super::arithmetic::Close;
use super::cursor::{Read, Reader};
use super::words::{Quoting, is_name_start, push_bare, push_quoted};
use crate::syntax::{List, Operator, Parameter, Part};

impl Reader<'_> {
    /// An expansion from its `$`, or the `$` itself.
    pub(super) fn dollar(&mut self, parts: &mut Vec<Part>, quoting: Quoting) -> Read<()> {
        let start = self.pos;
        self.bump();
        match self.peek() {
            Some(b'(') => {
                self.bump();
                let part = if self.peek() == Some(b'(') { self.double_parenthesis()? } else {
                    Part::Command(self.substitution_body()?)
                };
                parts.push(part);
            }
            Some(b'{') => {
                self.bump();
                let parameter = self.nested(|reader| reader.braced_parameter(quoting))?;
                parts.push(Part::Parameter(parameter));
            }
            Some(b'[') => {
                self.bump();
                let inner = self.arithmetic(Close::Bracket)?;
                parts.push(Part::Arithmetic(inner));
            }
            Some(b'\'') if quoting == Quoting::Bare => {
                let text = self.ansi_quoted()?;
                push_quoted(parts, &text);
            }
            Some(b'"') if quoting == Quoting::Bare => parts.push(self.double_quoted()?),
            Some(byte) if is_name_start(byte) => {
                let name = self.name()?;
                parts.push(plain_parameter(name));
            }
            Some(byte) if byte.is_ascii_digit() || is_special_parameter(byte) => {
                self.bump();
                parts.push(plain_parameter(char::from(byte).to_string()));
            }
            _ if quoting == Quoting::Bare => push_bare(parts, "$"),
            _ => push_quoted(parts, "$"),
        }
        self.spend(self.pos.saturating_sub(start).min(8))
    }

    /// A name, which must be there.
    pub(super) fn name(&mut self) -> Read<String> {
        let mut name = String::new();
        while let Some(byte) = self.peek() {
            if !(is_name_start(byte) || byte.is_ascii_digit() && !name.is_empty()) {
                break;
            }
            name.push(char::from(byte));
            self.bump();
        }
        if name.is_empty() { self.refuse("name expected") } else { Ok(name) }
    }

    /// `( … )` of a command or process substitution, from its `(`.
    pub(super) fn substitution(&mut self) -> Read<List> {
        self.expect(b'(', "`(` expected")?;
        self.substitution_body()
    }

    /// The same from behind the `(`.
    ///
    /// Here-documents may not cross its borders: Bash 5.2 takes their bodies from unexpected places then.
    fn substitution_body(&mut self) -> Read<List> {
        let start = self.pos;
        let outer_pending = std::mem::take(&mut self.pending);
        let outer = std::mem::replace(&mut self.in_substitution, true);
        let list = self.list()?;
        self.expect(b')', "`)` expected")?;
        if !self.pending.is_empty() {
            return self.refuse("here-document that crosses a `)`");
        }
        if !outer_pending.is_empty() && self.slice(start, self.pos)?.contains('\n') {
            return self.refuse("newline in a substitution before the body of a here-document");
        }
        self.in_substitution = outer;
        self.pending = outer_pending;
        Ok(list)
    }

    /// `$((`, which is arithmetic or a substitution that begins with a subshell. At the second `(`.
    fn double_parenthesis(&mut self) -> Read<Part> {
        let start = self.pos;
        let state = self.mark();
        self.bump();
        if let Ok(inner) = self.arithmetic(Close::Parenthesis)
            && self.take(b')')
        {
            return Ok(Part::Arithmetic(inner));
        }
        self.reset(state);
        let Some((inner, outer)) = self.matching_parentheses(start)? else {
            return self.refuse("`$((` that may be arithmetic or a command");
        };
        // Bash calls it arithmetic when the inner parenthesis closes right before the outer one.
        if inner + 1 == outer {
            return self.refuse("`$((` with an unknown expression");
        }
        self.pos = start;
        let list = self.substitution_body()?;
        if self.pos != outer + 1 {
            return self.refuse("`$((` that may end elsewhere");
        }
        Ok(Part::Command(list))
    }

    /// Positions of the `)` that close the two `(` of which the second is at `start`. `None` when there is
    /// anything in between that makes counting uncertain.
    fn matching_parentheses(&mut self, start: usize) -> Read<Option<(usize, usize)>> {
        let mut count = 1_usize;
        let mut inner = None;
        let mut at = start;
        while let Some(byte) = self.raw_at(at) {
            self.spend(1)?;
            match byte {
                b'\\' | b'\'' | b'"' | b'`' | b'#' | b'$' => return Ok(None),
                b'<' if self.raw_at(at + 1) == Some(b'<') => return Ok(None),
                b'(' => count += 1,
                b')' => {
                    count -= 1;
                    if count == 1 {
                        inner = inner.or(Some(at));
                    }
                    if count == 0 {
                        return Ok(inner.map(|inner| (inner, at)));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Ok(None)
    }
}

/// Whether `byte` names a special parameter.
pub(super) fn is_special_parameter(byte: u8) -> bool {
    matches!(byte, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!')
}

fn plain_parameter(name: String) -> Part {
    Part::Parameter(Parameter { name, index: None, indirect: false, length: false, operator: Operator::Plain })
}
