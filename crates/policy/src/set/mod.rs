//! Reading the compiled file in place. Every read is bounds-checked; what cannot be read is `None`, and the
//! callers then take the stricter reading.
//!
//! Layout, all numbers little-endian `u32`: a header of [`HEADER_WORDS`] words, `words` (records and lists),
//! string offsets, string bytes. Positions are word indexes into `words`.

mod checksum;
mod cursor;
mod records;

use std::fmt;

pub(crate) use checksum::checksum;
pub(crate) use cursor::{Cursor, Strings};
pub(crate) use records::{LAYERS, PolicyRecord, RuleRecord, VERDICTS, bits};

/// First eight bytes of a compiled file.
pub(crate) const MAGIC: [u8; 8] = *b"placetPY";
/// Version of the layout; a file of another version is compiled anew.
pub(crate) const VERSION: u32 = 3;
/// Words before `words`: magic (2), version, length, checksum (2), then the fields of [`Header`], then spare.
pub(crate) const HEADER_WORDS: usize = 16;

/// Compiled policies, read in place.
#[derive(Clone, Copy)]
pub struct PolicySet<'a> {
    words: &'a [u8],
    offsets: &'a [u8],
    text: &'a str,
    header: Header,
}

/// Where the tables are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Header {
    pub(crate) policies_at: u32,
    pub(crate) policies: u32,
    pub(crate) rules_at: u32,
    pub(crate) rules: u32,
    pub(crate) slots_at: u32,
    /// Number of slots, a power of two.
    pub(crate) slots: u32,
    pub(crate) words: u32,
    pub(crate) strings: u32,
    pub(crate) text_bytes: u32,
}

/// Why bytes are no compiled policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Not our file, or of another version.
    Format,
    /// Shorter or longer than its header says.
    Length,
    /// Its bytes changed after they were written.
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
            .finish()
    }
}

/// Writes the checksum anew, for tests of what lies behind it.
#[doc(hidden)]
pub fn forge_checksum(bytes: &mut [u8]) {
    let Some((head, rest)) = bytes.split_at_mut_checked(24) else { return };
    if let Some(slot) = head.get_mut(16..24) {
        slot.copy_from_slice(&checksum(rest).to_le_bytes());
    }
}

impl<'a> PolicySet<'a> {
    /// Opens compiled policies: checks header, length and checksum, reads nothing else.
    ///
    /// # Errors
    /// When the bytes are not what [`crate::compile`] wrote.
    pub fn open(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let word = |index: usize| cursor::word(bytes, index).ok_or(OpenError::Length);
        if bytes.get(..8) != Some(MAGIC.as_slice()) || word(2)? != VERSION {
            return Err(OpenError::Format);
        }
        if usize::try_from(word(3)?).ok() != Some(bytes.len()) {
            return Err(OpenError::Length);
        }
        let sum = u64::from(word(4)?) | u64::from(word(5)?) << 32;
        let rest = bytes.get(24..).ok_or(OpenError::Length)?;
        if checksum(rest) != sum {
            return Err(OpenError::Damaged);
        }
        let header = Header {
            policies_at: word(6)?,
            policies: word(7)?,
            rules_at: word(8)?,
            rules: word(9)?,
            slots_at: word(10)?,
            slots: word(11)?,
            words: word(12)?,
            strings: word(13)?,
            text_bytes: word(14)?,
        };
        Self::cut(bytes, header).ok_or(OpenError::Length)
    }

    fn cut(bytes: &'a [u8], header: Header) -> Option<Self> {
        // Counts beyond the file would cost time, not safety: every read is checked anyway.
        let fits = |at: u32, count: u32, each: u32| {
            count.checked_mul(each).and_then(|len| at.checked_add(len)).filter(|end| *end <= header.words)
        };
        fits(header.policies_at, header.policies, records::POLICY_WORDS)?;
        fits(header.rules_at, header.rules, records::RULE_WORDS)?;
        fits(header.slots_at, header.slots, 4)?;
        let size = |count: u32| usize::try_from(count).ok()?.checked_mul(4);
        let rest = bytes.get(HEADER_WORDS * 4..)?;
        let (words, rest) = rest.split_at_checked(size(header.words)?)?;
        let (offsets, rest) = rest.split_at_checked(size(header.strings.checked_add(1)?)?)?;
        let text = rest.get(..usize::try_from(header.text_bytes).ok()?)?;
        Some(Self { words, offsets, text: std::str::from_utf8(text).ok()?, header })
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

    pub(crate) fn cursor(&self, at: u32) -> Option<Cursor<'a>> {
        Some(Cursor::new(*self, usize::try_from(at).ok()?))
    }

    pub(crate) fn word(&self, at: usize) -> Option<u32> {
        cursor::word(self.words, at)
    }

    /// A string by its id.
    pub(crate) fn string(&self, id: u32) -> Option<&'a str> {
        let id = usize::try_from(id).ok()?;
        let start = usize::try_from(cursor::word(self.offsets, id)?).ok()?;
        let end = usize::try_from(cursor::word(self.offsets, id + 1)?).ok()?;
        self.text.get(start..end)
    }

    /// An optional string: 0 is none, else the id plus one.
    pub(crate) fn optional_string(&self, id: u32) -> Option<&'a str> {
        self.string(id.checked_sub(1)?)
    }
}
