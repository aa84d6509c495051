//! Groups, subshells, `if`, `case`, `coproc`, and which reserved word starts what.

use super::arithmetic::Close;
use super::cursor::{Read, Reader};
use super::words::Flavour;
use crate::syntax::{Kind, List, Node, Word};

impl Reader<'_> {
    /// The command that starts with the reserved word `word`.
    pub(super) fn reserved_command(&mut self, start: usize, word: &'static str) -> Read<Node> {
        self.nested(|reader| match word {
            "function" => reader.function(start),
            "coproc" => reader.coprocess(start),
            _ => {
                let kind = reader.compound(word)?;
                reader.compound_node(start, kind)
            }
        })
    }

    /// A compound command, when one comes next.
    pub(super) fn compound_command(&mut self) -> Read<Option<Node>> {
        let start = self.pos;
        if self.peek() == Some(b'(') {
            let kind = self.nested(Reader::parenthesis)?;
            return self.compound_node(start, kind).map(Some);
        }
        match self.reserved() {
            Some(word @ ("{" | "[[" | "if" | "while" | "until" | "for" | "select" | "case")) => {
                let kind = self.nested(|reader| reader.compound(word))?;
                self.compound_node(start, kind).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn compound(&mut self, word: &'static str) -> Read<Kind> {
        match word {
            "{" | "[[" | "if" | "while" | "until" | "for" | "select" | "case" => self.pass_word(word),
            _ => return self.refuse("unexpected reserved word"),
        }
        match word {
            "{" => {
                let list = self.body()?;
                self.expect_word("}")?;
                Ok(Kind::Group(list))
            }
            "[[" => Ok(Kind::Test(self.conditional()?)),
            "if" => self.conditional_branches(),
            "case" => self.case(),
            "while" | "until" => {
                let condition = self.body()?;
                self.expect_word("do")?;
                let body = self.body()?;
                self.expect_word("done")?;
                Ok(Kind::While { condition, body })
            }
            _ => self.counted(word == "for"),
        }
    }

    /// `( … )` or `(( … ))`, from the `(`.
    pub(super) fn parenthesis(&mut self) -> Read<Kind> {
        self.bump();
        if self.peek() == Some(b'(') {
            let start = self.pos;
            let mark = self.mark();
            self.bump();
            if let Ok(parts) = self.arithmetic(Close::Parenthesis)
                && self.take(b')')
            {
                return Ok(Kind::Arithmetic(parts));
            }
            self.reset(mark.clone());
            self.bump();
            self.skim("`((` that may be arithmetic or a command")?;
            // Two parentheses that close together make it arithmetic. Else Bash reads the text again, and looks for
            // the bodies of here-documents behind its last line.
            let text = self.slice(start, self.pos)?;
            if (!self.pending.is_empty() || text.contains("<<")) && text.contains('\n') {
                return self.refuse("newline in `((` before the body of a here-document");
            }
            if matches!(self.peek_second(), Some(b')' | b'\n') | None) {
                return self.refuse("`((` with an unknown expression");
            }
            self.reset(mark);
        }
        let list = self.body()?;
        self.require(b')', "`)` expected")?;
        Ok(Kind::Subshell(list))
    }

    fn conditional_branches(&mut self) -> Read<Kind> {
        let mut branches = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.body()?;
            self.expect_word("then")?;
            let body = self.body()?;
            branches.push((condition, body));
            match self.reserved() {
                Some("elif") => self.pass_word("elif"),
                Some("else") => {
                    self.pass_word("else");
                    otherwise = Some(self.body()?);
                    break;
                }
                _ => break,
            }
        }
        self.expect_word("fi")?;
        Ok(Kind::If { branches, otherwise })
    }

    fn case(&mut self) -> Read<Kind> {
        self.blanks();
        if self.peek() == Some(b'#') {
            return self.refuse("word expected");
        }
        let subject = self.word(Flavour::Plain)?;
        self.blanks();
        let broken = matches!(self.peek(), Some(b'\n' | b'#'));
        if broken {
            self.lines()?;
        }
        self.expect_word("in")?;
        if broken {
            // Behind a newline, releases differ in which words may begin the first pattern.
            self.blanks();
            if !matches!(self.peek(), Some(b'-' | b'*' | b'"' | b'\'' | b'\n'))
                && (self.peek() == Some(b'(') || self.reserved().is_some())
            {
                return self.refuse("pattern behind a newline and `in`");
            }
        }
        let mut arms = Vec::new();
        loop {
            self.lines()?;
            if self.pass_exact("esac") {
                return Ok(Kind::Case { subject, arms });
            }
            let (patterns, body, more) = self.arm()?;
            arms.push((patterns, body));
            if !more {
                self.expect_word("esac")?;
                return Ok(Kind::Case { subject, arms });
            }
        }
    }

    /// Patterns, body, and whether `;;` or its like ended it.
    fn arm(&mut self) -> Read<(Vec<Word>, List, bool)> {
        self.take(b'(');
        let mut patterns = Vec::new();
        loop {
            self.blanks();
            if self.peek() == Some(b'#') || self.is_exact("esac") {
                return self.refuse("pattern expected");
            }
            patterns.push(self.word(Flavour::Plain)?);
            self.blanks();
            if !self.take(b'|') {
                break;
            }
        }
        self.require(b')', "`)` expected")?;
        let body = self.list()?;
        if !self.at_case_end() {
            return Ok((patterns, body, false));
        }
        self.take_two();
        if self.peek() == Some(b'&') {
            self.bump();
        }
        Ok((patterns, body, true))
    }

    /// `coproc [NAME] command`.
    fn coprocess(&mut self, start: usize) -> Read<Node> {
        if self.in_substitution {
            // Bash 5.2 runs such a text from its own printout, which adds a word `COPROC`.
            return self.refuse("`coproc` in a substitution");
        }
        self.pass_word("coproc");
        self.blanks();
        self.peek();
        let inner = match self.compound_command()? {
            Some(node) => node,
            None => self.named_coprocess()?,
        };
        if self.slice(start, self.pos)?.contains("=(") {
            // Bash looks for reserved words in such an array.
            return self.refuse_at(start, "array in a `coproc`");
        }
        Ok(Node { kind: Kind::Prefixed(vec![inner]), redirects: Vec::new(), span: self.span(start) })
    }

    /// Behind `coproc` when no compound command follows: a name and a compound command, or a simple command.
    fn named_coprocess(&mut self) -> Read<Node> {
        if !matches!(self.reserved(), None | Some("time")) {
            return self.refuse("reserved word behind `coproc`");
        }
        let start = self.pos;
        let named = match self.peek() {
            Some(byte) if super::words::is_name_start(byte) => {
                let name = self.name()?;
                let ends = matches!(self.peek(), Some(b' ' | b'\t'));
                self.blanks();
                let compound =
                    self.peek() == Some(b'(') || self.reserved().is_some_and(|word| word != "time");
                ends && compound && !name.is_empty()
            }
            _ => false,
        };
        if !named {
            self.pos = start;
            return self.simple(false);
        }
        self.peek();
        if self.peek() == Some(b'(') && self.peek_second() == Some(b')') {
            return self.refuse("function behind `coproc`");
        }
        match self.compound_command()? {
            Some(node) => Ok(node),
            None => self.refuse("reserved word behind `coproc`"),
        }
    }
}
