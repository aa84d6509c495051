//! Numbers, strings and sections as bytes; `set::Cursor` reads them.

use super::shared::Shared;

/// Longest thing that can be written: a length and its mark must fit a number.
const LEN_MAX: u32 = 1 << 30;

/// Bytes that grow. Every method gives `None` when a size does not fit.
#[derive(Default)]
pub(crate) struct Bytes {
    pub(crate) out: Vec<u8>,
}

impl Bytes {
    pub(crate) fn number(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.out.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
            value >>= 7;
        }
        self.out.push(u8::try_from(value).unwrap_or(0));
    }

    /// A 64-bit value as two numbers, the lower first.
    pub(crate) fn wide(&mut self, value: u64) {
        self.number(u32::try_from(value & 0xffff_ffff).unwrap_or(0));
        self.number(u32::try_from(value >> 32).unwrap_or(0));
    }

    /// A string in place.
    pub(crate) fn string(&mut self, text: &str) -> Option<()> {
        self.headed(text, 0)
    }

    /// An optional string in place.
    pub(crate) fn optional(&mut self, text: Option<&str>) -> Option<()> {
        match text {
            Some(text) => self.headed(text, 1),
            None => {
                self.number(0);
                Some(())
            }
        }
    }

    fn headed(&mut self, text: &str, more: u32) -> Option<()> {
        let len = u32::try_from(text.len()).ok().filter(|len| *len < LEN_MAX)?;
        self.number((len << 1) + more);
        self.out.extend_from_slice(text.as_bytes());
        Some(())
    }

    /// A string that stands among the shared ones.
    pub(crate) fn common(&mut self, text: &str, shared: &mut Shared) -> Option<()> {
        self.number((shared.add(text.as_bytes())? << 1) | 1);
        Some(())
    }

    /// An optional string that stands among the shared ones.
    pub(crate) fn optional_common(&mut self, text: Option<&str>, shared: &mut Shared) -> Option<()> {
        match text {
            Some(text) => self.number(((shared.add(text.as_bytes())? << 1) | 1) + 1),
            None => self.number(0),
        }
        Some(())
    }

    /// What `write` writes, its length before it.
    pub(crate) fn section(&mut self, write: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        let from = self.out.len();
        // Most sections are short: one byte is kept free for the length.
        self.out.push(0);
        write(self)?;
        let len = u32::try_from(self.out.len().checked_sub(from + 1)?).ok().filter(|len| *len < LEN_MAX)?;
        let mut head = Self::default();
        head.number(len);
        if let [byte] = head.out.as_slice() {
            *self.out.get_mut(from)? = *byte;
        } else {
            self.out.splice(from..=from, head.out);
        }
        Some(())
    }

    /// A list of strings.
    pub(crate) fn list(&mut self, texts: &[String]) -> Option<()> {
        self.section(|out| texts.iter().try_for_each(|text| out.string(text)))
    }
}
