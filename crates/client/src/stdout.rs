//! Stdout as the place of the answer: can anybody read it?
//!
//! A closed stdout is opened as the null device before `main` runs, and a write to it succeeds. A host that
//! reads nothing takes that for no opinion.

use std::io::IsTerminal as _;

use rustix::fs::FileType;
use rustix::io::Errno;
use serde_json::Value;

/// Whether what is written to stdout gets anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Somebody may read it.
    Read,
    /// Nobody can: it is closed, or a device that swallows everything.
    Unread,
}

/// Looks at stdout. A pipe whose reader has gone shows only when it is written to.
pub(crate) fn reach() -> Reach {
    let stdout = std::io::stdout();
    let swallows = rustix::fs::fstat(&stdout).map_or(true, |data| {
        FileType::from_raw_mode(data.st_mode) == FileType::CharacterDevice && !stdout.is_terminal()
    });
    if swallows { Reach::Unread } else { Reach::Read }
}

/// Writes all of `bytes` to stdout. The standard library is not asked: it takes a descriptor that cannot be
/// written to for one that swallows everything.
pub(crate) fn write(mut bytes: &[u8]) -> Result<(), Errno> {
    let stdout = std::io::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(&stdout, bytes) {
            Ok(0) => return Err(Errno::IO),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether it does no harm that nobody reads the answer: it has no opinion, or allows what was asked for as it
/// is. A question, a denial and a changed input have to arrive.
pub(crate) fn may_go_unread(answer: &[u8]) -> bool {
    if answer.trim_ascii().is_empty() {
        return true;
    }
    let Ok(Value::Object(document)) = serde_json::from_slice(answer) else { return false };
    let Some(own) = document.get("hookSpecificOutput") else { return document.is_empty() };
    let word = own.get("permissionDecision").or_else(|| own.get("decision")?.get("behavior"));
    let changed = own.get("updatedInput").or_else(|| own.get("decision")?.get("updatedInput")).is_some();
    document.len() == 1 && !changed && word.and_then(Value::as_str) == Some("allow")
}
