//! Names and opening of files. Everything is the user's alone: records say what people work on.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::SpoolError;

/// Folder in the state folder.
pub(super) const FOLDER: &str = "ledger";
/// Folder in it for side segments that are not bound in yet.
pub(super) const SIDE: &str = "side";
/// End of the names of segment files.
pub(super) const SUFFIX: &str = ".jsonl";

pub(super) fn segment(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{SUFFIX}"))
}

/// Number of a main segment's name.
pub(super) fn main_number(name: &str) -> Option<u64> {
    (name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_digit())).then(|| name.parse().ok())?
}

pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

pub(super) fn make_folder(folder: &Path) -> Result<(), SpoolError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(SpoolError::folder(folder))
}

/// Opens a segment for reading and appending; `None` when it does not exist.
pub(super) fn open_append(path: &Path) -> Result<Option<File>, SpoolError> {
    // Nothing is read here but what the size says is there, so a pipe or device only must not make it wait.
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
    match File::options().read(true).append(true).custom_flags(flags).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SpoolError::write(path)(error)),
    }
}

/// Creates the main segment after `last`; `None` when there is one that holds something.
pub(super) fn create_next(folder: &Path, last: &str) -> Result<Option<(String, PathBuf, File)>, SpoolError> {
    let number = main_number(last).unwrap_or(0).saturating_add(1);
    let name = format!("{number:08}");
    let path = segment(folder, &name);
    match create_new(&path) {
        Ok(file) => Ok(Some((name, path, file))),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            // Left behind empty by a process that died: it can be used.
            let empty = fs::metadata(&path).is_ok_and(|metadata| metadata.len() == 0);
            let file = if empty { open_append(&path)? } else { None };
            Ok(file.map(|file| (name, path, file)))
        }
        Err(error) => Err(SpoolError::write(&path)(error)),
    }
}

pub(super) fn create_new(path: &Path) -> std::io::Result<File> {
    private(File::options().read(true).append(true).create_new(true)).open(path)
}

/// Name of the newest main segment that is not empty.
pub(super) fn newest_main(folder: &Path) -> Result<Option<String>, SpoolError> {
    let mut newest: Option<(u64, String)> = None;
    for entry in fs::read_dir(folder).map_err(SpoolError::folder(folder))?.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().and_then(|name| name.strip_suffix(SUFFIX)) else { continue };
        let Some(number) = main_number(name) else { continue };
        let newer = newest.as_ref().is_none_or(|(newest, _)| number > *newest);
        if newer && entry.metadata().is_ok_and(|metadata| metadata.len() > 0) {
            newest = Some((number, name.to_owned()));
        }
    }
    Ok(newest.map(|(_, name)| name))
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), SpoolError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(SpoolError::folder(folder))
}
