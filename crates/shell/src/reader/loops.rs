//! `for` and `select`.

use super::arithmetic::Close;
use super::cursor::{Read, Reader};
use super::words::is_name_start;
use crate::syntax::{Kind, List, Part, Word};

impl Reader<'_> {
    /// Behind `for` (or `select`, which has no arithmetic form).
    pub(super) fn counted(&mut self, arithmetic: bool) -> Read<Kind> {
        self.blanks();
        if arithmetic && self.peek() == Some(b'(') && self.peek_second() == Some(b'(') {
            return self.counted_arithmetic();
        }
        if !self.peek().is_some_and(is_name_start) {
            return self.refuse("loop variable expected");
        }
        let variable = self.name()?;
        if !matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b';')) {
            return self.refuse("loop variable expected");
        }
        self.blanks();
        if self.peek() == Some(b';') {
            self.bump();
            self.lines()?;
            let body = self.loop_body()?;
            return Ok(Kind::For { variable, words: None, body });
        }
        self.lines()?;
        let words = if self.pass_exact("in") { Some(self.loop_words()?) } else { None };
        let body = self.loop_body()?;
        Ok(Kind::For { variable, words, body })
    }

    /// Words up to `;` or a newline, and the newlines behind.
    fn loop_words(&mut self) -> Read<Vec<Word>> {
        let mut words = Vec::new();
        self.blanks();
        if self.is_exact("esac") {
            // Inside `case`, Bash takes it for the end.
            return self.refuse("`esac` behind `in`");
        }
        loop {
            self.blanks();
            match self.peek() {
                Some(b';') => {
                    self.bump();
                    break;
                }
                Some(b'\n' | b'#') => break,
                _ => words.push(self.expandable_word()?),
            }
        }
        self.lines()?;
        Ok(words)
    }

    /// `do … done` or `{ … }`.
    fn loop_body(&mut self) -> Read<List> {
        let (open, close) = match self.reserved() {
            Some("do") => ("do", "done"),
            Some("{") => ("{", "}"),
            _ => return self.refuse("`do` expected"),
        };
        self.pass_word(open);
        let body = self.body()?;
        self.expect_word(close)?;
        Ok(body)
    }

    fn counted_arithmetic(&mut self) -> Read<Kind> {
        self.take_two();
        let documents = self.documents;
        let expression = self.arithmetic(Close::For)?;
        self.require(b')', "`))` expected")?;
        // Bash cuts the text at its semicolons, which do not count in quotes and expansions.
        let semicolons = |part: &Part| match part {
            Part::Bare(text) => text.bytes().filter(|&byte| byte == b';').count(),
            _ => 0,
        };
        if expression.iter().map(semicolons).sum::<usize>() != 2 || self.documents != documents {
            return self.refuse("`for ((` of an unusual form");
        }
        self.blanks();
        if self.peek() == Some(b';') {
            self.bump();
        }
        self.lines()?;
        let body = self.loop_body()?;
        Ok(Kind::ForArithmetic { expression, body })
    }
}
