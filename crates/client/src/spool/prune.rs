//! Removing what is past its time: whole segments, oldest first, with a line that tells what went.
//!
//! The line is written and synced before the first file goes. Whoever dies in between leaves a ledger that
//! still checks, and the next run removes the rest.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use placet_ledger::query::{Entry, entries};
use placet_ledger::verify::verify_ledger;
use placet_ledger::{Removal, Removed, Report, SegmentKind, verify};

use super::head::{HeadFile, Position};
use super::{Spool, SpoolError, files, lock, segments};

/// Longest wait for the lock: hooks hold it for microseconds.
const WAIT: Duration = Duration::from_secs(5);

/// What is removed, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pruned {
    /// What the ledger tells of it.
    pub removal: Removal,
    /// Size of the files, in bytes.
    pub bytes: u64,
}

/// Why nothing was removed.
#[derive(Debug)]
pub enum PruneError {
    /// The ledger's files cannot be used.
    Spool(SpoolError),
    /// The ledger does not check; with the first fault. Removing could remove the evidence of it.
    NotSound(String),
    /// Others held the lock all the time.
    Busy,
    /// A segment that was told to be removed is still there.
    Remove(PathBuf, std::io::Error),
}

impl fmt::Display for PruneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spool(error) => error.fmt(f),
            Self::NotSound(fault) => write!(f, "the ledger does not check, so nothing is removed: {fault}"),
            Self::Busy => f.write_str("the ledger is being written to all the time"),
            Self::Remove(path, error) => {
                write!(f, "cannot remove ledger segment `{}`: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for PruneError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Spool(error) => Some(error),
            Self::Remove(_, error) => Some(error),
            Self::NotSound(_) | Self::Busy => None,
        }
    }
}

impl From<SpoolError> for PruneError {
    fn from(error: SpoolError) -> Self {
        Self::Spool(error)
    }
}

/// A segment that was read.
struct Known {
    name: String,
    path: PathBuf,
    bytes: Vec<u8>,
    report: Report,
}

impl Known {
    fn is(&self, kind: SegmentKind) -> bool {
        self.report.header.as_ref().is_some_and(|header| header.kind == kind)
    }

    /// When the newest record was made. Milliseconds since 1970.
    fn newest_unix_ms(&self) -> u64 {
        let opened = self.report.header.as_ref().map_or(u64::MAX, |header| header.opened_unix_ms);
        entries(&self.bytes).filter_map(|entry: Entry| entry.unix_ms()).fold(opened, u64::max)
    }

    fn removed(&self) -> Option<Removed> {
        let last = self.report.head.as_ref()?.as_link();
        Some(Removed { first: self.report.first()?, last, records: self.report.records })
    }
}

impl Spool {
    /// What [`Spool::prune`] would remove; `None` when nothing is old enough.
    ///
    /// # Errors
    /// When the ledger cannot be read or does not check.
    pub fn prunable(
        &self,
        before_unix_ms: u64,
        unix_ms: u64,
        reason: &str,
    ) -> Result<Option<Pruned>, PruneError> {
        let known = self.known()?;
        Ok(pruned(&chosen(&known, before_unix_ms), unix_ms, reason))
    }

    /// Removes the oldest segments, as long as all their records were made before `before_unix_ms`; never the
    /// one that is written to. `None` when there was nothing to remove.
    ///
    /// # Errors
    /// When the ledger does not check or its files cannot be used. What was told to be removed and is still
    /// there goes with the next call.
    pub fn prune(
        &self,
        before_unix_ms: u64,
        unix_ms: u64,
        reason: &str,
    ) -> Result<Option<Pruned>, PruneError> {
        if !self.folder.is_dir() {
            return Ok(None);
        }
        let head = HeadFile::open(&self.folder)?;
        if !lock::acquire(head.file(), WAIT).map_err(SpoolError::lock(&self.folder))? {
            return Err(PruneError::Busy);
        }
        let known = self.known()?;
        let old = chosen(&known, before_unix_ms);
        let Some(pruned) = pruned(&old, unix_ms, reason) else { return Ok(None) };
        self.tell(&head, &old, &pruned.removal, unix_ms)?;
        // A main segment's links to side segments are still there while those go.
        let (side, main): (Vec<&Known>, Vec<&Known>) =
            old.into_iter().partition(|one| one.is(SegmentKind::Side));
        for segment in side.into_iter().chain(main) {
            fs::remove_file(&segment.path)
                .map_err(|error| PruneError::Remove(segment.path.clone(), error))?;
        }
        files::sync_folder(&self.folder)?;
        Ok(Some(pruned))
    }

    /// All segments, when they check together.
    fn known(&self) -> Result<Vec<Known>, PruneError> {
        let state = self.folder.parent().unwrap_or(Path::new("/"));
        let mut known = Vec::new();
        for segment in segments(state)? {
            let bytes = fs::read(&segment.path).map_err(SpoolError::read(&segment.path))?;
            let report = verify(&bytes);
            known.push(Known { name: segment.name, path: segment.path, bytes, report });
        }
        let borrowed: Vec<(&str, &[u8])> =
            known.iter().map(|segment| (segment.name.as_str(), segment.bytes.as_slice())).collect();
        match verify_ledger(&borrowed, None).faults.into_iter().next() {
            Some(fault) => Err(PruneError::NotSound(fault)),
            None => Ok(known),
        }
    }

    /// Appends the line that tells of the removal. Lines of earlier ones that go with it are told again.
    fn tell(
        &self,
        head: &HeadFile,
        old: &[&Known],
        removal: &Removal,
        unix_ms: u64,
    ) -> Result<(), SpoolError> {
        let mut open = match head.read() {
            Some(position) => self.resume(position, unix_ms)?,
            None => self.recover(unix_ms)?,
        };
        let mut lines = std::mem::take(&mut open.pending);
        let mut at = open.head.clone();
        for told in old.iter().flat_map(|segment| &segment.report.removals).chain([removal]) {
            let (line, next) = at.removal(told);
            lines.extend(line);
            at = next;
        }
        open.write(&lines)?;
        open.sync(&self.folder)?;
        // Without it the next process reads the tail of the segment instead.
        let _ = head.write(&Position { head: at, bytes: open.bytes + lines.len() as u64 });
        Ok(())
    }
}

/// The oldest main segments that may go, with the side segments that only they vouch for.
fn chosen(known: &[Known], before_unix_ms: u64) -> Vec<&Known> {
    let main: Vec<&Known> = known.iter().filter(|one| one.is(SegmentKind::Main)).collect();
    let side: BTreeMap<&str, &Known> =
        known.iter().filter(|one| one.is(SegmentKind::Side)).map(|one| (one.name.as_str(), one)).collect();
    let bound = |one: &Known| -> Vec<&Known> {
        one.report.links.iter().filter_map(|link| side.get(link.segment.as_str()).copied()).collect()
    };
    let is_old = |one: &Known| one.newest_unix_ms() < before_unix_ms;
    // The newest one is written to.
    let candidates = main.len().saturating_sub(1);
    let count = main
        .iter()
        .take(candidates)
        .take_while(|one| is_old(one) && bound(one).into_iter().all(is_old))
        .count();
    let (old, left) = main.split_at(count.min(main.len()));
    let mut out = old.to_vec();
    for segment in old.iter().flat_map(|one| bound(one)) {
        let still = left.iter().any(|one| bound(one).iter().any(|other| other.name == segment.name));
        if !still && !out.iter().any(|other| other.name == segment.name) {
            out.push(segment);
        }
    }
    out
}

fn pruned(old: &[&Known], unix_ms: u64, reason: &str) -> Option<Pruned> {
    let segments: Vec<Removed> = old.iter().filter_map(|segment| segment.removed()).collect();
    let bytes = old.iter().map(|segment| segment.bytes.len() as u64).sum();
    let removal = Removal { segments, reason: reason.to_owned(), unix_ms };
    (!old.is_empty()).then_some(Pruned { removal, bytes })
}
