//! Sending records, in their order.

use std::fmt;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use placet_client::spool::{Segment, segments};
use serde_json::{Value, json};
use ureq::http::Method;

use super::cursor::{Cursor, is_main};
use super::{Status, Work, fetch};
use crate::failure::Failure;
use crate::remote::{Content, list_of, text_of};

/// Most bytes of a segment in one request; a line is at most as long.
const BATCH_BYTES: u64 = 1 << 20;
/// Most lines in one request.
const BATCH_LINES: usize = 500;

/// What came of sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drained {
    /// Records that are at the gateway now, and were not before.
    pub(super) stored: usize,
    /// Records that were there already.
    pub(super) known: usize,
    /// Records that it did not take.
    pub(super) untaken: usize,
}

impl Drained {
    /// For programs.
    pub(super) fn to_json(self) -> Value {
        json!({ "stored": self.stored, "known": self.known, "untaken": self.untaken })
    }
}

impl fmt::Display for Drained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { stored: 0, untaken: 0, .. } => f.write_str("records:  nothing new"),
            Self { stored, untaken: 0, .. } => write!(f, "records:  {stored} sent"),
            Self { stored, untaken, .. } => write!(f, "records:  {stored} sent, {untaken} not taken"),
        }
    }
}

/// Sends everything that is not sent yet.
pub(super) fn all(work: &Work, status: &mut Status) -> Result<Drained, Failure> {
    let state = placet_client::state_folder(&work.locations).map_err(Failure::new)?;
    let mut cursor = Cursor::read(&work.files, &state);
    let mut drained = Drained::default();
    let all = segments(&state).map_err(Failure::new)?;
    let (mains, sides): (Vec<Segment>, Vec<Segment>) = all.into_iter().partition(is_main);
    for (at, segment) in mains.iter().enumerate() {
        if segment.name < cursor.segment {
            continue;
        }
        if segment.name != cursor.segment {
            cursor.segment.clone_from(&segment.name);
            cursor.bytes = 0;
        }
        let is_closed = at + 1 < mains.len();
        main(work, segment, is_closed, &mut cursor, &mut drained, status)?;
    }
    for segment in &sides {
        side(work, segment, &mut cursor, &mut drained, status)?;
    }
    cursor.sides.retain(|name| sides.iter().any(|segment| segment.name == *name));
    Ok(drained)
}

/// Sends the rest of a main segment.
fn main(
    work: &Work,
    segment: &Segment,
    is_closed: bool,
    cursor: &mut Cursor,
    drained: &mut Drained,
    status: &mut Status,
) -> Result<(), Failure> {
    let size = segment.path.metadata().map_or(0, |data| data.len());
    if size < cursor.bytes {
        // It was written anew. What was sent before is known again by its ids.
        cursor.bytes = 0;
    }
    loop {
        let read = part(segment, cursor.bytes)?;
        let (lines, bytes) = whole_lines(&read);
        if lines.is_empty() {
            // Behind the last whole line of a closed segment nothing will ever be whole; in the middle of one such a thing is no line.
            let skipped = if is_closed || read.len() as u64 >= BATCH_BYTES { read.len() as u64 } else { 0 };
            cursor.bytes += skipped;
            if skipped == 0 {
                return Ok(());
            }
        } else {
            send(work, segment, &lines, drained, status)?;
            cursor.bytes += bytes;
        }
        cursor.write(&work.files)?;
    }
}

/// Sends a side segment, which holds one record.
fn side(
    work: &Work,
    segment: &Segment,
    cursor: &mut Cursor,
    drained: &mut Drained,
    status: &mut Status,
) -> Result<(), Failure> {
    if cursor.sides.contains(&segment.name) {
        return Ok(());
    }
    let Ok(read) = part(segment, 0) else {
        // It was moved beside the main ones just now; the next time it is found there.
        return Ok(());
    };
    let (lines, _) = whole_lines(&read);
    if lines.len() < 2 {
        return Ok(());
    }
    send(work, segment, &lines, drained, status)?;
    cursor.sides.insert(segment.name.clone());
    cursor.write(&work.files)
}

fn part(segment: &Segment, from: u64) -> Result<Vec<u8>, Failure> {
    let fail = |error: std::io::Error| Failure::new(format!("`{}`: {error}", segment.path.display()));
    let mut file = File::open(&segment.path).map_err(fail)?;
    file.seek(SeekFrom::Start(from)).map_err(fail)?;
    let mut bytes = Vec::new();
    file.take(BATCH_BYTES).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// The whole lines at the beginning, and how many bytes they are.
fn whole_lines(bytes: &[u8]) -> (Vec<String>, u64) {
    let mut length = 0;
    let mut lines = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n').take(BATCH_LINES) {
        let Some(text) = line.strip_suffix(b"\n") else { break };
        length += line.len() as u64;
        lines.push(String::from_utf8_lossy(text).into_owned());
    }
    (lines, length)
}

fn send(
    work: &Work,
    segment: &Segment,
    lines: &[String],
    drained: &mut Drained,
    status: &mut Status,
) -> Result<(), Failure> {
    let body = json!({ "spool": work.enrolment.spool, "segment": segment.name, "lines": lines });
    let answer = work
        .client
        .send(Method::POST, &["v1", "records"], &[], Content::Json(body))
        .map_err(|error| fetch::failure(work, error));
    status.note(&answer);
    let answer = answer?;
    for result in list_of(&answer, "results") {
        match text_of(result, "result") {
            "stored" => drained.stored += 1,
            "known" => drained.known += 1,
            "link" => {}
            _ => {
                drained.untaken += 1;
                status.untaken = Some(format!("{}: {}", text_of(result, "id"), text_of(result, "why")));
            }
        }
    }
    Ok(())
}
