//! Position in the text, with Bash's removal of line continuations and the bounds on work and depth.

use super::heredoc::Pending;
use super::{MAX_DEPTH, STEPS_PER_BYTE};
use crate::syntax::{List, Part, Refusal};
use placet_model::{Dialect, Span};

/// Result of reading something.
pub(super) type Read<T> = Result<T, Refusal>;

/// What stands around a place, as far as it changes what becomes of `$'…'` there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// No double quotes.
    Commands,
    /// Double quotes.
    Quotes,
    /// Double quotes, and in them a construct whose end Bash looks for before it reads what is inside. It takes
    /// `$'…'` for its text there without quoting it again, and expands that text later.
    Scanned,
}

/// Reader over one text.
pub(super) struct Reader<'t> {
    text: &'t str,
    /// The shell that may run it.
    pub(super) dialect: Dialect,
    /// Next byte to read.
    pub(super) pos: usize,
    /// Where reading stops: the end of the text, of a back-quoted command or of a here-document.
    pub(super) end: usize,
    depth: u32,
    steps: u64,
    budget: u64,
    /// Here-documents whose bodies start after the next newline.
    pub(super) pending: Vec<Pending>,
    /// Bodies read so far, by number.
    pub(super) bodies: Vec<Vec<Part>>,
    /// Here-document redirections read so far.
    pub(super) documents: usize,
    /// Inside `$( )`, where Bash also ends a here-document at its delimiter followed by `)`.
    pub(super) in_substitution: bool,
    /// In a substitution: a here-document was begun, and so many newlines between commands are needed until a `;` is
    /// certain again (see `swallowed`).
    pub(super) doubt: u8,
    /// Whether `$'…'` is certain to stay quoted.
    pub(super) around: Around,
    /// Where in the word back-quotes in double quotes first held a `"`, which Bash's scanner for braces takes for the end of the
    /// double quotes.
    pub(super) torn: Option<usize>,
    /// Where in the word just read its quotes and expansions lie.
    pub(super) opaque: Vec<(usize, usize)>,
    /// The command just read may be followed directly by a closing reserved word (`{ (a) }`).
    pub(super) after_compound: bool,
    /// Span given to everything read, when the text is not the original one.
    fixed: Option<Span>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, dialect: Dialect) -> Self {
        let budget = STEPS_PER_BYTE.saturating_mul(text.len() as u64).saturating_add(2_000);
        Self {
            text,
            dialect,
            pos: 0,
            end: text.len(),
            depth: 0,
            steps: 0,
            budget,
            pending: Vec::new(),
            bodies: Vec::new(),
            documents: 0,
            in_substitution: false,
            doubt: 0,
            around: Around::Commands,
            torn: None,
            opaque: Vec::new(),
            after_compound: false,
            fixed: None,
        }
    }

    /// Reads `text`, derived from the bytes `span` of this reader's text, with a reader that shares this one's
    /// bounds.
    pub(super) fn derived<T>(
        &mut self,
        text: &str,
        span: Span,
        read: impl FnOnce(&mut Reader<'_>) -> Read<T>,
    ) -> Read<T> {
        let mut inner = Reader::new(text, self.dialect);
        inner.depth = self.depth;
        inner.steps = self.steps;
        inner.budget = self.budget;
        inner.around = self.around;
        inner.fixed = Some(self.fixed.clone().unwrap_or(span));
        let result = read(&mut inner);
        self.steps = inner.steps;
        let at = self.fixed.as_ref().map_or(self.pos, |span| span.start);
        result.map_err(|refusal| Refusal { at, ..refusal })
    }

    /// Reads the whole text as a list.
    pub(super) fn whole(&mut self) -> Read<List> {
        let mut list = self.list()?;
        if self.pos < self.end {
            return self.refuse("unexpected token");
        }
        self.no_pending()?;
        self.fill_bodies(&mut list)?;
        Ok(list)
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// A refusal at the present position.
    pub(super) fn refuse<T>(&self, why: &'static str) -> Read<T> {
        self.refuse_at(self.pos, why)
    }

    /// A refusal at `at`.
    pub(super) fn refuse_at<T>(&self, at: usize, why: &'static str) -> Read<T> {
        let at = self.fixed.as_ref().map_or(at, |span| span.start);
        Err(Refusal { at, why })
    }

    /// Counts work done.
    pub(super) fn spend(&mut self, steps: usize) -> Read<()> {
        self.steps = self.steps.saturating_add(steps as u64);
        if self.steps > self.budget { self.refuse("too much work") } else { Ok(()) }
    }

    /// Runs `read` inside double quotes.
    pub(super) fn in_quotes<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let outer = self.around;
        if outer == Around::Commands {
            self.around = Around::Quotes;
        }
        let result = read(self);
        self.around = outer;
        result
    }

    /// Runs `read` inside a construct whose end Bash looks for first.
    pub(super) fn scanned<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let outer = self.around;
        if outer == Around::Quotes {
            self.around = Around::Scanned;
        }
        let result = read(self);
        self.around = outer;
        result
    }

    /// Runs `read` one level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return self.refuse("nested too deeply");
        }
        self.spend(1)?;
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Byte at the present position, line continuations left alone.
    pub(super) fn raw(&self) -> Option<u8> {
        self.raw_at(self.pos)
    }

    /// Byte at `at`, when reading does not stop before it.
    pub(super) fn raw_at(&self, at: usize) -> Option<u8> {
        if at < self.end { self.text.as_bytes().get(at).copied() } else { None }
    }

    /// Next byte, after taking line continuations away.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.raw() {
                Some(b'\\') if self.raw_at(self.pos + 1) == Some(b'\n') => {
                    self.pos += 2;
                    self.steps += 2;
                }
                other => return other,
            }
        }
    }

    /// Byte after the next one.
    pub(super) fn peek_second(&mut self) -> Option<u8> {
        self.peek()?;
        let start = self.pos;
        self.pos += 1;
        let second = self.peek();
        self.pos = start;
        second
    }

    /// Passes the next byte, which must be ASCII.
    pub(super) fn bump(&mut self) {
        self.pos += 1;
        self.steps += 1;
    }

    /// Passes `byte` if it comes next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.bump();
        }
        there
    }

    /// Passes `byte` or refuses.
    pub(super) fn require(&mut self, byte: u8, why: &'static str) -> Read<()> {
        if self.take(byte) { Ok(()) } else { self.refuse(why) }
    }

    /// Passes blanks.
    pub(super) fn blanks(&mut self) {
        while let Some(b' ' | b'\t') = self.peek() {
            self.bump();
        }
    }

    /// Text between two positions.
    pub(super) fn slice(&self, start: usize, end: usize) -> Read<&'t str> {
        match self.text.get(start..end) {
            Some(text) => Ok(text),
            None => self.refuse_at(start, "position inside a character"),
        }
    }

    /// Span from `start` to the present position.
    pub(super) fn span(&self, start: usize) -> Span {
        self.span_to(start, self.pos)
    }

    /// Span from `start` to `end`.
    pub(super) fn span_to(&self, start: usize, end: usize) -> Span {
        self.fixed.clone().unwrap_or(start..end)
    }

    /// First position at or after `from` that holds `byte`.
    pub(super) fn find(&mut self, from: usize, byte: u8) -> Read<Option<usize>> {
        let bytes = self.text.as_bytes().get(from..self.end).unwrap_or_default();
        let found = bytes.iter().position(|&other| other == byte);
        self.spend(found.unwrap_or(bytes.len()))?;
        Ok(found.map(|offset| from + offset))
    }

    /// Reads the bytes `start..end` with `read`, then goes on where it was.
    pub(super) fn within<T>(
        &mut self,
        start: usize,
        end: usize,
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Read<T> {
        let position = (self.pos, self.end, self.in_substitution, self.doubt);
        let pending = std::mem::take(&mut self.pending);
        (self.pos, self.end, self.in_substitution, self.doubt) = (start, end, false, 0);
        let mut result = read(self);
        if result.is_ok()
            && let Err(refusal) = self.no_pending()
        {
            result = Err(refusal);
        }
        (self.pos, self.end, self.in_substitution, self.doubt) = position;
        self.pending = pending;
        result
    }

    /// At the end of a text: here-documents without a line behind them are empty, as Bash warns.
    fn no_pending(&mut self) -> Read<()> {
        if self.in_substitution && !self.pending.is_empty() {
            return self.refuse("here-document without a line behind it");
        }
        self.documents_begin()
    }
}
