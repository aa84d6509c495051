//! Checking segments, one by one and together.

use serde_json::Value;

use crate::chain::{VERSION, header_line, leaf, link_leaf};
use crate::hash::from_hex;
use crate::{Hash, Head, Header, Link, SegmentKind, canonical};

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
    /// Bytes of the sound lines.
    pub sound_bytes: usize,
    /// The first fault.
    pub fault: Option<Fault>,
    /// Hash of every line up to there, so that links can be looked up.
    hashes: Vec<Hash>,
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
    let body = line.strip_suffix(b"\n").ok_or(FaultKind::Truncated)?;
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
    }
    report.head = Some(next);
    Ok(())
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
}

impl Content<'_> {
    fn leaf(&self) -> Hash {
        match self {
            Self::Record { payload, salt } => leaf(payload, salt),
            Self::Erased(leaf) => *leaf,
            Self::Link(link) => link_leaf(link),
        }
    }

    /// Number of fields of such a line: one more would be outside of the hash.
    fn fields(&self) -> usize {
        match self {
            Self::Record { .. } => 6,
            Self::Erased(_) | Self::Link(_) => 5,
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

/// What checking a whole ledger found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerReport {
    /// Sound records over all segments.
    pub records: u64,
    /// Erased ones among them.
    pub erased: u64,
    /// Head of the newest main segment.
    pub head: Option<Head>,
    /// Side segments no line of a main segment vouches for yet.
    pub unbound: Vec<String>,
    /// Segments whose last line was cut off; harmless when the next segment follows their last whole line.
    pub truncated: Vec<String>,
    /// What is wrong, as `segment:line: text`.
    pub faults: Vec<String>,
}

impl LedgerReport {
    /// Whether nothing is wrong.
    pub fn sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Checks all segments of a ledger together: main segments in the order of their names, side segments in
/// any. `kept_head` is a head somebody kept elsewhere: it must still be there.
pub fn verify_ledger(segments: &[(&str, &[u8])], kept_head: Option<&Link>) -> LedgerReport {
    let mut out = LedgerReport::default();
    let mut reports: Vec<(&str, Report)> =
        segments.iter().map(|(name, bytes)| (*name, verify(bytes))).collect();
    reports.sort_by_key(|(name, _)| *name);
    for (name, report) in &reports {
        out.records += report.records;
        out.erased += report.erased;
        match &report.fault {
            Some(Fault { kind: FaultKind::Truncated, .. }) => out.truncated.push((*name).to_owned()),
            Some(fault) => out.faults.push(format!("{name}:{}: {}", fault.line, fault.kind.text())),
            None => {}
        }
        if report.header.as_ref().is_some_and(|header| header.segment != *name) {
            out.faults.push(format!("{name}:1: the header is that of another segment"));
        }
    }
    let find = |link: &Link| {
        reports.iter().find(|(name, _)| *name == link.segment).is_some_and(|(_, report)| covers(report, link))
    };
    let mut last: Option<&Head> = None;
    for (name, report) in &reports {
        let Some(header) = &report.header else { continue };
        if header.kind == SegmentKind::Main {
            // Each main segment must follow the very last line of the one before: else lines were cut away.
            if header.follows != last.map(Head::as_link) {
                out.faults.push(format!("{name}:1: does not follow the end of the segment before it"));
            }
            last = report.head.as_ref();
        } else if let Some(missing) = header.follows.as_ref().filter(|link| !find(link)) {
            out.faults.push(format!(
                "{name}:1: follows line {} of `{}`, which is not there",
                missing.seq + 1,
                missing.segment
            ));
        }
        for missing in report.links.iter().filter(|link| !find(link)) {
            out.faults.push(format!(
                "{name}: binds line {} of `{}`, which is not there",
                missing.seq + 1,
                missing.segment
            ));
        }
    }
    let bound = |name: &str, seq: u64| {
        reports
            .iter()
            .any(|(_, report)| report.links.iter().any(|link| link.segment == name && link.seq >= seq))
    };
    for (name, report) in &reports {
        let side = report.header.as_ref().is_some_and(|header| header.kind == SegmentKind::Side);
        if side && !bound(name, report.head.as_ref().map_or(0, |head| head.seq)) {
            out.unbound.push((*name).to_owned());
        }
    }
    if let Some(kept) = kept_head.filter(|link| !find(link)) {
        out.faults.push(format!("{}: line {} of the kept head is not there", kept.segment, kept.seq + 1));
    }
    out.head = last.cloned();
    out
}

/// Whether a sound part of the segment has that line with that hash.
fn covers(report: &Report, link: &Link) -> bool {
    usize::try_from(link.seq).is_ok_and(|seq| report.hashes.get(seq) == Some(&link.hash))
}
