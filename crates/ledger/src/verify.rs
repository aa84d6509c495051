//! Checking segments, one by one and together.

mod ledger;
mod line;

use serde_json::Value;

use crate::chain::{VERSION, header_line, leaf, link_leaf};
use crate::hash::from_hex;
use crate::{Hash, Head, Header, Link, Removal, SegmentKind, canonical};

pub use ledger::{LedgerReport, verify_ledger};
pub use line::{SoundLine, read_line};

/// What checking a segment found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The header, when it is sound.
    pub header: Option<Header>,
    /// The last sound line before the first fault.
    pub head: Option<Head>,
    /// Records up to there, erased ones included.
    pub records: u64,
    /// Erased ones among them.
    pub erased: u64,
    /// Other segments that were bound in up to there.
    pub links: Vec<Link>,
    /// What retention removed, as lines up to there tell.
    pub removals: Vec<Removal>,
    /// Bytes of the sound lines.
    pub sound_bytes: usize,
    /// The first fault.
    pub fault: Option<Fault>,
    /// Hash of every line up to there, so that links can be looked up.
    hashes: Vec<Hash>,
}

impl Report {
    /// Whether a sound part of the segment has that line with that hash.
    fn covers(&self, link: &Link) -> bool {
        usize::try_from(link.seq).is_ok_and(|seq| self.hashes.get(seq) == Some(&link.hash))
    }

    /// Hash of the header.
    pub fn first(&self) -> Option<Hash> {
        self.hashes.first().copied()
    }
}

/// The first thing that is wrong with a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The last line ends without a newline: a write was cut off (full disk, power loss). It says nothing
    /// against the lines before.
    Truncated,
    /// What stands behind the last whole line is no start of a line of this format, or longer than any.
    Foreign,
    /// Not a line of this format, or not in canonical form.
    Unreadable,
    /// Does not follow the line before: one was removed, added or moved.
    Unlinked,
    /// Its content is not what its hash was made of.
    Altered,
    /// No header, or one of another format.
    NoHeader,
}

impl FaultKind {
    /// A phrase for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Truncated => "the last line was cut off while being written",
            Self::Foreign => "something that is no part of a record was added behind the last line",
            Self::Unreadable => "not a line of a ledger segment",
            Self::Unlinked => "does not follow the line before it",
            Self::Altered => "was altered after it was written",
            Self::NoHeader => "no segment header",
        }
    }
}

/// Checks one segment.
pub fn verify(segment: &[u8]) -> Report {
    let mut report = check_lines(None, segment);
    if report.header.is_none() && report.fault.is_none() {
        report.fault = Some(Fault { line: 1, kind: FaultKind::NoHeader });
    }
    report
}

/// Checks the lines of a segment that follow `head`, without what is before.
pub fn verify_from(head: &Head, lines: &[u8]) -> Report {
    check_lines(Some(head.clone()), lines)
}

fn check_lines(head: Option<Head>, lines: &[u8]) -> Report {
    let mut report = Report {
        header: None,
        head,
        records: 0,
        erased: 0,
        links: Vec::new(),
        removals: Vec::new(),
        sound_bytes: 0,
        fault: None,
        hashes: Vec::new(),
    };
    for (index, line) in lines.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if let Err(kind) = check_line(line, &mut report) {
            report.fault = Some(Fault { line: index + 1, kind });
            return report;
        }
        report.sound_bytes += line.len();
        report.hashes.extend(report.head.as_ref().map(|head| head.hash));
    }
    report
}

fn check_line(line: &[u8], report: &mut Report) -> Result<(), FaultKind> {
    let body = line.strip_suffix(b"\n").ok_or_else(|| cut_off(line, report.head.is_none()))?;
    let value = canonical::read(body).map_err(|_| FaultKind::Unreadable)?;
    if canonical::to_bytes(&value) != body {
        return Err(FaultKind::Unreadable);
    }
    let Some(head) = &report.head else {
        let (header, hash) = header_of(&value).ok_or(FaultKind::NoHeader)?;
        if header_line(&header).1 != hash {
            return Err(FaultKind::Altered);
        }
        report.head = Some(Head { segment: header.segment.clone(), seq: 0, hash });
        report.header = Some(header);
        return Ok(());
    };
    let line = Line::of(&value).ok_or(FaultKind::Unreadable)?;
    if line.prev != head.hash || line.seq != head.seq.saturating_add(1) {
        return Err(FaultKind::Unlinked);
    }
    let next = head.next(line.content.leaf());
    if next.hash != line.hash || value.as_object().map(serde_json::Map::len) != Some(line.content.fields()) {
        return Err(FaultKind::Altered);
    }
    match line.content {
        Content::Record { .. } => report.records += 1,
        Content::Erased(_) => {
            report.records += 1;
            report.erased += 1;
        }
        Content::Link(link) => report.links.push(link),
        Content::Removal(removal) => report.removals.push(removal),
    }
    report.head = Some(next);
    Ok(())
}

/// Longest line there can be, in bytes: what a record keeps is bounded far below.
const LINE_BYTES_MAX: usize = 1 << 20;

/// What bytes behind the last whole line are: the start of a line whose writer died, or something else.
fn cut_off(rest: &[u8], is_header: bool) -> FaultKind {
    let start: &[u8] = if is_header { b"{\"follows\":" } else { b"{\"hash\":\"" };
    let begins = rest.iter().zip(start).all(|(byte, wanted)| byte == wanted);
    // The newline alone may be missing; anything else that is cut off ends too soon and nowhere goes wrong.
    let is_start = || match serde_json::from_slice::<Value>(rest) {
        Ok(value) => {
            let whole = if is_header { header_of(&value).is_some() } else { Line::of(&value).is_some() };
            whole && canonical::to_bytes(&value) == rest
        }
        Err(error) => error.is_eof(),
    };
    if begins && rest.len() < LINE_BYTES_MAX && is_start() {
        FaultKind::Truncated
    } else {
        FaultKind::Foreign
    }
}

struct Line<'a> {
    seq: u64,
    prev: Hash,
    hash: Hash,
    content: Content<'a>,
}

enum Content<'a> {
    Record { payload: &'a Value, salt: [u8; 16] },
    Erased(Hash),
    Link(Link),
    Removal(Removal),
}

impl Content<'_> {
    fn leaf(&self) -> Hash {
        match self {
            Self::Record { payload, salt } => leaf(payload, salt),
            Self::Erased(leaf) => *leaf,
            Self::Link(link) => link_leaf(link),
            Self::Removal(removal) => removal.leaf(),
        }
    }

    /// Number of fields of such a line: one more would be outside of the hash.
    fn fields(&self) -> usize {
        match self {
            Self::Record { .. } => 6,
            Self::Erased(_) | Self::Link(_) | Self::Removal(_) => 5,
        }
    }
}

impl<'a> Line<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str();
        let content = match text("kind")? {
            "record" => {
                let mut salt = [0; 16];
                from_hex(text("salt")?, &mut salt).then_some(())?;
                Content::Record { payload: value.get("payload")?, salt }
            }
            "erased" => Content::Erased(Hash::parse(text("leaf")?)?),
            "link" => {
                let link = value.get("link")?;
                (link.as_object()?.len() == 3).then_some(())?;
                Content::Link(Link::from_json(link)?)
            }
            "removal" => Content::Removal(Removal::from_json(value.get("removal")?)?),
            _ => return None,
        };
        Some(Self {
            seq: value.get("seq")?.as_u64()?,
            prev: Hash::parse(text("prev")?)?,
            hash: Hash::parse(text("hash")?)?,
            content,
        })
    }
}

fn header_of(value: &Value) -> Option<(Header, Hash)> {
    let text = |name: &str| value.get(name)?.as_str();
    let right = text("kind")? == "segment"
        && value.get("format")?.as_u64()? == VERSION
        && value.as_object()?.len() == 7;
    right.then_some(())?;
    let kind = match text("line")? {
        "main" => SegmentKind::Main,
        "side" => SegmentKind::Side,
        _ => return None,
    };
    let follows = match value.get("follows")? {
        Value::Null => None,
        link => Some(Link::from_json(link).filter(|_| link.as_object().is_some_and(|link| link.len() == 3))?),
    };
    let header = Header {
        segment: text("segment")?.to_owned(),
        kind,
        opened_unix_ms: value.get("opened_unix_ms")?.as_u64()?,
        follows,
    };
    Some((header, Hash::parse(text("hash")?)?))
}
