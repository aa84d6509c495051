//! `placet config …`: what is kept for the command line.

use std::io::IsTerminal as _;
use std::path::Path;

use serde_json::{Value, json};

use super::Session;
use crate::args::{ConfigCommand, Key};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::hidden;
use crate::remote::{Address, Kept, OutputFormat, Secret, kept_file};
use crate::style::{self, paint};

/// Every key with its name.
const KEYS: &[(Key, &str)] =
    &[(Key::Gateway, "gateway"), (Key::AdminToken, "admin-token"), (Key::OutputFormat, "output-format")];

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, command: &ConfigCommand) -> Outcome {
    let path = kept_file(&session.place)?;
    match command {
        ConfigCommand::List => list(session, &Kept::read(&path)?, &path),
        ConfigCommand::Get { key } => get(session, &Kept::read(&path)?, *key),
        ConfigCommand::Set { key, value } => set(session, Kept::read(&path)?, &path, *key, value.as_deref()),
        ConfigCommand::Unset { key } => unset(session, Kept::read(&path)?, &path, *key),
    }
}

fn list(session: &Session<'_>, kept: &Kept, path: &Path) -> Outcome {
    if session.printer.is_json() {
        let values = KEYS.iter().map(|(key, name)| ((*name).to_owned(), shown(kept, *key).into()));
        session.printer.document(&Value::Object(values.collect()));
        return Ok(Exit::Ok);
    }
    for (key, name) in KEYS {
        let value = shown(kept, *key).unwrap_or_else(|| paint(style::DIM, "(not set)"));
        session.printer.data(format_args!("{} {value}", paint(style::HEADING, format_args!("{name:<14}"))));
    }
    session.printer.hint(format_args!("kept in {}; variables come before it", session.place.show(path)));
    Ok(Exit::Ok)
}

fn get(session: &Session<'_>, kept: &Kept, key: Key) -> Outcome {
    let value = shown(kept, key);
    if session.printer.is_json() {
        session.printer.document(&json!({ name(key): value }));
    } else if let Some(value) = &value {
        session.printer.data(value);
    } else {
        session.printer.note(format_args!("{} is not set", name(key)));
    }
    Ok(if value.is_some() { Exit::Ok } else { Exit::General })
}

fn set(session: &Session<'_>, mut kept: Kept, path: &Path, key: Key, value: Option<&str>) -> Outcome {
    match (key, value) {
        (Key::AdminToken, Some(_)) => {
            return Err(Failure::arguments(
                "the token does not belong on the command line, where others see it",
            )
            .hint("leave it out; it is asked for, or read from standard input"));
        }
        (Key::AdminToken, None) => {
            let Some(gateway) = kept.gateway.clone() else {
                return Err(Failure::arguments("a token is kept for one gateway, and none is kept yet")
                    .hint("`placet config set gateway URL` first"));
            };
            let token = Secret::new(
                &typed_token(session, &format!("Administration token for {gateway}"))?,
                "what was given",
            )?;
            kept.admin_token = Some(token.reveal().to_owned());
        }
        (_, None) => {
            return Err(Failure::arguments(format!("the value for {} is missing", name(key)))
                .hint(format!("`placet config set {} VALUE`", name(key))));
        }
        (Key::Gateway, Some(text)) => set_gateway(session, &mut kept, text)?,
        (Key::OutputFormat, Some("text")) => kept.output_format = Some(OutputFormat::Text),
        (Key::OutputFormat, Some("json")) => kept.output_format = Some(OutputFormat::Json),
        (Key::OutputFormat, Some(other)) => {
            return Err(Failure::arguments(format!("`{other}` is no format")).hint("use `text` or `json`"));
        }
    }
    kept.write(path)?;
    confirm(session, &kept, key, path);
    Ok(Exit::Ok)
}

fn set_gateway(session: &Session<'_>, kept: &mut Kept, text: &str) -> Result<(), Failure> {
    let address = Address::parse(text).map_err(|why| {
        Failure::arguments(format!("`{text}` is no address of a gateway: {why}"))
            .hint("as in https://gate.example or http://127.0.0.1:3100")
    })?;
    let address_text = address.to_string();
    if kept.gateway.as_ref().is_some_and(|old| *old != address_text) && kept.forget() {
        session.printer.note("the token of the gateway before is kept no longer");
    }
    if address.is_open_to_others() {
        session.printer.warning("plain HTTP to another machine is refused without `--plain-http`");
    }
    kept.gateway = Some(address_text);
    Ok(())
}

fn unset(session: &Session<'_>, mut kept: Kept, path: &Path, key: Key) -> Outcome {
    match key {
        Key::Gateway => {
            kept.gateway = None;
            if kept.forget() {
                session.printer.note("its token is kept no longer, either");
            }
        }
        Key::AdminToken => kept.admin_token = None,
        Key::OutputFormat => kept.output_format = None,
    }
    kept.write(path)?;
    confirm(session, &kept, key, path);
    Ok(Exit::Ok)
}

fn confirm(session: &Session<'_>, kept: &Kept, key: Key, path: &Path) {
    let value = shown(kept, key);
    if session.printer.is_json() {
        session.printer.document(&json!({ name(key): value }));
        return;
    }
    let value = value.unwrap_or_else(|| "not set".to_owned());
    session.printer.note(format_args!("{}: {value} (in {})", name(key), session.place.show(path)));
}

fn name(key: Key) -> &'static str {
    KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, name)| *name)
}

/// A value as it may be seen.
fn shown(kept: &Kept, key: Key) -> Option<String> {
    match key {
        Key::Gateway => kept.gateway.clone(),
        Key::AdminToken => {
            let token = kept.admin_token.as_deref()?;
            Some(Secret::new(token, "it").map_or_else(|_| "********".to_owned(), |token| token.masked()))
        }
        Key::OutputFormat => kept.output_format.map(|format| match format {
            OutputFormat::Text => "text".to_owned(),
            OutputFormat::Json => "json".to_owned(),
        }),
    }
}

/// A token from the terminal, where it is not shown, or from standard input.
pub(super) fn typed_token(session: &Session<'_>, what: &str) -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        hidden::typed(session.printer, &format!("{what} (it is not shown):"))
    } else {
        hidden::piped()
    }
}
