//! What follows a `$`.

use super::arithmetic::Close;
use super::cursor::{Around, Read, Reader};
use super::lists::is_reserved;
use super::words::{Quoting, bare_text, is_meta, is_name_start, push_bare, push_quoted};
use crate::syntax::{Kind, List, Operator, Parameter, Part, Word};

impl Reader<'_> {
    /// An expansion from its `$`, or the `$` itself.
    pub(super) fn dollar(&mut self, parts: &mut Vec<Part>, quoting: Quoting) -> Read<()> {
        let start = self.pos;
        self.bump();
        self.zsh_dollar()?;
        match self.peek() {
            Some(b'(') => {
                self.bump();
                let part = if self.peek() == Some(b'(') {
                    self.double_parenthesis()?
                } else {
                    Part::Command(self.substitution_body()?)
                };
                parts.push(part);
            }
            Some(b'{') => {
                self.bump();
                let parameter =
                    self.nested(|reader| reader.scanned(|reader| reader.braced_parameter(quoting)))?;
                parts.push(Part::Parameter(parameter));
            }
            Some(b'[') => {
                self.bump();
                let inner = self.arithmetic(Close::Bracket)?;
                parts.push(Part::Arithmetic(inner));
            }
            Some(b'\'') if quoting == Quoting::Bare => {
                let text = self.ansi_quoted()?;
                self.stays_quoted(start, &text)?;
                push_quoted(parts, &text);
            }
            Some(b'"') if quoting == Quoting::Bare => {
                let quoted = self.double_quoted()?;
                if self.around == Around::Scanned {
                    return self.refuse_at(start, "`$\"…\"` in a construct in double quotes");
                }
                parts.push(quoted);
            }
            Some(byte) if is_name_start(byte) => {
                let name = self.name()?;
                self.zsh_behind_parameter()?;
                parts.push(plain_parameter(name));
            }
            Some(byte) if byte.is_ascii_digit() || is_special_parameter(byte) => {
                self.bump();
                self.zsh_behind_parameter()?;
                parts.push(plain_parameter(char::from(byte).to_string()));
            }
            _ if quoting == Quoting::Bare => push_bare(parts, "$"),
            _ => push_quoted(parts, "$"),
        }
        self.spend(self.pos.saturating_sub(start).min(8))
    }

    /// Refuses the text of a `$'…'` that may lose its quotes where it stands, unless it means the same without them.
    fn stays_quoted(&self, start: usize, text: &str) -> Read<()> {
        let plain = |c: char| c.is_alphanumeric() || "./_-+:,=@%".contains(c);
        if self.around == Around::Scanned && !text.chars().all(plain) {
            return self.refuse_at(start, "`$'…'` in a construct in double quotes");
        }
        Ok(())
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

    /// `( … )` of a command or process substitution, from behind the `(`.
    ///
    /// A here-document begun in it may not end behind it: releases of Bash take its body from different places. One
    /// begun before it has its body behind the line on which the substitution ends, whatever newlines it holds.
    pub(super) fn substitution_body(&mut self) -> Read<List> {
        let outer_pending = std::mem::take(&mut self.pending);
        let outer = std::mem::replace(&mut self.in_substitution, true);
        let outer_doubt = std::mem::replace(&mut self.doubt, 0);
        self.time_at_start()?;
        let list = self.list()?;
        self.require(b')', "`)` expected")?;
        if !self.pending.is_empty() {
            return self.refuse("here-document that crosses a `)`");
        }
        self.in_substitution = outer;
        self.doubt = outer_doubt;
        self.pending = outer_pending;
        Ok(list)
    }

    /// Looks ahead for `time` as the first word, whatever lines and `!` stand before it.
    fn time_at_start(&mut self) -> Read<()> {
        let mark = self.mark();
        self.lines()?;
        while self.is_exact("!") {
            self.pass_word("!");
            self.blanks();
        }
        if self.is_exact("time") {
            self.nested(Self::program_or_keyword)?;
        }
        self.reset(mark);
        Ok(())
    }

    /// Looks ahead at `time` as the first word of a substitution, which Bash 5.2 first reads as a program and then, from its own
    /// printout, as the keyword. Both readings agree before a simple command without arrays.
    fn program_or_keyword(&mut self) -> Read<()> {
        let mark = self.mark();
        self.pass_word("time");
        self.blanks();
        let simple = match self.reserved() {
            None | Some("time" | "!") => self.peek() != Some(b'('),
            Some(_) => false,
        };
        if !simple {
            return self.refuse("`time` before a compound command at the start of a substitution");
        }
        let node = self.simple(false)?;
        if let Kind::Simple(simple) = node.kind
            && (!simple.assignments.is_empty()
                || simple.words.iter().any(|word| is_reserved_text(word) || begins_subscript(word)))
        {
            return self.refuse("`time` before a compound command at the start of a substitution");
        }
        self.reset(mark);
        Ok(())
    }

    /// `$((`, which is arithmetic or a substitution that begins with a subshell. At the second `(`.
    fn double_parenthesis(&mut self) -> Read<Part> {
        let start = self.pos;
        let mark = self.mark();
        self.bump();
        if let Ok(inner) = self.arithmetic(Close::Parenthesis)
            && self.take(b')')
        {
            return Ok(Part::Arithmetic(inner));
        }
        self.reset(mark.clone());
        self.bump();
        let inner = self.skim("`$((` that may be arithmetic or a command")?;
        self.bump();
        let outer = self.skim("`$((` that may be arithmetic or a command")?;
        // Bash calls it arithmetic when the inner parenthesis closes right before the outer one.
        if self.slice(inner + 1, outer)?.replace("\\\n", "").is_empty() {
            return self.refuse_at(start, "`$((` with an unknown expression");
        }
        self.reset(mark);
        let list = self.scanned(Self::substitution_body)?;
        if self.pos != outer + 1 {
            return self.refuse_at(start, "`$((` that may end elsewhere");
        }
        Ok(Part::Command(list))
    }

    /// Whether a `#` here would start a comment.
    fn at_token_start(&self) -> bool {
        let before = self.pos.checked_sub(1).and_then(|at| self.raw_at(at));
        before.is_none_or(|byte| is_meta(byte) || byte == b'`')
    }

    /// Whether the comment that begins here holds no byte that means something outside of comments.
    fn is_plain_comment(&mut self) -> Read<bool> {
        let end = self.find(self.pos, b'\n')?.unwrap_or(self.end);
        let text = self.slice(self.pos, end)?;
        Ok(!text.contains(['\\', '\'', '"', '`', '$', '(', ')', '<', '\r']))
    }

    /// Goes to the `)` that closes a `(` already passed, as Bash does before it knows whether `((` is arithmetic:
    /// quotes and expansions are skipped, comments and here-documents are text like any other. A later pass of Bash
    /// knows comments; so they may hold nothing that would make a difference.
    pub(super) fn skim(&mut self, why: &'static str) -> Read<usize> {
        self.nested(|reader| reader.skim_inside(why))
    }

    fn skim_inside(&mut self, why: &'static str) -> Read<usize> {
        let documents = self.documents;
        let mut open = 0_usize;
        let mut skipped = Vec::new();
        loop {
            self.bare_run(&mut skipped, |byte| !matches!(byte, b'(' | b')' | b'#'))?;
            skipped.clear();
            match self.peek() {
                Some(b'(') => open += 1,
                Some(b')') if open == 0 => {
                    return if self.documents == documents { Ok(self.pos) } else { self.refuse(why) };
                }
                Some(b')') => open -= 1,
                Some(b'#') if !self.at_token_start() || self.is_plain_comment()? => {}
                Some(b'\\' | b'\'' | b'"' | b'`' | b'$') => {
                    self.special(&mut skipped)?;
                    skipped.clear();
                    continue;
                }
                Some(b'#') | None => return self.refuse(why),
                Some(_) => {}
            }
            self.bump();
        }
    }
}

/// Whether a word would be read otherwise where reserved words count. The words `time -p -- {` make Bash see a
/// group in one of its two readings.
fn is_reserved_text(word: &Word) -> bool {
    bare_text(word).is_some_and(is_reserved)
}

/// Whether the word may be the beginning of `name[…]=`: as an argument, not as an assignment, it ends at the first
/// operator, and `a[1<<2]=x` begins a here-document.
fn begins_subscript(word: &Word) -> bool {
    let Some(Part::Bare(text)) = word.parts.first() else { return false };
    let Some((name, _)) = text.split_once('[') else { return false };
    name.bytes().next().is_some_and(is_name_start)
        && name.bytes().all(|byte| is_name_start(byte) || byte.is_ascii_digit())
}

/// Whether `byte` names a special parameter.
pub(super) fn is_special_parameter(byte: u8) -> bool {
    matches!(byte, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!')
}

fn plain_parameter(name: String) -> Part {
    Part::Parameter(Parameter {
        name,
        index: None,
        indirect: false,
        length: false,
        operator: Operator::Plain,
    })
}
