//! Changes to a JSON text that leave every other byte alone.

use std::ops::Range;

use super::parse::{Kind, Node};
use super::tree::{Tree, quoted};

/// Replace a byte range by a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// What goes.
    pub(crate) span: Range<usize>,
    /// What comes.
    pub(crate) text: String,
}

/// Makes all edits. They must not overlap; those that do are left out after the first.
pub(crate) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        if let Some(kept) = text.get(at..edit.span.start) {
            out.push_str(kept);
            out.push_str(&edit.text);
            at = edit.span.end;
        }
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// How a file is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// One step of indentation.
    unit: String,
    /// `\n` or `\r\n`.
    line_end: &'static str,
}

impl Default for Style {
    fn default() -> Self {
        Self { unit: "  ".to_owned(), line_end: "\n" }
    }
}

impl Style {
    /// Looks at the first indented line.
    pub(crate) fn of(text: &str) -> Self {
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let unit = text
            .lines()
            .map(|line| line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect::<String>())
            .find(|indent| !indent.is_empty())
            .unwrap_or_else(|| "  ".to_owned());
        Self { unit, line_end }
    }

    /// A whole new document.
    pub(crate) fn document(&self, tree: &Tree) -> String {
        format!("{}{}", tree.render(Some(&self.unit), self.line_end, 0), self.line_end)
    }

    /// Whether a non-empty container keeps everything on one line; then so do additions.
    fn unit_within(&self, text: &str, container: &Node) -> Option<&str> {
        let inside = text.get(container.span.clone()).unwrap_or("");
        (is_empty(container) || inside.contains('\n')).then_some(self.unit.as_str())
    }

    /// `value` as a replacement of the node at `depth`.
    pub(crate) fn replacement(&self, text: &str, node: &Node, depth: usize, value: &Tree) -> Edit {
        let unit = self.unit_within(text, node);
        Edit { span: node.span.clone(), text: value.render(unit, self.line_end, depth) }
    }
}

fn is_empty(container: &Node) -> bool {
    match &container.kind {
        Kind::Map(members) => members.is_empty(),
        Kind::List(elements) => elements.is_empty(),
        _ => true,
    }
}

/// Puts `"key": value` behind the last member of `map`, which stands at `depth`.
pub(crate) fn insert_member(
    text: &str,
    style: &Style,
    map: &Node,
    depth: usize,
    key: &str,
    value: &Tree,
) -> Edit {
    let unit = style.unit_within(text, map);
    let part = format!("{}: {}", quoted(key), value.render(unit, style.line_end, depth + 1));
    insert(style, unit, map, map.members().last().map(|member| member.value.span.end), depth, &part)
}

/// Puts `value` behind the last element of `list`, which stands at `depth`.
pub(crate) fn insert_element(text: &str, style: &Style, list: &Node, depth: usize, value: &Tree) -> Edit {
    let unit = style.unit_within(text, list);
    let part = value.render(unit, style.line_end, depth + 1);
    insert(style, unit, list, list.elements().last().map(|element| element.span.end), depth, &part)
}

fn insert(
    style: &Style,
    unit: Option<&str>,
    container: &Node,
    last: Option<usize>,
    depth: usize,
    part: &str,
) -> Edit {
    let before = match unit {
        Some(unit) => format!("{}{}", style.line_end, unit.repeat(depth + 1)),
        None if last.is_some() => " ".to_owned(),
        None => String::new(),
    };
    match last {
        Some(at) => Edit { span: at..at, text: format!(",{before}{part}") },
        None => {
            let after =
                unit.map_or_else(String::new, |unit| format!("{}{}", style.line_end, unit.repeat(depth)));
            let inside = container.span.start + 1..container.span.end.saturating_sub(1);
            Edit { span: inside, text: format!("{before}{part}{after}") }
        }
    }
}

/// Takes the member at `index` out of `map`, with the comma and blanks that belonged to it.
pub(crate) fn remove_member(map: &Node, index: usize) -> Option<Edit> {
    let spans: Vec<Range<usize>> =
        map.members().iter().map(|member| member.key_span.start..member.value.span.end).collect();
    remove(map, &spans, index)
}

/// Takes several members out of `map` at once.
pub(crate) fn remove_members(map: &Node, indexes: &[usize]) -> Vec<Edit> {
    let members = map.members();
    let mut edits = Vec::new();
    let mut index = 0;
    while index < members.len() {
        let run = (index..members.len()).take_while(|at| indexes.contains(at)).count();
        if run == 0 {
            index += 1;
            continue;
        }
        // A run of neighbours goes as one, so that exactly one comma stays between what is left.
        let spans: Vec<Range<usize>> = members
            .iter()
            .enumerate()
            .filter(|(at, _)| *at <= index || *at >= index + run)
            .map(|(at, member)| {
                let end = if at == index { members.get(index + run - 1) } else { Some(member) };
                member.key_span.start..end.map_or(member.value.span.end, |last| last.value.span.end)
            })
            .collect();
        edits.extend(remove(map, &spans, index));
        index += run;
    }
    edits
}

/// Takes the element at `index` out of `list`, with the comma and blanks that belonged to it.
pub(crate) fn remove_element(list: &Node, index: usize) -> Option<Edit> {
    let spans: Vec<Range<usize>> = list.elements().iter().map(|element| element.span.clone()).collect();
    remove(list, &spans, index)
}

fn remove(container: &Node, spans: &[Range<usize>], index: usize) -> Option<Edit> {
    let own = spans.get(index)?;
    let previous = index.checked_sub(1).and_then(|before| spans.get(before));
    let span = match (previous, spans.get(index + 1)) {
        (Some(previous), _) => previous.end..own.end,
        (None, Some(next)) => own.start..next.start,
        (None, None) => container.span.start + 1..container.span.end.saturating_sub(1),
    };
    Some(Edit { span, text: String::new() })
}
