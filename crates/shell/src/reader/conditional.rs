//! `[[ … ]]`.

use super::cursor::{Read, Reader};
use super::words::{Flavour, bare_text};
use crate::syntax::{Part, Word};

impl Reader<'_> {
    /// Words and operators behind `[[`, to behind `]]`.
    pub(super) fn conditional(&mut self) -> Read<Vec<Word>> {
        let mut words = Vec::new();
        self.test_alternatives(&mut words)?;
        self.test_newlines()?;
        self.expect_word("]]")?;
        Ok(words)
    }

    /// Terms joined by `&&` and `||`; their precedence does not matter here.
    fn test_alternatives(&mut self, words: &mut Vec<Word>) -> Read<()> {
        self.nested(|reader| {
            loop {
                reader.test_term(words)?;
                reader.blanks();
                let text = match (reader.peek(), reader.peek_second()) {
                    (Some(b'&'), Some(b'&')) => "&&",
                    (Some(b'|'), Some(b'|')) => "||",
                    _ => return Ok(()),
                };
                let start = reader.pos;
                reader.take_two();
                words.push(reader.operator_word(start, text));
            }
        })
    }

    fn operator_word(&self, start: usize, text: &str) -> Word {
        Word { parts: vec![Part::Bare(text.to_owned())], span: self.span(start) }
    }

    /// Passes blanks and newlines where Bash does.
    fn test_newlines(&mut self) -> Read<()> {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return self.spend(1);
            }
            if !self.pending.is_empty() {
                return self.refuse("newline in `[[` before the body of a here-document");
            }
            self.bump();
        }
    }

    fn test_term(&mut self, words: &mut Vec<Word>) -> Read<()> {
        self.test_newlines()?;
        while self.is_exact("!") {
            let start = self.pos;
            self.pass_word("!");
            words.push(self.operator_word(start, "!"));
            self.test_newlines()?;
        }
        if self.peek() == Some(b'(') {
            let start = self.pos;
            self.bump();
            words.push(self.operator_word(start, "("));
            self.test_alternatives(words)?;
            self.test_newlines()?;
            let start = self.pos;
            self.require(b')', "`)` expected")?;
            words.push(self.operator_word(start, ")"));
            return self.test_newlines();
        }
        // Reserved words are plain words here.
        let left = self.operand_word(Flavour::Plain)?;
        let unary = bare_text(&left).is_some_and(is_unary);
        words.push(left);
        self.blanks();
        if unary {
            let operand = self.operand_word(Flavour::Plain)?;
            words.push(operand);
            return self.test_newlines();
        }
        if self.is_exact("]]") || matches!(self.peek(), Some(b')')) || self.at_joint() {
            return Ok(());
        }
        let flavour = self.test_operator(words)?;
        self.blanks();
        let right = self.operand_word(flavour)?;
        words.push(right);
        self.test_newlines()
    }

    /// At `&&` or `||`.
    fn at_joint(&mut self) -> bool {
        matches!((self.peek(), self.peek_second()), (Some(b'&'), Some(b'&')) | (Some(b'|'), Some(b'|')))
    }

    /// A binary operator and how the word on its right is read.
    fn test_operator(&mut self, words: &mut Vec<Word>) -> Read<Flavour> {
        let start = self.pos;
        for (byte, text) in [(b'<', "<"), (b'>', ">")] {
            if self.peek() == Some(byte)
                && !matches!(self.peek_second(), Some(b'<' | b'>' | b'&' | b'(' | b'|'))
            {
                self.bump();
                words.push(self.operator_word(start, text));
                return Ok(Flavour::Plain);
            }
        }
        let operator = self.operand_word(Flavour::Plain)?;
        let flavour = match bare_text(&operator) {
            Some("=~") => Flavour::Regex,
            Some("==" | "=" | "!=") => Flavour::Pattern,
            Some("-nt" | "-ot" | "-ef" | "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge") => Flavour::Plain,
            _ => return self.refuse("operator expected in `[[`"),
        };
        words.push(operator);
        Ok(flavour)
    }

    fn operand_word(&mut self, flavour: Flavour) -> Read<Word> {
        if self.peek() == Some(b'#') || self.is_exact("]]") {
            return self.refuse("word expected in `[[`");
        }
        let start = self.pos;
        let word = self.word(flavour)?;
        if matches!(self.peek(), Some(b'<' | b'>')) {
            let text = self.slice(start, self.pos)?;
            // Such words are numbers or variables of a redirection to Bash.
            if text.bytes().all(|byte| byte.is_ascii_digit()) || text.starts_with('{') {
                return self.refuse("redirection in `[[`");
            }
        }
        Ok(word)
    }
}

/// Unary operators of `[[`.
fn is_unary(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'-')
        && bytes.next().is_some_and(|byte| b"abcdefghknoprstuvwxzGLNOSR".contains(&byte))
        && bytes.next().is_none()
}
