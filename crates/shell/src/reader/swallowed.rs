//! Both readings of a `;` that Bash 5.2 may lose.
//!
//! Bash 5.2 runs a substitution from its own printout. Behind a here-document that printout leaves out one of the next
//! `;`, so that `a; b` becomes `a b`. Other releases run two commands. Between simple commands the tree holds both
//! readings; in front of a compound command the text is refused.

use super::cursor::{Read, Reader};
use crate::syntax::{Entry, Join, Kind, Node, Operator, Part, Value, Word};

/// How many newlines between commands end the doubt.
pub(super) const DOUBT: u8 = 2;

const WHY: &str = "`;` behind a here-document in a substitution";

impl Reader<'_> {
    /// Puts the command that results without the `;` between the entries before and behind it. `documents`: those
    /// begun before the second was read.
    pub(super) fn without_semicolon(
        &self,
        entries: &mut Vec<Entry>,
        second: usize,
        documents: usize,
    ) -> Read<()> {
        if second.checked_sub(1).and_then(|first| entries.get(first)).is_some_and(ends_in_compound) {
            return Ok(());
        }
        let both = second.checked_sub(1).and_then(|first| entries.get(first)).zip(entries.get(second));
        let merged =
            both.filter(|_| self.documents == documents).and_then(|(first, second)| merge(first, second));
        match merged {
            Some(entry) => entries.insert(second, entry),
            None => return self.refuse(WHY),
        }
        Ok(())
    }
}

/// Whether its last command is a compound one. No command may follow that without a separator: without the `;` there
/// is a syntax error, and nothing more runs.
fn ends_in_compound(entry: &Entry) -> bool {
    !matches!(entry.stages.last().map(|node| &node.kind), None | Some(Kind::Simple(_) | Kind::Prefixed(_)))
}

/// The two as one pipeline; `None` unless simple commands without substitutions meet.
fn merge(first: &Entry, second: &Entry) -> Option<Entry> {
    let (last, before) = first.stages.split_last()?;
    let (next, behind) = second.stages.split_first()?;
    let plain = before.iter().chain(behind).all(is_plain) && is_plain(last) && is_plain(next);
    let (Kind::Simple(left), Kind::Simple(right)) = (&last.kind, &next.kind) else { return None };
    // Its assignments would be arguments then, or not.
    if !plain || second.negated || !right.assignments.is_empty() {
        return None;
    }
    let mut simple = left.clone();
    simple.words.extend(right.words.iter().cloned());
    let mut redirects = [last.redirects.as_slice(), next.redirects.as_slice()].concat();
    // What the body feeds is in the other reading.
    redirects.retain(|redirect| redirect.body.is_none());
    let node = Node { kind: Kind::Simple(simple), redirects, span: last.span.start..next.span.end };
    let mut stages = before.to_vec();
    stages.push(node);
    stages.extend(behind.iter().cloned());
    for stage in &mut stages {
        stage.redirects.retain(|redirect| redirect.body.is_none());
    }
    Some(Entry { join: Join::Then, background: first.background, negated: first.negated, stages })
}

/// Whether copies of the command stay small: nothing in it holds commands.
fn is_plain(node: &Node) -> bool {
    let Kind::Simple(simple) = &node.kind else { return false };
    let value = |value: &Value| matches!(value, Value::Scalar(word) if is_plain_word(word));
    simple.words.iter().all(is_plain_word)
        && simple.assignments.iter().all(|one| one.index.is_none() && value(&one.value))
        && node.redirects.iter().all(|redirect| is_plain_word(&redirect.target))
}

fn is_plain_word(word: &Word) -> bool {
    let text = |part: &Part| match part {
        Part::Bare(_) | Part::Quoted(_) | Part::Range(_) => true,
        Part::Parameter(parameter) => parameter.operator == Operator::Plain && parameter.index.is_none(),
        _ => false,
    };
    word.parts.iter().all(|part| match part {
        Part::Double(inner) => inner.iter().all(text),
        part => text(part),
    })
}
