//! Do settings and policies in force hold together?

use std::path::{Path, PathBuf};

use placet_client::LoadError;

use super::Examined;
use super::finding::{Finding, Severity};
use crate::judge::compile_in_force;

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let locations = match world.place.locations() {
        Ok(locations) => locations,
        Err(failure) => return vec![broken("config-missing", failure.message, None, None)],
    };
    let error = match placet_client::collect(&locations, &world.place.project) {
        Ok(collected) => match compile_in_force(&locations, &collected) {
            Ok(compiled) => return compiled.warnings.iter().map(warning).collect(),
            Err(error) => LoadError::Compile(error),
        },
        Err(error) => error,
    };
    match error {
        LoadError::Compile(error) => error
            .errors
            .iter()
            .map(|mistake| {
                let line = usize::try_from(mistake.line).ok();
                broken("policy-broken", mistake.message.clone(), Some(PathBuf::from(&mistake.file)), line)
            })
            .collect(),
        LoadError::Settings(error) => {
            vec![broken("placet-settings-broken", error.message, Some(error.file), None)]
        }
        LoadError::Organisation(why) => vec![Finding::new(
            "organisation-broken",
            Severity::Broken,
            format!(
                "the organisation's policies cannot be used: {why}; until they are fetched every call is denied"
            ),
            "`placet sync --once` fetches them anew",
        )],
        other => vec![broken("policy-broken", other.to_string(), None, None)],
    }
}

fn broken(id: &'static str, why: String, path: Option<PathBuf>, line: Option<usize>) -> Finding {
    let finding = Finding::new(
        id,
        Severity::Broken,
        format!("{why}; until it is repaired every call is denied"),
        "`placet policy check` shows the place",
    );
    match path {
        Some(path) => finding.at(&path, line),
        None => finding,
    }
}

fn warning(remark: &placet_policy::Diagnostic) -> Finding {
    let remedy = if remark.help.is_empty() { "`placet policy check` shows the place" } else { &remark.help };
    Finding::new("policy-warning", Severity::Warning, remark.message.clone(), remedy)
        .at(Path::new(&remark.file), usize::try_from(remark.line).ok())
}
