//! Words: parts side by side up to an unquoted metacharacter.

use super::cursor::{Read, Reader};
use crate::syntax::{Direction, Part, Word};

/// Where a word stands, as far as it changes how the word is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// Anywhere else.
    Plain,
    /// Right of `==`, `=`, `!=` in `[[ ]]`: `@(a|b)` is a pattern.
    Pattern,
    /// Right of `=~` in `[[ ]]`: `(a|b)` and `|` are text.
    Regex,
}

/// Quoting around an expansion.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// None.
    Bare,
    /// Inside `"…"`.
    Double,
    /// In the body of a here-document.
    Document,
}

/// Whether `byte` ends an unquoted word.
pub(super) fn is_meta(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
}

/// Whether `byte` can start a name.
pub(super) fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// Adds unquoted text, joining it with unquoted text before it.
pub(super) fn push_bare(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Bare(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Bare(text.to_owned())),
    }
}

/// Adds quoted text, joining it with quoted text before it. Empty text counts: `''` is a word.
pub(super) fn push_quoted(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Quoted(last)) => last.push_str(text),
        _ => parts.push(Part::Quoted(text.to_owned())),
    }
}

/// The text of a word that is unquoted text only.
pub(super) fn bare_text(word: &Word) -> Option<&str> {
    match word.parts.as_slice() {
        [Part::Bare(text)] => Some(text),
        _ => None,
    }
}

impl Reader<'_> {
    /// A word to which brace expansion applies.
    pub(super) fn expandable_word(&mut self) -> Read<Word> {
        let start = self.pos;
        let before = self.torn.take();
        let mut word = self.word(Flavour::Plain)?;
        if let Some(at) = self.torn {
            let raw = self.slice(at, self.pos)?;
            if raw.contains('{') && (raw.contains(',') || raw.contains("..")) {
                return self.refuse_at(start, "braces in a word with `\"` in quoted back-quotes");
            }
        }
        self.torn = before.or(self.torn);
        if word.parts.iter().any(|part| matches!(part, Part::Bare(text) if text.contains('{'))) {
            self.zsh_braces(start)?;
            let opaque = std::mem::take(&mut self.opaque);
            self.expand_braces(&mut word.parts, start, &opaque)?;
        }
        Ok(word)
    }

    /// A word; one must be there.
    pub(super) fn word(&mut self, flavour: Flavour) -> Read<Word> {
        self.peek();
        let start = self.pos;
        let parts = self.word_parts(flavour)?;
        if self.pos == start {
            return self.refuse("word expected");
        }
        self.zsh_word(start)?;
        Ok(Word { parts, span: self.span(start) })
    }

    /// Parts up to the next unquoted metacharacter, none if it comes at once.
    pub(super) fn word_parts(&mut self, flavour: Flavour) -> Read<Vec<Part>> {
        let mut parts = Vec::new();
        let mut opaque = Vec::new();
        loop {
            self.bare_run(&mut parts, |byte| !is_meta(byte))?;
            let next = self.peek();
            let start = self.pos;
            match next {
                Some(b'<' | b'>') if self.peek_second() == Some(b'(') => {
                    parts.push(self.process()?);
                    opaque.push((start, self.pos));
                }
                Some(b'(')
                    if flavour == Flavour::Regex || flavour == Flavour::Pattern && opens_pattern(&parts) =>
                {
                    let documents = self.documents;
                    self.nested(|reader| reader.scanned(|reader| reader.pattern_group(&mut parts)))?;
                    // Looking for the end, Bash takes `$'…'` in the body for its text.
                    if self.documents > documents {
                        return self.refuse("here-document in a pattern");
                    }
                }
                Some(b'|') if flavour == Flavour::Regex => {
                    self.bump();
                    push_bare(&mut parts, "|");
                }
                Some(byte) if !is_meta(byte) => {
                    self.special(&mut parts)?;
                    if matches!(byte, b'\\' | b'\'' | b'"' | b'`' | b'$') {
                        opaque.push((start, self.pos));
                    }
                }
                _ => {
                    self.opaque = opaque;
                    return Ok(parts);
                }
            }
        }
    }

    /// Unquoted text of bytes that are `plain` and have no meaning in words.
    pub(super) fn bare_run(&mut self, parts: &mut Vec<Part>, plain: impl Fn(u8) -> bool) -> Read<()> {
        let start = self.pos;
        while let Some(byte) = self.raw() {
            if matches!(byte, b'\\' | b'\'' | b'"' | b'`' | b'$' | b'\r') || !plain(byte) {
                break;
            }
            self.pos += 1;
        }
        self.spend(self.pos - start + 1)?;
        if self.pos > start {
            push_bare(parts, self.slice(start, self.pos)?);
        }
        Ok(())
    }

    /// Quote, escape or expansion in unquoted text.
    pub(super) fn special(&mut self, parts: &mut Vec<Part>) -> Read<()> {
        match self.raw() {
            Some(b'\\') => self.escape(parts),
            Some(b'\'') => {
                let text = self.single_quoted()?;
                push_quoted(parts, text);
                Ok(())
            }
            Some(b'"') => {
                parts.push(self.double_quoted()?);
                Ok(())
            }
            Some(b'`') => {
                parts.push(self.back_quoted(Quoting::Bare)?);
                Ok(())
            }
            Some(b'$') => self.dollar(parts, Quoting::Bare),
            Some(b'\r') => self.refuse("carriage return"),
            // A plain byte behind a line continuation: the caller goes on.
            _ => self.spend(1),
        }
    }

    /// `( … )` in a pattern or regular expression: any text, quotes and expansions.
    fn pattern_group(&mut self, parts: &mut Vec<Part>) -> Read<()> {
        self.bump();
        push_bare(parts, "(");
        loop {
            self.bare_run(parts, |byte| !matches!(byte, b'(' | b')' | b'<' | b'>'))?;
            match self.peek() {
                Some(b'(') => self.nested(|reader| reader.pattern_group(parts))?,
                Some(b')') => {
                    self.bump();
                    push_bare(parts, ")");
                    return Ok(());
                }
                Some(b'<' | b'>') => return self.refuse("`<` or `>` in a pattern"),
                None => return self.refuse("pattern without its `)`"),
                Some(_) => self.special(parts)?,
            }
        }
    }

    /// `<( … )` or `>( … )`.
    pub(super) fn process(&mut self) -> Read<Part> {
        let direction = if self.peek() == Some(b'<') { Direction::Read } else { Direction::Write };
        self.take_two();
        let start = self.pos;
        let mut end = None;
        if self.peek() == Some(b'(') {
            // Bash finds the end of this one without reading commands.
            let mark = self.mark();
            end = Some(self.skim("`((` in a process substitution")?);
            self.reset(mark);
        }
        let list = match end {
            Some(_) => self.scanned(Self::substitution_body)?,
            None => self.substitution_body()?,
        };
        if end.is_some_and(|end| end + 1 != self.pos) {
            return self.refuse_at(start, "`((` in a process substitution");
        }
        Ok(Part::Process(direction, list))
    }
}

/// Whether what was read so far ends in a character that makes a following `(` a pattern.
fn opens_pattern(parts: &[Part]) -> bool {
    matches!(parts.last(), Some(Part::Bare(text)) if text.ends_with(['?', '*', '+', '@', '!']))
}
