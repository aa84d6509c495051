//! What every part of the lowering needs: positions, names, depth.

use std::rc::Rc;

use ruff_python_ast::Identifier;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::tree::{At, DEPTH, Refusal};

pub(super) type Lowered<T> = Result<T, Refusal>;

/// Where carriage returns were taken out of a text.
pub(super) struct Lines {
    /// Position of each in the text without them.
    gone: Vec<usize>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let gone = text.match_indices("\r\n").enumerate().map(|(before, (at, _))| at - before).collect();
        Self { gone }
    }

    /// Position in the text as it was given.
    fn given(&self, at: TextSize) -> usize {
        let at = at.to_usize();
        at + self.gone.partition_point(|gone| *gone < at)
    }
}

/// Makes our tree of the parser's, statement by statement.
pub(super) struct Lowering<'t> {
    pub(super) text: &'t str,
    lines: Lines,
    depth: u16,
    /// The first name that is written in other letters than Python reads.
    pub(super) renamed: Option<Refusal>,
}

impl<'t> Lowering<'t> {
    pub(super) fn new(text: &'t str, lines: Lines) -> Self {
        Self { text, lines, depth: 0, renamed: None }
    }

    pub(super) fn at(&self, range: TextRange) -> At {
        At::new(self.lines.given(range.start()), self.lines.given(range.end()))
    }

    pub(super) fn refuse<T>(&self, why: &'static str, part: &impl Ranged) -> Lowered<T> {
        Err(Refusal { why, at: self.at(part.range()) })
    }

    /// Works on something one level deeper in the tree.
    pub(super) fn within<T>(
        &mut self,
        part: &impl Ranged,
        work: impl FnOnce(&mut Self) -> Lowered<T>,
    ) -> Lowered<T> {
        if self.depth >= DEPTH {
            return self.refuse("the text is nested too deeply", part);
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }

    pub(super) fn source(&self, range: TextRange) -> &'t str {
        self.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("")
    }

    pub(super) fn identifier(&mut self, name: &Identifier) -> Rc<str> {
        self.name(name.as_str(), name.range())
    }

    /// A name as Python knows it: `ｏｓ` is `os`. Nobody types that by accident, so it is told and refused.
    pub(super) fn name(&mut self, name: &str, range: TextRange) -> Rc<str> {
        let written = self.source(range);
        if self.renamed.is_none() && !written.is_ascii() && written != name {
            self.renamed =
                Some(Refusal { why: "a name in letters that Python reads as others", at: self.at(range) });
        }
        Rc::from(name)
    }
}
