//! How the last attempts went, for `placet doctor` and `placet status`.

use placet_client::organisation::{EnrolmentFiles, replace};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::file;

const FILE: &str = "status.json";

/// How the last attempts went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    /// When the gateway was reached last, in milliseconds since 1970.
    pub(crate) reached_ms: i64,
    /// Why it was not, the last time.
    pub(crate) trouble: Option<String>,
    /// Why the bundle that it gave was refused, the last time.
    pub(crate) refused: Option<String>,
    /// Records it did not take, with what it said of the last of them.
    pub(crate) untaken: Option<String>,
    /// What tells the bundle in force from others.
    pub(crate) tag: Option<String>,
}

impl Status {
    /// What is kept; nothing when that cannot be read.
    pub(crate) fn read(files: &EnrolmentFiles) -> Self {
        let text = file::read(&files.other(FILE)).ok().flatten();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn write(&self, files: &EnrolmentFiles) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(Failure::new)?;
        // Not into a folder that `unenroll` has just taken away.
        if files.folder.is_dir() {
            replace(&files.other(FILE), (text + "\n").as_bytes()).map_err(Failure::new)?;
        }
        Ok(())
    }

    /// Notes an answer of the gateway, or that there was none.
    pub(super) fn note<T>(&mut self, result: &Result<T, Failure>) {
        match result {
            Ok(_) => {
                self.reached_ms = super::now_ms();
                self.trouble = None;
            }
            Err(failure) => self.trouble = Some(failure.message.clone()),
        }
    }
}
