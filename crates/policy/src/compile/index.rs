//! Literal key → rules: a filter that most questions end at, and an open-addressing table.

use super::bytes::Bytes;
use super::keys;
use super::shared::Shared;
use crate::ir::Rule;
use crate::set::{PolicySet, number};

/// In the second word of a slot: the rest of the word is the only rule, not where the rules stand.
const ONLY: u32 = 1 << 31;
/// Bits of the filter a key has, on average.
const FILTER_BITS_PER_KEY: usize = 10;

/// What is written to the file.
pub(crate) struct Table {
    /// Words in each of which a key sets a few bits.
    pub(crate) filter: Vec<u64>,
    /// Mark of the key, then its rules: one with [`ONLY`], or where they stand among what is shared plus one; 0
    /// is a free slot.
    pub(crate) slots: Vec<[u32; 2]>,
}

/// Indexes all rules.
pub(crate) fn build<'r>(rules: impl Iterator<Item = &'r Rule>, shared: &mut Shared) -> Option<Table> {
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut keys: Vec<u64> = Vec::new();
    let mut own = Vec::new();
    for (number, rule) in rules.enumerate() {
        let number = u32::try_from(number).ok().filter(|number| *number < ONLY)?;
        own.clear();
        keys::of_rule(rule, &mut own);
        pairs.extend(own.iter().map(|key| (mark(*key), number)));
        keys.append(&mut own);
    }
    // Keys of one mark share a slot: their rules are only looked at more often.
    pairs.sort_unstable();
    pairs.dedup();
    let lists = || pairs.chunk_by(|(a, _), (b, _)| a == b);
    let count = lists().count();
    let mut slots = vec![[0_u32; 2]; (count + count / 3).max(8)];
    for list in lists() {
        let (mark, first) = *list.first()?;
        let rules = if list.len() == 1 {
            first | ONLY
        } else {
            shared.add_once(&postings(list.iter().map(|(_, number)| *number)))?.checked_add(1)?
        };
        let mut at = place(mark, slots.len());
        while slots.get(at)?[1] != 0 {
            at = (at + 1) % slots.len();
        }
        *slots.get_mut(at)? = [mark, rules];
    }
    Some(Table { filter: filter(&mut keys), slots })
}

/// Rule numbers in rising order, each as what it is more than the one before.
fn postings(numbers: impl Iterator<Item = u32>) -> Vec<u8> {
    let mut out = Bytes::default();
    let mut before = 0;
    for number in numbers {
        out.number(number - before);
        before = number;
    }
    out.out
}

fn filter(keys: &mut Vec<u64>) -> Vec<u64> {
    keys.sort_unstable();
    keys.dedup();
    let mut filter = vec![0_u64; keys.len() * FILTER_BITS_PER_KEY / 64 + 1];
    let words = filter.len();
    for key in keys {
        let (at, bits) = bits(*key, words);
        if let Some(word) = filter.get_mut(at) {
            *word |= bits;
        }
    }
    filter
}

/// Which bits of which word of the filter a key sets.
fn bits(key: u64, words: usize) -> (usize, u64) {
    let low = key & 0xffff_ffff;
    let bits = (0..4).fold(0, |bits, part| bits | 1 << (low >> (part * 6) & 63));
    (place(u32::try_from(key >> 32).unwrap_or(0), words), bits)
}

/// What of a key stands in its slot.
fn mark(key: u64) -> u32 {
    u32::try_from(key & 0xffff_ffff).unwrap_or(0)
}

/// The place of a 32-bit value among `count`, evenly.
fn place(value: u32, count: usize) -> usize {
    let count = u64::try_from(count).unwrap_or(0);
    usize::try_from((u64::from(value) * count) >> 32).unwrap_or(0)
}

/// Calls `visit` for every rule of a key, and perhaps for others. Nothing is visited where the index cannot be
/// read; the set then counts as damaged.
pub(crate) fn find(set: &PolicySet<'_>, key: u64, visit: &mut dyn FnMut(u32)) {
    if let Some(rules) = find_rules(set, key) {
        if rules & ONLY != 0 {
            visit(rules ^ ONLY);
            return;
        }
        let Some(mut bytes) = set.shared(rules - 1) else { return };
        let mut rule = 0;
        while !bytes.is_empty() {
            let Some(next) = number(&mut bytes).and_then(|more| u32::checked_add(rule, more)) else {
                return set.damage();
            };
            rule = next;
            visit(rule);
        }
    }
}

/// The second word of the key's slot.
fn find_rules(set: &PolicySet<'_>, key: u64) -> Option<u32> {
    let header = set.header();
    let (at, bits) = bits(key, usize::try_from(header.filter).ok()?);
    let [low, high] = set.entry(header.filter_at, u32::try_from(at).ok()?)?;
    if (u64::from(high) << 32 | u64::from(low)) & bits != bits {
        return None;
    }
    let mark = mark(key);
    let mut at = u32::try_from(place(mark, usize::try_from(header.slots).ok()?)).ok()?;
    for _ in 0..header.slots {
        let [found, rules] = set.entry(header.slots_at, at)?;
        if rules == 0 {
            return None;
        }
        if found == mark {
            return Some(rules);
        }
        at = (at + 1) % header.slots;
    }
    None
}
