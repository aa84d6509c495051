//! YAML text to a tree whose every node knows where it stands.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{
    DuplicateKeyPolicy, Location, MergeKeyPolicy, SnippetMode, Spanned, UserMessageFormatter,
};

use super::place::Place;
use crate::Diagnostic;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) place: Place,
}

/// What a node is. Scalars that are not text keep their spelling: `0777` is not 511 here.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a map and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) place: Place,
}

/// Bytes a policy text may have.
const TEXT_BYTES_MAX: usize = 4 << 20;
/// Maps and lists in each other.
pub(super) const DEPTH_MAX: usize = 24;
/// Values and keys of a document.
pub(super) const NODES_MAX: usize = 400_000;

/// Reads one YAML document.
pub(crate) fn parse(file: &str, text: &str) -> Result<Node, Diagnostic> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Diagnostic {
            file: file.to_owned(),
            line: 1,
            column: 1,
            len: 1,
            message: format!("policy has more than {TEXT_BYTES_MAX} bytes"),
            help: "split it into several policies".to_owned(),
        });
    }
    match super::plain_yaml::parse(text) {
        Some(node) => Ok(node),
        None => parse_whole(file, text),
    }
}

/// Reads whatever is YAML, and tells what is wrong where it is not.
pub(super) fn parse_whole(file: &str, text: &str) -> Result<Node, Diagnostic> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_MAX,
            max_documents: 1,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_nodes: NODES_MAX,
            max_events: 1_000_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 50_000,
            max_replay_stack_depth: 16,
        },
    };
    let raw: Spanned<Raw> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| syntax_error(file, &error))?;
    Ok(node(raw, text))
}

fn syntax_error(file: &str, error: &serde_saphyr::Error) -> Diagnostic {
    let location = error.location().unwrap_or(Location::UNKNOWN);
    let options = serde_saphyr::render_options! {
        formatter: &UserMessageFormatter,
        snippets: SnippetMode::Off,
    };
    let mut message = error.render_with_options(options);
    if let Some(at) = message.rfind(" at line ") {
        message.truncate(at);
    }
    if message.contains("Documents") {
        message = "a file holds one policy, found a second YAML document".to_owned();
    } else if message.contains("too large or too complex") {
        message = "policy is too large, nested too deeply or expands too many aliases".to_owned();
    }
    let message = message.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
    let help = if message.contains("duplicate") {
        "keep one of them; later ones would silently win elsewhere"
    } else if message.contains("second YAML") {
        "put each policy into a file of its own"
    } else if ["limit", "alias", "too large"].iter().any(|word| message.contains(word)) {
        "policies may use few anchors and only moderate nesting; write the values out"
    } else if message.contains("merge key") {
        "`<<` is not supported; use `extends` or write the keys out"
    } else if message.contains("escape") {
        "use single quotes, in which a backslash stands for itself"
    } else {
        "check indentation and quoting of this line and the one above"
    };
    Diagnostic {
        file: file.to_owned(),
        line: u32::try_from(location.line()).unwrap_or(1).max(1),
        column: u32::try_from(location.column()).unwrap_or(1).max(1),
        len: u32::try_from(location.span().len()).unwrap_or(1).clamp(1, 1_000),
        message,
        help: help.to_owned(),
    }
}

fn place(location: &Location) -> Place {
    Place {
        line: u32::try_from(location.line()).unwrap_or(0),
        column: u32::try_from(location.column()).unwrap_or(0),
        len: u32::try_from(location.span().len()).unwrap_or(1).clamp(1, 1_000),
    }
}

/// Spelling of a scalar in the text.
fn spelling(location: &Location, text: &str) -> Option<String> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let len = usize::try_from(span.byte_len()?).ok()?;
    text.get(start..start.checked_add(len)?).map(|text| text.trim().to_owned())
}

fn node(raw: Spanned<Raw>, text: &str) -> Node {
    let kind = match raw.value {
        Raw::Null => Kind::Null,
        Raw::Bool(value) => Kind::Bool(value),
        Raw::Number(shown) => Kind::Number(spelling(&raw.defined, text).unwrap_or(shown)),
        Raw::Text(value) => Kind::Text(value),
        Raw::List(items) => Kind::List(items.into_iter().map(|item| node(item, text)).collect()),
        Raw::Map(entries) => Kind::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    (Key { name: key.value, place: place(&key.referenced) }, node(value, text))
                })
                .collect(),
        ),
    };
    Node { kind, place: place(&raw.referenced) }
}

/// A node as the reader gives it.
enum Raw {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RawVisitor;
        impl<'de> Visitor<'de> for RawVisitor {
            type Value = Raw;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }
            fn visit_none<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
                Ok(Raw::Bool(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
                Ok(Raw::Number(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
                Ok(Raw::Number(value.to_string()))
            }
            fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
                Ok(Raw::Number(value.to_string()))
            }
            fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
                Ok(Raw::Number(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
                Ok(Raw::Number(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
                Ok(Raw::Text(value.to_owned()))
            }
            fn visit_string<E>(self, value: String) -> Result<Raw, E> {
                Ok(Raw::Text(value))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Raw::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Raw::Map(entries))
            }
        }
        deserializer.deserialize_any(RawVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node, out: &mut String) {
        use fmt::Write as _;
        let Place { line, column, len } = node.place;
        match &node.kind {
            Kind::List(items) => items.iter().for_each(|item| show(item, out)),
            Kind::Map(entries) => {
                for (key, value) in entries {
                    writeln!(out, "{} {}:{}+{}", key.name, key.place.line, key.place.column, key.place.len)
                        .unwrap();
                    show(value, out);
                }
            }
            scalar => writeln!(out, "  {scalar:?} {line}:{column}+{len}").unwrap(),
        }
    }

    #[test]
    fn places_and_spellings() {
        let tree = parse(
            "f",
            "a: 0777\nb: [x, \"y z\", no, true, 1.0, ~]\nc:\n  - d: >\n      folded\n      text\n",
        )
        .unwrap();
        let mut out = String::new();
        show(&tree, &mut out);
        let want = [
            "a 1:1+1",
            "  Number(\"0777\") 1:4+4",
            "b 2:1+1",
            "  Text(\"x\") 2:5+1",
            "  Text(\"y z\") 2:8+5",
            "  Text(\"no\") 2:15+2",
            "  Bool(true) 2:19+4",
            "  Number(\"1.0\") 2:25+3",
            "  Null 2:30+1",
            "c 3:1+1",
            "d 4:5+1",
        ];
        assert_eq!(out.lines().take(want.len()).collect::<Vec<_>>(), want);
    }
}
