//! `placet agent create` and `placet agent token`: what gives a key.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use ureq::http::Method;

use crate::args::{CreateArgs, Which};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::file;
use crate::remote::{Client, Content, admin, send_surely, text_of};
use crate::style::{self, paint, shorten};

/// Makes an agent.
pub(super) fn run(session: &Session<'_>, args: &CreateArgs) -> Outcome {
    let client = admin(session, &args.gateway)?;
    let output = args.output.as_deref().map(|path| free(session, path)).transpose()?;
    let mut wanted = json!({ "name": args.name, "tags": tags(&args.tags) });
    if let (Some(trust), Some(fields)) = (&args.trust, wanted.as_object_mut()) {
        fields.insert("trustTier".to_owned(), trust.as_str().into());
    }
    let agent = client.send(Method::POST, &["admin", "agents"], &[], Content::Json(wanted))?;
    hand_over(session, &client, &agent, output.as_deref(), "made")
}

/// Gives an agent a new key.
pub(super) fn rotate(session: &Session<'_>, which: &Which, output: Option<&Path>) -> Outcome {
    let client = admin(session, &which.gateway)?;
    let output = output.map(|path| free(session, path)).transpose()?;
    let path = ["admin", "agents", &which.agent, "token"];
    let agent = send_surely(session, &client, Method::POST, &path, Content::None)?;
    hand_over(session, &client, &agent, output.as_deref(), "has a new key")
}

/// Tags without blanks around them and without empty ones.
pub(super) fn tags(given: &[String]) -> Vec<&str> {
    given.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()).collect()
}

/// A file the key can go into, found out before there is a key to lose.
pub(crate) fn free(session: &Session<'_>, path: &Path) -> Result<PathBuf, Failure> {
    let path = session.place.cwd.join(path);
    let shown = session.place.show(&path);
    if path.symlink_metadata().is_ok() {
        return Err(Failure::new(format!("`{shown}` exists already"))
            .hint("choose another file; what may be somebody's key is not written over"));
    }
    if !path.parent().is_some_and(Path::is_dir) {
        return Err(Failure::new(format!("the folder of `{shown}` does not exist")));
    }
    Ok(path)
}

/// Gives the key to the person, or into the file.
fn hand_over(
    session: &Session<'_>,
    client: &Client,
    agent: &Value,
    output: Option<&Path>,
    what: &str,
) -> Outcome {
    let printer = session.printer;
    // The token of the answer may end after hours; who is told once needs what lasts.
    let key = ["api_key", "token"].iter().map(|name| text_of(agent, name)).find(|key| !key.is_empty());
    let key = key.unwrap_or_default();
    let (id, name) = (text_of(agent, "id"), text_of(agent, "name"));
    if key.is_empty() {
        return Err(Failure::new("the gateway gave no key")
            .hint("`placet agent list` shows whether the agent is there"));
    }
    if let Some(path) = output {
        file::create_private(path, &format!("{key}\n")).map_err(|error| {
            Failure::from(error).hint(format!("the key is lost; `placet agent token {id}` gives a new one"))
        })?;
    }
    if printer.is_json() {
        printer.document(&document(agent, output));
        return Ok(Exit::Ok);
    }
    printer.data(format_args!("agent {} {what}: {id}", paint(style::HEADING, shorten(name, 28))));
    match output {
        Some(path) => {
            let shown = session.place.show(path);
            printer.data(format_args!("its key is in {shown}, for you alone"));
            printer.hint(format_args!("`placet agent ping --token-file {shown}` tells whether it is taken"));
        }
        None => {
            printer.data("");
            printer.data(format_args!("  {key}"));
            printer.data("");
            printer.note("This key is shown this once: keep it where only that agent reads it.");
            printer.hint(format_args!(
                "for the agent's environment: PLACET_GATEWAY={} PLACET_AGENT_KEY=…",
                client.address()
            ));
        }
    }
    Ok(Exit::Ok)
}

/// What scripts get. With a file the key is in there and nowhere else.
fn document(agent: &Value, output: Option<&Path>) -> Value {
    let mut document = json!({ "id": agent.get("id"), "name": agent.get("name") });
    if let Some(fields) = document.as_object_mut() {
        if let Some(tier) = agent.get("trustTier") {
            fields.insert("trustTier".to_owned(), tier.clone());
        }
        match output {
            Some(path) => {
                fields.insert("key_file".to_owned(), json!(path));
            }
            None => {
                for name in ["token", "api_key"] {
                    fields.insert(name.to_owned(), agent.get(name).cloned().unwrap_or_default());
                }
            }
        }
    }
    document
}
