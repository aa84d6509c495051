//! `placet operator add`, `set-role`, `disable` and `passwd NAME`

use serde_json::{Value, json};
use ureq::http::Method;

use crate::args::{GatewayArgs, PasswordArgs};
use crate::commands::{Session, agreed};
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::hidden;
use crate::remote::{Content, admin, send_surely, text_of};
use crate::style::shorten;

/// Makes one.
pub(super) fn add(
    session: &Session<'_>,
    name: &str,
    role: &str,
    password: PasswordArgs,
    gateway: &GatewayArgs,
) -> Outcome {
    let client = admin(session, gateway)?;
    let password = hidden::new_password(session.printer, password, name)?;
    let body = Content::Json(json!({ "name": name, "role": role, "password": password }));
    let made = send_surely(session, &client, Method::POST, &["admin", "operators"], body)?;
    told(
        session,
        &made,
        format!("operator {} is made, as {}", shown(&made), shorten(text_of(&made, "role"), 20)),
    );
    if !session.printer.is_json() {
        session.printer.hint(format!("`placet operator login {name}` signs in"));
    }
    Ok(Exit::Ok)
}

/// Gives another role.
pub(super) fn set_role(session: &Session<'_>, operator: &str, role: &str, gateway: &GatewayArgs) -> Outcome {
    let client = admin(session, gateway)?;
    let body = Content::Json(json!({ "role": role }));
    let changed = send_surely(session, &client, Method::PATCH, &["admin", "operators", operator], body)?;
    told(session, &changed, format!("{} is {} now", shown(&changed), shorten(text_of(&changed, "role"), 20)));
    Ok(Exit::Ok)
}

/// Disables one, after asking.
pub(super) fn disable(session: &Session<'_>, operator: &str, yes: bool, gateway: &GatewayArgs) -> Outcome {
    let client = admin(session, gateway)?;
    if !yes && !agreed(session, &format!("Disable operator {operator} for ever?"))? {
        session.printer.note("nothing was changed");
        return Ok(Exit::General);
    }
    let path = ["admin", "operators", operator];
    let answer = send_surely(session, &client, Method::DELETE, &path, Content::None)?;
    told(session, &answer, format!("{} is disabled; its sessions and tokens have ended", shown(&answer)));
    Ok(Exit::Ok)
}

/// Gives somebody another password.
pub(super) fn password(
    session: &Session<'_>,
    operator: &str,
    password: PasswordArgs,
    gateway: &GatewayArgs,
) -> Outcome {
    let client = admin(session, gateway)?;
    let password = hidden::new_password(session.printer, password, operator)?;
    let path = ["admin", "operators", operator, "password"];
    let body = Content::Json(json!({ "password": password }));
    let answer = send_surely(session, &client, Method::POST, &path, body)?;
    told(session, &answer, format!("{} has another password; its sessions have ended", shown(&answer)));
    Ok(Exit::Ok)
}

fn shown(operator: &Value) -> String {
    shorten(text_of(operator, "name"), 28)
}

fn told(session: &Session<'_>, answer: &Value, line: String) {
    if session.printer.is_json() {
        session.printer.document(answer);
    } else {
        session.printer.data(line);
    }
}
