//! Bringing back what was put away.

use std::path::{Path, PathBuf};

use super::manifest::{Manifest, numbers};
use super::transfer::{TransferError, transfer};
use super::{TrashError, folder};

/// The trashings there are, oldest first. Folders that hold nothing are left out.
pub fn list(state: &Path) -> Vec<Manifest> {
    let numbers = numbers(&folder(state)).into_iter();
    let read = numbers.filter_map(|id| Manifest::read(state, id).ok());
    read.filter(|manifest| manifest.present().next().is_some()).collect()
}

/// Puts a trashing back where it was, the last one when none is named. Gives its number and the paths.
///
/// # Errors
/// Before anything is moved, when a place is taken or gone; afterwards, when the system refuses. What is back by
/// then stays back, the rest stays in the trash.
pub fn restore(state: &Path, id: Option<u64>) -> Result<(u64, Vec<PathBuf>), TrashError> {
    let manifest = match id {
        Some(id) => Manifest::read(state, id)?,
        None => list(state).pop().ok_or(TrashError::Empty)?,
    };
    let present: Vec<_> = manifest.present().collect();
    if present.is_empty() {
        let path = manifest.entries.first().map(|entry| entry.path.clone()).unwrap_or_default();
        return Err(TrashError::Gone(path));
    }
    for (_, entry) in &present {
        is_free(&entry.path)?;
    }
    let mut back = Vec::new();
    // The other way round: a folder comes back before what was taken out of it.
    for (index, entry) in present.into_iter().rev() {
        let fail = |error| TrashError::Trash("put back", entry.path.clone(), error);
        if let Some(parent) = entry.path.parent() {
            std::fs::create_dir_all(parent).map_err(fail)?;
        }
        match transfer(&manifest.kept(index), &entry.path) {
            Ok(()) => back.push(entry.path.clone()),
            Err(TransferError::Rest(rest, error)) => return Err(TrashError::Rest(rest, error)),
            Err(TransferError::Refused(error)) => return Err(fail(error)),
        }
    }
    manifest.discard();
    back.reverse();
    Ok((manifest.id, back))
}

/// Whether a path can come back to its place: nothing lies there, and its folder is what it was or is gone.
fn is_free(path: &Path) -> Result<(), TrashError> {
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(TrashError::Taken(path.to_path_buf()));
    }
    let above = path.ancestors().skip(1).find(|folder| std::fs::symlink_metadata(folder).is_ok());
    match above.map(|folder| (folder, folder.canonicalize())) {
        Some((folder, Ok(real))) if real == folder && real.is_dir() => Ok(()),
        _ => Err(TrashError::Moved(path.to_path_buf())),
    }
}
