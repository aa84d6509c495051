//! Reads numbers, strings and lists one after the other.

use super::PolicySet;

/// The little-endian word at a byte.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*four))
}

/// Takes a number of seven bits a byte, the lowest first.
pub(crate) fn number(bytes: &mut &[u8]) -> Option<u32> {
    let (first, mut rest) = bytes.split_first()?;
    let mut value = u32::from(*first & 0x7f);
    let mut last = *first;
    for shift in [7, 14, 21, 28] {
        if last < 0x80 {
            break;
        }
        let (byte, after) = rest.split_first()?;
        value |= u32::from(*byte & 0x7f) << shift;
        (last, rest) = (*byte, after);
    }
    *bytes = rest;
    (last < 0x80).then_some(value)
}

/// A place in checked bytes of the file. What cannot be read damages the set.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) set: &'a PolicySet<'a>,
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(set: &'a PolicySet<'a>, rest: &'a [u8]) -> Self {
        Self { set, rest }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn next(&mut self) -> Option<u32> {
        let found = number(&mut self.rest);
        self.whole(found)
    }

    /// The next bytes.
    fn take(&mut self, len: u32) -> Option<&'a [u8]> {
        let found = usize::try_from(len).ok().and_then(|len| self.rest.split_at_checked(len));
        let (taken, rest) = self.whole(found)?;
        self.rest = rest;
        Some(taken)
    }

    /// What belongs together: its length, then that many bytes.
    pub(crate) fn section(&mut self) -> Option<Self> {
        let len = self.next()?;
        self.take(len).map(|bytes| Self::new(self.set, bytes))
    }

    /// A string: its length and an even mark, then its bytes; or where it stands among the shared ones and an
    /// odd mark.
    pub(crate) fn string(&mut self) -> Option<&'a str> {
        let head = self.next()?;
        self.headed(head)
    }

    /// An optional string; the outer `None` means damage.
    #[expect(clippy::option_option, reason = "outside: damage; inside: no string")]
    pub(crate) fn optional(&mut self) -> Option<Option<&'a str>> {
        match self.next()? {
            0 => Some(None),
            head => self.headed(head - 1).map(Some),
        }
    }

    /// The bytes of a string. What is only compared with a text need not be known to be UTF-8.
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let head = self.next()?;
        self.headed_bytes(head)
    }

    fn headed(&mut self, head: u32) -> Option<&'a str> {
        let bytes = self.headed_bytes(head)?;
        self.whole(std::str::from_utf8(bytes).ok())
    }

    fn headed_bytes(&mut self, head: u32) -> Option<&'a [u8]> {
        if head & 1 == 1 {
            return self.whole(self.set.shared(head >> 1));
        }
        self.take(head >> 1)
    }

    /// A list of strings.
    pub(crate) fn strings(&mut self) -> Option<Strings<'a>> {
        self.section().map(Strings)
    }

    fn whole<T>(&self, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.set.damage();
        }
        found
    }
}

/// A list of strings in the file. Yields `None` inside for a string that cannot be read.
#[derive(Clone, Copy)]
pub(crate) struct Strings<'a>(Cursor<'a>);

impl<'a> Strings<'a> {
    pub(crate) fn new(set: &'a PolicySet<'a>, bytes: &'a [u8]) -> Self {
        Self(Cursor::new(set, bytes))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> Iterator for Strings<'a> {
    type Item = Option<&'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let text = self.0.string();
        if text.is_none() {
            self.0.rest = &[];
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (bytes, want, left) in [
            (&[5_u8][..], Some(5), 0),
            (&[0x80, 1, 9], Some(128), 1),
            (&[0xff, 0xff, 0xff, 0xff, 0x0f], Some(u32::MAX), 0),
            (&[0x80], None, 1),
            (&[0x80, 0x80, 0x80, 0x80, 0x80], None, 0),
            (&[], None, 0),
        ] {
            let mut rest = bytes;
            assert_eq!((number(&mut rest), rest.len()), (want, left), "{bytes:?}");
        }
    }
}
