//! The trash: deleted files are moved aside, with a list that says where they lay.
//!
//! One folder a trashing, `<state>/trash/<number>/`: `manifest.json`, written before anything is moved, and the
//! moved files by their index. On one file system a path is renamed. Across file systems it is copied, mode,
//! times, links and owner included, and only a whole copy lets the original go.
//!
//! `INVARIANT:` nothing is deleted that does not lie whole in the trash, and nothing is overwritten when it
//! comes back (guarded by `tests/it/trash.rs`).

mod copy;
mod manifest;
mod restore;
mod transfer;

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub use manifest::{Entry, Manifest};
pub use restore::{list, restore};

/// How paths are put away; the options of `rm` of the same name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Putting {
    /// Folders as well.
    pub recursive: bool,
    /// A path that does not exist is no mistake.
    pub force: bool,
}

/// Why a path stays where it is.
#[derive(Debug)]
pub enum TrashError {
    /// It does not exist.
    Missing(PathBuf),
    /// It is a folder, and folders were not asked for.
    Folder(PathBuf),
    /// A name that stands for a folder somebody is in: `.`, `..`, `/`.
    Place(PathBuf),
    /// The trash lies in it, or it lies in the folder the trash is in.
    Around(PathBuf),
    /// Its name is not UTF-8, so it could not be found again.
    Name(PathBuf),
    /// The trash cannot take it: what was tried, and what the system said.
    Trash(&'static str, PathBuf, std::io::Error),
    /// Something lies where it was.
    Taken(PathBuf),
    /// The folder it lay in is now another one.
    Moved(PathBuf),
    /// There is no such trashing.
    Unknown(u64),
    /// There is nothing in the trash.
    Empty,
    /// It is no longer in the trash.
    Gone(PathBuf),
    /// It is whole in the trash, and a rest of it could not be removed.
    Rest(PathBuf, std::io::Error),
}

impl fmt::Display for TrashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "`{}` does not exist", path.display()),
            Self::Folder(path) => write!(f, "`{}` is a folder", path.display()),
            Self::Place(path) => write!(f, "`{}` names a folder by its place, not by a name", path.display()),
            Self::Around(path) => write!(f, "`{}` holds the trash, or lies in its folder", path.display()),
            Self::Name(path) => write!(f, "the name of `{}` is not UTF-8 text", path.display()),
            Self::Trash(what, path, error) => write!(f, "`{}` cannot be {what}: {error}", path.display()),
            Self::Taken(path) => write!(f, "`{}` exists again", path.display()),
            Self::Moved(path) => write!(f, "the folder of `{}` is another one now", path.display()),
            Self::Unknown(id) => write!(f, "nothing in the trash has the number {id}"),
            Self::Empty => f.write_str("the trash is empty"),
            Self::Gone(path) => write!(f, "`{}` is no longer in the trash", path.display()),
            Self::Rest(path, error) => {
                write!(
                    f,
                    "what is in the trash left `{}` behind, which cannot be removed: {error}",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for TrashError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Trash(_, _, error) | Self::Rest(_, error) => Some(error),
            _ => None,
        }
    }
}

impl TrashError {
    /// What a person can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Folder(_) => Some("`-r` takes folders as well"),
            Self::Trash(..) => Some("it is left where it is; nothing is deleted that the trash cannot hold"),
            Self::Taken(_) => Some("move that away first; nothing is overwritten"),
            Self::Moved(_) => Some("move it back by hand from the trash folder"),
            _ => None,
        }
    }
}

/// What became of one trashing.
#[derive(Debug, Default)]
pub struct Put {
    /// Its number, when anything was moved.
    pub id: Option<u64>,
    /// Paths moved.
    pub moved: Vec<PathBuf>,
    /// Paths that stay, and why.
    pub refused: Vec<TrashError>,
}

/// The trash folder of a state folder.
pub fn folder(state: &Path) -> PathBuf {
    state.join("trash")
}

/// Moves `paths` into the trash. Relative ones start at `cwd`. Each path stands for itself: one that is refused
/// does not hold the others up. `unix_ms` is now.
pub fn put(state: &Path, cwd: &Path, paths: &[PathBuf], how: Putting, unix_ms: u64) -> Put {
    let mut done = Put::default();
    let mut found = Vec::new();
    for path in paths {
        match look(state, cwd, path, how) {
            Ok(Some(real)) => found.push((path.clone(), real)),
            Ok(None) => {}
            Err(error) => done.refused.push(error),
        }
    }
    if found.is_empty() {
        return done;
    }
    let entries = found.iter().map(|(_, real)| Entry { path: real.clone() }).collect();
    let manifest = match Manifest::create(state, entries, unix_ms) {
        Ok(manifest) => manifest,
        Err(error) => {
            done.refused.push(error);
            return done;
        }
    };
    for (index, (named, real)) in found.iter().enumerate() {
        // The same file may be named twice, or lie in a folder named before.
        if std::fs::symlink_metadata(real).is_err() {
            if !how.force {
                done.refused.push(TrashError::Missing(named.clone()));
            }
            continue;
        }
        match transfer::transfer(real, &manifest.kept(index)) {
            Ok(()) => done.moved.push(named.clone()),
            Err(transfer::TransferError::Rest(rest, error)) => {
                done.moved.push(named.clone());
                done.refused.push(TrashError::Rest(rest, error));
            }
            Err(transfer::TransferError::Refused(error)) => {
                done.refused.push(TrashError::Trash("moved into the trash", named.clone(), error));
            }
        }
    }
    if done.moved.is_empty() {
        manifest.discard();
    } else {
        done.id = Some(manifest.id);
    }
    done
}

/// The path that is moved when `path` is named, its folder's links resolved; `None` when there is nothing to do.
fn look(state: &Path, cwd: &Path, path: &Path, how: Putting) -> Result<Option<PathBuf>, TrashError> {
    use std::os::unix::ffi::OsStrExt as _;
    let text = path.as_os_str().as_bytes();
    let bare =
        text.iter().rposition(|byte| *byte != b'/').and_then(|end| text.get(..=end)).unwrap_or_default();
    let last = bare.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let missing = || if how.force { Ok(None) } else { Err(TrashError::Missing(path.to_path_buf())) };
    if text.is_empty() {
        return missing();
    }
    if last.is_empty() || last == b"." || last == b".." {
        return Err(TrashError::Place(path.to_path_buf()));
    }
    let full = cwd.join(path);
    let data = match std::fs::symlink_metadata(&full) {
        Ok(data) => data,
        Err(error) if error.kind() == ErrorKind::NotFound => return missing(),
        // `rm -f` takes a path through a file for one that does not exist, too.
        Err(error) if error.kind() == ErrorKind::NotADirectory && how.force => return Ok(None),
        Err(error) => return Err(TrashError::Trash("looked at", path.to_path_buf(), error)),
    };
    // A slash behind a link means what it leads to, which has another name.
    if text.ends_with(b"/")
        && std::fs::symlink_metadata(cwd.join(std::ffi::OsStr::from_bytes(bare)))
            .is_ok_and(|data| data.is_symlink())
    {
        return Err(TrashError::Place(path.to_path_buf()));
    }
    if data.is_dir() && !how.recursive {
        return Err(TrashError::Folder(path.to_path_buf()));
    }
    let parent = full.parent().map_or_else(|| Ok(PathBuf::from("/")), Path::canonicalize);
    let parent = parent.map_err(|error| TrashError::Trash("found", path.to_path_buf(), error))?;
    let real = parent.join(std::ffi::OsStr::from_bytes(last));
    if real.to_str().is_none() {
        return Err(TrashError::Name(path.to_path_buf()));
    }
    let state = state.canonicalize().unwrap_or_else(|_| state.to_path_buf());
    if state.starts_with(&real) || real.starts_with(&state) {
        return Err(TrashError::Around(path.to_path_buf()));
    }
    Ok(Some(real))
}
