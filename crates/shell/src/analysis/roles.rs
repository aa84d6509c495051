//! Gives every operand of a command its role.

use super::options::takes_rest;
use super::value::Field;
use crate::programs::{Count, Role, Slot};

/// What the operands from `at` on are.
pub(super) enum Given {
    /// One word.
    One(Role, usize),
    /// All words from here to the end: a command.
    Rest(Role, usize),
    /// Words that are joined to one text.
    Joined(Role, usize, usize),
}

/// Assigns roles to operands by position; `false` when there are more operands than roles.
pub(super) fn assign(slots: &[Slot], operands: &[Field]) -> (Vec<Given>, bool) {
    let mut given = Vec::with_capacity(operands.len());
    let mut slots = slots;
    let mut at = 0;
    while let [Slot { role: Role::Assign, count: Count::Many }, rest @ ..] = slots {
        while operands.get(at).is_some_and(is_assignment) {
            given.push(Given::One(Role::Assign, at));
            at += 1;
        }
        slots = rest;
    }
    let many = slots.iter().position(|slot| slot.count == Count::Many);
    let (before, middle, after) = match many {
        Some(many) => {
            let (before, rest) = slots.split_at_checked(many).unwrap_or((slots, &[]));
            (before, rest.first(), rest.get(1..).unwrap_or(&[]))
        }
        None => (slots, None, &[][..]),
    };
    for slot in before {
        if at >= operands.len() {
            return (given, true);
        }
        if takes_rest(slot.role) {
            given.push(Given::Rest(slot.role, at));
            return (given, true);
        }
        given.push(Given::One(slot.role, at));
        at += 1;
    }
    let left = operands.len().saturating_sub(at);
    let Some(middle) = middle else { return (given, left == 0) };
    if takes_rest(middle.role) {
        if left > 0 {
            given.push(Given::Rest(middle.role, at));
        }
        return (given, true);
    }
    let end = operands.len() - after.len().min(left);
    if matches!(middle.role, Role::Shell | Role::RemoteShell) {
        if end > at {
            given.push(Given::Joined(middle.role, at, end));
        }
    } else {
        given.extend((at..end).map(|at| Given::One(middle.role, at)));
    }
    given.extend((end..operands.len()).zip(after).map(|(at, slot)| Given::One(slot.role, at)));
    (given, true)
}

/// `env` takes any word with `=` for an assignment, names such as `BASH_FUNC_ls%%` and `a-b` too.
fn is_assignment(field: &Field) -> bool {
    field
        .start()
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && !name.starts_with('-') && !name.contains(['/', ' ']))
}
