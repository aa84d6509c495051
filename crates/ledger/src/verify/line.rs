//! One line by itself: what somebody needs who is sent lines and not the file.

use serde_json::Value;

use super::{Content, FaultKind, Line, header_of};
use crate::chain::header_line;
use crate::{Hash, Head, Header, canonical};

/// A line whose hash is right for what it says, which includes the hash of the line before it.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundLine {
    /// Its number; the header is 0.
    pub seq: u64,
    /// Hash of the line before; `None` for a header.
    pub prev: Option<Hash>,
    /// Its own hash.
    pub hash: Hash,
    /// What it says, when it is a header.
    pub header: Option<Header>,
    /// What it holds, when it is a record.
    pub payload: Option<Value>,
}

/// Reads one line of a segment, without its newline.
///
/// # Errors
/// What is wrong with it. Whether it follows the line that is before it is for the caller to compare.
pub fn read_line(line: &[u8]) -> Result<SoundLine, FaultKind> {
    let mut value = canonical::read(line).map_err(|_| FaultKind::Unreadable)?;
    if canonical::to_bytes(&value) != line {
        return Err(FaultKind::Unreadable);
    }
    if let Some((header, hash)) = header_of(&value) {
        if header_line(&header).1 != hash {
            return Err(FaultKind::Altered);
        }
        return Ok(SoundLine { seq: 0, prev: None, hash, header: Some(header), payload: None });
    }
    let read = Line::of(&value).ok_or(FaultKind::Unreadable)?;
    let before = Head {
        segment: String::new(),
        seq: read.seq.checked_sub(1).ok_or(FaultKind::Unreadable)?,
        hash: read.prev,
    };
    let fields = read.content.fields();
    if before.next(read.content.leaf()).hash != read.hash
        || value.as_object().map(serde_json::Map::len) != Some(fields)
    {
        return Err(FaultKind::Altered);
    }
    let (seq, prev, hash) = (read.seq, Some(read.prev), read.hash);
    let is_record = matches!(read.content, Content::Record { .. });
    let payload = if is_record { value.get_mut("payload").map(Value::take) } else { None };
    Ok(SoundLine { seq, prev, hash, header: None, payload })
}
