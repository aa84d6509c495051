//! Which files the policies in force come from, and what they looked like when read.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use placet_model::Layer;
use placet_policy::Source;
use serde::{Deserialize, Serialize};

use crate::Locations;
use crate::load::LoadError;
use crate::organisation::{self, Organisation};
use crate::programs::ProgramFile;
use crate::regular_file::read_text;
use crate::settings::{Settings, UserFile};
use crate::trust::{Trust, TrustedTexts};

/// A file (or folder) whose change makes the compiled policy stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Absolute path.
    pub path: PathBuf,
    /// What it looked like; `None` when it did not exist.
    pub stamp: Option<Stamp>,
}

/// What tells one version of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Modification time in nanoseconds since 1970.
    pub modified_ns: i128,
    /// Inode change time in nanoseconds since 1970; an agent cannot set it back.
    pub changed_ns: i128,
    /// Inode number.
    pub inode: u64,
}

impl SourceFile {
    /// Looks at `path` now.
    pub fn stat(path: &Path) -> Self {
        let stamp = std::fs::metadata(path).ok().map(|data| Stamp {
            size: data.size(),
            modified_ns: nanoseconds(data.mtime(), data.mtime_nsec()),
            changed_ns: nanoseconds(data.ctime(), data.ctime_nsec()),
            inode: data.ino(),
        });
        Self { path: path.to_path_buf(), stamp }
    }
}

pub(crate) fn nanoseconds(seconds: i64, rest: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(rest)
}

/// Everything that was read to find the policies in force.
#[derive(Debug)]
pub struct Collected {
    /// Settings in force.
    pub settings: Settings,
    /// Policy texts, the floor not among them.
    pub sources: Vec<Source>,
    /// Program models that people added; of the project only when it is trusted.
    pub programs: Vec<ProgramFile>,
    /// Program models of a project that is not trusted.
    pub untrusted_programs: Vec<ProgramFile>,
    /// Files and folders looked at.
    pub files: Vec<SourceFile>,
    /// Files that trusted policies of the project extend: path and the text that is trusted.
    pub trusted: BTreeMap<String, String>,
}

/// Most bytes one settings or policy file may have.
pub(crate) const FILE_BYTES_MAX: u64 = 4 << 20;
/// Most policy files one folder may have.
const FOLDER_FILES_MAX: usize = 256;

/// Extensions of policy files.
const YAML: &[&str] = &["yaml", "yml"];

/// Reads settings, policy texts and program models of organisation, machine, user and project.
///
/// # Errors
/// When a file that is named cannot be read or is not what it should be. A missing settings file or folder is
/// no error: it says nothing.
pub fn collect(locations: &Locations, project: &Path) -> Result<Collected, LoadError> {
    let mut files = Vec::new();
    let organisation = organisation::read(locations, &mut files)?;
    let mut collected = collect_local(locations, project)?;
    collected.files.extend(files);
    if let Some(Organisation { sources, terms }) = organisation {
        collected.sources.splice(..0, sources);
        collected.settings.organisation = Some(terms);
    }
    Ok(collected)
}

/// Folder of ledger and trust as settings say, whatever is the matter with policies.
///
/// # Errors
/// When a settings file is not what it should be.
pub fn state_folder(locations: &Locations) -> Result<PathBuf, LoadError> {
    let mut reader = Reader::default();
    let machine = reader.settings(&locations.machine_settings())?.unwrap_or_default();
    let user = reader.settings(&locations.user_settings())?.unwrap_or_default();
    Ok(Settings::merge(&machine, &user, locations.default_state(), &locations.config).state)
}

/// The same without the organisation.
pub(crate) fn collect_local(locations: &Locations, project: &Path) -> Result<Collected, LoadError> {
    let mut reader = Reader::default();
    let machine = reader.settings(&locations.machine_settings())?.unwrap_or_default();
    let user = reader.settings(&locations.user_settings())?.unwrap_or_default();
    let settings = Settings::merge(&machine, &user, locations.default_state(), &locations.config);
    for path in reader.folder(&locations.machine.join("policies"), YAML)? {
        reader.policy(&path, Layer::Machine, true)?;
    }
    for entry in machine.policies.iter().flatten() {
        reader.named(entry, &locations.machine, Layer::Machine)?;
    }
    match &user.policies {
        Some(entries) => {
            for entry in entries {
                reader.named(entry, &locations.config, Layer::User)?;
            }
        }
        // Somebody who chose nothing is still protected; a machine with policies of its own has chosen.
        None if reader.sources.is_empty() => reader.shipped("starter", Layer::User)?,
        None => {}
    }
    reader.programs(&locations.machine, Layer::Machine)?;
    reader.programs(&locations.config, Layer::User)?;
    let untrusted_programs = reader.project(project, &settings)?;
    let Reader { sources, programs, files, trusted } = reader;
    Ok(Collected { settings, sources, programs, untrusted_programs, files, trusted })
}

/// Reads files and remembers each it looked at.
#[derive(Default)]
struct Reader {
    sources: Vec<Source>,
    programs: Vec<ProgramFile>,
    files: Vec<SourceFile>,
    trusted: BTreeMap<String, String>,
}

impl Reader {
    fn settings(&mut self, path: &Path) -> Result<Option<UserFile>, LoadError> {
        match self.text(path)? {
            Some(text) => UserFile::parse(path, &text).map(Some).map_err(LoadError::Settings),
            None => Ok(None),
        }
    }

    /// Text of a file; `None` when it does not exist.
    fn text(&mut self, path: &Path) -> Result<Option<String>, LoadError> {
        // The stamp is taken first: a change while reading then shows as stale later.
        self.files.push(SourceFile::stat(path));
        Ok(read_text(path, FILE_BYTES_MAX)?)
    }

    /// Files of a folder with one of these extensions, sorted by name.
    fn folder(&mut self, path: &Path, kinds: &[&str]) -> Result<Vec<PathBuf>, LoadError> {
        self.files.push(SourceFile::stat(path));
        let listing = match std::fs::read_dir(path) {
            Ok(listing) => listing,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(LoadError::Unreadable(path.to_path_buf(), error.to_string())),
        };
        let mut found = Vec::new();
        for entry in listing {
            let path =
                entry.map_err(|error| LoadError::Unreadable(path.to_path_buf(), error.to_string()))?.path();
            if path.extension().is_some_and(|kind| kinds.iter().any(|wanted| kind == *wanted)) {
                found.push(path);
            }
        }
        if found.len() > FOLDER_FILES_MAX {
            let why = format!("it holds more than {FOLDER_FILES_MAX} files");
            return Err(LoadError::Unreadable(path.to_path_buf(), why));
        }
        found.sort();
        Ok(found)
    }

    fn policy(&mut self, path: &Path, layer: Layer, trusted: bool) -> Result<(), LoadError> {
        match self.text(path)? {
            Some(text) => {
                self.sources.push(Source { name: path.display().to_string(), text, layer, trusted });
                Ok(())
            }
            None => Err(LoadError::Unreadable(path.to_path_buf(), "no such file".to_owned())),
        }
    }

    fn shipped(&mut self, name: &str, layer: Layer) -> Result<(), LoadError> {
        match placet_policy::SHIPPED.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => {
                let text = (*text).to_owned();
                self.sources.push(Source { name: format!("{name} (shipped)"), text, layer, trusted: true });
                Ok(())
            }
            None => Err(LoadError::UnknownPolicy(name.to_owned())),
        }
    }

    /// An entry of `policies:`: a file when it looks like one, else a shipped name.
    fn named(&mut self, entry: &str, base: &Path, layer: Layer) -> Result<(), LoadError> {
        let looks_like_file = entry.contains('/') || entry.ends_with(".yaml") || entry.ends_with(".yml");
        // `./mine.yaml` is shown as people look for it.
        let path = || base.join(entry).components().collect::<PathBuf>();
        if looks_like_file { self.policy(&path(), layer, true) } else { self.shipped(entry, layer) }
    }

    /// Models in the folder `programs` of a layer's folder.
    fn programs(&mut self, base: &Path, layer: Layer) -> Result<(), LoadError> {
        for path in self.folder(&base.join("programs"), &["toml"])? {
            match self.text(&path)? {
                Some(text) => self.programs.push(ProgramFile { path, text, layer }),
                None => return Err(LoadError::Unreadable(path, "no such file".to_owned())),
            }
        }
        Ok(())
    }

    /// Policies and models of the project; gives back the models when it is not trusted.
    fn project(&mut self, project: &Path, settings: &Settings) -> Result<Vec<ProgramFile>, LoadError> {
        let folder = Locations::project_policies(project);
        let paths = self.folder(&folder, YAML)?;
        let (first, first_program) = (self.sources.len(), self.programs.len());
        for path in paths {
            self.policy(&path, Layer::Project, false)?;
        }
        self.programs(&folder, Layer::Project)?;
        let own = self.sources.get(first..).unwrap_or_default();
        let programs = self.programs.get(first_program..).unwrap_or_default();
        if own.is_empty() && programs.is_empty() {
            return Ok(Vec::new());
        }
        self.files.push(SourceFile::stat(&Trust::file(&settings.state)));
        let trust = Trust::read(&settings.state);
        if trust.knows(project) {
            let texts = TrustedTexts::of(own, programs);
            if trust.covers(project, &texts.digest) {
                self.trusted = texts.extended;
                for source in self.sources.iter_mut().skip(first) {
                    source.trusted = true;
                }
                return Ok(Vec::new());
            }
        }
        Ok(self.programs.split_off(first_program))
    }
}
