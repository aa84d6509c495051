//! Reads words and lists one after the other.

use super::PolicySet;

/// The word at an index of a byte slice.
pub(crate) fn word(bytes: &[u8], index: usize) -> Option<u32> {
    let start = index.checked_mul(4)?;
    let four = bytes.get(start..start.checked_add(4)?)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*four))
}

/// A place among the words.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) set: PolicySet<'a>,
    pub(crate) at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(set: PolicySet<'a>, at: usize) -> Self {
        Self { set, at }
    }

    pub(crate) fn next(&mut self) -> Option<u32> {
        let word = self.set.word(self.at)?;
        self.at += 1;
        Some(word)
    }

    pub(crate) fn string(&mut self) -> Option<&'a str> {
        let id = self.next()?;
        self.set.string(id)
    }

    /// An optional string; the outer `None` means damage.
    pub(crate) fn optional(&mut self) -> Option<Option<&'a str>> {
        match self.next()? {
            0 => Some(None),
            id => self.set.string(id - 1).map(Some),
        }
    }

    /// A list of strings: count, then ids.
    pub(crate) fn strings(&mut self) -> Option<Strings<'a>> {
        let count = usize::try_from(self.next()?).ok()?;
        let list = Strings { set: self.set, at: self.at, left: count };
        self.at = self.at.checked_add(count)?;
        Some(list)
    }
}

/// A list of strings in the file. Yields `None` inside for a string that cannot be read.
#[derive(Clone, Copy)]
pub(crate) struct Strings<'a> {
    set: PolicySet<'a>,
    at: usize,
    left: usize,
}

impl Strings<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.left == 0
    }
}

impl<'a> Iterator for Strings<'a> {
    type Item = Option<&'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let id = self.set.word(self.at);
        self.at += 1;
        let Some(id) = id else {
            self.left = 0;
            return Some(None);
        };
        Some(self.set.string(id))
    }
}
