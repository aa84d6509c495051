//! Reading the ledger.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use placet_ledger::Link;
use placet_ledger::query::entries;

use super::head::HeadFile;
use super::{SpoolError, files};
use crate::regular_file::read_tail;

/// Bytes at the end of a segment in which the decision on a call is looked for: mostly it is one of the last
/// lines, but the tool ran in between, and maybe some hundred others.
const TAILS_BYTES: [u64; 2] = [32 * 1024, 1024 * 1024];

/// A segment file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    /// Its name, as in its header.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// All segments of the ledger in a state folder, sorted by name: main ones in their order, then side ones.
/// Empty when there is no ledger yet.
///
/// # Errors
/// When a folder cannot be read.
pub fn segments(state: &Path) -> Result<Vec<Segment>, SpoolError> {
    let folder = state.join(files::FOLDER);
    let mut found = Vec::new();
    for folder in [folder.join(files::SIDE), folder] {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(SpoolError::folder(&folder)(error)),
        };
        for entry in entries.flatten() {
            if let Some(name) = entry.file_name().to_str().and_then(|name| name.strip_suffix(files::SUFFIX)) {
                found.push(Segment { name: name.to_owned(), path: entry.path() });
            }
        }
    }
    found.sort();
    // One that was moved between the two looks is listed twice.
    found.dedup_by(|left, right| left.name == right.name);
    Ok(found)
}

/// The head that the head file keeps, for checking that the newest lines are still there.
pub fn kept_head(state: &Path) -> Option<Link> {
    let folder = state.join(files::FOLDER);
    folder.is_dir().then_some(())?;
    HeadFile::open(&folder).ok()?.read().map(|position| position.head.as_link())
}

/// Digest of the input that was decided on for a call, from its newest record. `None` when there is none
/// among the newest records.
pub fn find_decision(state: &Path, session: &str, tool_use: &str) -> Option<String> {
    let mut all = segments(state).ok()?;
    let newest_main = all.iter().rposition(|segment| files::main_number(&segment.name).is_some());
    let main: Vec<Segment> =
        newest_main.map(|at| all.drain(at.saturating_sub(1)..=at).rev().collect()).unwrap_or_default();
    let side = all.into_iter().rev().filter(|segment| files::main_number(&segment.name).is_none()).take(64);
    main.into_iter().chain(side).find_map(|segment| {
        TAILS_BYTES.iter().find_map(|bytes| {
            let tail = read_tail(&segment.path, *bytes).ok()??;
            decision_in(&tail, session, tool_use)
        })
    })
}

fn decision_in(text: &[u8], session: &str, tool_use: &str) -> Option<String> {
    // Lines are searched as bytes first: reading each as JSON would cost milliseconds.
    let wanted = serde_json::to_string(tool_use).ok()?;
    let lines = text.split(|byte| *byte == b'\n').rev().filter(|line| contains(line, wanted.as_bytes()));
    lines.flat_map(entries).find_map(|entry| {
        let fits = entry.text("tool_use") == Some(tool_use)
            && entry.text("session") == Some(session)
            && entry.text("decision").is_some();
        fits.then(|| entry.text("input_digest").map(str::to_owned)).flatten()
    })
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    let Some((first, _)) = part.split_first() else { return true };
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(part) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}
