//! Facts of the real machine.

use std::path::{Component, Path, PathBuf};

use placet_model::{Dialect, Entries, EntryKind, Facts, LibraryId};

use crate::programs::Programs;
use crate::regular_file::read_text;
use crate::session::SessionFiles;

/// Looks at the real file system and the process environment, and at what the session wrote when it is told
/// which.
#[derive(Debug, Default)]
pub struct MachineFacts {
    session: Option<SessionFiles>,
    programs: Programs,
}

impl MachineFacts {
    /// Facts without a session.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn of_session(session: SessionFiles) -> Self {
        Self { session: Some(session), ..Self::default() }
    }

    /// The same with program models that people added.
    #[must_use]
    pub fn with_programs(mut self, programs: &Programs) -> Self {
        self.programs.clone_from(programs);
        self
    }
}

/// Links followed before a path counts as a loop (Linux follows 40).
const LINKS_MAX: usize = 40;

impl Facts for MachineFacts {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn canonical(&self, path: &str) -> Option<String> {
        resolve(Path::new(path))?.into_os_string().into_string().ok()
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        let kind = std::fs::metadata(path).ok()?.file_type();
        Some(if kind.is_file() {
            EntryKind::File
        } else if kind.is_dir() {
            EntryKind::Directory
        } else {
            EntryKind::Special
        })
    }

    fn text(&self, path: &str, limit_bytes: usize) -> Option<String> {
        read_text(Path::new(path), u64::try_from(limit_bytes).ok()?).ok().flatten()
    }

    fn entries(&self, path: &str, deep: bool, limit: usize) -> Entries {
        let root = Path::new(path);
        let mut found = Vec::new();
        let mut pending = vec![PathBuf::new()];
        while let Some(below) = pending.pop() {
            let Ok(listing) = std::fs::read_dir(root.join(&below)) else {
                // A folder that cannot be read can be read by nobody the agent runs.
                if below.as_os_str().is_empty() {
                    return Entries::Unknown;
                }
                continue;
            };
            for entry in listing.flatten() {
                if found.len() >= limit {
                    return Entries::TooMany;
                }
                let name = below.join(entry.file_name());
                if deep && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    pending.push(name.clone());
                }
                found.push(name.to_string_lossy().into_owned());
            }
        }
        Entries::All(found)
    }

    fn session_wrote(&self, path: &str) -> bool {
        self.session.as_ref().is_some_and(|session| session.wrote(path))
    }

    fn session_planted(&self) -> Option<String> {
        self.session.as_ref()?.planted()
    }

    fn dialect(&self) -> Dialect {
        crate::shell::dialect(|name| self.variable(name), |path| self.kind(path) == Some(EntryKind::File))
    }

    fn added_programs(&self) -> LibraryId {
        self.programs.take_in().unwrap_or(LibraryId::UNUSABLE)
    }
}

/// Resolves every symlink of `path`, dangling ones included; parts that do not exist stay as they are.
/// `None` for a loop.
fn resolve(path: &Path) -> Option<PathBuf> {
    let mut resolved = PathBuf::from("/");
    let mut pending: Vec<std::ffi::OsString> = components(path);
    let mut links = 0;
    while let Some(part) = pending.pop() {
        if part == ".." {
            resolved.pop();
            continue;
        }
        resolved.push(&part);
        let Ok(target) = std::fs::read_link(&resolved) else { continue };
        links += 1;
        if links > LINKS_MAX {
            return None;
        }
        resolved.pop();
        if target.is_absolute() {
            resolved = PathBuf::from("/");
        }
        pending.extend(components(&target));
    }
    Some(resolved)
}

/// Parts of a path in reverse, ready to be popped.
fn components(path: &Path) -> Vec<std::ffi::OsString> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        })
        .rev()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_even_when_they_dangle() {
        let dir = std::env::temp_dir().join(format!("placet-facts-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let link = dir.join("link");
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink("/nowhere/x", &link).unwrap();
        let looped = dir.join("loop");
        let _ = std::fs::remove_file(&looped);
        std::os::unix::fs::symlink("loop", &looped).unwrap();
        let canonical = |path: &Path| MachineFacts::new().canonical(path.to_str().unwrap());
        assert_eq!(canonical(&link).as_deref(), Some("/nowhere/x"));
        assert_eq!(canonical(&link.join("y")).as_deref(), Some("/nowhere/x/y"));
        assert_eq!(canonical(&looped), None);
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
