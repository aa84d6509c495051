//! `placet policy check`

use std::path::PathBuf;

use placet_policy::{Diagnostic, Options, Source};
use serde_json::json;

use crate::commands::Session;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::{locations_and_sources, read_sources, variables};
use crate::style;

/// Compiles each file by itself and shows what is wrong with it.
pub(super) fn run(session: &Session<'_>, files: &[PathBuf]) -> Outcome {
    let sources = match files {
        [] => locations_and_sources(session)?.1.sources,
        files => read_sources(&session.place, files)?,
    };
    if sources.is_empty() {
        return Err(Failure::new("there is no policy to check"));
    }
    let mut answers = Vec::new();
    let mut mistakes = 0;
    for source in &sources {
        let (errors, warnings) = remarks(session, source);
        mistakes += errors.len();
        if !session.printer.is_json() {
            show(session, source, &errors, &warnings);
        }
        answers.push(json!({ "file": source.name, "errors": errors, "warnings": warnings }));
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "ok": mistakes == 0, "files": answers }));
    }
    Ok(if mistakes == 0 { Exit::Ok } else { Exit::General })
}

/// Errors and warnings of one source.
fn remarks(session: &Session<'_>, source: &Source) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let read = |path: &str| crate::file::read(&session.place.cwd.join(path)).ok().flatten();
    let variables = variables(&session.place);
    let options = Options { variables: Some(&variables), read: Some(&read), on_trial: None };
    match placet_policy::lint(std::slice::from_ref(source), &options) {
        Ok(warnings) => (Vec::new(), warnings),
        Err(error) => (error.errors, error.warnings),
    }
}

fn show(session: &Session<'_>, source: &Source, errors: &[Diagnostic], warnings: &[Diagnostic]) {
    let printer = session.printer;
    let text_of = |name: &str| {
        (name == source.name)
            .then(|| source.text.clone())
            .or_else(|| crate::file::read(std::path::Path::new(name)).ok().flatten())
    };
    let rendered =
        errors.iter().map(|remark| diagnostics::render(remark, "error", style::ERROR, &text_of)).chain(
            warnings.iter().map(|remark| diagnostics::render(remark, "warning", style::WARNING, &text_of)),
        );
    for line in rendered.flatten() {
        printer.data(line);
    }
    let state = match (errors.len(), warnings.len()) {
        (0, 0) => "ok".to_owned(),
        (0, count) => format!("ok, {count} to look at"),
        (count, _) => format!("{count} wrong"),
    };
    printer.data(format_args!("{}: {state}", source.name));
}
