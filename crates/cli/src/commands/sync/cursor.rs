//! How far the ledger of this machine has been sent.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use placet_client::organisation::{EnrolmentFiles, replace};
use placet_client::spool::{Segment, segments};
use serde::{Deserialize, Serialize};

use crate::commands::Session;
use crate::failure::Failure;
use crate::file;

/// How far the ledger has been sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// Folder of the ledger; of another one nothing has been sent.
    pub(super) state: PathBuf,
    /// The main segment that is being sent.
    pub(super) segment: String,
    /// Bytes of it that are sent.
    pub(super) bytes: u64,
    /// Side segments that are sent.
    pub(super) sides: BTreeSet<String>,
}

impl Cursor {
    /// Name of its file in the enrolment.
    pub(crate) const FILE: &'static str = "cursor.json";

    /// At the end of what there is now.
    ///
    /// # Errors
    /// When settings or the ledger cannot be read.
    pub(crate) fn at_end_of(session: &Session<'_>) -> Result<Self, Failure> {
        let state = placet_client::state_folder(&session.place.locations()?).map_err(Failure::new)?;
        let mut cursor = Self { state, ..Self::default() };
        for segment in segments(&cursor.state).map_err(Failure::new)? {
            if is_main(&segment) {
                cursor.bytes = whole_lines_of(&segment)?;
                cursor.segment = segment.name;
            } else {
                cursor.sides.insert(segment.name);
            }
        }
        Ok(cursor)
    }

    /// The one that is kept, if it is of this ledger; else one at the start.
    pub(super) fn read(files: &EnrolmentFiles, state: &Path) -> Self {
        let text = file::read(&files.other(Self::FILE)).ok().flatten();
        let kept: Option<Self> = text.and_then(|text| serde_json::from_str(&text).ok());
        kept.filter(|kept| kept.state == state)
            .unwrap_or_else(|| Self { state: state.to_path_buf(), ..Self::default() })
    }

    /// As it is kept.
    ///
    /// # Errors
    /// When a path is no text.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(Failure::new)
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn write(&self, files: &EnrolmentFiles) -> Result<(), Failure> {
        if !files.folder.is_dir() {
            return Err(Failure::new("this machine is not enrolled any more"));
        }
        replace(&files.other(Self::FILE), self.text()?.as_bytes()).map_err(Failure::new)
    }
}

/// Bytes up to the end of its last whole line; behind it one may be being written just now.
fn whole_lines_of(segment: &Segment) -> Result<u64, Failure> {
    let fail = |error: std::io::Error| Failure::new(format!("`{}`: {error}", segment.path.display()));
    let bytes = std::fs::read(&segment.path).map_err(fail)?;
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok(u64::try_from(end).unwrap_or_default())
}

/// Whether a segment is one of those that follow each other.
pub(super) fn is_main(segment: &Segment) -> bool {
    segment.name.len() >= 8 && segment.name.bytes().all(|byte| byte.is_ascii_digit())
}
