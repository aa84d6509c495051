//! Policies of a gateway: `placet policy apply`, `delete`, and `list` and `show` with `--remote`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use ureq::http::Method;

use crate::args::GatewayArgs;
use crate::commands::{Session, agreed};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::remote::{Content, admin, list_of, number_of, send_surely, text_of};
use crate::style::{self, shorten};
use crate::table;

/// Lists those in force.
pub(super) fn list(session: &Session<'_>, gateway: &GatewayArgs) -> Outcome {
    let answer = admin(session, gateway)?.get(&["admin", "policies"], &[])?;
    let printer = session.printer;
    if printer.is_json() {
        printer.document(&answer);
        return Ok(Exit::Ok);
    }
    let policies = list_of(&answer, "policies");
    if policies.is_empty() {
        printer.note("no policies but the floor, which denies what nobody may do");
        printer.hint("`placet policy apply FILE` puts one into force");
        return Ok(Exit::Ok);
    }
    let plain = anstyle::Style::new();
    let rows = policies
        .iter()
        .map(|policy| {
            let default = match text_of(policy, "defaultEffect") {
                "" => "deny",
                written => written,
            };
            vec![
                table::cell(shorten(text_of(policy, "name"), 60), style::HEADING),
                table::cell(number_of(policy, "version"), plain),
                table::cell(list_of(policy, "rules").len(), plain),
                table::cell(shorten(default, 10), plain),
                table::cell(time(policy), plain),
            ]
        })
        .collect();
    printer.data(table::render(&["POLICY", "VERSION", "RULES", "DEFAULT", "APPLIED"], rows, &[1, 2, 3, 4]));
    Ok(Exit::Ok)
}

/// Prints the text of one.
pub(super) fn show(session: &Session<'_>, name: &str, gateway: &GatewayArgs) -> Outcome {
    let policy = admin(session, gateway)?.get(&["admin", "policies", name], &[])?;
    if session.printer.is_json() {
        session.printer.document(&policy);
    } else {
        session.printer.text(text_of(&policy, "yaml"));
    }
    Ok(Exit::Ok)
}

/// Puts a file, or every one of a folder, into force.
pub(super) fn apply(
    session: &Session<'_>,
    path: &Path,
    expect: Option<u64>,
    gateway: &GatewayArgs,
) -> Outcome {
    let client = admin(session, gateway)?;
    let files = files(session, path)?;
    if expect.is_some() && files.len() > 1 {
        return Err(Failure::arguments("`--expect` is for one policy").hint("name its file"));
    }
    // All are read before the first is sent.
    let mut texts = Vec::with_capacity(files.len());
    for file in &files {
        let text = file::read_named(file)?
            .ok_or_else(|| Failure::arguments(format!("`{}` does not exist", session.place.show(file))))?;
        texts.push((file, text));
    }
    let mut applied = Vec::new();
    for (file, text) in texts {
        let content = expect.map_or(Content::Text(&text), |seen| Content::TextFor(&text, seen));
        let answer = send_surely(session, &client, Method::POST, &["admin", "policies"], content)
            .map_err(|failure| of_file(session, file, applied.len(), failure))?;
        if !session.printer.is_json() {
            session.printer.data(format_args!(
                "applied {} version {} ({})",
                shorten(text_of(&answer, "name"), 60),
                number_of(&answer, "version"),
                session.place.show(file)
            ));
        }
        applied.push(answer);
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "applied": applied }));
    }
    Ok(Exit::Ok)
}

/// Which file it was, and what came before it.
fn of_file(session: &Session<'_>, file: &Path, before: usize, failure: Failure) -> Failure {
    let counted = match before {
        0 => String::new(),
        count => format!(" (policies applied before it: {count})"),
    };
    let message = format!("`{}` was not applied{counted}: {}", session.place.show(file), failure.message);
    Failure { message, ..failure }
}

/// The file, or those of the folder by name.
fn files(session: &Session<'_>, path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let path = session.place.cwd.join(path);
    if !path.is_dir() {
        return Ok(vec![path]);
    }
    let failed = |error| Failure::new(format!("`{}` cannot be read: {error}", session.place.show(&path)));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let is_policy = file
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| ["yaml", "yml", "json"].iter().any(|known| end.eq_ignore_ascii_case(known)));
        if is_policy && file.is_file() {
            found.push(file);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Failure::arguments(format!("there are no policies in `{}`", session.place.show(&path)))
            .hint("files that end in .yaml, .yml or .json are taken"));
    }
    Ok(found)
}

/// Takes one out of force, after asking.
pub(super) fn delete(session: &Session<'_>, name: &str, yes: bool, gateway: &GatewayArgs) -> Outcome {
    let client = admin(session, gateway)?;
    let path = ["admin", "policies", name];
    // An unknown one is told before the question.
    client.get(&path, &[])?;
    if !yes && !agreed(session, &format!("Take policy {name} out of force at {}?", client.address()))? {
        session.printer.note("nothing was changed");
        return Ok(Exit::General);
    }
    let answer = send_surely(session, &client, Method::DELETE, &path, Content::None)?;
    if session.printer.is_json() {
        session.printer.document(&answer);
    } else {
        session.printer.data(format_args!("{name} is out of force"));
        session.printer.hint("its versions stay: `placet policy rollback` brings one back");
    }
    Ok(Exit::Ok)
}

/// When it was applied, to the minute.
pub(super) fn time(policy: &Value) -> String {
    text_of(policy, "appliedAt").get(..16).unwrap_or("-").replace('T', " ")
}
