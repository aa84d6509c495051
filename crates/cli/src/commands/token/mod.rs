//! `placet token …`: tokens for administration.

use std::path::Path;

use serde_json::{Value, json};
use ureq::http::Method;

use super::agent::free_file;
use super::{Session, agreed};
use crate::args::{GatewayArgs, TokenCommand};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::remote::{Content, admin, list_of, number_of, send_surely, text_of};
use crate::style::{self, paint, shorten};
use crate::table;

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, command: &TokenCommand) -> Outcome {
    match command {
        TokenCommand::Create { name, rights, expires, output, gateway } => {
            create(session, name, rights, expires.as_deref(), output.as_deref(), gateway)
        }
        TokenCommand::List { all, gateway } => list(session, *all, gateway),
        TokenCommand::Revoke { token, yes, gateway } => revoke(session, token, *yes, gateway),
    }
}

fn create(
    session: &Session<'_>,
    name: &str,
    rights: &[String],
    expires: Option<&str>,
    output: Option<&Path>,
    gateway: &GatewayArgs,
) -> Outcome {
    let client = admin(session, gateway)?;
    let output = output.map(|path| free_file(session, path)).transpose()?;
    let rights: Vec<&str> =
        rights.iter().map(|right| right.trim()).filter(|right| !right.is_empty()).collect();
    let mut wanted = json!({ "name": name, "rights": rights });
    if let (Some(expires), Some(fields)) = (expires, wanted.as_object_mut()) {
        fields.insert("expiresIn".to_owned(), expires.into());
    }
    let mut made = send_surely(session, &client, Method::POST, &["admin", "tokens"], Content::Json(wanted))?;
    let token = text_of(&made, "token").to_owned();
    if token.is_empty() {
        return Err(Failure::new("the gateway gave no token"));
    }
    if let Some(path) = &output {
        file::create_private(path, &format!("{token}\n")).map_err(|error| {
            Failure::from(error).hint(format!("the token is lost; `placet token revoke {name}` ends it"))
        })?;
    }
    let printer = session.printer;
    if printer.is_json() {
        if let (Some(path), Some(fields)) = (&output, made.as_object_mut()) {
            fields.remove("token");
            fields.insert("token_file".to_owned(), json!(path));
        }
        printer.document(&made);
        return Ok(Exit::Ok);
    }
    let end =
        text_of(&made, "expiresAt").get(..10).map_or("never ends".to_owned(), |day| format!("ends {day}"));
    printer.data(format_args!(
        "token {} is made: {}, {end}",
        paint(style::HEADING, shorten(name, 28)),
        text_of(&made, "id")
    ));
    match &output {
        Some(path) => printer.data(format_args!("it is in {}, for you alone", session.place.show(path))),
        None => {
            printer.data("");
            printer.data(format_args!("  {token}"));
            printer.data("");
            printer.note("This token is shown this once.");
        }
    }
    Ok(Exit::Ok)
}

fn list(session: &Session<'_>, all: bool, gateway: &GatewayArgs) -> Outcome {
    let client = admin(session, gateway)?;
    let status = if all { "all" } else { "active" };
    let answer = client.get(&["admin", "tokens"], &[("status", status.to_owned())])?;
    if session.printer.is_json() {
        session.printer.document(&answer);
        return Ok(Exit::Ok);
    }
    let tokens = list_of(&answer, "tokens");
    if tokens.is_empty() {
        session.printer.note("no tokens but that of the data folder");
        session.printer.hint("`placet token create NAME --rights A,B` makes one");
        return Ok(Exit::Ok);
    }
    let plain = anstyle::Style::new();
    let rows = tokens
        .iter()
        .map(|token| {
            let rights = list_of(token, "rights").iter().filter_map(Value::as_str).collect::<Vec<_>>();
            let (end, color) = match text_of(token, "status") {
                "active" => (text_of(token, "expiresAt").get(..10).unwrap_or("never"), plain),
                ended => (ended, style::DIM),
            };
            vec![
                table::cell(shorten(text_of(token, "id"), 30), style::DIM),
                table::cell(shorten(text_of(token, "name"), 20), style::HEADING),
                table::cell(shorten(&rights.join(", "), 200), plain),
                table::cell(shorten(end, 10), color),
            ]
        })
        .collect();
    session.printer.data(table::render(&["ID", "NAME", "RIGHTS", "ENDS"], rows, &[0, 3]));
    Ok(Exit::Ok)
}

fn revoke(session: &Session<'_>, token: &str, yes: bool, gateway: &GatewayArgs) -> Outcome {
    let client = admin(session, gateway)?;
    if !yes && !agreed(session, &format!("Revoke token {token}, and those made with it?"))? {
        session.printer.note("nothing was changed");
        return Ok(Exit::General);
    }
    let path = ["admin", "tokens", token];
    let answer = send_surely(session, &client, Method::DELETE, &path, Content::None)?;
    if session.printer.is_json() {
        session.printer.document(&answer);
        return Ok(Exit::Ok);
    }
    let name = shorten(text_of(&answer, "name"), 28);
    match number_of(&answer, "revoked") {
        0 | 1 => session.printer.data(format_args!("token {name} is revoked")),
        more => session.printer.data(format_args!("token {name} is revoked, and {} made with it", more - 1)),
    }
    Ok(Exit::Ok)
}
