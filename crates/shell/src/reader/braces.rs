//! Brace expansion, found on finished words after the rules of Bash's own scanner.
//!
//! Bash scans the raw text of a word; here everything but unquoted text is one opaque item. Words where that is not
//! the same (see `borders`) are refused.

use super::cursor::{Read, Reader};
use super::words::push_bare;
use crate::syntax::{Operator, Part};

/// Item of a word: an unquoted character or any other part.
#[derive(Clone)]
enum Item {
    Char(char),
    Opaque(Part),
}

impl Reader<'_> {
    /// Replaces unquoted text by [`Part::Braces`] and [`Part::Range`] where Bash would expand it.
    /// `opaque`: where in the text its other parts lie.
    pub(super) fn expand_braces(
        &mut self,
        parts: &mut Vec<Part>,
        start: usize,
        opaque: &[(usize, usize)],
    ) -> Read<()> {
        let bare =
            |wanted: &str| parts.iter().any(|part| matches!(part, Part::Bare(text) if text.contains(wanted)));
        if !bare("}") || !(bare(",") || bare("..")) {
            return Ok(());
        }
        if !self.has_same_borders(start, opaque)? {
            return self.refuse_at(start, "brace expansion next to intricate quoting");
        }
        // `{$,x}HOME` is `$HOME` and `xHOME` to Bash, which looks for expansions afterwards.
        if bare("$") {
            return self.refuse_at(start, "brace expansion next to a lone `$`");
        }
        let mut items = Vec::new();
        for part in std::mem::take(parts) {
            match part {
                Part::Bare(text) => items.extend(text.chars().map(Item::Char)),
                other => items.push(Item::Opaque(other)),
            }
        }
        *parts = self.braces(&items)?;
        Ok(())
    }

    fn braces(&mut self, items: &[Item]) -> Read<Vec<Part>> {
        self.nested(|reader| {
            let Some((open, close)) = reader.first_pair(items)? else {
                return Ok(literal(items));
            };
            let inner = items.get(open + 1..close).unwrap_or_default();
            let rest = items.get(close + 1..).unwrap_or_default();
            let mut parts = literal(items.get(..open).unwrap_or_default());
            match reader.expansion(inner)? {
                Some(part) => parts.push(part),
                None if rest.is_empty() => return Ok(literal(items)),
                None => append(&mut parts, literal(items.get(open..=close).unwrap_or_default())),
            }
            append(&mut parts, reader.braces(rest)?);
            Ok(parts)
        })
    }

    /// The first `{` that opens an expansion, with its `}`.
    fn first_pair(&mut self, items: &[Item]) -> Read<Option<(usize, usize)>> {
        let mut from = 0;
        loop {
            let Some(open) = self.opening(items, from)? else { return Ok(None) };
            if let Some(close) = self.closing(items, open + 1)? {
                return Ok(Some((open, close)));
            }
            from = open + 1;
        }
    }

    fn opening(&mut self, items: &[Item], from: usize) -> Read<Option<usize>> {
        for (at, item) in items.iter().enumerate().skip(from) {
            self.spend(1)?;
            if is_char(Some(item), '{') {
                // `{}` at the start of a word stands for itself, and so does one behind an escaped blank.
                let closes = is_char(items.get(at + 1), '}');
                if closes && at > 0 && items.get(at - 1).is_some_and(ends_in_blank) {
                    return self.refuse("`{}` behind a quoted blank");
                }
                if !(closes && at == 0) {
                    return Ok(Some(at));
                }
            }
        }
        Ok(None)
    }

    /// The `}` that closes an expansion: one behind a `,` or `..` of the same level.
    fn closing(&mut self, items: &[Item], from: usize) -> Read<Option<usize>> {
        let mut level = 0_usize;
        let mut separated = false;
        for (at, item) in items.iter().enumerate().skip(from) {
            self.spend(1)?;
            match item {
                Item::Char('}') if level == 0 && separated => return Ok(Some(at)),
                Item::Char('{') => level += 1,
                Item::Char('}') => level = level.saturating_sub(1),
                Item::Char(',') if level == 0 => separated = true,
                Item::Char('.')
                    if level == 0 && is_char(items.get(at + 1), '.') && !is_char(items.get(at + 2), '}') =>
                {
                    separated = true;
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// What stands between the braces, when it expands.
    fn expansion(&mut self, inner: &[Item]) -> Read<Option<Part>> {
        if !inner.iter().any(|item| is_char(Some(item), ',')) {
            if inner.iter().any(may_hold_comma) {
                return self.refuse("quoted comma in braces");
            }
            return Ok(range(inner).map(Part::Range));
        }
        let mut alternatives = Vec::new();
        let mut level = 0_usize;
        let mut start = 0;
        for (at, item) in inner.iter().enumerate() {
            match item {
                Item::Char('{') => level += 1,
                Item::Char('}') => level = level.saturating_sub(1),
                Item::Char(',') if level == 0 => {
                    alternatives.push(self.braces(inner.get(start..at).unwrap_or_default())?);
                    start = at + 1;
                }
                _ => {}
            }
        }
        alternatives.push(self.braces(inner.get(start..).unwrap_or_default())?);
        if alternatives.len() < 2 {
            return self.refuse("braces around one alternative");
        }
        Ok(Some(Part::Braces(alternatives)))
    }
}

fn is_char(item: Option<&Item>, wanted: char) -> bool {
    matches!(item, Some(Item::Char(character)) if *character == wanted)
}

/// Whether the text of a quote or escape ends in a blank.
fn ends_in_blank(item: &Item) -> bool {
    matches!(item, Item::Opaque(Part::Quoted(text)) if text.ends_with(char::is_whitespace))
}

/// Items as they were written.
fn literal(items: &[Item]) -> Vec<Part> {
    let mut parts = Vec::new();
    for item in items {
        match item {
            Item::Char(character) => push_bare(&mut parts, character.encode_utf8(&mut [0; 4])),
            Item::Opaque(part) => parts.push(part.clone()),
        }
    }
    parts
}

fn append(parts: &mut Vec<Part>, more: Vec<Part>) {
    for part in more {
        match part {
            Part::Bare(text) => push_bare(parts, &text),
            other => parts.push(other),
        }
    }
}

/// Text of a sequence `x..y` or `x..y..step` that Bash would expand.
fn range(items: &[Item]) -> Option<String> {
    let mut text = String::new();
    for item in items {
        match item {
            Item::Char(character) => text.push(*character),
            Item::Opaque(_) => return None,
        }
    }
    let mut fields = text.split("..");
    let (first, last, step) = (fields.next()?, fields.next()?, fields.next());
    let numbers = is_number(first) && is_number(last);
    let letters = is_letter(first) && is_letter(last);
    let valid = (numbers || letters) && step.is_none_or(is_number) && fields.next().is_none();
    valid.then_some(text)
}

fn is_number(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}

fn is_letter(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether Bash could see a comma in what is one item here.
fn may_hold_comma(item: &Item) -> bool {
    match item {
        Item::Char(_) => false,
        Item::Opaque(Part::Quoted(text)) => text.contains(','),
        Item::Opaque(Part::Parameter(parameter)) => {
            parameter.operator != Operator::Plain || parameter.index.is_some()
        }
        Item::Opaque(_) => true,
    }
}
