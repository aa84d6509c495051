//! Reading the compiled file in place. Opening looks at the header alone, so it costs the same for ten rules
//! and for ten thousand; every block is checked when it is first read, and every read is bounds-checked. What
//! cannot be read is `None`, and the set counts as damaged from then on.
//!
//! Layout: a header of [`HEADER_BYTES`], the checksums of [`blocks`], then the data: policies, filter and slots
//! of the index, shared texts and lists, where each rule begins, rules. The tables are little-endian words;
//! rules are numbers of seven bits a byte, strings in place and sections with their length before them.
//! Positions are bytes from the start of the data, those of shared texts from the start of these.

mod blocks;
mod checksum;
mod cursor;
mod records;

use std::fmt;

use blocks::Blocks;
pub(crate) use blocks::tables;
pub use checksum::checksum;
pub(crate) use cursor::{Cursor, Strings, number};
pub(crate) use records::{LAYERS, POLICY_BYTES, PolicyRecord, RuleRecord, VERDICTS, bits};

/// First eight bytes of a compiled file.
pub(crate) const MAGIC: [u8; 8] = *b"placetPY";
/// Version of the layout; a file of another version is compiled anew.
pub(crate) const VERSION: u32 = 4;
/// Bytes of the header: magic (8), version (4), length (4), checksum (8) of all that follows up to the checksums
/// of the blocks, then the fields of [`Header`].
pub(crate) const HEADER_BYTES: usize = 64;
/// Where the checked part of the header begins.
pub(crate) const CHECKED_FROM: usize = 24;

/// Compiled policies, read in place.
pub struct PolicySet<'a> {
    blocks: Blocks<'a>,
    header: Header,
}

/// Where the tables are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Header {
    pub(crate) policies_at: u32,
    pub(crate) policies: u32,
    pub(crate) filter_at: u32,
    /// Number of words of 8 bytes.
    pub(crate) filter: u32,
    pub(crate) slots_at: u32,
    pub(crate) slots: u32,
    pub(crate) shared_at: u32,
    pub(crate) rules_at: u32,
    pub(crate) rules: u32,
    pub(crate) data_bytes: u32,
}

impl Header {
    /// The fields in the order of the file.
    pub(crate) fn fields(&mut self) -> [&mut u32; 10] {
        [
            &mut self.policies_at,
            &mut self.policies,
            &mut self.filter_at,
            &mut self.filter,
            &mut self.slots_at,
            &mut self.slots,
            &mut self.shared_at,
            &mut self.rules_at,
            &mut self.rules,
            &mut self.data_bytes,
        ]
    }
}

/// Why bytes are no compiled policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Not our file, or of another version.
    Format,
    /// Shorter or longer than its header says.
    Length,
    /// Its header changed after it was written.
    Damaged,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "compiled policies are of another format",
            Self::Length => "compiled policies are cut off",
            Self::Damaged => "compiled policies are damaged",
        })
    }
}

impl std::error::Error for OpenError {}

impl fmt::Debug for PolicySet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolicySet")
            .field("policies", &self.header.policies)
            .field("rules", &self.header.rules)
            .finish_non_exhaustive()
    }
}

/// Writes the checksums anew, for tests of what lies behind them.
#[doc(hidden)]
pub fn forge_checksums(bytes: &mut [u8]) {
    let Some(data_bytes) = cursor::word(bytes, HEADER_BYTES - 4) else { return };
    let Ok(data_bytes) = usize::try_from(data_bytes) else { return };
    let sizes = blocks::Sizes::of(data_bytes);
    let Some((head, data)) = bytes.split_at_mut_checked(HEADER_BYTES + sizes.tops + sizes.sums) else {
        return;
    };
    let made = tables(data);
    if let Some(slot) = head.get_mut(HEADER_BYTES..).filter(|slot| slot.len() == made.len()) {
        slot.copy_from_slice(&made);
    }
    seal(head, data_bytes);
}

/// Writes the checksum of the header into a file's beginning.
pub(crate) fn seal(head: &mut [u8], data_bytes: usize) -> Option<()> {
    let sum = checksum(0, head.get(CHECKED_FROM..HEADER_BYTES + blocks::Sizes::of(data_bytes).tops)?);
    head.get_mut(16..CHECKED_FROM)?.copy_from_slice(&sum.to_le_bytes());
    Some(())
}

impl<'a> PolicySet<'a> {
    /// Opens compiled policies: checks the header and the length, reads nothing else. Whether the rest is what
    /// was written is checked as it is read; see [`PolicySet::is_damaged`].
    ///
    /// # Errors
    /// When the bytes do not begin as what [`crate::compile`] wrote, or are cut off.
    pub fn open(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let word = |at: usize| cursor::word(bytes, at).ok_or(OpenError::Length);
        if bytes.get(..8) != Some(MAGIC.as_slice()) || word(8)? != VERSION {
            return Err(OpenError::Format);
        }
        if usize::try_from(word(12)?).ok() != Some(bytes.len()) {
            return Err(OpenError::Length);
        }
        let data_bytes = usize::try_from(word(HEADER_BYTES - 4)?).map_err(|_| OpenError::Length)?;
        let checked_to = HEADER_BYTES + blocks::Sizes::of(data_bytes).tops;
        let sum = u64::from(word(16)?) | u64::from(word(20)?) << 32;
        let head = bytes.get(CHECKED_FROM..checked_to).ok_or(OpenError::Damaged)?;
        if checksum(0, head) != sum {
            return Err(OpenError::Damaged);
        }
        let mut header = Header::default();
        for (index, field) in header.fields().into_iter().enumerate() {
            *field = word(CHECKED_FROM + index * 4)?;
        }
        let rest = bytes.get(HEADER_BYTES..).ok_or(OpenError::Length)?;
        let blocks = Blocks::cut(rest, data_bytes).ok_or(OpenError::Length)?;
        fits(&header).then_some(Self { blocks, header }).ok_or(OpenError::Length)
    }

    /// Whether something was read that is not what was written. It stays so, and from then on every decision is
    /// a denial. Nothing is known of what was not read.
    pub fn is_damaged(&self) -> bool {
        self.blocks.is_damaged()
    }

    /// Bytes that were read and checked so far, in whole blocks; for tests of what a decision costs.
    #[doc(hidden)]
    pub fn bytes_read(&self) -> usize {
        self.blocks.bytes_read()
    }

    /// Number of policies.
    pub fn policy_count(&self) -> usize {
        usize::try_from(self.header.policies).unwrap_or(0)
    }

    /// Number of rules.
    pub fn rule_count(&self) -> usize {
        usize::try_from(self.header.rules).unwrap_or(0)
    }

    pub(crate) fn header(&self) -> Header {
        self.header
    }

    /// Says that something could not be read.
    pub(crate) fn damage(&self) {
        self.blocks.damage();
    }

    /// The words of an entry of a table whose entries have `N` words.
    pub(crate) fn entry<const N: usize>(&self, table_at: u32, index: u32) -> Option<[u32; N]> {
        let at =
            usize::try_from(index).ok()?.checked_mul(N * 4)?.checked_add(usize::try_from(table_at).ok()?)?;
        let (words, _) = self.blocks.range(at, N * 4)?.as_chunks::<4>();
        words.first_chunk::<N>().map(|words| words.map(u32::from_le_bytes))
    }

    /// Bytes of the data from `from` to `to`.
    pub(crate) fn between(&self, from: u32, to: u32) -> Option<&[u8]> {
        let range =
            usize::try_from(from).ok().zip(to.checked_sub(from).and_then(|len| usize::try_from(len).ok()));
        match range {
            Some((at, len)) => self.blocks.range(at, len),
            None => {
                self.damage();
                None
            }
        }
    }

    /// What is shared and stands at that place: its length, then its bytes.
    pub(crate) fn shared(&self, at: u32) -> Option<&[u8]> {
        let found = self.find_shared(at);
        if found.is_none() {
            self.damage();
        }
        found
    }

    fn find_shared(&self, at: u32) -> Option<&[u8]> {
        let at = usize::try_from(self.header.shared_at.checked_add(at)?).ok()?;
        let mut head = self.blocks.range(at, self.blocks.len().checked_sub(at)?.min(5))?;
        let before = head.len();
        let len = usize::try_from(number(&mut head)?).ok()?;
        self.blocks.range(at + (before - head.len()), len)
    }

    pub(crate) fn shared_text(&self, at: u32) -> Option<&str> {
        let text = self.shared(at).and_then(|bytes| std::str::from_utf8(bytes).ok());
        if text.is_none() {
            self.damage();
        }
        text
    }
}

/// Counts beyond the file would cost time, not safety: every read is checked anyway.
fn fits(header: &Header) -> bool {
    let fits = |at: u32, count: u32, each: u32| {
        count
            .checked_mul(each)
            .and_then(|len| at.checked_add(len))
            .is_some_and(|end| end <= header.data_bytes)
    };
    fits(header.policies_at, header.policies, POLICY_BYTES)
        && fits(header.filter_at, header.filter, 8)
        && fits(header.slots_at, header.slots, 8)
        && header.rules.checked_add(1).is_some_and(|rules| fits(header.rules_at, rules, 4))
}
