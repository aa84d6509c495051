//! YAML as most policies are written, read without the detours that all of YAML needs: three times as fast.
//!
//! `INVARIANT:` the tree is the one that `yaml::parse` makes of the same text, or there is none and that decides.
//! Whatever is unusual gives none: an anchor, a tag, a scalar that may be something else than it looks, a key that
//! is given twice, an error (guarded by `agrees_with_the_whole_of_yaml`).

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::place::Place;
use super::yaml::{DEPTH_MAX, Key, Kind, NODES_MAX, Node};

/// Keys one map may have here.
const KEYS_MAX: usize = 64;

/// The tree of a text of one document.
pub(super) fn parse(text: &str) -> Option<Node> {
    let mut reader = Reader { parser: Parser::new_from_str(text), nodes: 0 };
    let (Event::StreamStart, _) = reader.next()? else { return None };
    let (Event::DocumentStart(_, None), _) = reader.next()? else { return None };
    let (event, span) = reader.next()?;
    let node = reader.node(event, &span, 0)?;
    let (Event::DocumentEnd, _) = reader.next()? else { return None };
    let (Event::StreamEnd, _) = reader.next()? else { return None };
    Some(node)
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        loop {
            match self.parser.next_event()?.ok()? {
                (Event::Comment(..), _) => {}
                found => return Some(found),
            }
        }
    }

    /// The node that begins with `event`, in so many others.
    fn node(&mut self, event: Event<'t>, span: &Span, depth: usize) -> Option<Node> {
        self.nodes += 1;
        if self.nodes > NODES_MAX / 2 || depth > DEPTH_MAX / 2 {
            return None;
        }
        let kind = match event {
            Event::Scalar(text, style, 0, None) => scalar(&text, style)?,
            Event::SequenceStart(_, 0, None) => self.list(depth)?,
            Event::MappingStart(_, 0, None) => self.map(depth)?,
            _ => return None,
        };
        Some(Node { kind, place: place(span) })
    }

    fn list(&mut self, depth: usize) -> Option<Kind> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Some(Kind::List(items)),
                (event, span) => items.push(self.node(event, &span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Option<Kind> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        loop {
            let (text, style, span) = match self.next()? {
                (Event::MappingEnd, _) => return Some(Kind::Map(entries)),
                (Event::Scalar(text, style, 0, None), span) => (text, style, span),
                _ => return None,
            };
            let Kind::Text(name) = scalar(&text, style)? else { return None };
            if entries.len() >= KEYS_MAX || entries.iter().any(|(key, _)| key.name == name) {
                return None;
            }
            self.nodes += 1;
            let key = Key { name, place: place(&span) };
            let (event, span) = self.next()?;
            entries.push((key, self.node(event, &span, depth + 1)?));
        }
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Option<Kind> {
    if style != ScalarStyle::Plain || is_text(text) {
        return Some(Kind::Text(text.to_owned()));
    }
    match text {
        "true" => Some(Kind::Bool(true)),
        "false" => Some(Kind::Bool(false)),
        _ => is_number(text).then(|| Kind::Number(text.to_owned())),
    }
}

/// Whether a plain scalar is certainly text.
fn is_text(text: &str) -> bool {
    let known = |word: &&str| text.eq_ignore_ascii_case(word);
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        || text.starts_with("./")
        || text.starts_with("~/");
    starts && !["true", "false", "null", "nan", "inf", "infinity"].iter().any(known)
}

/// Whether a plain scalar is certainly a whole number.
fn is_number(text: &str) -> bool {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

fn place(span: &Span) -> Place {
    Place {
        line: u32::try_from(span.start.line()).unwrap_or(0),
        column: u32::try_from(span.start.col() + 1).unwrap_or(0),
        len: u32::try_from(span.len()).unwrap_or(1).clamp(1, 1_000),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::yaml;

    fn agrees(text: &str) -> bool {
        let Some(quick) = parse(text) else { return false };
        let whole = yaml::parse_whole("f", text).unwrap_or_else(|error| panic!("{error:?} in {text}"));
        assert_eq!(format!("{quick:?}"), format!("{whole:?}"), "{text}");
        true
    }

    #[test]
    fn usual_policies_are_read_here() {
        for (name, text) in crate::SHIPPED {
            // Anchors are left to the whole of YAML.
            assert!(agrees(text) || text.contains(": &"), "{name}");
        }
        assert!(agrees(
            "name: a\nversion: 1\nrules:\n  - {effect: deny, actions: ['read:file', write:file], final: true} # so\n"
        ));
    }

    #[test]
    fn the_unusual_is_left_to_the_whole() {
        for text in [
            "a: &x 1",
            "a: *x",
            "a: !!str 1",
            "a: 1\na: 2",
            "<<: {a: 1}",
            "a: ~",
            "a:",
            "a: 0777",
            "a: 1.0",
            "a: 1e5",
            "a: .inf",
            "a: NULL",
            "a: True",
            "a: [",
            "? [a]\n: b",
            "1: a",
            "a: 1\n---\nb: 2",
            "",
            "a: 0x1f",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn agrees_with_the_whole_of_yaml(parts in prop::collection::vec(prop::sample::select(vec![
            "a: ", "b: ", "- ", "\n", "\n  ", "\n    ", "x", "yes", "'q''s'", "\"d\\n\"", "12", "0", "true", "./p/**", "{", "}",
            "[", "]", ", ", "# c", " ", "é", "~/k", ": ", "*:file", "|\n", ">-\n", "    k", "k: v\n", "\t", "---\n", "read:file", "'a'", "no", "-1", "/x y",
        ]), 0..24)) {
            agrees(&parts.concat());
        }
    }
}
