//! The list that says what a trashing holds.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{TrashError, folder};
use crate::regular_file::read_text;

/// Name of the list.
const FILE_NAME: &str = "manifest.json";
/// Most bytes a list may have.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Tries for a number that nobody takes at the same moment.
const TRIES_MAX: u64 = 1000;

/// One path of a trashing. It lies in the trashing's folder under its index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it lay: absolute, its folder's links resolved.
    pub path: PathBuf,
}

/// One trashing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its number.
    #[serde(skip)]
    pub id: u64,
    /// When, in milliseconds since 1970.
    pub unix_ms: u64,
    /// What it was to hold. An entry that is not there was refused, or is back already.
    pub entries: Vec<Entry>,
    #[serde(skip)]
    folder: PathBuf,
}

impl Manifest {
    /// Makes the folder of a new trashing and writes its list.
    pub(super) fn create(state: &Path, entries: Vec<Entry>, unix_ms: u64) -> Result<Self, TrashError> {
        let trash = folder(state);
        let fail = |path: &Path| {
            let path = path.to_path_buf();
            |error| TrashError::Trash("made", path, error)
        };
        let mut private = DirBuilder::new();
        private.mode(0o700);
        DirBuilder::new().recursive(true).mode(0o700).create(&trash).map_err(fail(&trash))?;
        let first = numbers(&trash).last().map_or(1, |last| last.saturating_add(1));
        for id in first..first.saturating_add(TRIES_MAX) {
            let own = trash.join(id.to_string());
            match private.create(&own) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(fail(&own)(error)),
            }
            let manifest = Self { id, unix_ms, entries, folder: own };
            if let Err(error) = manifest.write() {
                manifest.discard();
                return Err(fail(&manifest.folder)(error));
            }
            return Ok(manifest);
        }
        Err(fail(&trash)(ErrorKind::ResourceBusy.into()))
    }

    /// The trashing of a number.
    pub(super) fn read(state: &Path, id: u64) -> Result<Self, TrashError> {
        let own = folder(state).join(id.to_string());
        let text = read_text(&own.join(FILE_NAME), FILE_BYTES_MAX).ok().flatten();
        let manifest = text.and_then(|text| serde_json::from_str::<Self>(&text).ok());
        manifest.map(|manifest| Self { id, folder: own, ..manifest }).ok_or(TrashError::Unknown(id))
    }

    /// Where the entry of that index lies.
    pub fn kept(&self, index: usize) -> PathBuf {
        self.folder.join(index.to_string())
    }

    /// Entries that are there, with their index.
    pub fn present(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries
            .iter()
            .enumerate()
            .filter(|(index, _)| std::fs::symlink_metadata(self.kept(*index)).is_ok())
    }

    fn write(&self) -> std::io::Result<()> {
        let path = self.folder.join(FILE_NAME);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()
    }

    /// Removes the folder as long as nothing but the list is in it.
    pub(super) fn discard(&self) {
        if self.present().next().is_none() {
            let _ = std::fs::remove_file(self.folder.join(FILE_NAME));
            let _ = std::fs::remove_dir(&self.folder);
        }
    }
}

/// Numbers of the trashings there are, smallest first.
pub(super) fn numbers(trash: &Path) -> Vec<u64> {
    let listing = std::fs::read_dir(trash).into_iter().flatten().flatten();
    let mut found: Vec<u64> = listing.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    found.sort_unstable();
    found
}
