//! Here-documents: delimiters where they stand, bodies at the next newline.

use super::cursor::{Read, Reader};
use super::swallowed::DOUBT;
use super::words::{Flavour, Quoting};
use crate::syntax::{Part, Word};

/// A here-document whose body is still to come.
#[derive(Clone)]
pub(super) struct Pending {
    /// Its place among the bodies.
    number: usize,
    delimiter: String,
    /// Delimiter was quoted: nothing in the body expands.
    literal: bool,
    /// `<<-`: leading tabs go.
    strip: bool,
}

/// Where a body lies.
struct Extent {
    start: usize,
    /// Behind its last line.
    end: usize,
}

impl Reader<'_> {
    /// The delimiter behind `<<` or `<<-`, and the number of its body.
    pub(super) fn document_delimiter(&mut self, strip: bool) -> Read<(Word, usize)> {
        let start = self.pos;
        let word = self.word(Flavour::Plain)?;
        // Bash compares raw text here in ways that differ by release.
        if self.slice(start, self.pos)?.contains(['$', '`', '\n', '\r']) {
            return self.refuse_at(start, "unusual delimiter of a here-document");
        }
        let mut delimiter = String::new();
        let mut literal = false;
        for part in &word.parts {
            match part {
                Part::Bare(text) => delimiter.push_str(text),
                Part::Quoted(text) => {
                    literal = true;
                    delimiter.push_str(text);
                }
                Part::Double(inner) => {
                    literal = true;
                    for part in inner {
                        let Part::Quoted(text) = part else {
                            return self.refuse_at(start, "unusual delimiter of a here-document");
                        };
                        delimiter.push_str(text);
                    }
                }
                _ => return self.refuse_at(start, "unusual delimiter of a here-document"),
            }
        }
        if delimiter.is_empty() {
            return self.refuse_at(start, "empty delimiter of a here-document");
        }
        let target = Word { parts: vec![Part::Quoted(delimiter.clone())], span: word.span };
        let number = self.documents;
        self.documents += 1;
        self.doubt = if self.in_substitution { DOUBT } else { 0 };
        self.pending.push(Pending { number, delimiter, literal, strip });
        Ok((target, number))
    }

    /// Reads the bodies that are due, right behind a newline.
    pub(super) fn documents_begin(&mut self) -> Read<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        for pending in std::mem::take(&mut self.pending) {
            let extent = self.extent(&pending)?;
            let after = self.pos;
            let parts = self.document(&pending, &extent)?;
            self.pos = after;
            if self.bodies.len() <= pending.number {
                self.bodies.resize(pending.number + 1, Vec::new());
            }
            if let Some(slot) = self.bodies.get_mut(pending.number) {
                *slot = parts;
            }
        }
        Ok(())
    }

    /// Finds the end line and passes it.
    fn extent(&mut self, pending: &Pending) -> Read<Extent> {
        let start = self.pos;
        let mut continued = false;
        let mut joined = String::new();
        while self.pos < self.end {
            let line_start = self.pos;
            let newline = self.find(line_start, b'\n')?;
            let line_end = newline.unwrap_or(self.end);
            let line = self.slice(line_start, line_end)?;
            let shown = if pending.strip && !continued { line.trim_start_matches('\t') } else { line };
            self.pos = newline.map_or(self.end, |at| at + 1);
            if !continued && shown == pending.delimiter {
                return Ok(Extent { start, end: line_start });
            }
            // Bash 5.2 also ends the document here and goes on behind the delimiter.
            if self.in_substitution && shown.starts_with(&pending.delimiter) && shown.contains(')') {
                return self.refuse_at(line_start, "delimiter of a here-document followed by `)`");
            }
            joined.push_str(shown);
            continued = !pending.literal && ends_in_continuation(line);
            if continued {
                joined.pop();
            } else {
                if joined == pending.delimiter {
                    return self.refuse_at(line_start, "delimiter of a here-document across a continuation");
                }
                joined.clear();
            }
        }
        if self.in_substitution {
            return self.refuse_at(start, "here-document without its end line in a substitution");
        }
        // Bash warns and takes what there is.
        Ok(Extent { start, end: self.end })
    }

    fn document(&mut self, pending: &Pending, extent: &Extent) -> Read<Vec<Part>> {
        let text = self.slice(extent.start, extent.end)?;
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let tabs = pending.strip && text.split('\n').any(|line| line.starts_with('\t'));
        let continued = !pending.literal && text.contains("\\\n");
        if !tabs && !continued {
            if pending.literal {
                return Ok(vec![Part::Quoted(text.to_owned())]);
            }
            return self.within(extent.start, extent.end, |reader| reader.nested(Reader::document_parts));
        }
        // It is not certain that zsh joins them first.
        self.zsh_refuse(extent.start, continued && text.contains(['`', '$']))?;
        let text = logical_lines(text, pending);
        self.spend(text.len())?;
        if pending.literal {
            return Ok(vec![Part::Quoted(text)]);
        }
        let span = self.span_to(extent.start, extent.end);
        self.derived(&text, span, |inner| {
            inner.nested(|inner| {
                let mut parts = inner.document_parts()?;
                inner.fill_parts(&mut parts)?;
                Ok(parts)
            })
        })
    }

    /// The text of a document whose delimiter was not quoted, which is read as in double quotes.
    fn document_parts(&mut self) -> Read<Vec<Part>> {
        self.in_quotes(Self::document_parts_inside)
    }

    fn document_parts_inside(&mut self) -> Read<Vec<Part>> {
        let mut parts = Vec::new();
        loop {
            self.quoted_run(&mut parts, |_| false)?;
            if self.raw().is_none() {
                return Ok(parts);
            }
            self.quoted_special(&mut parts, Quoting::Document, |_| false)?;
        }
    }
}

/// Whether a line ends in a backslash that is not itself escaped.
fn ends_in_continuation(line: &str) -> bool {
    line.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1
}

/// The text as Bash has it once it has found the end: of `<<-` without leading tabs, and unless the delimiter was
/// quoted with each continued line joined to the next, whatever quotes and commands in the body they stand in. The
/// rest of a continued line keeps its tabs.
fn logical_lines(text: &str, pending: &Pending) -> String {
    let mut out = String::with_capacity(text.len());
    let mut continued = false;
    for line in text.split_inclusive('\n') {
        let shown = if pending.strip && !continued { line.trim_start_matches('\t') } else { line };
        continued = !pending.literal && line.strip_suffix('\n').is_some_and(ends_in_continuation);
        out.push_str(if continued { shown.strip_suffix("\\\n").unwrap_or(shown) } else { shown });
    }
    out
}
