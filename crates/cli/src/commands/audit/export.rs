//! `placet audit export`

use std::path::Path;

use placet_ledger::export;
use placet_ledger::query::Entry;
use placet_model::visible::visible_json;

use super::read::{query, records};
use crate::args::{ExportFormat, Filter};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::file;

/// Writes the records, oldest first.
pub(super) fn run(
    session: &Session<'_>,
    format: ExportFormat,
    output: Option<&Path>,
    filter: &Filter,
) -> Outcome {
    let query = query(filter)?;
    let mut found: Vec<Entry> = query.select(records(session)?.into_iter());
    found.reverse();
    // `--json` asks for JSON of every command.
    let text = match format {
        ExportFormat::Csv if !session.printer.is_json() => export::csv(found.iter()),
        ExportFormat::Ndjson => ndjson(found.iter()),
        _ => format!("{}\n", export::json(found.iter())),
    };
    match output {
        None => session.printer.text(&text),
        Some(path) => {
            let path = session.place.cwd.join(path);
            file::replace(&path, &text)?;
            session.printer.note(format_args!(
                "wrote {} records to {}",
                found.len(),
                session.place.show(&path)
            ));
        }
    }
    Ok(Exit::Ok)
}

/// One JSON object a line.
pub(super) fn ndjson<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let mut out = String::new();
    for entry in entries {
        out.push_str(&visible_json(&entry.payload.to_string()));
        out.push('\n');
    }
    out
}
