//! Why a record could not be kept.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a record could not be kept. What the answer is then is the settings' business
/// (`ledger: {on_failure: …}`).
#[derive(Debug)]
pub enum SpoolError {
    /// The folder is missing and cannot be made, or cannot be written to.
    Folder(PathBuf, io::Error),
    /// The lock cannot be used at all (a busy lock is no error).
    Lock(PathBuf, io::Error),
    /// A segment cannot be read.
    Read(PathBuf, io::Error),
    /// A segment cannot be written.
    Write(PathBuf, io::Error),
    /// The disk took only a part.
    Full(PathBuf),
}

impl fmt::Display for SpoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path, error) => write!(f, "cannot use ledger folder `{}`: {error}", path.display()),
            Self::Lock(path, error) => write!(f, "cannot lock the ledger in `{}`: {error}", path.display()),
            Self::Read(path, error) => write!(f, "cannot read ledger segment `{}`: {error}", path.display()),
            Self::Write(path, error) => {
                write!(f, "cannot write ledger segment `{}`: {error}", path.display())
            }
            Self::Full(path) => {
                write!(f, "cannot write ledger segment `{}`: the disk is full", path.display())
            }
        }
    }
}

impl std::error::Error for SpoolError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder(_, error) | Self::Lock(_, error) | Self::Read(_, error) | Self::Write(_, error) => {
                Some(error)
            }
            Self::Full(_) => None,
        }
    }
}

impl SpoolError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Folder(..) | Self::Lock(..) => {
                "make the folder writable for you, or set `state_dir` in placet.yaml"
            }
            Self::Read(..) => "`placet audit verify` tells which segment is damaged",
            Self::Write(..) | Self::Full(_) => {
                "free space on that disk; old segments can be exported and removed"
            }
        }
    }

    pub(super) fn folder(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| Self::Folder(path.to_owned(), error)
    }

    pub(super) fn lock(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| Self::Lock(path.to_owned(), error)
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| Self::Read(path.to_owned(), error)
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path.to_owned()),
            _ => Self::Write(path.to_owned(), error),
        }
    }

    pub(super) fn short(path: &Path) -> Self {
        Self::Full(path.to_owned())
    }
}
