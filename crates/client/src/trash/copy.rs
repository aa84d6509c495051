//! A copy that can stand for the original: content, mode, times, owner, symbolic and hard links.
//!
//! Extended attributes and holes of sparse files are not kept.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, Metadata, OpenOptions, Permissions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, OFlags, Timespec, Timestamps, utimensat};

/// Deepest folder that is copied.
const DEPTH_MAX: usize = 512;

/// Copies `from` to `to`, which does not exist.
///
/// # Errors
/// When anything of it cannot be copied; what was copied by then is left for the caller to remove.
pub(super) fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    Copy { linked: BTreeMap::new() }.any(from, to, 0)
}

struct Copy {
    /// First copy of each file that has several names, by device and inode.
    linked: BTreeMap<(u64, u64), PathBuf>,
}

impl Copy {
    fn any(&mut self, from: &Path, to: &Path, depth: usize) -> std::io::Result<()> {
        let data = std::fs::symlink_metadata(from)?;
        if data.is_symlink() {
            std::os::unix::fs::symlink(std::fs::read_link(from)?, to)?;
        } else if data.is_dir() {
            self.folder(from, to, depth)?;
        } else if data.is_file() {
            if let Some(first) = self.linked.get(&(data.dev(), data.ino())) {
                return std::fs::hard_link(first, to);
            }
            file(from, to, &data)?;
            if data.nlink() > 1 {
                self.linked.insert((data.dev(), data.ino()), to.to_path_buf());
            }
        } else {
            let what = format!("`{}` is no file, folder or link", from.display());
            return Err(Error::new(ErrorKind::Unsupported, what));
        }
        settle(to, &data)
    }

    fn folder(&mut self, from: &Path, to: &Path, depth: usize) -> std::io::Result<()> {
        if depth >= DEPTH_MAX {
            return Err(Error::new(ErrorKind::InvalidInput, "folders lie too deep in each other"));
        }
        DirBuilder::new().mode(0o700).create(to)?;
        for entry in std::fs::read_dir(from)? {
            let name = entry?.file_name();
            self.any(&from.join(&name), &to.join(&name), depth + 1)?;
        }
        Ok(())
    }
}

fn file(from: &Path, to: &Path, data: &Metadata) -> std::io::Result<()> {
    // It may have become a pipe or a link since it was looked at.
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or(0);
    let mut source = OpenOptions::new().read(true).custom_flags(flags).open(from)?;
    let opened = source.metadata()?;
    if (opened.dev(), opened.ino()) != (data.dev(), data.ino()) {
        return Err(Error::other("it was exchanged while it was copied"));
    }
    let mut target = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    let copied = std::io::copy(&mut source, &mut target)?;
    target.sync_all()?;
    let now = source.metadata()?;
    if copied != now.len() || (now.mtime(), now.mtime_nsec()) != (data.mtime(), data.mtime_nsec()) {
        return Err(Error::other("it changed while it was copied"));
    }
    Ok(())
}

/// Owner, mode and times of the original.
fn settle(to: &Path, data: &Metadata) -> std::io::Result<()> {
    let own = std::fs::symlink_metadata(to)?;
    if (own.uid(), own.gid()) != (data.uid(), data.gid()) {
        std::os::unix::fs::lchown(to, Some(data.uid()), Some(data.gid()))?;
    }
    if !data.is_symlink() {
        std::fs::set_permissions(to, Permissions::from_mode(data.mode() & 0o7777))?;
    }
    let time = |seconds, nanoseconds| Timespec { tv_sec: seconds, tv_nsec: nanoseconds };
    let times = Timestamps {
        last_access: time(data.atime(), data.atime_nsec()),
        last_modification: time(data.mtime(), data.mtime_nsec()),
    };
    Ok(utimensat(CWD, to, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}
