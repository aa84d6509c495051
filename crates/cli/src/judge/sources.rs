//! Policy texts: reading, compiling, and what to say when that fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use placet_agents::claude_code;
use placet_client::organisation::OrganisationTerms;
use placet_client::{LoadError, Locations};
use placet_model::{AgentIdentity, Layer};
use placet_policy::{Compiled, FLOOR, Options, Source};

use crate::commands::Session;
use crate::diagnostics;
use crate::failure::Failure;
use crate::file;
use crate::outline::Outline;
use crate::surroundings::Surroundings;

/// Policy files as sources of the user's layer.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn read_sources(place: &Surroundings, files: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    files
        .iter()
        .map(|path| {
            let text = file::read_named(&place.cwd.join(path))?
                .ok_or_else(|| Failure::new(format!("`{}` does not exist", path.display())))?;
            Ok(Source { name: path.display().to_string(), text, layer: Layer::User, trusted: true })
        })
        .collect()
}

/// Compiles sources that stand for themselves; relative `extends` are looked up in the current directory.
///
/// # Errors
/// When they do not compile; the mistakes are shown.
pub(crate) fn compile(session: &Session<'_>, sources: &[Source]) -> Result<Compiled, Failure> {
    let variables = variables(&session.place);
    let read = |path: &str| file::read(&session.place.cwd.join(path)).ok().flatten();
    let options = Options { variables: Some(&variables), read: Some(&read), on_trial: None };
    placet_policy::compile_with(sources, &options).map_err(|error| {
        diagnostics::show(session.printer, &error, &|name| text_of(sources, name));
        Failure::new(match error.errors.len() {
            1 => "the policy has a mistake".to_owned(),
            count => format!("the policy has {count} mistakes"),
        })
    })
}

fn text_of(sources: &[Source], name: &str) -> Option<String> {
    sources.iter().find(|source| source.name == name).map(|source| source.text.clone())
}

/// Compiles what is in force, the floor on top, without touching the cache.
///
/// # Errors
/// When it does not compile.
pub(crate) fn compile_in_force(
    locations: &Locations,
    collected: &placet_client::Collected,
) -> Result<Compiled, placet_policy::CompileError> {
    let floor = Source {
        name: "floor (built in)".to_owned(),
        text: FLOOR.to_owned(),
        layer: Layer::Floor,
        trusted: true,
    };
    let sources: Vec<Source> = std::iter::once(floor).chain(collected.sources.iter().cloned()).collect();
    let variables = placet_client::variables(locations, &collected.settings);
    let read = |path: &str| file::read(Path::new(path)).ok().flatten();
    let on_trial = collected.settings.organisation.as_ref().and_then(OrganisationTerms::on_trial);
    let options = Options { variables: Some(&variables), read: Some(&read), on_trial };
    placet_policy::compile_with(&sources, &options)
}

/// Values of `${…}` in path patterns, as far as this machine has them.
pub(crate) fn variables(place: &Surroundings) -> BTreeMap<String, Vec<String>> {
    let collected = place.locations().ok().and_then(|locations| {
        Some((placet_client::collect(&locations, &place.project).ok()?.settings, locations))
    });
    collected.map(|(settings, locations)| placet_client::variables(&locations, &settings)).unwrap_or_default()
}

/// An agent every one of these policies applies to, as far as one can be made up: with the tags they ask for
/// and a tier they accept.
pub(super) fn applicable_agent(sources: &[Source]) -> AgentIdentity {
    let mut agent = claude_code::local_agent();
    for outline in sources.iter().filter_map(|source| Outline::read(&source.text)) {
        agent.tags.extend(outline.applies_to("tags"));
        if let Some(tier) = outline.applies_to("trustTiers").first() {
            agent.tier.clone_from(tier);
        }
        if let Some(name) = outline.applies_to("agentIds").first() {
            agent.name.clone_from(name);
        }
    }
    agent
}

/// A policy's text without the keys that decide whether it is heard at all (`appliesTo`, `enforcement`). Lines
/// keep their numbers.
pub(super) fn for_everybody(text: &str) -> String {
    let mut skipping = false;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let starts_key = !line.starts_with([' ', '\t', '-', '#', '\n', '\r', '}', ']']);
        if starts_key {
            skipping = ["appliesTo:", "enforcement:"].iter().any(|key| line.starts_with(key));
        }
        out.push_str(if skipping { "\n" } else { line });
    }
    out
}

/// What to say when the policies in force cannot be used. Mistakes in files are shown with their lines.
pub(crate) fn load_failure(session: &Session<'_>, error: LoadError) -> Failure {
    let hint =
        "`placet doctor` looks at everything the gate needs; until this is repaired every call is denied";
    match error {
        LoadError::Compile(error) => {
            diagnostics::show(session.printer, &error, &|name| file::read(Path::new(name)).ok().flatten());
            Failure::new("the policies in force do not compile").hint(hint)
        }
        other => Failure::new(other).hint(hint),
    }
}

/// Placet's folders, for commands that show or change them.
pub(crate) fn locations_and_sources(
    session: &Session<'_>,
) -> Result<(Locations, placet_client::Collected), Failure> {
    let locations = session.place.locations()?;
    let collected = placet_client::collect(&locations, &session.place.project)
        .map_err(|error| load_failure(session, error))?;
    Ok((locations, collected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_judged_alone_is_heard_by_everybody() {
        let text = "name: x\nappliesTo:\n  tags:\n  - a\n\nenforcement: dry_run\nrules: []\n";
        assert_eq!(for_everybody(text), "name: x\n\n\n\n\n\nrules: []\n");
        let text = "appliesTo: {\n tags: [a]\n}\nname: x";
        assert_eq!(for_everybody(text), "\n\n\nname: x");
    }
}
