//! Side segments: a record whose writer did not get the lock in time, in a file of its own.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use placet_ledger::{Header, Link, SegmentKind};
use serde_json::Value;

use super::{SpoolError, files};
use crate::regular_file::read_bytes;

/// Segments bound in with one append, at most.
const AT_ONCE: usize = 64;
/// Most bytes of one such segment that are read; it holds one record.
const SIDE_BYTES_MAX: u64 = 4 << 20;
/// Age from which on an unfinished segment is that of a dead process, in milliseconds.
const STALE_MS: u64 = 60_000;

/// A side segment that no line of the main one vouches for yet.
pub(super) struct Unbound {
    pub(super) link: Link,
    path: PathBuf,
}

/// Writes one record into a new side segment.
pub(super) fn write(
    folder: &Path,
    follows: Option<Link>,
    payload: &Value,
    salt: [u8; 16],
    unix_ms: u64,
    fsync: bool,
) -> Result<(), SpoolError> {
    let side = folder.join(files::SIDE);
    let unique: String = salt.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("side-{unix_ms:013}-{}-{unique}", std::process::id());
    let path = files::segment(&side, &name);
    let (mut lines, head) =
        Header { segment: name, kind: SegmentKind::Side, opened_unix_ms: unix_ms, follows }.line();
    lines.extend(head.append(payload, salt).0);
    // Whoever binds segments in removes the folder when it is empty, maybe just now: between making the
    // folder and the file, or while it is being made.
    let mut tries = 10;
    let mut file = loop {
        match files::create_new(&path) {
            Ok(file) => break file,
            Err(error) if error.kind() == ErrorKind::NotFound && tries > 0 => {
                tries -= 1;
                let made = files::make_folder(&side);
                if tries == 0 {
                    made?;
                }
            }
            Err(error) => return Err(SpoolError::write(&path)(error)),
        }
    };
    let written = file.write(&lines);
    if !written.as_ref().is_ok_and(|written| *written == lines.len()) {
        drop(file);
        let _ = fs::remove_file(&path);
        return Err(written.map_or_else(SpoolError::write(&path), |_| SpoolError::short(&path)));
    }
    if fsync {
        file.sync_data().map_err(SpoolError::write(&path))?;
        files::sync_folder(&side)?;
    }
    Ok(())
}

/// Side segments that can be bound in now. Nearly always there is not even a folder to look into.
pub(super) fn unbound(folder: &Path, now_unix_ms: u64) -> Vec<Unbound> {
    let Ok(entries) = fs::read_dir(folder.join(files::SIDE)) else { return Vec::new() };
    let found = entries.flatten().filter_map(|entry| {
        let path = entry.path();
        let text = read_bytes(&path, SIDE_BYTES_MAX).ok()??;
        let report = placet_ledger::verify(&text);
        let stale = || {
            let modified = entry.metadata().ok().and_then(|metadata| metadata.modified().ok());
            let age = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
            age.is_some_and(|age| u128::from(now_unix_ms) > age.as_millis() + u128::from(STALE_MS))
        };
        // Being written just now: the next one binds it in.
        if report.fault.is_some() && !stale() {
            return None;
        }
        match report.head {
            Some(head) => Some(Unbound { link: head.as_link(), path }),
            None => {
                let _ = fs::remove_file(&path);
                None
            }
        }
    });
    found.take(AT_ONCE).collect()
}

/// Moves bound segments beside the main ones.
pub(super) fn adopt(folder: &Path, bound: &[Unbound]) {
    if bound.is_empty() {
        return;
    }
    for segment in bound {
        if let Some(name) = segment.path.file_name() {
            // One that stays is bound in once more next time, which does no harm.
            let _ = fs::rename(&segment.path, folder.join(name));
        }
    }
    let _ = fs::remove_dir(folder.join(files::SIDE));
}
