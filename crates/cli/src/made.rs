//! Which folders `init` made, so that `uninit` removes those and no others.
//!
//! The list lies beside Placet's own settings. Nothing but empty folders is ever removed by it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::file::{self, FileError};

/// Name of the list in the folder of settings.
pub(crate) const FILE_NAME: &str = "init.json";

/// What `init` made, per settings file of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Made {
    /// Folders made for each settings file of an agent.
    agents: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// Folders made for Placet's own settings.
    own: BTreeSet<PathBuf>,
    /// Placet's own settings file, when `init` made it.
    settings: Option<PathBuf>,
}

impl Made {
    /// The list of a folder of settings. A missing or damaged one names nothing.
    pub(crate) fn read(folder: &Path) -> Self {
        let text = file::read(&folder.join(FILE_NAME)).ok().flatten();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// Notes what is about to be made for an agent's settings file and for Placet's own.
    pub(crate) fn note(&mut self, agent: &Path, own: &Path) {
        self.own.extend(missing_above(own));
        if !own.exists() {
            self.settings = Some(own.to_path_buf());
        }
        let here = missing_above(agent).filter(|folder| !self.own.contains(folder)).collect::<Vec<_>>();
        self.agents.entry(agent.to_path_buf()).or_default().extend(here);
    }

    /// Writes the list.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), FileError> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        file::replace(&folder.join(FILE_NAME), &(text + "\n"))
    }

    /// Takes an agent's settings file off the list and removes the folders made for it that are empty. With
    /// the last agent goes what was made for Placet itself, as long as `untouched` says that the settings
    /// are still what `init` wrote.
    ///
    /// # Errors
    /// When the system refuses to write the list or to remove the settings.
    pub(crate) fn undo(
        mut self,
        agent: &Path,
        folder: &Path,
        untouched: impl Fn(&Path) -> bool,
    ) -> Result<(), FileError> {
        let Some(folders) = self.agents.remove(agent) else { return Ok(()) };
        remove_empty(&folders);
        if !self.agents.is_empty() {
            return self.write(folder);
        }
        if let Some(settings) = self.settings.as_deref().filter(|path| untouched(path) && is_alone(path)) {
            file::remove(settings)?;
        }
        file::remove(&folder.join(FILE_NAME))?;
        remove_empty(&self.own);
        Ok(())
    }
}

/// Folders above `path` that do not exist, innermost first.
fn missing_above(path: &Path) -> impl Iterator<Item = PathBuf> {
    path.ancestors()
        .skip(1)
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .map(Path::to_path_buf)
}

/// Whether nothing but the list lies beside `path`.
fn is_alone(path: &Path) -> bool {
    let beside = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| {
            Some(entry.file_name().as_os_str()) == path.file_name() || entry.file_name() == FILE_NAME
        })
    };
    path.parent().is_some_and(|folder| std::fs::read_dir(folder).is_ok_and(|mut entries| entries.all(beside)))
}

fn remove_empty(folders: &BTreeSet<PathBuf>) {
    // Inner folders sort behind those they lie in.
    for folder in folders.iter().rev() {
        let _ = std::fs::remove_dir(folder);
    }
}
