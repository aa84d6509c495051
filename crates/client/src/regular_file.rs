//! Reading files that others may have put there: only regular ones, and never more than a bound.
//!
//! A pipe that nobody writes to, a device without an end or a socket in the place of a file would hold the
//! gate up until its deadline. So a file is looked at before it is opened, opened without waiting, looked at
//! again (it may have been exchanged in between), and read up to its bound.

use std::fmt;
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Why a file is not read.
#[derive(Debug)]
pub enum RegularFileError {
    /// It is something else; with a word for what.
    NotRegular(PathBuf, &'static str),
    /// It holds more than the bound, in bytes.
    TooLarge(PathBuf, u64),
    /// It is not UTF-8 text.
    NotText(PathBuf),
    /// The system refused.
    System(PathBuf, std::io::Error),
}

impl RegularFileError {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::NotRegular(path, _)
            | Self::TooLarge(path, _)
            | Self::NotText(path)
            | Self::System(path, _) => path,
        }
    }

    /// What is wrong with it, without its name.
    pub fn why(&self) -> String {
        match self {
            Self::NotRegular(_, kind) => {
                format!("it is {kind}, not a regular file; move it away or name another")
            }
            Self::TooLarge(_, limit_bytes) => format!("it is larger than {limit_bytes} bytes"),
            Self::NotText(_) => "it is not UTF-8 text".to_owned(),
            Self::System(_, error) => error.to_string(),
        }
    }
}

impl fmt::Display for RegularFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be used: {}", self.path().display(), self.why())
    }
}

impl std::error::Error for RegularFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::System(_, error) => Some(error),
            _ => None,
        }
    }
}

/// The bytes of a file; `None` when there is none.
///
/// # Errors
/// When it is no regular file, holds more than `limit_bytes`, or cannot be read.
pub fn read_bytes(path: &Path, limit_bytes: u64) -> Result<Option<Vec<u8>>, RegularFileError> {
    let Some((file, data)) = open(path, File::options().read(true))? else { return Ok(None) };
    let too_large = || RegularFileError::TooLarge(path.to_path_buf(), limit_bytes);
    if data.len() > limit_bytes {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or(0).saturating_add(1));
    // It may have grown since, and files of `/proc` say that they are empty.
    file.take(limit_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(system(path))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit_bytes {
        return Err(too_large());
    }
    Ok(Some(bytes))
}

/// The text of a file; `None` when there is none.
///
/// # Errors
/// Those of [`read_bytes`], and when it is not UTF-8.
pub fn read_text(path: &Path, limit_bytes: u64) -> Result<Option<String>, RegularFileError> {
    let Some(bytes) = read_bytes(path, limit_bytes)? else { return Ok(None) };
    String::from_utf8(bytes).map(Some).map_err(|_| RegularFileError::NotText(path.to_path_buf()))
}

/// The last `limit_bytes` of a file; `None` when there is none.
///
/// # Errors
/// When it is no regular file or cannot be read.
pub(crate) fn read_tail(path: &Path, limit_bytes: u64) -> Result<Option<Vec<u8>>, RegularFileError> {
    let Some((mut file, data)) = open(path, File::options().read(true))? else { return Ok(None) };
    file.seek(SeekFrom::Start(data.len().saturating_sub(limit_bytes))).map_err(system(path))?;
    let mut bytes = Vec::new();
    file.take(limit_bytes).read_to_end(&mut bytes).map_err(system(path))?;
    Ok(Some(bytes))
}

/// Opens a regular file as `options` say, without waiting for anybody; `None` when there is none.
///
/// # Errors
/// When it is something else, or cannot be opened.
pub(crate) fn open(
    path: &Path,
    options: &mut OpenOptions,
) -> Result<Option<(File, Metadata)>, RegularFileError> {
    match std::fs::metadata(path) {
        Ok(data) => regular(path, &data)?,
        // A link that leads nowhere is not the same as no file: somebody meant something by it.
        Err(error) if error.kind() == ErrorKind::NotFound && path.symlink_metadata().is_err() => {
            return Ok(None);
        }
        Err(error) => return Err(system(path)(error)),
    }
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
    match options.custom_flags(flags).open(path) {
        Ok(file) => {
            let data = file.metadata().map_err(system(path))?;
            regular(path, &data)?;
            Ok(Some((file, data)))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(system(path)(error)),
    }
}

fn regular(path: &Path, data: &Metadata) -> Result<(), RegularFileError> {
    if data.is_file() {
        return Ok(());
    }
    Err(RegularFileError::NotRegular(path.to_path_buf(), kind(data.file_type())))
}

fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "something else"
    }
}

fn system(path: &Path) -> impl FnOnce(std::io::Error) -> RegularFileError + '_ {
    |error| RegularFileError::System(path.to_path_buf(), error)
}
