//! One path from one place to another, which must be free.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::copy::copy;

/// Why a path is not, or not wholly, where it should be.
pub(super) enum TransferError {
    /// It is where it was, whole.
    Refused(Error),
    /// It is at its new place, whole; this is left of it at the old one.
    Rest(PathBuf, Error),
}

impl From<Error> for TransferError {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// Moves `from` to `to`, where nothing may lie.
pub(super) fn transfer(from: &Path, to: &Path) -> Result<(), TransferError> {
    match rename_free(from, to) {
        Err(error) if error.kind() == ErrorKind::CrossesDevices => across(from, to),
        other => Ok(other?),
    }
}

/// A copy under a name beside `to` becomes `to` when it is whole; the original then gets a name beside itself, in
/// one step, before it is removed. Nobody ever sees half of it under either name.
fn across(from: &Path, to: &Path) -> Result<(), TransferError> {
    let part = beside(to)?;
    let copied = copy(from, &part).and_then(|()| rename_free(&part, to));
    if let Err(error) = copied {
        let _ = remove(&part);
        return Err(error.into());
    }
    let going = beside(from)?;
    if let Err(error) = rename_free(from, &going) {
        let _ = remove(to);
        return Err(error.into());
    }
    remove(&going).map_err(|error| TransferError::Rest(going, error))
}

/// Renames without overwriting anything.
fn rename_free(from: &Path, to: &Path) -> std::io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems cannot promise it; then a look before has to do.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if std::fs::symlink_metadata(to).is_err() => {
            std::fs::rename(from, to)
        }
        Err(error) => Err(error.into()),
        Ok(()) => Ok(()),
    }
}

/// A free name in the same folder.
fn beside(path: &Path) -> std::io::Result<PathBuf> {
    for number in 0..100 {
        let name = format!(".placet-{}-{number}", std::process::id());
        let free = path.with_file_name(name);
        if std::fs::symlink_metadata(&free).is_err() {
            return Ok(free);
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn remove(path: &Path) -> std::io::Result<()> {
    if std::fs::symlink_metadata(path)?.is_dir() {
        std::fs::remove_dir_all(path)
    } else {
        std::fs::remove_file(path)
    }
}
