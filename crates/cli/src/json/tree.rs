//! Values to be written, in the order they are given.

use super::parse::{Kind, Node};

/// A JSON value without a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// `null`, `true`, `false` or a number, as written.
    Plain(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Tree>),
    /// An object.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// A string.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An object.
    pub(crate) fn map(members: impl IntoIterator<Item = (&'static str, Tree)>) -> Self {
        Self::Map(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// Writes the value. `depth` is the nesting of the line it starts on; `unit` one step of indentation, or
    /// `None` for everything on one line.
    pub(crate) fn render(&self, unit: Option<&str>, line_end: &str, depth: usize) -> String {
        let mut out = String::new();
        self.write(&mut out, unit, line_end, depth);
        out
    }

    fn write(&self, out: &mut String, unit: Option<&str>, line_end: &str, depth: usize) {
        match self {
            Self::Plain(text) => out.push_str(text),
            Self::Text(text) => out.push_str(&quoted(text)),
            Self::List(elements) => {
                let parts =
                    elements.iter().map(|element| element.render(unit, line_end, depth + 1)).collect();
                block(out, '[', ']', parts, unit, line_end, depth);
            }
            Self::Map(members) => {
                let parts = members
                    .iter()
                    .map(|(key, value)| {
                        format!("{}: {}", quoted(key), value.render(unit, line_end, depth + 1))
                    })
                    .collect();
                block(out, '{', '}', parts, unit, line_end, depth);
            }
        }
    }
}

fn block(
    out: &mut String,
    open: char,
    close: char,
    parts: Vec<String>,
    unit: Option<&str>,
    line_end: &str,
    depth: usize,
) {
    out.push(open);
    match unit {
        _ if parts.is_empty() => {}
        None => out.push_str(&parts.join(", ")),
        Some(unit) => {
            let inner = format!("{line_end}{}", unit.repeat(depth + 1));
            let lines: Vec<String> = parts.into_iter().map(|part| format!("{inner}{part}")).collect();
            out.push_str(&lines.join(","));
            out.push_str(line_end);
            out.push_str(&unit.repeat(depth));
        }
    }
    out.push(close);
}

/// A string with its quotes and escapes.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl From<&Node> for Tree {
    fn from(node: &Node) -> Self {
        match &node.kind {
            Kind::Null => Self::Plain("null".to_owned()),
            Kind::Bool(value) => Self::Plain(value.to_string()),
            Kind::Number(text) => Self::Plain(text.clone()),
            Kind::Text(text) => Self::Text(text.clone()),
            Kind::List(elements) => Self::List(elements.iter().map(Self::from).collect()),
            Kind::Map(members) => Self::Map(
                members.iter().map(|member| (member.key.clone(), Self::from(&member.value))).collect(),
            ),
        }
    }
}
