//! `placet programs`

mod added;
mod check;

use placet_model::Layer;
use serde_json::{Value, json};

use self::added::{Added, whose};
use super::Session;
use crate::args::ProgramsCommand;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::printer::WIDTH;
use crate::style::{self, paint, shorten, wrap};
use crate::table;

/// The models the shell analysis works with, as one JSON array.
const MODELS: &str = include_str!(concat!(env!("OUT_DIR"), "/programs.json"));

/// Shows program models.
pub(super) fn run(session: &Session<'_>, command: &ProgramsCommand) -> Outcome {
    if let ProgramsCommand::Check { paths } = command {
        return check::run(session, paths);
    }
    let added = Added::find(session)?;
    let built_in: Vec<Value> = serde_json::from_str(MODELS).map_err(Failure::new)?;
    // Models people added come first: they stand in for built-in ones of the same name.
    let own = added.used.iter().map(|(model, file)| (model.clone(), file.layer));
    let models: Vec<(Value, Layer)> =
        own.chain(built_in.into_iter().map(|model| (model, Layer::Floor))).collect();
    match command {
        ProgramsCommand::List => {
            list(session, &models)?;
            added.note_unused(session)
        }
        ProgramsCommand::Show { name } => show(session, &models, name),
        ProgramsCommand::Check { .. } => Ok(Exit::Ok),
    }
}

fn list(session: &Session<'_>, models: &[(Value, Layer)]) -> Outcome {
    if session.printer.is_json() {
        let list: Vec<Value> = models
            .iter()
            .map(|(model, layer)| {
                json!({ "names": texts(model, "names"), "does": texts(model, "does"), "from": whose(*layer) })
            })
            .collect();
        session.printer.document(&list);
        return Ok(Exit::Ok);
    }
    let rows = models
        .iter()
        .map(|(model, layer)| {
            let names = texts(model, "names");
            let also = names.get(1..).unwrap_or_default().join(" ");
            let also = if *layer == Layer::Floor { also } else { format!("({}) {also}", whose(*layer)) };
            vec![
                table::cell(names.first().copied().unwrap_or("-"), style::HEADING),
                table::cell(what(model), anstyle::Style::new()),
                table::cell(shorten(&also, 36), style::DIM),
            ]
        })
        .collect();
    session.printer.data(table::render(&["PROGRAM", "DOES", "ALSO"], rows, &[0]));
    session.printer.hint("`placet programs show NAME` shows options, subcommands and examples");
    Ok(Exit::Ok)
}

/// What a program does by itself, or that its subcommands say.
fn what(model: &Value) -> String {
    let does = texts(model, "does").join(", ");
    let subcommands = model.get("sub").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    match (does.is_empty(), subcommands) {
        (false, _) => does,
        (true, 0) => "depends on its options".to_owned(),
        (true, _) => "depends on its subcommand".to_owned(),
    }
}

fn show(session: &Session<'_>, models: &[(Value, Layer)], name: &str) -> Outcome {
    let Some((model, layer)) = models.iter().find(|(model, _)| texts(model, "names").contains(&name)) else {
        return Err(Failure::new(format!("`{name}` is not known"))
            .hint("a program that is not known is never taken to be harmless; `placet programs list` shows the known ones"));
    };
    if session.printer.is_json() {
        session.printer.document(model);
        return Ok(Exit::Ok);
    }
    let printer = session.printer;
    printer.data(paint(style::HEADING, texts(model, "names").join(", ")));
    if *layer != Layer::Floor {
        row(session, 1, "added by", whose(*layer));
    }
    level(session, model, 1);
    let examples = model.get("example").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if !examples.is_empty() {
        printer.data("");
        printer.data(paint(style::HEADING, "Examples"));
    }
    for example in examples {
        printer.data(format_args!(
            "  $ {}",
            shorten(example.get("line").and_then(Value::as_str).unwrap_or(""), WIDTH - 4)
        ));
        for key in ["does", "reads", "writes", "deletes", "hosts", "also"] {
            row(session, 2, key, &texts(example, key).join(", "));
        }
        if example.get("understood") == Some(&Value::Bool(false)) {
            row(session, 2, "note", "not understood: no rule may take it for harmless");
        }
    }
    Ok(Exit::Ok)
}

/// One level of a model, its subcommands below it.
fn level(session: &Session<'_>, level: &Value, depth: usize) {
    row(session, depth, "does", &texts(level, "does").join(", "));
    row(session, depth, "operands", &texts(level, "operands").join(", "));
    row(session, depth, "flags", &texts(level, "flags").join(", "));
    let options: Vec<String> = level
        .get("options")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(names, _)| names.clone())
        .collect();
    row(session, depth, "options", &options.join(", "));
    row(session, depth, "why", level.get("why").and_then(Value::as_str).unwrap_or(""));
    for (names, inner) in level.get("sub").and_then(Value::as_object).into_iter().flatten() {
        let indent = "  ".repeat(depth);
        for line in wrap(names, WIDTH - indent.len()) {
            session.printer.data(format_args!("{indent}{}", paint(style::HEADING, line)));
        }
        self::level(session, inner, depth + 1);
    }
}

fn row(session: &Session<'_>, depth: usize, name: &str, text: &str) {
    let indent = "  ".repeat(depth);
    for (index, line) in wrap(text, WIDTH.saturating_sub(indent.len() + 10)).into_iter().enumerate() {
        let label = if index == 0 { name } else { "" };
        session
            .printer
            .data(format_args!("{indent}{} {line}", paint(style::DIM, format_args!("{label:<9}"))));
    }
}

fn texts<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    match value.get(key) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    }
}
