//! Other words in the place of one command's words, the rest of the text as it is.

use placet_model::Span;
use placet_shell::syntax::{Kind, List, Node, Part, Simple};

/// The text with the words of the command at `span` replaced. `None` when that is not one simple command that
/// stands there word for word: assignments before it, redirections between its words, or anything that is
/// expanded.
pub(super) fn splice(text: &str, span: &Span, argv: &[&str], words: &[String]) -> Option<String> {
    let list = placet_shell::read(text).ok()?;
    let (simple, node) = find(&list, span)?;
    let (first, last) = (simple.words.first()?, simple.words.last()?);
    let (start, end) = (first.span.start, last.span.end);
    let between =
        node.redirects.iter().any(|redirect| redirect.span.start < end && redirect.span.end > start);
    let literal = simple.words.iter().all(|word| is_literal(&word.parts));
    if !simple.assignments.is_empty() || between || !literal || simple.words.len() != argv.len() {
        return None;
    }
    let (before, behind) = (text.get(..start)?, text.get(end..)?);
    let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
    Some(format!("{before}{}{behind}", words.join(" ")))
}

/// The simple command at `span`, in lists, pipelines, groups and subshells.
fn find<'a>(list: &'a List, span: &Span) -> Option<(&'a Simple, &'a Node)> {
    let nodes = list.entries.iter().flat_map(|entry| &entry.stages);
    nodes.into_iter().find_map(|node| match &node.kind {
        Kind::Simple(simple) => (node.span == *span).then_some((simple, node)),
        Kind::Group(list) | Kind::Subshell(list) => find(list, span),
        _ => None,
    })
}

fn is_literal(parts: &[Part]) -> bool {
    parts.iter().all(|part| match part {
        Part::Bare(_) | Part::Quoted(_) => true,
        Part::Double(parts) => is_literal(parts),
        _ => false,
    })
}

fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
