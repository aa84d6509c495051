//! Takes values out of the tree and gathers what is wrong with them.

use std::collections::BTreeMap;

use super::place::Place;
use super::suggest;
use super::yaml::{Key, Kind, Node};
use crate::Diagnostic;

/// Reads one file; errors and warnings pile up in it.
pub(crate) struct Reader<'a> {
    pub(crate) file: String,
    pub(crate) variables: Option<&'a BTreeMap<String, Vec<String>>>,
    pub(crate) errors: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// A map whose keys were all checked to be known.
pub(crate) struct Fields<'n> {
    pub(crate) entries: Vec<(&'n Key, &'n Node)>,
    pub(crate) place: Place,
}

impl<'n> Fields<'n> {
    pub(crate) fn get(&self, name: &str) -> Option<&'n Node> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node)
    }
}

impl Reader<'_> {
    pub(crate) fn diagnostic(&self, place: Place, message: String, help: String) -> Diagnostic {
        Diagnostic {
            file: self.file.clone(),
            line: place.line.max(1),
            column: place.column.max(1),
            len: place.len.max(1),
            message,
            help,
        }
    }

    pub(crate) fn error(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        let diagnostic = self.diagnostic(place, message.into(), help.into());
        self.errors.push(diagnostic);
    }

    pub(crate) fn warn(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        let diagnostic = self.diagnostic(place, message.into(), help.into());
        self.warnings.push(diagnostic);
    }

    fn wrong_type(&mut self, node: &Node, what: &str, wanted: &str) {
        let found = match &node.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        };
        self.error(
            node.place,
            format!("`{what}` must be {wanted}, found {found}"),
            format!("write {wanted}"),
        );
    }

    /// A map with known keys only.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Option<Fields<'n>> {
        let Kind::Map(entries) = &node.kind else {
            self.wrong_type(node, what, "a map");
            return None;
        };
        let mut kept: Vec<(&Key, &Node)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            if kept.iter().any(|(other, _)| other.name == key.name) {
                self.error(key.place, format!("`{}` is given twice", key.name), "keep one of them");
            } else if known.contains(&key.name.as_str()) {
                kept.push((key, value));
            } else {
                let mut help = suggest::help(&key.name, known);
                if what == "conditions" && suggest::nearest(&key.name, known).is_none() {
                    help = format!("what a client says about a call goes under `context:`; {help}");
                }
                self.error(key.place, format!("unknown key `{}` in `{what}`", key.name), help);
            }
        }
        Some(Fields { entries: kept, place: node.place })
    }

    /// Any scalar as its text.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        match &node.kind {
            Kind::Text(text) | Kind::Number(text) => Some(text.clone()),
            Kind::Bool(value) => Some(value.to_string()),
            _ => {
                self.wrong_type(node, what, "a text");
                None
            }
        }
    }

    pub(crate) fn flag(&mut self, node: &Node, what: &str) -> Option<bool> {
        if let Kind::Bool(value) = node.kind {
            return Some(value);
        }
        self.wrong_type(node, what, "true or false");
        None
    }

    /// A text or a list of texts, each with its place.
    pub(crate) fn texts(&mut self, node: &Node, what: &str) -> Vec<(String, Place)> {
        match &node.kind {
            Kind::List(items) => {
                if items.is_empty() {
                    self.error(
                        node.place,
                        format!("`{what}` is an empty list"),
                        "name at least one value, or leave the key out",
                    );
                }
                items.iter().filter_map(|item| self.text(item, what).map(|text| (text, item.place))).collect()
            }
            _ => self.text(node, what).map(|text| (text, node.place)).into_iter().collect(),
        }
    }

    /// Like [`Self::texts`], without places.
    pub(crate) fn strings(&mut self, node: &Node, what: &str) -> Vec<String> {
        self.texts(node, what).into_iter().map(|(text, _)| text).collect()
    }

    /// One word out of a closed list.
    pub(crate) fn word<'w>(
        &mut self,
        text: &str,
        place: Place,
        what: &str,
        known: &[&'w str],
    ) -> Option<&'w str> {
        let found = known.iter().find(|word| word.eq_ignore_ascii_case(text)).copied();
        if found.is_none() {
            self.error(place, format!("`{text}` is not a value of `{what}`"), suggest::help(text, known));
        }
        found
    }

    /// Words out of a closed list as bits in its order.
    pub(crate) fn mask(&mut self, node: &Node, what: &str, known: &[&str]) -> u32 {
        let mut mask = 0;
        for (text, place) in self.texts(node, what) {
            if let Some(word) = self.word(&text, place, what, known) {
                mask |= known.iter().position(|known| *known == word).map_or(0, |bit| 1 << bit);
            }
        }
        mask
    }
}

/// A node as JSON, for what is stored and not interpreted here.
pub(crate) fn json(node: &Node) -> serde_json::Value {
    use serde_json::Value;
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
        Kind::Text(text) => Value::String(text.clone()),
        Kind::List(items) => Value::Array(items.iter().map(json).collect()),
        Kind::Map(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.name.clone(), json(value))).collect())
        }
    }
}
