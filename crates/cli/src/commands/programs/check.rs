//! `placet programs check`

use std::path::{Path, PathBuf};

use placet_client::ProgramFile;
use placet_model::Layer;
use placet_shell::{ExampleMismatch, ProgramModel, add_library, check_examples};
use serde_json::json;

use super::Added;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::locations_and_sources;
use crate::printer::WIDTH;
use crate::style::{self, paint, shorten, wrap};

/// Checks models and runs their examples: the files given, or those of this machine's `programs` folders.
pub(super) fn run(session: &Session<'_>, paths: &[PathBuf]) -> Outcome {
    let files = match paths {
        [] => own(session)?,
        paths => read(session, paths)?,
    };
    if files.is_empty() {
        return Err(Failure::new("there is no program model to check").hint(
            "models are TOML files in a folder `programs` beside the policies; `placet programs show rm` shows one",
        ));
    }
    let mut wrong = 0;
    let mut answers = Vec::new();
    for file in &files {
        let remarks = remarks(file, &files);
        wrong += usize::from(remarks.is_wrong());
        if session.printer.is_json() {
            answers.push(remarks.json(file));
        } else {
            remarks.show(session, file);
        }
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "ok": wrong == 0, "files": answers }));
    } else if paths.is_empty() {
        Added::find(session)?.note_unused(session)?;
    }
    Ok(if wrong == 0 { Exit::Ok } else { Exit::General })
}

fn own(session: &Session<'_>) -> Result<Vec<ProgramFile>, Failure> {
    let (_, collected) = locations_and_sources(session)?;
    Ok(collected.programs.into_iter().chain(collected.untrusted_programs).collect())
}

/// Files as they are, and the TOML files of folders.
fn read(session: &Session<'_>, paths: &[PathBuf]) -> Result<Vec<ProgramFile>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let path = session.place.cwd.join(path);
        let listed = if path.is_dir() { listed(&path)? } else { vec![path] };
        for path in listed {
            let text = crate::file::read_named(&path)?
                .ok_or_else(|| Failure::new(format!("`{}` does not exist", path.display())))?;
            files.push(ProgramFile { path, text, layer: Layer::User });
        }
    }
    Ok(files)
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::new(format!("`{}` cannot be read: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".toml") && !name.starts_with('_') {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What is to be said of one model.
enum Remarks {
    NoModel(String),
    Model { names: Vec<String>, examples: usize, mismatches: Vec<ExampleMismatch> },
}

fn remarks(file: &ProgramFile, all: &[ProgramFile]) -> Remarks {
    let (model, _) = match placet_client::parse_program(file) {
        Ok(parsed) => parsed,
        // The path stands in front anyway.
        Err(placet_client::LoadError::Program(_, why)) => return Remarks::NoModel(why),
        Err(other) => return Remarks::NoModel(other.to_string()),
    };
    // Examples may use the other models, as far as these are in order.
    let others = all.iter().filter(|other| other.path != file.path);
    let others = others.filter_map(|other| placet_client::parse_program(other).ok()).map(|(other, _)| other);
    let others = others.filter(|other| !other.names().iter().any(|name| model.names().contains(name)));
    let models: Vec<ProgramModel> = std::iter::once(model.clone()).chain(others).collect();
    let library = add_library(&models).or_else(|_| add_library(std::slice::from_ref(&model)));
    match library {
        Ok(library) => Remarks::Model {
            names: model.names().to_vec(),
            examples: file.text.matches("[[example]]").count(),
            mismatches: check_examples(&model, library),
        },
        Err(error) => Remarks::NoModel(error.to_string()),
    }
}

impl Remarks {
    fn is_wrong(&self) -> bool {
        !matches!(self, Self::Model { mismatches, .. } if mismatches.is_empty())
    }

    fn show(&self, session: &Session<'_>, file: &ProgramFile) {
        let printer = session.printer;
        let path = session.place.show(&file.path);
        match self {
            Self::NoModel(why) => {
                printer.data(format_args!("{}: {path}", paint(style::ERROR, "error")));
                // Lines of the file keep their columns, sentences are broken.
                for line in why.lines() {
                    let drawn = line.contains('|');
                    let lines = if drawn { vec![line.to_owned()] } else { wrap(line, WIDTH - 2) };
                    for line in lines {
                        printer.data(format_args!("  {}", shorten(line.trim_end(), WIDTH - 2)));
                    }
                }
            }
            Self::Model { names, examples, mismatches } => {
                for mismatch in mismatches {
                    printer.data(format_args!("{}: {path}", paint(style::ERROR, "example differs")));
                    printer.data(format_args!("  {}", mismatch.line));
                    for (key, got, want) in &mismatch.differences {
                        printer.data(format_args!("    {key}: found {got}"));
                        printer.data(format_args!("    {:1$}  written {want}", "", key.len()));
                    }
                }
                let state = match (mismatches.len(), examples) {
                    (0, 0) => "ok, but without an example nobody sees what it misses".to_owned(),
                    (0, 1) => "ok, 1 example".to_owned(),
                    (0, count) => format!("ok, {count} examples"),
                    (differ, count) => format!("{differ} of {count} examples differ"),
                };
                printer.data(format_args!("{path}: {}: {state}", names.join(", ")));
            }
        }
    }

    fn json(&self, file: &ProgramFile) -> serde_json::Value {
        match self {
            Self::NoModel(why) => json!({ "file": file.path, "error": why }),
            Self::Model { names, examples, mismatches } => {
                let mismatches: Vec<_> = mismatches
                    .iter()
                    .map(|mismatch| {
                        let differences: Vec<_> = mismatch
                            .differences
                            .iter()
                            .map(|(key, found, written)| json!({ "key": key, "found": found, "written": written }))
                            .collect();
                        json!({ "line": mismatch.line, "differences": differences })
                    })
                    .collect();
                json!({ "file": file.path, "names": names, "examples": examples, "mismatches": mismatches })
            }
        }
    }
}
