//! Policies in force for a project: from the cache when nothing changed, else compiled anew.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::Locations;
use crate::cache::{self, PolicyBytes, Staleness};
use crate::compile::compile;
use crate::evidence::Evidence;
use crate::programs::{Programs, programs};
use crate::regular_file::RegularFileError;
use crate::settings::{OnBadPolicy, Settings, SettingsError};
use crate::sources::{Collected, collect};

/// A compiled set with the settings it goes with.
#[derive(Debug)]
pub struct Loaded {
    /// Settings in force.
    pub settings: Settings,
    /// Compiled policies.
    pub policy: PolicyBytes,
    /// Program models that people added.
    pub programs: Programs,
    /// What goes with them into every record.
    pub evidence: Evidence,
    /// Set when the sources no longer compile and the last good set stands in.
    pub stale: Option<String>,
}

/// Why there are no policies to decide by.
#[derive(Debug)]
pub enum LoadError {
    /// A settings file is not what it should be.
    Settings(SettingsError),
    /// A file that is needed cannot be read; with the reason.
    Unreadable(PathBuf, String),
    /// Settings name a policy that is not shipped.
    UnknownPolicy(String),
    /// A policy does not compile.
    Compile(placet_policy::CompileError),
    /// The organisation's policies are not as they were accepted.
    Organisation(String),
    /// A file is not a program model; with what is wrong.
    Program(PathBuf, String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::Unreadable(path, why) => write!(f, "`{}` cannot be used: {why}", path.display()),
            Self::UnknownPolicy(name) => {
                write!(f, "no policy named `{name}` is shipped; `placet policy list` shows which are")
            }
            Self::Compile(error) => error.fmt(f),
            Self::Organisation(why) => write!(
                f,
                "the organisation's policies cannot be used: {why}; `placet sync --once` fetches them anew"
            ),
            Self::Program(path, why) => write!(f, "`{}` is no program model: {why}", path.display()),
        }
    }
}

impl std::error::Error for LoadError {}

impl From<RegularFileError> for LoadError {
    fn from(error: RegularFileError) -> Self {
        Self::Unreadable(error.path().to_path_buf(), error.why())
    }
}

/// Policies in force for `project`, from the cache where possible.
///
/// # Errors
/// When settings or policies cannot be used and the machine does not ask for the last good set.
pub fn load(locations: &Locations, project: &Path) -> Result<Loaded, LoadError> {
    let file = locations.cache().join(cache::file_name(&locations.config, project));
    if let Some(loaded) = cache::read(&file, &locations.config, project, Staleness::Refuse) {
        return Ok(loaded);
    }
    load_fresh(locations, project).or_else(|error| {
        match cache::read(&file, &locations.config, project, Staleness::Accept) {
            Some(loaded) if loaded.settings.on_bad_policy == OnBadPolicy::LastGood => {
                Ok(Loaded { stale: Some(error.to_string()), ..loaded })
            }
            _ => Err(error),
        }
    })
}

/// Compiles the policies in force for `project` and renews the cache.
///
/// # Errors
/// When settings or policies cannot be used.
pub fn load_fresh(locations: &Locations, project: &Path) -> Result<Loaded, LoadError> {
    let Collected { settings, sources, programs: added, mut files, trusted, .. } =
        collect(locations, project)?;
    let (programs, _) = programs(&added)?;
    let compilation = compile(locations, &settings, &sources, &trusted)?;
    files.extend(compilation.files);
    let bytes = compilation.compiled.bytes;
    let evidence = Evidence::of(&bytes, &programs, &settings);
    let file = locations.cache().join(cache::file_name(&locations.config, project));
    // A cache that cannot be written costs time on each call, never safety.
    let loaded = Loaded { settings, policy: PolicyBytes::Read(bytes, 0), programs, evidence, stale: None };
    let _ = cache::write(&file, &locations.config, project, &loaded, &files);
    Ok(loaded)
}
