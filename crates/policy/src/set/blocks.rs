//! The data of a compiled file, checked block by block when a block is first read.
//!
//! `INVARIANT:` no byte of the data leaves this module before the checksum of its block was found right; where
//! one is wrong, the set is damaged from then on, and every decision is a denial (guarded by
//! `tests/it/damage.rs`).

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::checksum::checksum;

/// Bytes of a block: small enough that a decision checks little beside what it reads.
pub(crate) const BLOCK_BYTES: usize = 1024;
/// Bytes of a checksum.
pub(crate) const SUM_BYTES: usize = 8;
/// Checksums that stand in one block of the table of checksums.
const SUMS_PER_BLOCK: usize = BLOCK_BYTES / SUM_BYTES;

/// Data with the checksums of its blocks, and what was found so far.
pub(crate) struct Blocks<'a> {
    data: &'a [u8],
    /// A checksum a block of the data.
    sums: &'a [u8],
    /// A checksum a block of `sums`; these are checked when the file is opened.
    tops: &'a [u8],
    sound: Vec<AtomicU64>,
    sound_sums: Vec<AtomicU64>,
    damaged: AtomicBool,
}

impl<'a> Blocks<'a> {
    /// Cuts what follows the header: `tops`, `sums`, data of `data_bytes`. `None` when the sizes do not fit.
    pub(crate) fn cut(bytes: &'a [u8], data_bytes: usize) -> Option<Self> {
        let sizes = Sizes::of(data_bytes);
        let (tops, rest) = bytes.split_at_checked(sizes.tops)?;
        let (sums, data) = rest.split_at_checked(sizes.sums)?;
        let bits = |bytes: usize| -> Vec<AtomicU64> {
            (0..bytes.div_ceil(BLOCK_BYTES).div_ceil(64)).map(|_| AtomicU64::new(0)).collect()
        };
        (data.len() == data_bytes).then(|| Self {
            data,
            sums,
            tops,
            sound: bits(data_bytes),
            sound_sums: bits(sizes.sums),
            damaged: AtomicBool::new(false),
        })
    }

    /// Bytes of the data. `None`: they are not all there or not what was written, and the set is damaged.
    pub(crate) fn range(&self, at: usize, len: usize) -> Option<&'a [u8]> {
        let found = self.read(at, len);
        if found.is_none() {
            self.damage();
        }
        found
    }

    /// Bytes of the data.
    pub(crate) fn len(&self) -> usize {
        self.data.len()
    }

    /// Says that something could not be read; from now on every decision is a denial.
    pub(crate) fn damage(&self) {
        self.damaged.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Bytes of the blocks that were read so far, those of the checksums among them.
    pub(crate) fn bytes_read(&self) -> usize {
        let bits = self.sound.iter().chain(&self.sound_sums).map(|word| word.load(Ordering::Relaxed));
        bits.map(|word| usize::try_from(word.count_ones()).unwrap_or(0)).sum::<usize>() * BLOCK_BYTES
    }

    fn read(&self, at: usize, len: usize) -> Option<&'a [u8]> {
        let end = at.checked_add(len)?;
        let bytes = self.data.get(at..end)?;
        let blocks = at / BLOCK_BYTES..end.div_ceil(BLOCK_BYTES);
        blocks.into_iter().all(|block| self.is_sound(block)).then_some(bytes)
    }

    fn is_sound(&self, block: usize) -> bool {
        seen(&self.sound, block, || {
            let group = block / SUMS_PER_BLOCK;
            let checked = seen(&self.sound_sums, group, || matches(self.sums, group, self.tops));
            checked && matches(self.data, block, self.sums)
        })
    }
}

/// Whether the bit is set, or `look` holds, which sets it.
fn seen(bits: &[AtomicU64], index: usize, look: impl FnOnce() -> bool) -> bool {
    let Some(word) = bits.get(index / 64) else { return false };
    let bit = 1 << (index % 64);
    if word.load(Ordering::Relaxed) & bit != 0 {
        return true;
    }
    let found = look();
    if found {
        word.fetch_or(bit, Ordering::Relaxed);
    }
    found
}

/// Whether a block has the checksum that is written for it.
fn matches(bytes: &[u8], index: usize, sums: &[u8]) -> bool {
    let Some(block) = block(bytes, index) else { return false };
    let wanted = sums.as_chunks::<SUM_BYTES>().0.get(index);
    wanted.is_some_and(|wanted| u64::from_le_bytes(*wanted) == sum(index, block))
}

fn block(bytes: &[u8], index: usize) -> Option<&[u8]> {
    let start = index.checked_mul(BLOCK_BYTES)?;
    let end = start.checked_add(BLOCK_BYTES)?.min(bytes.len());
    bytes.get(start..end)
}

fn sum(index: usize, block: &[u8]) -> u64 {
    checksum(u64::try_from(index).unwrap_or(u64::MAX), block)
}

/// The checksums of the blocks of `bytes`, one after the other.
fn sums_of(bytes: &[u8]) -> Vec<u8> {
    let blocks = bytes.chunks(BLOCK_BYTES).enumerate();
    blocks.flat_map(|(index, block)| sum(index, block).to_le_bytes()).collect()
}

/// What stands before `data` in the file: the checksums of its blocks behind the checksums of those.
pub(crate) fn tables(data: &[u8]) -> Vec<u8> {
    let sums = sums_of(data);
    let mut tables = sums_of(&sums);
    tables.extend_from_slice(&sums);
    tables
}

/// Bytes of the tables for some bytes of data.
pub(crate) struct Sizes {
    pub(crate) tops: usize,
    pub(crate) sums: usize,
}

impl Sizes {
    pub(crate) fn of(data_bytes: usize) -> Self {
        let sums = data_bytes.div_ceil(BLOCK_BYTES) * SUM_BYTES;
        Self { tops: sums.div_ceil(BLOCK_BYTES) * SUM_BYTES, sums }
    }
}
