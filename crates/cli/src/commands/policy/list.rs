//! `placet policy list`

use std::path::Path;

use placet_client::{Collected, Locations};
use placet_model::Layer;
use placet_policy::{FLOOR, Source};
use serde_json::{Value, json};

use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::judge::locations_and_sources;
use crate::outline::Outline;
use crate::style::{self, paint};
use crate::table;

/// Lists layers with their exact paths, and what is in force from each.
pub(super) fn run(session: &Session<'_>) -> Outcome {
    let (locations, collected) = locations_and_sources(session)?;
    let mut sources = vec![Source {
        name: "floor (built in)".to_owned(),
        text: FLOOR.to_owned(),
        layer: Layer::Floor,
        trusted: true,
    }];
    sources.extend(collected.sources.iter().cloned());
    let folders = folders(session, &locations);
    if session.printer.is_json() {
        session.printer.document(&document(&collected, &sources, &folders));
        return Ok(Exit::Ok);
    }
    let printer = session.printer;
    for (layer, path, what) in &folders {
        let path = Path::new(path);
        let state = if path.exists() { "" } else { "  (none)" };
        let shown = session.place.show(path);
        printer.data(format_args!(
            "{} {:<9} {shown}{}",
            paint(style::HEADING, format_args!("{:<8}", layer.name())),
            what,
            paint(style::DIM, state)
        ));
    }
    printer.data("");
    printer.data(table(session, &sources));
    let unused: Vec<&str> = placet_policy::SHIPPED
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !sources.iter().any(|source| source.name == format!("{name} (shipped)")))
        .collect();
    printer.hint(format_args!(
        "shipped and not in force: {}; `placet policy add NAME` puts one in force",
        unused.join(", ")
    ));
    Ok(Exit::Ok)
}

/// Where each layer looks: layer, path, what lies there.
fn folders(session: &Session<'_>, locations: &Locations) -> Vec<(Layer, String, &'static str)> {
    let text = |path: &Path| path.display().to_string();
    vec![
        (Layer::Machine, text(&locations.machine_settings()), "settings"),
        (Layer::Machine, text(&locations.machine.join("policies")), "policies"),
        (Layer::User, text(&locations.user_settings()), "settings"),
        (Layer::Project, text(&Locations::project_policies(&session.place.project)), "policies"),
    ]
}

fn table(session: &Session<'_>, sources: &[Source]) -> String {
    let plain = anstyle::Style::new();
    let rows = sources
        .iter()
        .map(|source| {
            let outline = Outline::read(&source.text);
            let outline = outline.as_ref();
            let trusted = if source.trusted { "" } else { " (tightens only)" };
            vec![
                table::cell(outline.map_or("(unreadable)", Outline::name), style::HEADING),
                table::cell(format!("{}{trusted}", source.layer.name()), plain),
                table::cell(outline.map_or(0, |outline| outline.rules().len()), plain),
                table::cell(outline.map_or("-", Outline::default_effect), plain),
                table::cell(session.place.show(Path::new(&source.name)), style::PLACE),
            ]
        })
        .collect();
    table::render(&["POLICY", "LAYER", "RULES", "DEFAULT", "FILE"], rows, &[1, 2, 3])
}

fn document(collected: &Collected, sources: &[Source], folders: &[(Layer, String, &'static str)]) -> Value {
    let policies: Vec<Value> = sources
        .iter()
        .map(|source| {
            let outline = Outline::read(&source.text);
            json!({
                "name": outline.as_ref().map(Outline::name), "layer": source.layer, "file": source.name,
                "rules": outline.as_ref().map(|outline| outline.rules().len()),
                "defaultEffect": outline.as_ref().map(Outline::default_effect), "trusted": source.trusted,
            })
        })
        .collect();
    let folders: Vec<Value> = folders
        .iter()
        .map(|(layer, path, what)| json!({ "layer": layer, "path": path, "holds": what, "exists": Path::new(path).exists() }))
        .collect();
    json!({
        "policies": policies, "places": folders, "mode": collected.settings.mode,
        "agent": collected.settings.agent_name, "state": collected.settings.state,
        "shipped": placet_policy::SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
    })
}
