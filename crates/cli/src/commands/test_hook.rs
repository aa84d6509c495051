//! `placet test-hook`

use std::path::{Path, PathBuf};

use placet_agents::claude_code::{self, Incoming};
use placet_model::Decision;
use serde_json::{Value, json};

use super::Session;
use super::check::decision_json;
use crate::args::TestHookArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::{Judge, process_facts};
use crate::style::{self, shorten};
use crate::table;

/// What came of one recorded input.
enum Came {
    /// It was decided; with tool and subject.
    Decided { event: String, tool: String, subject: String, decision: Box<Decision> },
    /// It asks nothing.
    Notice { event: String },
    /// It was refused, which denies.
    Refused { why: String },
}

/// Reads each input, decides it, and shows what came of it.
pub(super) fn run(session: &Session<'_>, args: &TestHookArgs) -> Outcome {
    let judge = if args.file.is_empty() {
        Judge::installed(session)?
    } else {
        Judge::alone(session, &args.file)?.on_this_machine()
    };
    let mut results = Vec::new();
    for path in inputs(session, &args.paths)? {
        let bytes = std::fs::read(&path)
            .map_err(|error| Failure::new(format!("`{}` cannot be read: {error}", path.display())))?;
        results.push((path, one(session, &judge, &bytes)?));
    }
    let refused = results.iter().filter(|(_, came)| matches!(came, Came::Refused { .. })).count();
    if session.printer.is_json() {
        let list: Vec<Value> = results.iter().map(|(path, came)| came_json(path, came)).collect();
        session.printer.document(&list);
    } else {
        session.printer.data(render(&results));
        for (path, came) in &results {
            if let Came::Refused { why } = came {
                session.printer.warning(format_args!("{}: {why}", session.place.show(path)));
            }
        }
    }
    Ok(if refused == 0 { Exit::Ok } else { Exit::General })
}

/// The files, folders opened, sorted within each.
fn inputs(session: &Session<'_>, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let path = session.place.cwd.join(path);
        if !path.is_dir() {
            files.push(path);
            continue;
        }
        let listing = std::fs::read_dir(&path)
            .map_err(|error| Failure::new(format!("`{}` cannot be read: {error}", path.display())))?;
        let mut found: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
        found.retain(|path| path.extension().is_some_and(|kind| kind == "json"));
        found.sort();
        files.extend(found);
    }
    if files.is_empty() { Err(Failure::new("there is no `.json` file in these folders")) } else { Ok(files) }
}

fn one(session: &Session<'_>, judge: &Judge, bytes: &[u8]) -> Result<Came, Failure> {
    // A recorded call belongs to the folder it names, not to the one this command runs in.
    let recorded: Option<Value> = serde_json::from_slice(bytes).ok();
    let cwd = recorded.as_ref().and_then(|input| input.get("cwd")).and_then(Value::as_str).map(str::to_owned);
    let mut process = process_facts(&session.place);
    process.project_dir = cwd.or(process.project_dir);
    Ok(match claude_code::parse(bytes, &process) {
        Ok(Incoming::Call(call)) => {
            let decided = judge.call(&call)?;
            let event = recorded
                .as_ref()
                .and_then(|input| input.get("hook_event_name"))
                .and_then(Value::as_str)
                .unwrap_or("PreToolUse");
            Came::Decided {
                event: event.to_owned(),
                subject: subject(&call.input),
                tool: call.tool,
                decision: Box::new(decided.decision),
            }
        }
        Ok(Incoming::Notice(notice)) => Came::Notice { event: notice.event },
        Err(malformed) => Came::Refused { why: malformed.to_string() },
    })
}

/// What a tool input is about, in one line.
pub(super) fn subject(input: &Value) -> String {
    ["command", "file_path", "notebook_path", "url", "query", "pattern", "path", "description"]
        .iter()
        .find_map(|key| input.get(key).and_then(Value::as_str))
        .map_or_else(|| input.to_string(), str::to_owned)
}

fn render(results: &[(PathBuf, Came)]) -> String {
    let plain = anstyle::Style::new();
    let rows = results
        .iter()
        .map(|(path, came)| {
            let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match came {
                Came::Decided { event, tool, subject, decision } => vec![
                    table::cell(event, plain),
                    table::cell(shorten(tool, 16), plain),
                    table::cell(decision.verdict.name(), style::verdict(decision.verdict)),
                    table::cell(shorten(subject, 40), plain),
                    table::cell(decision.rule.as_ref().map_or("-", |rule| &rule.rule), style::DIM),
                ],
                Came::Notice { event } => vec![
                    table::cell(event, style::DIM),
                    table::cell("-", style::DIM),
                    table::cell("-", style::DIM),
                    table::cell(shorten(&file, 40), style::DIM),
                    table::cell("-", style::DIM),
                ],
                Came::Refused { .. } => vec![
                    table::cell("(unreadable)", style::ERROR),
                    table::cell("-", style::DIM),
                    table::cell("deny", style::ERROR),
                    table::cell(shorten(&file, 40), plain),
                    table::cell("-", style::DIM),
                ],
            }
        })
        .collect();
    table::render(&["EVENT", "TOOL", "ANSWER", "SUBJECT", "RULE"], rows, &[0, 2])
}

fn came_json(path: &Path, came: &Came) -> Value {
    match came {
        Came::Decided { event, tool, subject, decision } => json!({
            "file": path, "event": event, "tool": tool, "subject": subject, "decision": decision_json(decision),
        }),
        Came::Notice { event } => json!({ "file": path, "event": event }),
        Came::Refused { why } => json!({ "file": path, "error": why }),
    }
}
