//! Which projects' policies may allow, pinned by digest outside the project.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use placet_model::Layer;
use placet_policy::{Options, Source};
use sha2::{Digest as _, Sha256};

use crate::programs::ProgramFile;
use crate::regular_file::read_text;
use crate::sources::FILE_BYTES_MAX as SOURCE_BYTES_MAX;

/// Most bytes the trust file may have.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// Projects a person trusts, with the digest of the policy files they saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    projects: BTreeMap<String, String>,
}

/// Why trust could not be stored.
#[derive(Debug)]
pub struct TrustError {
    /// The file.
    pub file: PathBuf,
    /// What the system said.
    pub source: std::io::Error,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trust file `{}` cannot be written: {}", self.file.display(), self.source)
    }
}

impl std::error::Error for TrustError {}

impl Trust {
    /// Path of the trust file in the state folder.
    pub fn file(state: &Path) -> PathBuf {
        state.join("trust.json")
    }

    /// Reads the trust file. A missing or damaged one trusts nothing.
    pub fn read(state: &Path) -> Self {
        let projects = read_text(&Self::file(state), FILE_BYTES_MAX)
            .ok()
            .flatten()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Self { projects }
    }

    /// Whether exactly these policy files of `project` are trusted.
    pub fn covers(&self, project: &Path, digest: &str) -> bool {
        project.to_str().and_then(|project| self.projects.get(project)).is_some_and(|known| known == digest)
    }

    /// Whether anything of `project` is trusted.
    pub fn knows(&self, project: &Path) -> bool {
        project.to_str().is_some_and(|project| self.projects.contains_key(project))
    }

    /// The same with `project` trusted at `digest`, or no longer.
    #[must_use]
    pub fn with(mut self, project: &str, digest: Option<String>) -> Self {
        match digest {
            Some(digest) => self.projects.insert(project.to_owned(), digest),
            None => self.projects.remove(project),
        };
        self
    }

    /// Writes the trust file, replacing it whole.
    ///
    /// # Errors
    /// When the folder cannot be made or the file cannot be written.
    pub fn write(&self, state: &Path) -> Result<(), TrustError> {
        let file = Self::file(state);
        let fail = |source| TrustError { file: file.clone(), source };
        std::fs::create_dir_all(state).map_err(fail)?;
        let text = serde_json::to_string_pretty(&self.projects).map_err(|error| fail(error.into()))?;
        let fresh = file.with_extension(format!("{}.new", std::process::id()));
        let mut out = std::fs::File::create(&fresh).map_err(fail)?;
        out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(fail)?;
        std::fs::rename(&fresh, &file).map_err(fail)
    }
}

/// What a person trusts when they trust a project: its policies, the files these extend, and its program models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedTexts {
    /// Files that the policies extend, beside themselves: path and text.
    pub extended: BTreeMap<String, String>,
    /// Digest of all of it.
    pub digest: String,
}

impl TrustedTexts {
    /// The texts that the project's policies and models among these stand for, as they are now.
    pub fn of(sources: &[Source], programs: &[ProgramFile]) -> Self {
        let own: Vec<Source> =
            sources.iter().filter(|source| source.layer == Layer::Project).cloned().collect();
        let extended = RefCell::new(BTreeMap::new());
        let read = |path: &str| {
            let text = read_text(Path::new(path), SOURCE_BYTES_MAX).ok().flatten()?;
            extended.borrow_mut().insert(path.to_owned(), text.clone());
            Some(text)
        };
        // Only what is read counts here; mistakes are told where the policies are compiled for use.
        let _ = placet_policy::compile_with(
            &own,
            &Options { variables: None, read: Some(&read), on_trial: None },
        );
        let extended = extended.into_inner();
        let texts = own.iter().map(|source| (source.name.as_str(), source.text.as_str()));
        let extends = extended.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let models: Vec<(String, &str)> = programs
            .iter()
            .filter(|file| file.layer == Layer::Project)
            .map(|file| (file.path.display().to_string(), file.text.as_str()))
            .collect();
        let models = models.iter().map(|(path, text)| (path.as_str(), *text));
        let digest = project_digest(texts.chain(extends).chain(models));
        Self { extended, digest }
    }
}

/// Digest of a project's policy files, in the order given, names included. Hexadecimal SHA-256.
pub(crate) fn project_digest<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut hash = Sha256::new();
    for (name, text) in files {
        hash.update(name.len().to_le_bytes());
        hash.update(name);
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hex(&hash.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
