//! Types of TypeScript, which are skipped: they do nothing when the program runs.

use super::lex::Tok;
use super::parse::{Parsed, Parser, UNREAD};

impl Parser<'_> {
    /// Skips one type.
    pub(super) fn skip_type(&mut self) -> Parsed<()> {
        self.enter()?;
        self.eat("|")?;
        self.eat("&")?;
        loop {
            self.operand()?;
            if self.is("|") || self.is("&") {
                self.next()?;
                continue;
            }
            // `x is string`
            if self.is_word("is") && !self.now.fresh {
                self.next()?;
                continue;
            }
            if self.is_word("extends") && !self.now.fresh {
                return self.refuse("a type that depends on another");
            }
            break;
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn operand(&mut self) -> Parsed<()> {
        while matches!(self.now.tok, Tok::Name("keyof" | "readonly" | "typeof" | "unique" | "asserts"))
            && matches!(self.ahead()?.tok, Tok::Name(_) | Tok::Op("{" | "[" | "("))
        {
            self.next()?;
        }
        match self.now.tok {
            Tok::Op("(") => {
                self.balanced("(", ")")?;
                if self.eat("=>")? {
                    return self.skip_type();
                }
            }
            Tok::Op("{") => self.balanced("{", "}")?,
            Tok::Op("[") => self.balanced("[", "]")?,
            Tok::Op("-") => {
                self.next()?;
                self.next()?;
            }
            Tok::Name("new" | "infer") => return self.refuse("a type that is not known"),
            Tok::Text(_) | Tok::Number(_) => self.next()?,
            Tok::Name(_) => {
                self.next()?;
                while self.is(".") {
                    self.next()?;
                    self.next()?;
                }
                if self.is("<") {
                    self.type_arguments()?;
                }
            }
            _ => return self.refuse(UNREAD),
        }
        while self.is("[") && !self.now.fresh {
            self.balanced("[", "]")?;
        }
        Ok(())
    }

    /// `<A, B>` behind a name.
    pub(super) fn type_arguments(&mut self) -> Parsed<()> {
        self.expect("<")?;
        self.skip_type()?;
        while self.eat(",")? {
            self.skip_type()?;
        }
        self.closing_angle()
    }

    /// `<T extends A = B>` in a declaration.
    pub(super) fn type_parameters(&mut self) -> Parsed<()> {
        self.expect("<")?;
        loop {
            self.name()?;
            if self.eat_word("extends")? {
                self.skip_type()?;
            }
            if self.eat("=")? {
                self.skip_type()?;
            }
            if !self.eat(",")? {
                break;
            }
        }
        self.closing_angle()
    }

    fn closing_angle(&mut self) -> Parsed<()> {
        if self.eat(">")? {
            return Ok(());
        }
        // `Array<Array<A>>`: one sign of two.
        if self.is(">>") || self.is(">>>") || self.is(">=") || self.is(">>=") {
            return self.go(self.now.at.from as usize + 1);
        }
        self.refuse(UNREAD)
    }

    /// Skips from an opening bracket to the one that closes it; only tokens that cannot hide a bracket.
    pub(super) fn balanced(&mut self, open: &'static str, close: &'static str) -> Parsed<()> {
        if !self.is(open) {
            return self.refuse(UNREAD);
        }
        let mut depth = 0_u32;
        loop {
            match self.now.tok {
                Tok::Op(op) if op == open => depth += 1,
                Tok::Op(op) if op == close => depth -= 1,
                Tok::Op("/" | "/=") | Tok::Template | Tok::End => return self.refuse(UNREAD),
                _ => {}
            }
            self.next()?;
            if depth == 0 {
                return Ok(());
            }
        }
    }
}
