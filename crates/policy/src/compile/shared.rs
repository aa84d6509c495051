//! Texts and lists that several rules use, each stored once.

use std::collections::HashMap;

use super::bytes::Bytes;

/// Positions must fit a number beside two marks.
const AT_MAX: usize = 1 << 30;

/// Gathers what is shared and tells where it stands.
#[derive(Default)]
pub(crate) struct Shared {
    places: HashMap<Vec<u8>, u32>,
    bytes: Bytes,
}

impl Shared {
    /// Place of `what`, which is stored now unless it is stored already. `None` when there is too much.
    pub(crate) fn add(&mut self, what: &[u8]) -> Option<u32> {
        if let Some(at) = self.places.get(what) {
            return Some(*at);
        }
        let at = self.add_once(what)?;
        self.places.insert(what.to_vec(), at);
        Some(at)
    }

    /// The same for what nobody else will store.
    pub(crate) fn add_once(&mut self, what: &[u8]) -> Option<u32> {
        let at = u32::try_from(Some(self.bytes.out.len()).filter(|at| *at < AT_MAX)?).ok()?;
        self.bytes.number(u32::try_from(what.len()).ok()?);
        self.bytes.out.extend_from_slice(what);
        Some(at)
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes.out
    }
}
