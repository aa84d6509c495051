//! Changing a file that belongs to somebody: links looked at, a copy kept, replaced in one step.

use std::fmt;
use std::io::Write as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use placet_client::regular_file::{RegularFileError, read_text};

/// Why a file is left alone.
#[derive(Debug)]
pub(crate) enum FileError {
    /// It is a link to somewhere it should not lead.
    LeadsOut {
        /// The file.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
        /// Where it should stay.
        root: PathBuf,
    },
    /// It is not a regular file.
    NotAFile(PathBuf),
    /// It is something that is not read.
    Regular(RegularFileError),
    /// The system refused.
    System {
        /// What was tried: `read`, `written`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeadsOut { path, target, root } => write!(
                f,
                "`{}` is a link to `{}`, outside of `{}`",
                path.display(),
                target.display(),
                root.display()
            ),
            Self::NotAFile(path) => write!(f, "`{}` is not a regular file", path.display()),
            Self::Regular(error) => error.fmt(f),
            Self::System { what, path, source } => {
                write!(f, "`{}` cannot be {what}: {source}", path.display())
            }
        }
    }
}

impl std::error::Error for FileError {}

impl From<FileError> for crate::failure::Failure {
    fn from(error: FileError) -> Self {
        let hint = match &error {
            FileError::LeadsOut { target, .. } => {
                Some(format!("change `{}` by hand, or replace the link by a file", target.display()))
            }
            _ => None,
        };
        Self { hint, ..Self::new(error) }
    }
}

/// Most bytes a file of settings or policies may have.
pub(crate) const LIMIT_BYTES: u64 = 4 << 20;

/// The text of a regular file, `None` when there is none.
///
/// # Errors
/// When it is something else, too large, or no text.
pub(crate) fn read(path: &Path) -> Result<Option<String>, FileError> {
    read_text(path, LIMIT_BYTES).map_err(FileError::Regular)
}

/// The text of a file that a person named, which may be a pipe (`<(…)`, `/dev/stdin`); `None` when there is
/// none.
///
/// # Errors
/// When it is too large, no text, or cannot be read.
pub(crate) fn read_named(path: &Path) -> Result<Option<String>, FileError> {
    use std::io::Read as _;
    let kind = std::fs::metadata(path).map(|data| data.file_type());
    if !kind.is_ok_and(|kind| kind.is_fifo() || kind.is_char_device()) {
        return read(path);
    }
    let fail = |source| FileError::System { what: "read", path: path.to_path_buf(), source };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(fail)?;
    file.take(LIMIT_BYTES + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > LIMIT_BYTES {
        return Err(FileError::Regular(RegularFileError::TooLarge(path.to_path_buf(), LIMIT_BYTES)));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| FileError::Regular(RegularFileError::NotText(path.to_path_buf())))
}

/// The path that is really written when `path` is: links followed, which must stay below `root`.
///
/// # Errors
/// When the file or a folder above it is a link that leads out of `root`, or it is no regular file.
pub(crate) fn settle(path: &Path, root: &Path) -> Result<PathBuf, FileError> {
    let real_root = canonical_existing(root);
    let real = canonical_existing(path);
    if !real.starts_with(&real_root) {
        return Err(FileError::LeadsOut { path: path.to_path_buf(), target: real, root: root.to_path_buf() });
    }
    match std::fs::metadata(&real) {
        Ok(data) if !data.is_file() => Err(FileError::NotAFile(path.to_path_buf())),
        // A dangling link: what it would create is nobody's intention.
        Err(_) if std::fs::symlink_metadata(&real).is_ok() => Err(FileError::NotAFile(path.to_path_buf())),
        _ => Ok(real),
    }
}

/// `path` with the links of its existing part resolved.
fn canonical_existing(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => canonical_existing(parent).join(name),
        _ => path.to_path_buf(),
    }
}

/// Name of the copy kept beside a changed file.
pub(crate) fn backup_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".placet-backup");
    path.with_file_name(name)
}

/// Keeps `old` beside the file as what was there before Placet. A text that holds our entries already is no
/// such thing; the copy taken before them stays.
///
/// # Errors
/// When the copy cannot be written.
pub(crate) fn keep_copy(path: &Path, old: &str) -> Result<(), FileError> {
    let is_untouched = crate::claude_code::uninstall(old).is_ok_and(|without| without == old);
    if is_untouched { replace(&backup_path(path), old) } else { Ok(()) }
}

/// Replaces the file's text in one step, keeping its mode; folders above it are made.
///
/// # Errors
/// When the system refuses; the old file is then untouched.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), FileError> {
    let mode = std::fs::metadata(path).map_or(0o644, |data| data.mode() & 0o7777);
    replace_as(path, text, mode)
}

/// The same for something secret: afterwards its owner alone may read it, whatever was there.
///
/// # Errors
/// When the system refuses; the old file is then untouched.
pub(crate) fn replace_private(path: &Path, text: &str) -> Result<(), FileError> {
    replace_as(path, text, 0o600)
}

/// Writes a new file that its owner alone may read. What is there already is left alone.
///
/// # Errors
/// When there is something of that name, or the system refuses.
pub(crate) fn create_private(path: &Path, text: &str) -> Result<(), FileError> {
    let fail = |source| FileError::System { what: "written", path: path.to_path_buf(), source };
    let mut options = std::fs::OpenOptions::new();
    let mut out = options.write(true).create_new(true).mode(0o600).open(path).map_err(fail)?;
    out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(fail)
}

fn replace_as(path: &Path, text: &str, mode: u32) -> Result<(), FileError> {
    let fail = |source| FileError::System { what: "written", path: path.to_path_buf(), source };
    replace_by(path, mode, |out| out.write_all(text.as_bytes()).map_err(fail))
}

/// Replaces the file in one step by what `write` writes, which may come from elsewhere and fail on its own.
///
/// # Errors
/// Those of `write`, and when the system refuses; the old file is then untouched.
pub(crate) fn replace_by<E: From<FileError>>(
    path: &Path,
    mode: u32,
    write: impl FnOnce(&mut std::fs::File) -> Result<(), E>,
) -> Result<(), E> {
    let fail = |source| E::from(FileError::System { what: "written", path: path.to_path_buf(), source });
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    let mut fresh_name = path.file_name().unwrap_or_default().to_owned();
    fresh_name.push(format!(".{}.placet-new", std::process::id()));
    let fresh = path.with_file_name(fresh_name);
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh);
    let written = opened.map_err(fail).and_then(|mut out| {
        write(&mut out)?;
        let finished = out
            .set_permissions(std::fs::Permissions::from_mode(mode))
            .and_then(|()| out.sync_all())
            .and_then(|()| std::fs::rename(&fresh, path));
        finished.map_err(fail)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    written
}

/// Removes a file.
///
/// # Errors
/// When the system refuses.
pub(crate) fn remove(path: &Path) -> Result<(), FileError> {
    std::fs::remove_file(path).map_err(|source| FileError::System {
        what: "removed",
        path: path.to_path_buf(),
        source,
    })
}
