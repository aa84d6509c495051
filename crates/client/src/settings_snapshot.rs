//! The host's settings as they were when a session started, or after the last change that was let in.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use placet_agents::claude_code::config_change::SettingsOwner;

use crate::notice::ReadFile;
use crate::regular_file::read_text;

/// Most bytes a snapshot may have: what it is made of is bounded file by file.
const SNAPSHOT_BYTES_MAX: u64 = 64 << 20;

/// Where one session's snapshot is kept.
pub(crate) struct Snapshot {
    file: PathBuf,
}

impl Snapshot {
    pub(crate) fn of(state: &Path, session: &str) -> Self {
        let name = crate::trust::project_digest([("session", session)].into_iter());
        Self { file: state.join("sessions").join(format!("{}.json", name.get(..32).unwrap_or_default())) }
    }

    /// The files of the snapshot; `None` when there is none.
    pub(crate) fn read(&self) -> Option<Vec<ReadFile>> {
        let text = read_text(&self.file, SNAPSHOT_BYTES_MAX).ok()??;
        let files: Vec<(bool, String, Option<String>)> = serde_json::from_str(&text).ok()?;
        let owner = |managed| if managed { SettingsOwner::Managed } else { SettingsOwner::Other };
        Some(files.into_iter().map(|(managed, path, text)| (owner(managed), path, text)).collect())
    }

    /// Keeps `files`. Without a snapshot the next change is judged as if the gate had to be whole, so a
    /// failure here makes nothing weaker.
    pub(crate) fn write(&self, files: &[ReadFile]) {
        let plain: Vec<(bool, &String, &Option<String>)> =
            files.iter().map(|(owner, path, text)| (*owner == SettingsOwner::Managed, path, text)).collect();
        let Ok(text) = serde_json::to_vec(&plain) else { return };
        let fresh = self.file.with_extension(format!("{}.new", std::process::id()));
        if let Some(folder) = self.file.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        let opened = File::options().write(true).create(true).truncate(true).mode(0o600).open(&fresh);
        if opened.and_then(|mut out| out.write_all(&text)).is_ok() {
            let _ = std::fs::rename(&fresh, &self.file);
        }
    }
}
