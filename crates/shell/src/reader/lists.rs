//! Lists, pipelines and reserved words.

use super::cursor::{Read, Reader};
use super::words::is_meta;
use crate::syntax::{Descriptor, Entry, Join, Kind, List, Node, Part, Redirect, RedirectOperator, Word};

/// Words with a meaning of their own at the start of a command.
const RESERVED: [&str; 22] = [
    "!", "{", "}", "[[", "]]", "if", "then", "elif", "else", "fi", "for", "select", "case", "esac", "while",
    "until", "do", "done", "in", "function", "time", "coproc",
];

/// What stood behind a pipeline.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Newline,
    Semicolon,
    Background,
    End,
}

/// Whether `text` is a reserved word.
pub(super) fn is_reserved(text: &str) -> bool {
    RESERVED.contains(&text)
}

impl Reader<'_> {
    /// A list that has to hold a command, as every compound command wants.
    pub(super) fn body(&mut self) -> Read<List> {
        let list = self.list()?;
        if list.entries.is_empty() { self.refuse("command expected") } else { Ok(list) }
    }

    /// Commands up to the end, a `)`, a `;;` or a closing reserved word.
    pub(super) fn list(&mut self) -> Read<List> {
        self.nested(|reader| {
            let mut list = List::default();
            let mut separator = Separator::Newline;
            loop {
                reader.lines()?;
                if reader.at_list_end() {
                    break;
                }
                let doubtful = separator == Separator::Semicolon && reader.doubt > 0;
                if separator == Separator::Newline && !list.entries.is_empty() {
                    reader.doubt = reader.doubt.saturating_sub(1);
                }
                let (second, documents) = (list.entries.len(), reader.documents);
                separator = reader.and_or(&mut list)?;
                if doubtful {
                    reader.without_semicolon(&mut list.entries, second, documents)?;
                }
                if separator == Separator::End {
                    break;
                }
            }
            Ok(list)
        })
    }

    /// Pipelines joined by `&&` and `||` with what ends them; for [`Separator::End`] the list ends.
    fn and_or(&mut self, list: &mut List) -> Read<Separator> {
        let first = list.entries.len();
        let mut join = Join::Then;
        loop {
            let entry = self.pipeline(join)?;
            list.entries.push(entry);
            self.blanks();
            if self.peek() == Some(b'#') {
                self.comment()?;
            }
            join = match (self.peek(), self.peek_second()) {
                (Some(b'&'), Some(b'&')) => Join::And,
                (Some(b'|'), Some(b'|')) => Join::Or,
                _ => break,
            };
            self.take_two();
            self.lines()?;
        }
        match self.peek() {
            None | Some(b')') => Ok(Separator::End),
            Some(b'\n') => Ok(Separator::Newline),
            Some(b';') => {
                if self.at_case_end() {
                    return Ok(Separator::End);
                }
                self.bump();
                Ok(Separator::Semicolon)
            }
            Some(b'&') => {
                self.bump();
                // The whole chain goes to the background, not only its last pipeline.
                for entry in list.entries.iter_mut().skip(first) {
                    entry.background = true;
                }
                Ok(Separator::Background)
            }
            Some(_) if self.after_compound && self.at_closing_word() => Ok(Separator::End),
            Some(_) => self.refuse("unexpected token"),
        }
    }

    /// Passes two bytes that were peeked at.
    pub(super) fn take_two(&mut self) {
        self.bump();
        self.peek();
        self.bump();
    }

    fn pipeline(&mut self, join: Join) -> Read<Entry> {
        let start = self.pos;
        let mut negated = false;
        let mut timed = false;
        loop {
            self.blanks();
            match self.reserved() {
                Some("!") => {
                    if self.peek_second() == Some(b'(') {
                        return self.refuse("`!(` may be a pattern");
                    }
                    self.pass_word("!");
                    negated = !negated;
                }
                Some("time") => {
                    self.pass_word("time");
                    self.time_options();
                    timed = true;
                }
                _ => break,
            }
            self.blanks();
            if matches!(self.peek(), None | Some(b'\n' | b';')) {
                if self.at_case_end() {
                    return self.refuse("command expected");
                }
                let node =
                    Node { kind: Kind::Prefixed(Vec::new()), redirects: Vec::new(), span: self.span(start) };
                self.after_compound = false;
                return Ok(Entry { join, background: false, negated, stages: vec![node] });
            }
        }
        let mut stages = self.stages()?;
        if timed && self.in_substitution && stages.first().is_some_and(begins_with_dash) {
            // Bash 5.2 runs its own printout, in which redirections stand behind the words: `time >x -p y` runs `y`.
            return self.refuse("option behind a redirection behind `time` in a substitution");
        }
        if timed {
            let node = Node { kind: Kind::Prefixed(stages), redirects: Vec::new(), span: self.span(start) };
            stages = vec![node];
        }
        Ok(Entry { join, background: false, negated, stages })
    }

    /// `-p` and `--` behind the keyword `time`.
    fn time_options(&mut self) {
        self.blanks();
        if self.pass_exact("-p") {
            self.blanks();
        }
        self.pass_exact("--");
    }

    fn stages(&mut self) -> Read<Vec<Node>> {
        let mut stages = vec![self.command()?];
        loop {
            self.blanks();
            if self.peek() != Some(b'|') || self.peek_second() == Some(b'|') {
                return Ok(stages);
            }
            self.bump();
            if self.take(b'&')
                && let Some(node) = stages.last_mut()
            {
                node.redirects.push(errors_to_output(self.span(self.pos)));
            }
            let before = self.pos;
            self.lines()?;
            self.blanks();
            match self.reserved() {
                Some("!") => return self.refuse("`!` behind `|`"),
                // On the same line it is the program `time`; on the next one Bash's rules differ by operator.
                Some("time") if self.slice(before, self.pos)?.contains('\n') => {
                    return self.refuse("`time` behind `|` and a newline");
                }
                _ => {}
            }
            stages.push(self.command()?);
        }
    }

    /// Passes blanks, comments and newlines, with the here-documents that begin at a newline.
    pub(super) fn lines(&mut self) -> Read<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.bump(),
                Some(b'#') => self.comment()?,
                Some(b'\n') => {
                    self.bump();
                    self.documents_begin()?;
                }
                _ => return self.spend(1),
            }
        }
    }

    /// Passes a comment up to its newline, which a backslash does not continue.
    pub(super) fn comment(&mut self) -> Read<()> {
        self.pos = self.find(self.pos, b'\n')?.unwrap_or(self.end);
        Ok(())
    }

    fn at_list_end(&mut self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') => self.at_case_end(),
            _ => self.at_closing_word(),
        }
    }

    /// At `;;`, `;&` or `;;&`.
    pub(super) fn at_case_end(&mut self) -> bool {
        self.peek() == Some(b';') && matches!(self.peek_second(), Some(b';' | b'&'))
    }

    fn at_closing_word(&mut self) -> bool {
        matches!(
            self.reserved(),
            Some("then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}" | "in" | "]]")
        )
    }

    /// The reserved word that comes next, if one does.
    pub(super) fn reserved(&mut self) -> Option<&'static str> {
        let first = self.peek()?;
        if !matches!(first, b'a'..=b'z' | b'!' | b'{' | b'}' | b'[' | b']') {
            return None;
        }
        RESERVED.into_iter().find(|word| word.as_bytes().first() == Some(&first) && self.is_exact(word))
    }

    /// Whether exactly `word`, unquoted, comes next.
    pub(super) fn is_exact(&mut self, word: &str) -> bool {
        let start = self.pos;
        let there = self.pass_exact(word);
        self.pos = start;
        there
    }

    /// Passes `word` if exactly that comes next.
    pub(super) fn pass_exact(&mut self, word: &str) -> bool {
        let start = self.pos;
        for byte in word.bytes() {
            if self.peek() != Some(byte) {
                self.pos = start;
                return false;
            }
            self.bump();
        }
        let ends = match self.peek() {
            None => true,
            // `if<(a)` is one word.
            Some(b'<' | b'>') => self.peek_second() != Some(b'('),
            Some(byte) => is_meta(byte),
        };
        if !ends {
            self.pos = start;
        }
        ends
    }

    /// Passes a word that is known to come next.
    pub(super) fn pass_word(&mut self, word: &str) {
        for _ in word.bytes() {
            self.peek();
            self.bump();
        }
    }

    /// Passes the reserved word `word` or refuses.
    pub(super) fn expect_word(&mut self, word: &'static str) -> Read<()> {
        if self.pass_exact(word) { Ok(()) } else { self.refuse("reserved word missing") }
    }
}

/// `|&` stands for `2>&1 |`.
fn errors_to_output(span: placet_model::Span) -> Redirect {
    Redirect {
        descriptor: Descriptor::Number(2),
        operator: RedirectOperator::DuplicateWrite,
        target: Word { parts: vec![Part::Bare("1".to_owned())], span: span.clone() },
        body: None,
        span,
    }
}

/// Whether the first word of a simple command looks like an option.
fn begins_with_dash(node: &Node) -> bool {
    let Kind::Simple(simple) = &node.kind else { return false };
    simple.words.first().is_some_and(|word| match word.parts.first() {
        Some(Part::Bare(text)) => text.starts_with('-'),
        _ => false,
    })
}
