//! Literal key → rules, as an open-addressing table.

use std::collections::BTreeMap;

use super::keys::{self, Class};
use crate::ir::Rule;
use crate::set::PolicySet;

/// Words of a slot: hash (2), where its rules are, how many; a slot with none is free.
pub(crate) const SLOT_WORDS: usize = 4;

/// What is written to the file.
pub(crate) struct Table {
    pub(crate) postings: Vec<u32>,
    pub(crate) slots: Vec<u32>,
}

/// Indexes all rules. `base`: position the postings will have.
pub(crate) fn build<'r>(rules: impl Iterator<Item = &'r Rule>, base: u32) -> Option<Table> {
    let mut lists: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for (number, rule) in rules.enumerate() {
        let number = u32::try_from(number).ok()?;
        for class in Class::ALL {
            for key in keys::of_rule(rule, class) {
                let list = lists.entry(key).or_default();
                if list.last() != Some(&number) {
                    list.push(number);
                }
            }
        }
    }
    let count = (lists.len() * 2).next_power_of_two().max(8);
    let mask = count - 1;
    let mut slots = vec![0_u32; count * SLOT_WORDS];
    let mut postings = Vec::new();
    for (hash, list) in lists {
        let mut at = usize::try_from(hash & u64::try_from(mask).ok()?).ok()?;
        while slots.get(at * SLOT_WORDS + 3).copied()? != 0 {
            at = (at + 1) & mask;
        }
        let start = base.checked_add(u32::try_from(postings.len()).ok()?)?;
        let words = [
            u32::try_from(hash & 0xffff_ffff).ok()?,
            u32::try_from(hash >> 32).ok()?,
            start,
            u32::try_from(list.len()).ok()?,
        ];
        slots.get_mut(at * SLOT_WORDS..(at + 1) * SLOT_WORDS)?.copy_from_slice(&words);
        postings.extend(list);
    }
    Some(Table { postings, slots })
}

/// Rules of a key: where their numbers stand and how many there are.
pub(crate) fn find(set: &PolicySet<'_>, hash: u64) -> Option<(usize, usize)> {
    let count = usize::try_from(set.header().slots).ok()?;
    let base = usize::try_from(set.header().slots_at).ok()?;
    let mask = count.checked_sub(1)?;
    let (low, high) = (u32::try_from(hash & 0xffff_ffff).ok()?, u32::try_from(hash >> 32).ok()?);
    let mut at = usize::try_from(hash & u64::try_from(mask).ok()?).ok()?;
    for _ in 0..count {
        let slot = base + at * SLOT_WORDS;
        let rules = set.word(slot + 3)?;
        if rules == 0 {
            return None;
        }
        if set.word(slot)? == low && set.word(slot + 1)? == high {
            return Some((usize::try_from(set.word(slot + 2)?).ok()?, usize::try_from(rules).ok()?));
        }
        at = (at + 1) & mask;
    }
    None
}
