//! `placet agent update` and `placet agent revoke`

use serde_json::{Map, Value, json};
use ureq::http::Method;

use super::create::tags;
use super::show::show;
use crate::args::Which;
use crate::commands::{Session, agreed};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::remote::{Content, admin, send_surely, text_of};
use crate::style::shorten;

/// Changes what is given; the rest stays.
pub(super) fn update(
    session: &Session<'_>,
    which: &Which,
    name: Option<&str>,
    trust: Option<&str>,
    new_tags: Option<&str>,
) -> Outcome {
    let mut wanted = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            wanted.insert(key.to_owned(), value);
        }
    };
    put("name", name.map(Value::from));
    put("trustTier", trust.map(Value::from));
    let split: Option<Vec<String>> = new_tags.map(|text| text.split(',').map(str::to_owned).collect());
    put("tags", split.map(|split| json!(tags(&split))));
    if wanted.is_empty() {
        return Err(
            Failure::arguments("nothing to change is given").hint("say `--name`, `--trust` or `--tags`")
        );
    }
    let client = admin(session, &which.gateway)?;
    let path = ["admin", "agents", &which.agent];
    let agent = client.send(Method::PATCH, &path, &[], Content::Json(Value::Object(wanted)))?;
    if session.printer.is_json() {
        session.printer.document(&agent);
    } else {
        show(session, &agent);
    }
    Ok(Exit::Ok)
}

/// Ends an agent, after asking.
pub(super) fn revoke(session: &Session<'_>, which: &Which, yes: bool) -> Outcome {
    let client = admin(session, &which.gateway)?;
    // By its id, so that it is the one that was shown, and an unknown one is told before the question.
    let agent = client.get(&["admin", "agents", &which.agent], &[])?;
    let (id, name) = (text_of(&agent, "id"), text_of(&agent, "name"));
    if text_of(&agent, "status") == "revoked" {
        return Err(Failure::new(format!("agent `{name}` is revoked already")));
    }
    if !yes && !agreed(session, &format!("Revoke agent {name} ({id}) for ever?"))? {
        session.printer.note("nothing was changed");
        return Ok(Exit::General);
    }
    let answer = send_surely(session, &client, Method::DELETE, &["admin", "agents", id], Content::None)?;
    if session.printer.is_json() {
        session.printer.document(&answer);
    } else {
        session.printer.data(format_args!("agent {} is revoked: {id}", shorten(name, 28)));
    }
    Ok(Exit::Ok)
}
