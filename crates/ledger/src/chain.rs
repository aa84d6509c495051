//! The line format of a segment, and how lines hang together.
//!
//! A segment starts with a header line; every later line names the hash before it. A header names the head
//! of the segment it follows, so segments chain too. Side segments (written when the lock of the main one
//! was busy) are bound in by link lines of the main segment.

use serde_json::{Map, Value, json};

use crate::hash::to_hex;
use crate::{Hash, Removal, canonical};

/// Version of the line format.
pub(crate) const VERSION: u64 = 1;

/// Which kind of segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// The main line of records.
    Main,
    /// Written beside it by one process, while the main one was locked.
    Side,
}

impl SegmentKind {
    /// The word in the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Side => "side",
        }
    }
}

/// A place in another segment: everything up to there is vouched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Name of the segment.
    pub segment: String,
    /// Number of its last line that is covered; the header is line 0.
    pub seq: u64,
    /// Hash of that line.
    pub hash: Hash,
}

impl Link {
    pub(crate) fn to_json(&self) -> Value {
        json!({"segment": self.segment, "seq": self.seq, "hash": self.hash.to_string()})
    }

    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            segment: value.get("segment")?.as_str()?.to_owned(),
            seq: value.get("seq")?.as_u64()?,
            hash: Hash::parse(value.get("hash")?.as_str()?)?,
        })
    }
}

/// First line of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Name of the segment, the same as its file's.
    pub segment: String,
    /// Which kind.
    pub kind: SegmentKind,
    /// When it was opened, milliseconds since 1970.
    pub opened_unix_ms: u64,
    /// Which segment it follows, up to where. `None` for the first one.
    pub follows: Option<Link>,
}

impl Header {
    /// The line, newline included, and the head of the new segment.
    pub fn line(&self) -> (Vec<u8>, Head) {
        let (line, hash) = header_line(self);
        (line, Head { segment: self.segment.clone(), seq: 0, hash })
    }
}

/// The newest line of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Name of the segment.
    pub segment: String,
    /// Number of the line; the header is 0.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// The line of a record, newline included, and the head behind it.
    pub fn append(&self, payload: &Value, salt: [u8; 16]) -> (Vec<u8>, Head) {
        let leaf = leaf(payload, &salt);
        let next = self.next(leaf);
        (newline(&record_line(self, &next, payload, salt)), next)
    }

    /// The head behind a record of which only the leaf is known.
    pub fn sealed(&self, leaf: Hash) -> Head {
        self.next(leaf)
    }

    /// The line of a record that was sealed before this, with its content as it is now: whoever checks the line finds out whether
    /// that is what was sealed. `behind` is the head that its leaf leads to.
    pub fn sealed_line(&self, behind: &Head, content: &Value, salt: [u8; 16]) -> Vec<u8> {
        newline(&record_line(self, behind, content, salt))
    }

    /// The line of a record that was sealed before this and is not there any more.
    pub fn erased_line(&self, leaf: Hash) -> Vec<u8> {
        let next = self.next(leaf);
        newline(&json!({
            "kind": "erased", "seq": next.seq, "prev": self.hash.to_string(), "hash": next.hash.to_string(),
            "leaf": leaf.to_string(),
        }))
    }

    /// The line that binds another segment in, newline included, and the head behind it.
    pub fn link(&self, link: &Link) -> (Vec<u8>, Head) {
        let next = self.next(link_leaf(link));
        let line = json!({
            "kind": "link", "seq": next.seq, "prev": self.hash.to_string(), "hash": next.hash.to_string(),
            "link": link.to_json(),
        });
        (newline(&line), next)
    }

    /// The line that tells what retention removed, newline included, and the head behind it.
    pub fn removal(&self, removal: &Removal) -> (Vec<u8>, Head) {
        let next = self.next(removal.leaf());
        let line = json!({
            "kind": "removal", "seq": next.seq, "prev": self.hash.to_string(), "hash": next.hash.to_string(),
            "removal": removal.to_json(),
        });
        (newline(&line), next)
    }

    /// This place, to be named by another segment.
    pub fn as_link(&self) -> Link {
        Link { segment: self.segment.clone(), seq: self.seq, hash: self.hash }
    }

    pub(crate) fn next(&self, leaf: Hash) -> Self {
        let seq = self.seq.saturating_add(1);
        let hash = Hash::of("placet.line.1", &[&self.hash.0, &seq.to_be_bytes(), &leaf.0]);
        Self { segment: self.segment.clone(), seq, hash }
    }
}

/// A record's line without its payload and salt; the chain stays checkable. `None` when `line` is not the
/// line of a record.
pub fn erase(line: &[u8]) -> Option<Vec<u8>> {
    let Value::Object(mut map) = canonical::read(line).ok()? else { return None };
    let mut salt = [0; 16];
    if map.get("kind")? != "record" || !crate::hash::from_hex(map.get("salt")?.as_str()?, &mut salt) {
        return None;
    }
    let leaf = leaf(map.get("payload")?, &salt);
    map.remove("payload");
    map.remove("salt");
    map.insert("kind".to_owned(), "erased".into());
    map.insert("leaf".to_owned(), leaf.to_string().into());
    Some(newline(&Value::Object(map)))
}

fn record_line(before: &Head, next: &Head, payload: &Value, salt: [u8; 16]) -> Value {
    json!({
        "kind": "record", "seq": next.seq, "prev": before.hash.to_string(), "hash": next.hash.to_string(),
        "salt": to_hex(&salt), "payload": payload,
    })
}

/// What a record adds to the chain: the hash of its salted content.
pub fn leaf(payload: &Value, salt: &[u8]) -> Hash {
    Hash::of("placet.leaf.1", &[salt, &canonical::to_bytes(payload)])
}

pub(crate) fn link_leaf(link: &Link) -> Hash {
    Hash::of("placet.link.1", &[&canonical::to_bytes(&link.to_json())])
}

pub(crate) fn header_line(header: &Header) -> (Vec<u8>, Hash) {
    let mut map = Map::new();
    map.insert("kind".to_owned(), "segment".into());
    map.insert("format".to_owned(), VERSION.into());
    map.insert("segment".to_owned(), header.segment.as_str().into());
    map.insert("line".to_owned(), header.kind.name().into());
    map.insert("opened_unix_ms".to_owned(), header.opened_unix_ms.into());
    map.insert("follows".to_owned(), header.follows.as_ref().map_or(Value::Null, Link::to_json));
    let hash = Hash::of("placet.segment.1", &[&canonical::to_bytes(&Value::Object(map.clone()))]);
    map.insert("hash".to_owned(), hash.to_string().into());
    (newline(&Value::Object(map)), hash)
}

fn newline(value: &Value) -> Vec<u8> {
    let mut bytes = canonical::to_bytes(value);
    bytes.push(b'\n');
    bytes
}
