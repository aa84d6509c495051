//! Models that people added on this machine, as the commands show them.

use std::path::PathBuf;

use placet_client::{ProgramFile, UnusedProgram};
use placet_model::Layer;
use serde_json::Value;

use crate::commands::Session;
use crate::failure::{Failure, Outcome};
use crate::judge::locations_and_sources;

/// What was found in the `programs` folders.
pub(super) struct Added {
    /// Models in force, as JSON, with where they come from.
    pub(super) used: Vec<(Value, ProgramFile)>,
    /// Models that do not count, and why.
    pub(super) unused: Vec<UnusedProgram>,
}

impl Added {
    /// Looks into the folders of machine, user and project. Where nothing is set up nothing was added.
    ///
    /// # Errors
    /// When a file cannot be read or is no model.
    pub(super) fn find(session: &Session<'_>) -> Result<Self, Failure> {
        if session.place.locations().is_err() {
            return Ok(Self { used: Vec::new(), unused: Vec::new() });
        }
        let (_, collected) = locations_and_sources(session)?;
        let (_, mut unused) = placet_client::programs(&collected.programs).map_err(Failure::new)?;
        let spared: Vec<PathBuf> = unused.iter().map(|unused| unused.path.clone()).collect();
        unused.extend(collected.untrusted_programs.into_iter().map(|file| UnusedProgram {
            path: file.path,
            why: "the project is not trusted (`placet trust`)".to_owned(),
        }));
        let mut used = Vec::new();
        for file in collected.programs.into_iter().filter(|file| !spared.contains(&file.path)) {
            let value = toml::from_str(&file.text).map_err(Failure::new)?;
            used.push((value, file));
        }
        Ok(Self { used, unused })
    }

    /// Says which models do not count.
    pub(super) fn note_unused(&self, session: &Session<'_>) -> Outcome {
        for unused in &self.unused {
            session.printer.note(format_args!(
                "{} is not used: {}",
                session.place.show(&unused.path),
                unused.why
            ));
        }
        Ok(crate::exit::Exit::Ok)
    }
}

/// The word for whose a model is.
pub(super) fn whose(layer: Layer) -> &'static str {
    match layer {
        Layer::Machine => "machine",
        Layer::User => "user",
        Layer::Project => "project",
        _ => "built in",
    }
}
