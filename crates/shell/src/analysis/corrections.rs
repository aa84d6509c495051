//! Corrections (`when`) of a program model: what holds for this use of the program.

use placet_model::Arg;

use super::options::{Parsed, Used};
use super::value::Field;
use crate::programs::{Role, Run, Slot, When};

/// A level after its corrections.
pub(super) struct Corrected {
    pub(super) does: u32,
    pub(super) slots: &'static [Slot],
    pub(super) stdin: Role,
    /// Whether `stdin` holds even with operands.
    pub(super) stdin_forced: bool,
    pub(super) reads: Run,
    pub(super) writes: Run,
    pub(super) deletes: Run,
    pub(super) hosts: Run,
    pub(super) also: Vec<Run>,
    pub(super) values: Vec<Run>,
    pub(super) default_operand: &'static str,
    pub(super) why: &'static str,
    pub(super) understood: bool,
}

/// Applies the corrections (`when`) of the last level.
pub(super) fn correct(parsed: &Parsed) -> Corrected {
    let level = parsed.levels.last().copied().unwrap_or_else(|| crate::programs::empty());
    let flags = parsed.flags.iter().filter_map(|used| used.entry).fold(0, |bits, entry| bits | entry.does);
    let mut now = Corrected {
        does: level.does | flags,
        slots: level.operands.slots(),
        stdin: level.stdin,
        stdin_forced: false,
        reads: level.reads,
        writes: level.writes,
        deletes: level.deletes,
        hosts: level.hosts,
        also: vec![level.also],
        values: Vec::new(),
        default_operand: level.default_operand.get(),
        why: level.why.get(),
        understood: true,
    };
    for when in level.whens().iter().filter(|when| holds(when, parsed)) {
        now.apply(when);
    }
    let inspect = crate::programs::does_bit(placet_model::Does::Inspect);
    if now.does != inspect {
        now.does &= !inspect;
    }
    now
}

impl Corrected {
    fn apply(&mut self, when: &When) {
        if when.instead != u32::MAX {
            self.does = when.instead;
        }
        self.does |= when.does;
        if when.operands.given() {
            self.slots = when.operands.slots();
        }
        if when.stdin != Role::None {
            self.stdin = when.stdin;
            self.stdin_forced = true;
        }
        let replace = |slot: &mut Run, given: Run| {
            if given.given() {
                *slot = given;
            }
        };
        replace(&mut self.reads, when.reads);
        replace(&mut self.writes, when.writes);
        replace(&mut self.deletes, when.deletes);
        replace(&mut self.hosts, when.hosts);
        if !when.also.is_empty() {
            self.also.push(when.also);
        }
        if !when.values.is_empty() {
            self.values.push(when.values);
        }
        if !when.default_operand.is_empty() {
            self.default_operand = when.default_operand.get();
        }
        if !when.why.is_empty() {
            self.why = when.why.get();
        }
        self.understood &= !when.opaque;
    }

    /// Role of an option's value.
    pub(super) fn value_role(&self, used: &Used) -> Role {
        let listed = used.entry.map_or(Role::Text, |entry| entry.value);
        let keys = self.values.iter().rev().flat_map(|run| run.keys());
        keys.into_iter().find(|key| key.pattern.get() == used.name()).map_or(listed, |key| key.role)
    }
}

fn holds(when: &When, parsed: &Parsed) -> bool {
    let given = |condition: &str| {
        (condition == "--" && parsed.dashes.is_some()) || parsed.flags.iter().any(|used| used.fits(condition))
    };
    let count = parsed.operands.len();
    let fits = |field: &Field, run: Run| {
        run.texts().any(|pattern| match &field.arg {
            // A pathname pattern without a file that fits stays as it is: `https://host/x?y`.
            Arg::Known(text) | Arg::Glob(text) => crate::glob::fits(pattern, text),
            // It may be that word.
            Arg::Partly { prefix, .. } => {
                !field.safe
                    && (pattern.starts_with(prefix.as_str())
                        || prefix.starts_with(pattern.trim_end_matches('*')))
            }
        })
    };
    (when.flags.is_empty() || when.flags.texts().any(given))
        && when.all_flags.texts().all(given)
        && !when.no_flags.texts().any(given)
        && count >= usize::from(when.min_operands)
        && (when.max_operands == u8::MAX || count <= usize::from(when.max_operands))
        && (when.operand.is_empty() || parsed.operands.iter().any(|field| fits(field, when.operand)))
        && (when.first.is_empty() || parsed.operands.first().is_some_and(|field| fits(field, when.first)))
}
