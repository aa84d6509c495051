//! The local ledger's files.
//!
//! In the folder `ledger` of the state folder: main segments `00000001.jsonl` and on, one of which is
//! written; `head`, which says where it ends and is the lock too; `side/`, where a process that did not get
//! the lock in time leaves its record in a segment of its own. The next process that has the lock binds such
//! segments in (a link line) and moves them beside the main ones.
//!
//! One append is one write. By default nothing is synced: a record survives the death of the process, not a
//! loss of power.
//!
//! `INVARIANT:` a line that was written whole is never changed here, and removed only with its whole segment
//! by [`Spool::prune`], which tells of it first (guarded by `tests/it/spool.rs`, `tests/it/prune.rs`).

mod error;
mod files;
mod head;
mod lock;
mod prune;
mod read;
mod side;

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use placet_ledger::{Head, Header, Link, SegmentKind};
use serde_json::Value;

pub use error::SpoolError;
pub use prune::{PruneError, Pruned};
pub use read::{Segment, find_decision, kept_head, segments};

use crate::regular_file::read_bytes;
use head::{HeadFile, Position};

/// Size from which on a new segment is opened, in bytes.
const SEGMENT_LIMIT_BYTES: u64 = 16 * 1024 * 1024;

/// How records are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpoolOptions {
    wait: Duration,
    fsync: bool,
    segment_limit_bytes: u64,
}

impl SpoolOptions {
    /// Waits at most `wait_ms` for the lock; syncs each record when `fsync`.
    pub fn new(wait_ms: u64, fsync: bool) -> Self {
        Self { wait: Duration::from_millis(wait_ms), fsync, segment_limit_bytes: SEGMENT_LIMIT_BYTES }
    }

    /// Opens a new segment from `bytes` on instead of 16 MiB.
    #[must_use]
    pub fn segment_limit(self, bytes: u64) -> Self {
        Self { segment_limit_bytes: bytes, ..self }
    }
}

/// The local ledger.
#[derive(Clone, Debug)]
pub struct Spool {
    folder: PathBuf,
    options: SpoolOptions,
}

impl Spool {
    /// The ledger in a state folder. Nothing is opened yet.
    pub fn new(state: &Path, options: SpoolOptions) -> Self {
        Self { folder: state.join(files::FOLDER), options }
    }

    /// Appends one record: to the main segment, or to a side segment when the lock is not free in time.
    ///
    /// # Errors
    /// When the record could not be written whole; then nothing of it counts.
    pub fn append(&self, payload: &Value, salt: [u8; 16], unix_ms: u64) -> Result<(), SpoolError> {
        let head = HeadFile::open(&self.folder)?;
        if lock::acquire(head.file(), self.options.wait).map_err(SpoolError::lock(&self.folder))? {
            self.append_main(&head, payload, salt, unix_ms)
        } else {
            let follows = head.read().map(|position| position.head.as_link());
            side::write(&self.folder, follows, payload, salt, unix_ms, self.options.fsync)
        }
    }

    /// Under the lock, which ends with `head_file`.
    fn append_main(
        &self,
        head_file: &HeadFile,
        payload: &Value,
        salt: [u8; 16],
        unix_ms: u64,
    ) -> Result<(), SpoolError> {
        let mut open = match head_file.read() {
            Some(position) => self.resume(position, unix_ms)?,
            None => self.recover(unix_ms)?,
        };
        if open.bytes >= self.options.segment_limit_bytes {
            open = self.next(&open.head.segment, Some(open.head.as_link()), unix_ms)?;
        }
        let bound = side::unbound(&self.folder, unix_ms);
        let mut lines = std::mem::take(&mut open.pending);
        let mut at = open.head.clone();
        for segment in &bound {
            let (line, next) = at.link(&segment.link);
            lines.extend(line);
            at = next;
        }
        let (line, next) = at.append(payload, salt);
        lines.extend(line);
        open.write(&lines)?;
        if self.options.fsync {
            open.sync(&self.folder)?;
        }
        // Without it the next process reads the tail of the segment instead.
        let _ = head_file.write(&Position { head: next, bytes: open.bytes + lines.len() as u64 });
        side::adopt(&self.folder, &bound);
        Ok(())
    }

    /// Goes on where the head file says. More bytes than it knows are lines whose writer died before it told;
    /// a cut-off one at the end is left as it is and a new segment follows the last whole line.
    fn resume(&self, position: Position, unix_ms: u64) -> Result<Open, SpoolError> {
        let path = files::segment(&self.folder, &position.head.segment);
        let gone = || self.next(&position.head.segment, Some(position.head.as_link()), unix_ms);
        let Some(mut file) = files::open_append(&path)? else {
            return gone();
        };
        let bytes = file.metadata().map_err(SpoolError::read(&path))?.len();
        if bytes == position.bytes {
            return Ok(Open { file, path, head: position.head, bytes, pending: Vec::new() });
        }
        if bytes < position.bytes {
            // Lines that were there are not any more. The new segment names them, so that checking reports it.
            return gone();
        }
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(position.bytes))
            .and_then(|_| file.read_to_end(&mut tail))
            .map_err(SpoolError::read(&path))?;
        let report = placet_ledger::verify::verify_from(&position.head, &tail);
        match (report.fault, report.head) {
            (None, Some(head)) => Ok(Open { file, path, head, bytes, pending: Vec::new() }),
            (_, head) => self.next(&position.head.segment, head.map(|head| head.as_link()), unix_ms),
        }
    }

    /// Finds the end of the newest main segment by reading all of it: the slow way, when the head file is
    /// missing, unreadable or does not fit.
    fn recover(&self, unix_ms: u64) -> Result<Open, SpoolError> {
        let Some(name) = files::newest_main(&self.folder)? else {
            return self.next("00000000", None, unix_ms);
        };
        let path = files::segment(&self.folder, &name);
        let text = match read_bytes(&path, u64::MAX) {
            Ok(text) => text.unwrap_or_default(),
            Err(error) => return Err(SpoolError::read(&path)(std::io::Error::other(error.why()))),
        };
        let report = placet_ledger::verify(&text);
        match (report.fault, report.head) {
            (None, Some(head)) => match files::open_append(&path)? {
                Some(file) => Ok(Open { file, path, head, bytes: text.len() as u64, pending: Vec::new() }),
                None => self.next(&name, Some(head.as_link()), unix_ms),
            },
            (_, head) => self.next(&name, head.map(|head| head.as_link()), unix_ms),
        }
    }

    /// A new main segment after the one called `last`. When that number is taken, the head file was behind:
    /// its writer died just after it had opened the next segment.
    fn next(&self, last: &str, follows: Option<Link>, unix_ms: u64) -> Result<Open, SpoolError> {
        let Some((name, path, file)) = files::create_next(&self.folder, last)? else {
            return self.recover(unix_ms);
        };
        let header = Header { segment: name, kind: SegmentKind::Main, opened_unix_ms: unix_ms, follows };
        let (pending, head) = header.line();
        Ok(Open { file, path, head, bytes: 0, pending })
    }
}

/// A segment that is ready to be written to.
struct Open {
    file: File,
    path: PathBuf,
    head: Head,
    /// Its size.
    bytes: u64,
    /// Lines that belong in front of the next ones: the header of a new segment.
    pending: Vec<u8>,
}

impl Open {
    /// Writes `lines` at once, or takes back what was written of them.
    fn write(&mut self, lines: &[u8]) -> Result<(), SpoolError> {
        let written = self.file.write(lines);
        if written.as_ref().is_ok_and(|written| *written == lines.len()) {
            return Ok(());
        }
        let undone = self.file.set_len(self.bytes);
        if self.bytes == 0 && undone.is_ok() {
            let _ = std::fs::remove_file(&self.path);
        }
        Err(match written {
            Ok(_) => SpoolError::short(&self.path),
            Err(error) => SpoolError::write(&self.path)(error),
        })
    }

    fn sync(&self, folder: &Path) -> Result<(), SpoolError> {
        self.file.sync_data().map_err(SpoolError::write(&self.path))?;
        if self.bytes == 0 {
            files::sync_folder(folder)?;
        }
        Ok(())
    }
}
