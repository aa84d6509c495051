//! `placet audit export --remote`: page by page, so that there may be more than fits into memory.

use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use placet_ledger::export;
use placet_ledger::query::Entry;

use super::pages::Pages;
use crate::args::{ExportFormat, Filter};
use crate::commands::Session;
use crate::commands::audit::export::ndjson;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file::{self, FileError};
use crate::remote::Client;

/// Where the text goes.
type Sink<'a> = &'a mut dyn FnMut(&str) -> Result<(), Failure>;

/// Writes the records, newest first.
pub(super) fn run(
    session: &Session<'_>,
    client: &Client,
    format: ExportFormat,
    output: Option<&Path>,
    filter: &Filter,
) -> Outcome {
    let pages = Pages::of(client, filter)?;
    let format = match format {
        // `--json` asks for JSON of every command.
        ExportFormat::Csv if session.printer.is_json() => ExportFormat::Json,
        other => other,
    };
    let Some(path) = output else {
        write(pages, format, &mut |text| {
            session.printer.text(text);
            Ok(())
        })?;
        return Ok(Exit::Ok);
    };
    let path = session.place.cwd.join(path);
    let mode = std::fs::metadata(&path).map_or(0o644, |data| data.mode() & 0o7777);
    let mut count = 0;
    file::replace_by(&path, mode, |out| {
        count = write(pages, format, &mut |text| {
            let fail = |source| FileError::System { what: "written", path: path.clone(), source };
            Ok(out.write_all(text.as_bytes()).map_err(fail)?)
        })?;
        Ok::<(), Failure>(())
    })?;
    session.printer.note(format_args!("wrote {count} records to {}", session.place.show(&path)));
    Ok(Exit::Ok)
}

/// Everything into the sink; tells how many.
fn write(mut pages: Pages<'_>, format: ExportFormat, sink: Sink<'_>) -> Result<usize, Failure> {
    let mut count = 0;
    if format == ExportFormat::Csv {
        sink(&export::csv(std::iter::empty()))?;
    }
    while let Some(page) = pages.next(usize::MAX)? {
        let text = match format {
            ExportFormat::Csv => csv(&page),
            ExportFormat::Ndjson => ndjson(page.iter()),
            ExportFormat::Json => {
                let lines = ndjson(page.iter());
                let lines = lines.trim_end().replace('\n', ",\n");
                let before = if count == 0 { "[\n" } else { ",\n" };
                if page.is_empty() { String::new() } else { format!("{before}{lines}") }
            }
        };
        sink(&text)?;
        count += page.len();
    }
    match (format, count) {
        (ExportFormat::Json, 0) => sink("[]\n")?,
        (ExportFormat::Json, _) => sink("\n]\n")?,
        _ => {}
    }
    Ok(count)
}

/// Lines of CSV without the heading.
fn csv(page: &[Entry]) -> String {
    let text = export::csv(page.iter());
    let heading = export::csv(std::iter::empty());
    text.strip_prefix(&heading).unwrap_or(&text).to_owned()
}
