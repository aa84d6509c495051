//! `placet agent enroll` and `placet agent unenroll`: this machine in an organisation, and out of it.

use placet_bundle::{Bundle, PublicKey};
use placet_client::organisation::{Enrolment, EnrolmentFiles, check};
use serde_json::json;

use crate::args::EnrollArgs;
use crate::commands::Session;
use crate::commands::sync::{Cursor, now_ms};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::remote::{Client, Fetched, RemoteError, Secret, agent_key, as_agent, text_of, wanted_gateway};
use crate::style::{self, paint};

/// Puts this machine under the policies of a gateway.
pub(super) fn run(session: &Session<'_>, args: &EnrollArgs) -> Outcome {
    let locations = session.place.locations()?;
    let files = EnrolmentFiles::of(&locations);
    if let Some(known) = Enrolment::read(&files).map_err(Failure::new)? {
        return Err(Failure::new(format!(
            "this machine is enrolled already, as `{}` at {}",
            known.agent_name, known.gateway
        ))
        .hint("`placet agent unenroll` first, to enroll it elsewhere"));
    }
    let (address, origin) = wanted_gateway(session, &args.place)?;
    let key = match agent_key(session, args.token_file.as_deref())? {
        Some(key) => key,
        None if session.printer.is_interactive() => {
            let typed =
                crate::commands::config::typed_token(session, &format!("Key of the agent at {address}"))?;
            Secret::new(&typed, "what was given")?
        }
        None => return Err(RemoteError::NoKey.into()),
    };
    let client = as_agent(address.clone(), origin, key.clone());
    let public = pinned(&client, args.fingerprint.as_deref())?;
    let fetched = match client.fetch(&["v1", "bundle"], None, 0)? {
        Fetched::Other { bytes, .. } => bytes,
        Fetched::Same => return Err(Failure::new("the gateway gave no policies")),
    };
    let now = now_ms();
    let mut enrolment = Enrolment::new(address.to_string(), args.place.plain_http, &public, spool()?, now);
    let bundle =
        public.open(&fetched).map_err(|why| Failure::new(format!("the bundle is refused: {why}")))?;
    enrolment.agent.clone_from(&bundle.agent.id);
    enrolment.agent_name.clone_from(&bundle.agent.name);
    enrolment.organisation.clone_from(&bundle.organisation);
    check(&locations, &enrolment, &fetched, now).map_err(|error| {
        Failure::new(error).hint("nothing was changed here; this has to be mended at the gateway")
    })?;
    enrolment.accepted = bundle.issue();
    // What was recorded before is nobody else's business.
    let from_here = Cursor::at_end_of(session)?.text()?;
    let key_line = format!("{}\n", key.reveal());
    let others = [
        (EnrolmentFiles::KEY, key_line.as_bytes()),
        (EnrolmentFiles::BUNDLE, fetched.as_slice()),
        (Cursor::FILE, from_here.as_bytes()),
    ];
    files.establish(&enrolment, &others).map_err(Failure::new)?;
    show(session, &enrolment, &bundle, &public);
    Ok(Exit::Ok)
}

/// The key that the gateway says it signs with, if it is the one that is expected.
fn pinned(client: &Client, expected: Option<&str>) -> Result<PublicKey, Failure> {
    let answer = client.get(&["v1", "bundle", "key"], &[])?;
    let key = PublicKey::parse(text_of(&answer, "key"))
        .ok_or_else(|| Failure::new("the gateway tells no key by which it signs policies"))?;
    match expected {
        Some(expected) if expected != key.fingerprint() => Err(Failure::new(format!(
            "the gateway signs with {}, which is another key than the one expected",
            key.fingerprint()
        ))
        .hint(
            "`placet serve` shows the fingerprint when it starts; if it differs, somebody may stand between",
        )),
        _ => Ok(key),
    }
}

/// A name for the ledger of this machine.
fn spool() -> Result<String, Failure> {
    let bytes: [u8; 12] = placet_client::random().map_err(Failure::new)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn show(session: &Session<'_>, enrolment: &Enrolment, bundle: &Bundle, key: &PublicKey) {
    let printer = session.printer;
    let names: Vec<&str> = bundle.policies.iter().map(|policy| policy.name.as_str()).collect();
    if printer.is_json() {
        printer.document(&json!({
            "enrolled": true, "gateway": enrolment.gateway, "agent": bundle.agent, "organisation": enrolment.organisation,
            "fingerprint": key.fingerprint(), "version": bundle.version, "policies": names, "mode": bundle.mode,
        }));
        return;
    }
    printer.data(format_args!(
        "{}: this machine is agent `{}` of {}",
        paint(style::GOOD, "enrolled"),
        enrolment.agent_name,
        enrolment.gateway
    ));
    printer.data(format_args!("signed by  {}", key.fingerprint()));
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    printer.data(format_args!("policies   {names}"));
    printer.hint("compare the fingerprint with the one `placet serve` shows");
    printer.hint("`placet sync install --systemd` keeps both sides up to date");
}

/// Takes this machine out of its organisation.
pub(super) fn undo(session: &Session<'_>, yes: bool) -> Outcome {
    let files = EnrolmentFiles::of(&session.place.locations()?);
    if !files.folder.exists() {
        return Err(Failure::new("this machine is not enrolled"));
    }
    let question = "Take this machine out of its organisation? Its policies count no longer.";
    if !yes && !crate::commands::agreed(session, question)? {
        session.printer.note("nothing was changed");
        return Ok(Exit::General);
    }
    files.dissolve().map_err(Failure::new)?;
    if session.printer.is_json() {
        session.printer.document(&json!({ "enrolled": false }));
    } else {
        session.printer.data("this machine is in no organisation now");
        session.printer.hint("the agent is still there; `placet agent revoke` ends it at the gateway");
    }
    Ok(Exit::Ok)
}
