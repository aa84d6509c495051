//! The file `head`: where the main segment ends, so that nobody has to read it. It is the lock as well.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use placet_ledger::{Hash, Head};
use serde_json::{Value, json};

use super::SpoolError;
use super::files;
use crate::regular_file::{RegularFileError, open};

/// Length of its content: padded, so that it is always overwritten as a whole.
const LENGTH_BYTES: usize = 256;

/// The open file.
pub(super) struct HeadFile {
    file: File,
}

/// Where the main segment ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) head: Head,
    /// Size of the segment, in bytes.
    pub(super) bytes: u64,
}

impl HeadFile {
    /// Opens it; makes folder and file when they are missing.
    pub(super) fn open(folder: &Path) -> Result<Self, SpoolError> {
        let path = folder.join("head");
        match open(&path, File::options().read(true).write(true)) {
            Ok(Some((file, _))) => return Ok(Self { file }),
            Ok(None) => {}
            Err(RegularFileError::System(_, error)) => return Err(SpoolError::folder(folder)(error)),
            Err(error) => return Err(SpoolError::lock(&path)(std::io::Error::other(error.why()))),
        }
        let create = || files::private(File::options().read(true).write(true).create(true)).open(&path);
        let file = match create() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                files::make_folder(folder)?;
                create()
            }
            other => other,
        };
        file.map(|file| Self { file }).map_err(SpoolError::folder(folder))
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// What it says; `None` when it says nothing that can be understood.
    pub(super) fn read(&self) -> Option<Position> {
        let mut bytes = [0; LENGTH_BYTES];
        self.file.read_exact_at(&mut bytes, 0).ok()?;
        let value: Value = serde_json::from_slice(bytes.trim_ascii()).ok()?;
        let segment = value.get("segment")?.as_str()?.to_owned();
        // A name from a file becomes a path: only the kind that is made here is taken.
        files::main_number(&segment)?;
        let head = Head {
            segment,
            seq: value.get("seq")?.as_u64()?,
            hash: Hash::parse(value.get("hash")?.as_str()?)?,
        };
        Some(Position { head, bytes: value.get("bytes")?.as_u64()? })
    }

    pub(super) fn write(&self, position: &Position) -> std::io::Result<()> {
        let Head { segment, seq, hash } = &position.head;
        let mut text =
            json!({"segment": segment, "seq": seq, "hash": hash.to_string(), "bytes": position.bytes})
                .to_string()
                .into_bytes();
        text.resize(LENGTH_BYTES - 1, b' ');
        text.push(b'\n');
        self.file.write_all_at(&text, 0)
    }
}
