//! What was agreed on at enrolment.

use std::fmt;
use std::fs::{DirBuilder, File};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use placet_bundle::{Issue, PublicKey};
use serde::{Deserialize, Serialize};

use crate::Locations;
use crate::regular_file::read_text;

/// Version of the file's form.
const FORMAT: u32 = 1;
/// Most bytes it may have.
pub(crate) const FILE_BYTES_MAX: u64 = 64 << 10;

/// Names of the files of an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentFiles {
    /// The folder.
    pub folder: PathBuf,
}

impl EnrolmentFiles {
    /// Name of the file with the agent's key.
    pub const KEY: &'static str = "agent.key";
    /// Name of the file with the bundle in force.
    pub const BUNDLE: &'static str = "bundle";

    /// Those of an installation.
    pub fn of(locations: &Locations) -> Self {
        Self { folder: locations.config.join("enrolment") }
    }

    /// What was agreed on.
    pub fn enrolment(&self) -> PathBuf {
        self.folder.join("enrolment.json")
    }

    /// The agent's key, for its owner alone.
    pub fn key(&self) -> PathBuf {
        self.folder.join(Self::KEY)
    }

    /// The bundle in force.
    pub fn bundle(&self) -> PathBuf {
        self.folder.join(Self::BUNDLE)
    }

    /// Held by whoever changes something here.
    pub fn lock(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Another file in the folder.
    pub fn other(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// What was agreed on at enrolment, and how far it came since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// Version of this form.
    format: u32,
    /// Address of the gateway.
    pub gateway: String,
    /// Whether plain HTTP with another machine was agreed to.
    pub plain_http: bool,
    /// Id of the agent.
    pub agent: String,
    /// Its name at that time.
    pub agent_name: String,
    /// Id of the organisation.
    pub organisation: String,
    /// The pinned key, as text.
    key: String,
    /// Tells this ledger from others whose records come by the same key.
    pub spool: String,
    /// When, in milliseconds since 1970.
    pub enrolled_ms: i64,
    /// The newest bundle that was accepted.
    pub accepted: Issue,
}

/// Why an enrolment cannot be read or written.
#[derive(Debug)]
pub struct EnrolmentError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for EnrolmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be used: {}", self.file.display(), self.why)
    }
}

impl std::error::Error for EnrolmentError {}

impl Enrolment {
    /// A new one.
    pub fn new(gateway: String, plain_http: bool, key: &PublicKey, spool: String, unix_ms: i64) -> Self {
        Self {
            format: FORMAT,
            gateway,
            plain_http,
            agent: String::new(),
            agent_name: String::new(),
            organisation: String::new(),
            key: key.to_string(),
            spool,
            enrolled_ms: unix_ms,
            accepted: Issue { version: i64::MIN, issued_ms: i64::MIN },
        }
    }

    /// The pinned key; `None` when what stands there is none.
    pub fn key(&self) -> Option<PublicKey> {
        PublicKey::parse(&self.key)
    }

    /// Reads it; `None` when this user is not enrolled.
    ///
    /// # Errors
    /// When there is something that is not what enrolment writes.
    pub fn read(files: &EnrolmentFiles) -> Result<Option<Self>, EnrolmentError> {
        let file = files.enrolment();
        match read_text(&file, FILE_BYTES_MAX) {
            Ok(None) => Ok(None),
            Ok(Some(text)) => Self::parse(&text).map(Some).map_err(|why| EnrolmentError { file, why }),
            Err(error) => Err(EnrolmentError { file, why: error.why() }),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if read.format != FORMAT {
            return Err(format!("it is of form {}, which this version does not know", read.format));
        }
        Ok(read)
    }

    /// Writes it, replacing the file whole.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn write(&self, files: &EnrolmentFiles) -> Result<(), EnrolmentError> {
        let file = files.enrolment();
        let fail = |why: &dyn fmt::Display| EnrolmentError { file: file.clone(), why: why.to_string() };
        let text = serde_json::to_string_pretty(self).map_err(|error| fail(&error))?;
        replace(&file, (text + "\n").as_bytes()).map_err(|error| fail(&error))
    }
}

impl EnrolmentFiles {
    /// Puts an enrolment in force with the other files that belong to it, by their names: all at once, or none.
    ///
    /// # Errors
    /// When there is one already, or the system refuses.
    pub fn establish(&self, enrolment: &Enrolment, others: &[(&str, &[u8])]) -> Result<(), EnrolmentError> {
        let fail =
            |error: std::io::Error| EnrolmentError { file: self.folder.clone(), why: error.to_string() };
        let fresh = Self { folder: self.beside("new") };
        let placed = others
            .iter()
            .try_for_each(|(name, bytes)| replace(&fresh.folder.join(name), bytes))
            .map_err(fail)
            .and_then(|()| enrolment.write(&fresh))
            // A folder with something in it is not replaced.
            .and_then(|()| std::fs::rename(&fresh.folder, &self.folder).map_err(fail));
        if placed.is_err() {
            let _ = std::fs::remove_dir_all(&fresh.folder);
        }
        placed
    }

    /// Ends an enrolment: from then on this machine is in no organisation.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn dissolve(&self) -> Result<(), EnrolmentError> {
        let fail =
            |error: std::io::Error| EnrolmentError { file: self.folder.clone(), why: error.to_string() };
        let old = self.beside("old");
        std::fs::rename(&self.folder, &old).map_err(fail)?;
        std::fs::remove_dir_all(&old).map_err(fail)
    }

    /// The agent's key.
    ///
    /// # Errors
    /// When it cannot be read, or others can read it too.
    pub fn agent_key(&self) -> Result<String, EnrolmentError> {
        let file = self.key();
        let fail = |why: String| EnrolmentError { file: file.clone(), why };
        let text = read_text(&file, FILE_BYTES_MAX).map_err(|error| fail(error.why()))?;
        let text = text.ok_or_else(|| fail("it is not there".to_owned()))?;
        let mode = std::fs::metadata(&file).map_or(0, |data| data.mode());
        if mode & 0o077 != 0 {
            return Err(fail("others may read it; have the gateway give the agent a new key".to_owned()));
        }
        Ok(text.trim().to_owned())
    }

    fn beside(&self, what: &str) -> PathBuf {
        self.folder.with_extension(format!("{}.{what}", std::process::id()))
    }
}

/// Replaces a file of the enrolment whole, for its owner alone and on the disk before it counts. Makes the folder.
///
/// # Errors
/// When the system refuses.
pub fn replace(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let fresh = file.with_file_name(name);
    let mut out = File::options().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    let placed =
        out.write_all(bytes).and_then(|()| out.sync_all()).and_then(|()| std::fs::rename(&fresh, file));
    if placed.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    placed
}
