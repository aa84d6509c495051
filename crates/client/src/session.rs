//! What one session of an agent has written, so that a file written now and run later is known as such.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use placet_agents::claude_code::planted::WrittenFile;

use crate::regular_file::{open, read_tail};

/// Most bytes of a session's list that are read; newer lines count for more, so the end is kept.
const LIST_BYTES_MAX: u64 = 1 << 20;

/// Where something of a session is kept, in the state folder.
pub(crate) fn file(state: &Path, session: &str, ending: &str) -> PathBuf {
    let name = crate::trust::project_digest([("session", session)].into_iter());
    state.join("sessions").join(format!("{}.{ending}", name.get(..32).unwrap_or_default()))
}

/// Opens a new list of a session, for lines to be appended.
pub(crate) fn create(file: &Path) -> std::io::Result<File> {
    let create = || File::options().append(true).create(true).mode(0o600).open(file);
    create().or_else(|error| match (error.kind(), file.parent()) {
        (std::io::ErrorKind::NotFound, Some(folder)) => {
            std::fs::create_dir_all(folder).and_then(|()| create())
        }
        _ => Err(error),
    })
}

/// The list of files a session wrote. Read when first asked about, and only then.
#[derive(Debug)]
pub(crate) struct SessionFiles {
    file: PathBuf,
    seen: OnceCell<BTreeMap<String, bool>>,
}

impl SessionFiles {
    /// The list of `session` in the state folder.
    pub(crate) fn of(state: &Path, session: &str) -> Self {
        Self { file: file(state, session, "written"), seen: OnceCell::new() }
    }

    /// Whether the session wrote `path`.
    pub(crate) fn wrote(&self, path: &str) -> bool {
        self.seen().contains_key(path)
    }

    /// A file of the session that does more than compute.
    pub(crate) fn planted(&self) -> Option<String> {
        self.seen().iter().find(|(_, planted)| **planted).map(|(path, _)| path.clone())
    }

    /// Adds files. One line each, appended at once, so that hooks running side by side do not mix.
    pub(crate) fn add(&self, files: &[WrittenFile]) -> std::io::Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let mut lines = String::new();
        for file in files {
            lines.push_str(&serde_json::to_string(&(&file.path, file.planted))?);
            lines.push('\n');
        }
        let known = open(&self.file, File::options().append(true)).map_err(std::io::Error::other)?;
        let mut out = match known {
            Some((file, _)) => file,
            None => create(&self.file)?,
        };
        out.write_all(lines.as_bytes())
    }

    fn seen(&self) -> &BTreeMap<String, bool> {
        self.seen.get_or_init(|| {
            let bytes = read_tail(&self.file, LIST_BYTES_MAX).ok().flatten().unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let mut seen = BTreeMap::new();
            for (path, planted) in
                text.lines().filter_map(|line| serde_json::from_str::<(String, bool)>(line).ok())
            {
                // The newest text of a file is what runs, but an edit shows only its own part.
                *seen.entry(path).or_insert(false) |= planted;
            }
            seen
        })
    }
}
