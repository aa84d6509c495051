//! Turns of loops and arms of `case` whose variable is known there.

use super::value::Value;
use super::{Machine, Stdin};
use crate::syntax::{Entry, Kind, List, Node, Operator, Part, RedirectOperator, Word};

/// Lines that are followed one by one.
const LINES: usize = 24;

impl Machine<'_> {
    /// `while read NAME` over text in sight: what the body does with each line, beside what it does with any.
    pub(super) fn lines_read(&mut self, condition: &List, body: &List) {
        let Some(variable) = reads_lines(condition) else { return };
        let values: Vec<Value> = match &self.stdin {
            Stdin::Known(text) => {
                text.lines().map(|line| Value::known(line.trim_matches([' ', '\t']))).collect()
            }
            Stdin::Words(words) => words.iter().map(Value::of).collect(),
            _ => return,
        };
        for value in values.into_iter().take(LINES) {
            self.subshell(|machine| {
                machine.stdin = Stdin::Unknown;
                machine.set_variable(&variable, value);
                machine.list(body);
            });
        }
    }

    /// An arm of `case $name` for one plain text: there the variable has that value.
    pub(super) fn narrowed(&mut self, subject: &Word, patterns: &[Word], list: &List) {
        let parameter = match subject.parts.as_slice() {
            [Part::Parameter(parameter)] => parameter,
            [Part::Double(parts)] => match parts.as_slice() {
                [Part::Parameter(parameter)] => parameter,
                _ => return,
            },
            _ => return,
        };
        let [pattern] = patterns else { return };
        let plain = matches!(parameter.operator, Operator::Plain)
            && parameter.index.is_none()
            && !parameter.length
            && !parameter.indirect
            && super::words::is_name(&parameter.name);
        if !plain || matches!(self.variable(&parameter.name), Value::Known(_)) {
            return;
        }
        if let [Part::Bare(text) | Part::Quoted(text)] = pattern.parts.as_slice()
            && !text.contains(['*', '?', '[', '~', '\\', '('])
        {
            self.subshell(|machine| {
                machine.set_variable(&parameter.name, Value::known(text));
                machine.list(list);
            });
        }
    }
}

/// The variable of `read NAME`, `read -r NAME` and `IFS= read -r NAME`.
fn reads_lines(condition: &List) -> Option<String> {
    let [Entry { stages, .. }] = condition.entries.as_slice() else { return None };
    let [Node { kind: Kind::Simple(simple), .. }] = stages.as_slice() else { return None };
    let words: Option<Vec<&str>> =
        (0..simple.words.len()).map(|at| super::substitution::literal(simple, at)).collect();
    match words?.as_slice() {
        ["read", name] | ["read", "-r", name] if super::words::is_name(name) => Some((*name).to_owned()),
        _ => None,
    }
}

/// Whether a loop appends to files and never pauses.
pub(super) fn grows(body: &List) -> bool {
    let nodes = || body.entries.iter().flat_map(|entry| &entry.stages);
    let appends = nodes()
        .any(|node| node.redirects.iter().any(|redirect| redirect.operator == RedirectOperator::Append));
    let pauses = nodes().any(|node| match &node.kind {
        Kind::Simple(simple) => matches!(
            super::substitution::literal(simple, 0),
            None | Some("sleep" | "read" | "wait" | "break" | "exit" | "return" | "inotifywait" | "timeout")
        ),
        _ => true,
    });
    appends && !pauses
}

pub(super) fn is_endless(condition: &List) -> bool {
    let [Entry { stages, .. }] = condition.entries.as_slice() else { return false };
    let [Node { kind: Kind::Simple(simple), .. }] = stages.as_slice() else { return false };
    matches!(super::substitution::literal(simple, 0), Some("true" | ":"))
}
