//! Strings, each stored once.

use std::collections::HashMap;

/// Gathers strings and gives them ids.
#[derive(Default)]
pub(crate) struct Pool {
    ids: HashMap<String, u32>,
    ends: Vec<u32>,
    text: String,
}

impl Pool {
    /// Id of `text`. `None` when there are too many.
    pub(crate) fn id(&mut self, text: &str) -> Option<u32> {
        if let Some(id) = self.ids.get(text) {
            return Some(*id);
        }
        let id = u32::try_from(self.ends.len()).ok().filter(|id| *id < u32::MAX - 1)?;
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).ok()?);
        self.ids.insert(text.to_owned(), id);
        Some(id)
    }

    /// Offsets (one more than strings) and the text.
    pub(crate) fn finish(self) -> (Vec<u32>, String) {
        let mut offsets = vec![0];
        offsets.extend(self.ends);
        (offsets, self.text)
    }
}
