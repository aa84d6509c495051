//! Function definitions.

use super::cursor::{Read, Reader};
use super::words::{Flavour, bare_text};
use crate::syntax::{Kind, Node};

impl Reader<'_> {
    /// `name () body`, from the `(`.
    pub(super) fn function_behind(&mut self, start: usize, name: String) -> Read<Node> {
        self.bump();
        self.blanks();
        self.require(b')', "`)` expected")?;
        self.lines()?;
        self.function_body(start, name)
    }

    /// `function name [()] body`, from the reserved word.
    pub(super) fn function(&mut self, start: usize) -> Read<Node> {
        self.pass_word("function");
        self.blanks();
        if self.peek() == Some(b'#') {
            return self.refuse("function name expected");
        }
        let word = self.word(Flavour::Plain)?;
        let Some(name) = bare_text(&word).map(str::to_owned) else {
            return self.refuse("unusual function name");
        };
        self.blanks();
        let open = self.pos;
        if self.take(b'(') {
            self.blanks();
            if !self.take(b')') {
                self.pos = open;
            }
        }
        self.lines()?;
        self.function_body(start, name)
    }

    fn function_body(&mut self, start: usize, name: String) -> Read<Node> {
        let usual = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'-' | b'.' | b':' | b'+' | b'@' | b'/' | b',')
        };
        if !name.bytes().all(usual) || name.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.refuse("unusual function name");
        }
        self.peek();
        let doubled = self.peek() == Some(b'(') && self.peek_second() == Some(b'(');
        let Some(body) = self.nested(Reader::compound_command)? else {
            return self.refuse("function body expected");
        };
        if doubled && matches!(body.kind, Kind::Subshell(_)) {
            return self.refuse("`((` as a function body");
        }
        let kind = Kind::Function { name, body: Box::new(body) };
        Ok(Node { kind, redirects: Vec::new(), span: self.span(start) })
    }
}
