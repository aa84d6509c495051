//! What retention removed from a ledger: a line of the segments that stay names what is gone, up to which hash.
//!
//! With it the first segment that is left still hangs together with what was before: it follows a hash that
//! the line names. Unlike a record such a line has nothing that could be erased.

use serde_json::{Value, json};

use crate::{Hash, Link, canonical};

/// Whole segments that were removed at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Which ones: main segments in their order, and the side segments bound in by them.
    pub segments: Vec<Removed>,
    /// Why, one sentence.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub unix_ms: u64,
}

/// One segment that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Hash of its header.
    pub first: Hash,
    /// Its last line.
    pub last: Link,
    /// Records in it.
    pub records: u64,
}

impl Removal {
    /// Records that went.
    pub fn records(&self) -> u64 {
        self.segments.iter().map(|segment| segment.records).sum()
    }

    /// Whether the line was in what was removed. Of lines before the last only the number is known.
    pub(crate) fn covers(&self, link: &Link) -> bool {
        self.segments.iter().any(|segment| {
            segment.last.segment == link.segment && (segment.last == *link || link.seq < segment.last.seq)
        })
    }

    /// Whether a segment that follows `link` follows what was removed.
    pub(crate) fn ends_at(&self, link: &Link) -> bool {
        self.segments.iter().any(|segment| segment.last == *link)
    }

    pub(crate) fn leaf(&self) -> Hash {
        Hash::of("placet.removal.1", &[&canonical::to_bytes(&self.to_json())])
    }

    pub(crate) fn to_json(&self) -> Value {
        let segments: Vec<Value> = self.segments.iter().map(Removed::to_json).collect();
        json!({"segments": segments, "reason": self.reason, "unix_ms": self.unix_ms})
    }

    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        (value.as_object()?.len() == 3).then_some(())?;
        let segments = value.get("segments")?.as_array()?.iter().map(Removed::from_json);
        Some(Self {
            segments: segments.collect::<Option<_>>()?,
            reason: value.get("reason")?.as_str()?.to_owned(),
            unix_ms: value.get("unix_ms")?.as_u64()?,
        })
    }
}

impl Removed {
    fn to_json(&self) -> Value {
        json!({"first": self.first.to_string(), "last": self.last.to_json(), "records": self.records})
    }

    fn from_json(value: &Value) -> Option<Self> {
        (value.as_object()?.len() == 3).then_some(())?;
        let last = value.get("last")?;
        (last.as_object()?.len() == 3).then_some(())?;
        Some(Self {
            first: Hash::parse(value.get("first")?.as_str()?)?,
            last: Link::from_json(last)?,
            records: value.get("records")?.as_u64()?,
        })
    }
}
