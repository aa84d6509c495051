//! `placet trust`

use std::path::PathBuf;

use placet_client::{ProgramFile, Trust, TrustedTexts};
use placet_model::Layer;
use placet_policy::Source;
use serde_json::json;

use super::Session;
use super::init::consent;
use crate::args::TrustArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::locations_and_sources;
use crate::outline::Outline;
use crate::style::{self, paint, shorten};

/// Pins, or forgets, the text of this project's policies.
pub(super) fn run(session: &Session<'_>, args: &TrustArgs) -> Outcome {
    let (_, collected) = locations_and_sources(session)?;
    let project = session.place.project.clone();
    let name = project
        .to_str()
        .ok_or_else(|| Failure::new("the path of this project is not UTF-8, so it cannot be trusted"))?;
    let state: PathBuf = collected.settings.state.clone();
    let own: Vec<&Source> =
        collected.sources.iter().filter(|source| source.layer == Layer::Project).collect();
    let of_project = |file: &&ProgramFile| file.layer == Layer::Project;
    let programs: Vec<ProgramFile> =
        collected.programs.iter().chain(&collected.untrusted_programs).filter(of_project).cloned().collect();
    let TrustedTexts { extended, digest } = TrustedTexts::of(&collected.sources, &programs);
    let known = Trust::read(&state);
    if args.revoke {
        known.with(name, None).write(&state)?;
        return done(session, name, None, "its policies may ask and deny, their allows no longer count");
    }
    if own.is_empty() && programs.is_empty() {
        return Err(Failure::new(format!(
            "`{}` holds no policy and no program model",
            session.place.show(&project.join(".placet"))
        ))
        .hint("a project's policies are YAML files in its .placet folder, its models TOML files in .placet/programs"));
    }
    if known.covers(&project, &digest) {
        return done(session, name, Some(&digest), "its policies are trusted as they stand already");
    }
    let texts = own.iter().map(|source| (source.name.as_str(), source.text.as_str()));
    let extended = extended.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    texts.chain(extended).for_each(|(name, text)| show(session, name, text));
    for file in &programs {
        show_model(session, file)?;
    }
    if !(args.yes || consent(session, "May these rules allow things?")?) {
        session.printer.note("nothing was written");
        return Ok(Exit::General);
    }
    known.with(name, Some(digest.clone())).write(&state)?;
    done(session, name, Some(&digest), "its policies are trusted until their text changes")
}

fn show(session: &Session<'_>, name: &str, text: &str) {
    let path = session.place.show(std::path::Path::new(name));
    session.printer.note(paint(style::HEADING, path));
    let Some(outline) = Outline::read(text) else { return };
    let allows: Vec<_> = outline.rules().into_iter().filter(|rule| rule.effect == "allow").collect();
    if allows.is_empty() {
        session.printer.note("  allows nothing");
    }
    for rule in allows {
        let line = format!("  allows {} {}", rule.actions.join(", "), rule.conditions);
        session.printer.note(shorten(line.trim_end(), crate::printer::WIDTH));
    }
}

fn show_model(session: &Session<'_>, file: &ProgramFile) -> Result<(), Failure> {
    let (model, _) = placet_client::parse_program(file).map_err(Failure::new)?;
    session.printer.note(paint(style::HEADING, session.place.show(&file.path)));
    let line = format!("  says what these programs do: {}", model.names().join(", "));
    session.printer.note(shorten(&line, crate::printer::WIDTH));
    Ok(())
}

fn done(session: &Session<'_>, project: &str, digest: Option<&str>, text: &str) -> Outcome {
    if session.printer.is_json() {
        session
            .printer
            .document(&json!({ "project": project, "trusted": digest.is_some(), "digest": digest }));
    } else {
        session.printer.note(format_args!("{}: {text}", session.place.show(&session.place.project)));
    }
    Ok(Exit::Ok)
}
