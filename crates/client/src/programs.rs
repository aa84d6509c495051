//! Program models that people added: one TOML file a program in a folder `programs`.
//!
//! Machine, user and trusted projects may have such a folder, beside their policies. A program that an outer layer has a
//! model for keeps that model; a project cannot replace built-in ones either, so what is added to a project never
//! changes what is known already.

use std::path::{Path, PathBuf};

use placet_model::{Layer, LibraryId};
use placet_shell::{LibraryError, ProgramModel, add_library, models_program};
use serde::{Deserialize, Serialize};

use crate::load::LoadError;

/// A model as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramFile {
    /// Absolute path.
    pub path: PathBuf,
    /// TOML.
    pub text: String,
    /// Whose it is.
    pub layer: Layer,
}

/// A model that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedProgram {
    /// Absolute path.
    pub path: PathBuf,
    /// Why, in words.
    pub why: String,
}

/// The models in force, checked, in a form that is quick to take in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Programs {
    /// JSON list of models; empty for none.
    json: String,
}

impl Programs {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.json.is_empty()
    }

    /// For digests.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.json.as_bytes()
    }

    /// Takes the models in.
    ///
    /// # Errors
    /// When they are not what [`programs`] made.
    pub fn take_in(&self) -> Result<LibraryId, LibraryError> {
        if self.json.is_empty() {
            return Ok(LibraryId::NONE);
        }
        let models: Vec<ProgramModel> = serde_json::from_str(&self.json)
            .map_err(|error| LibraryError::Model(0, format!("stored program models are damaged: {error}")))?;
        add_library(&models)
    }
}

/// Puts the models of all layers together, outer layers first; tells which do not count.
///
/// # Errors
/// When a file is not a model.
pub fn programs(files: &[ProgramFile]) -> Result<(Programs, Vec<UnusedProgram>), LoadError> {
    let mut used: Vec<(ProgramModel, toml::Table, &Path)> = Vec::new();
    let mut unused = Vec::new();
    for layer in [Layer::Machine, Layer::User, Layer::Project] {
        let outer = used.len();
        for file in files.iter().filter(|file| file.layer == layer) {
            let (model, table) = parse(file)?;
            let names = model.names();
            let claimed = used
                .iter()
                .take(outer)
                .find(|(other, ..)| names.iter().any(|name| other.names().contains(name)));
            let built_in =
                names.iter().find(|name| layer == Layer::Project && models_program(name, LibraryId::NONE));
            let why = match (claimed, built_in) {
                (Some((_, _, path)), _) => {
                    format!("`{}` has a model for it, and outer layers win", path.display())
                }
                (None, Some(name)) => {
                    format!("`{name}` has a built-in model, which a project cannot replace")
                }
                (None, None) => {
                    used.push((model, table, &file.path));
                    continue;
                }
            };
            unused.push(UnusedProgram { path: file.path.clone(), why });
        }
    }
    if used.is_empty() {
        return Ok((Programs::default(), unused));
    }
    let models: Vec<ProgramModel> = used.iter().map(|(model, ..)| model.clone()).collect();
    add_library(&models).map_err(|error| match error {
        LibraryError::Model(at, why) => {
            LoadError::Program(used.get(at).map_or_else(PathBuf::new, |(_, _, path)| path.to_path_buf()), why)
        }
        LibraryError::TooMany => LoadError::Program(PathBuf::new(), error.to_string()),
    })?;
    let tables: Vec<&toml::Table> = used.iter().map(|(_, table, _)| table).collect();
    let json = serde_json::to_string(&tables)
        .map_err(|error| LoadError::Program(PathBuf::new(), format!("cannot be stored: {error}")))?;
    Ok((Programs { json }, unused))
}

/// Reads one model and checks it alone.
///
/// # Errors
/// When it is no model; the message says where and what.
pub fn parse(file: &ProgramFile) -> Result<(ProgramModel, toml::Table), LoadError> {
    let wrong = |why: String| LoadError::Program(file.path.clone(), why);
    let model: ProgramModel =
        toml::from_str(&file.text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
    let mut table: toml::Table = toml::from_str(&file.text).map_err(|error| wrong(error.to_string()))?;
    add_library(std::slice::from_ref(&model)).map_err(|error| wrong(error.to_string()))?;
    // Examples are for people and checks.
    table.remove("example");
    Ok((model, table))
}
