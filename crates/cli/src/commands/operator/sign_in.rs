//! `placet operator login`, `logout`, `whoami`, and `passwd` for oneself

use serde_json::{Value, json};
use ureq::http::Method;

use crate::args::{GatewayArgs, PasswordArgs, Where};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::hidden;
use crate::printer::WIDTH;
use crate::remote::{Client, Content, Kept, admin, kept_file, kept_session, known_gateway, text_of};
use crate::style::{self, paint, shorten, wrap};

/// Signs in and keeps the session.
pub(super) fn login(
    session: &Session<'_>,
    name: Option<&str>,
    password: PasswordArgs,
    place: &Where,
) -> Outcome {
    let client = known_gateway(session, place)?.ok_or_else(|| {
        Failure::arguments("no gateway is given")
            .hint("say `--gateway URL`, or keep one with `placet config set gateway URL`")
    })?;
    let kept = Kept::read(&kept_file(&session.place)?)?;
    let address = client.address().to_string();
    if let Some(other) = kept.gateway.as_ref().filter(|kept| **kept != address) {
        return Err(Failure::arguments(format!("a session is kept for one gateway, and that is `{other}`"))
            .hint(format!("`placet config set gateway {address}` first")));
    }
    let name = name
        .map(str::to_owned)
        .or(kept.operator)
        .ok_or_else(|| Failure::arguments("who signs in is not said").hint("`placet operator login NAME`"))?;
    let prompt = format!("Password of {name} at {address} (it is not shown):");
    let [password] = hidden::passwords(session.printer, password, [&prompt])?;
    let opened = open(session, &client, &name, &password)?;
    if session.printer.is_json() {
        session.printer.document(&json!({
            "operator": opened.get("operator"), "gateway": address, "endsAt": opened.get("endsAt"),
        }));
        return Ok(Exit::Ok);
    }
    let role = opened.get("operator").map_or("", |operator| text_of(operator, "role"));
    session.printer.data(format_args!(
        "signed in at {address} as {}, {}",
        paint(style::HEADING, shorten(&name, 28)),
        shorten(role, 20)
    ));
    session.printer.hint("the session ends after an hour without use; `placet operator logout` ends it now");
    Ok(Exit::Ok)
}

/// Opens a session and keeps it.
fn open(session: &Session<'_>, client: &Client, name: &str, password: &str) -> Result<Value, Failure> {
    let body = Content::Json(json!({ "name": name, "password": password }));
    let opened = client.send(Method::POST, &["admin", "session"], &[], body)?;
    let path = kept_file(&session.place)?;
    let mut kept = Kept::read(&path)?;
    kept.gateway = Some(client.address().to_string());
    kept.operator = Some(name.to_owned());
    kept.session = Some(text_of(&opened, "session").to_owned());
    kept.write(&path)?;
    Ok(opened)
}

/// Ends the session that is kept.
pub(super) fn logout(session: &Session<'_>, place: &Where) -> Outcome {
    let client = kept_session(session, place)?;
    let path = kept_file(&session.place)?;
    let mut kept = Kept::read(&path)?;
    kept.session = None;
    // Here first: what is not known any more cannot be used, whatever the gateway answers.
    kept.write(&path)?;
    let Some(client) = client else {
        session.printer.note("no session was kept");
        return Ok(Exit::Ok);
    };
    match client.send(Method::DELETE, &["admin", "session"], &[], Content::None) {
        Ok(_) => {}
        Err(error) if error.is_unauthorized() => {}
        Err(error) => {
            let failure = Failure::from(error);
            return Err(Failure {
                message: format!("the session is kept no longer, but not ended: {}", failure.message),
                hint: Some("it ends after an hour without use".to_owned()),
                ..failure
            });
        }
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "success": true }));
    } else {
        session.printer.data(format_args!("signed out at {}", client.address()));
    }
    Ok(Exit::Ok)
}

/// Shows who one is there.
pub(super) fn whoami(session: &Session<'_>, gateway: &GatewayArgs) -> Outcome {
    let client = admin(session, gateway)?;
    let who = client.get(&["admin", "session"], &[])?;
    if session.printer.is_json() {
        session.printer.document(&who);
        return Ok(Exit::Ok);
    }
    let rights = who.get("rights").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let rights = rights.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
    for (label, value) in [
        ("gateway", client.address().to_string()),
        ("name", text_of(&who, "name").to_owned()),
        ("role", text_of(&who, "role").to_owned()),
        ("rights", rights),
        ("ends", text_of(&who, "endsAt").to_owned()),
        ("password", text_of(&who, "sureUntil").to_owned()),
    ] {
        let value = match (label, value.as_str()) {
            (_, "") => continue,
            ("password", until) => format!("needed again after {until}"),
            _ => value,
        };
        for (row, part) in wrap(&value, WIDTH - 10).into_iter().enumerate() {
            let label = if row == 0 { label } else { "" };
            session.printer.data(format_args!("{} {part}", paint(style::DIM, format_args!("{label:<9}"))));
        }
    }
    Ok(Exit::Ok)
}

/// Changes one's own password, and signs in with it.
pub(super) fn password(session: &Session<'_>, args: PasswordArgs, gateway: &GatewayArgs) -> Outcome {
    let client = kept_session(session, &gateway.place)?.ok_or_else(|| {
        Failure::arguments("nobody is signed in, so it is not known whose password")
            .hint("`placet operator login` first, or name somebody: `placet operator passwd NAME`")
    })?;
    let who = client.get(&["admin", "session"], &[])?;
    let name = who.get("actor").map_or("", |actor| text_of(actor, "name"));
    let [old, new] = if args.password_stdin {
        hidden::passwords(session.printer, args, ["", ""])?
    } else {
        let [old] = hidden::passwords(session.printer, args, ["Old password (it is not shown):"])?;
        [old, hidden::new_password(session.printer, args, name)?]
    };
    let body = Content::Json(json!({ "old": old, "new": new }));
    let answer = client.send(Method::POST, &["admin", "session", "password"], &[], body)?;
    open(session, &client, name, &new)?;
    if session.printer.is_json() {
        session.printer.document(&answer);
    } else {
        session.printer.data("the password is changed; your other sessions have ended");
    }
    Ok(Exit::Ok)
}
