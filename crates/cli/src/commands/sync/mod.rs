//! `placet sync`: the organisation's policies to this machine, this machine's records to the organisation.
//!
//! One process of a user does it at a time; whoever holds the lock of the enrolment. Every step is on the disk before the next one
//! counts on it, so that it may be killed at any moment: a bundle is replaced by rename, and the cursor moves behind records that the
//! gateway has acknowledged.

mod cursor;
mod drain;
mod fetch;
mod install;
mod running;
mod status;

use std::fs::File;
use std::sync::Arc;

use placet_client::Locations;
use placet_client::organisation::{Enrolment, EnrolmentFiles};
use serde_json::json;

use super::Session;
use crate::args::{SyncArgs, SyncCommand};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::remote::{Address, Client, RemoteError, Secret, as_agent};

pub(crate) use cursor::Cursor;
pub(crate) use status::Status;

/// What every part of it needs.
pub(crate) struct Work {
    locations: Locations,
    files: EnrolmentFiles,
    enrolment: Enrolment,
    client: Client,
}

/// Does what the command line says.
pub(super) fn run(session: &Session<'_>, args: &SyncArgs) -> Outcome {
    if let Some(SyncCommand::Install { launchd, print, .. }) = &args.command {
        return install::run(session, *launchd, *print);
    }
    let work = Work::begin(session)?;
    let Some(_lock) = lock(&work.files)? else {
        session.printer.note("another `placet sync` is at work");
        return Ok(Exit::Ok);
    };
    if args.once { once(session, &work) } else { running::run(session, &Arc::new(work)) }
}

impl Work {
    /// For the enrolment of this user.
    fn begin(session: &Session<'_>) -> Result<Self, Failure> {
        let locations = session.place.locations()?;
        let files = EnrolmentFiles::of(&locations);
        let enrolment = Enrolment::read(&files).map_err(Failure::new)?.ok_or_else(|| {
            Failure::new("this machine is not enrolled")
                .hint("`placet agent enroll --gateway URL` puts it under the policies of a gateway")
        })?;
        let client = client(&files, &enrolment)?;
        Ok(Self { locations, files, enrolment, client })
    }
}

/// The gateway of the enrolment, and no other, whatever variables say.
fn client(files: &EnrolmentFiles, enrolment: &Enrolment) -> Result<Client, Failure> {
    let origin = "the enrolment".to_owned();
    let address = Address::parse(&enrolment.gateway).map_err(|why| RemoteError::Address {
        text: enrolment.gateway.clone(),
        origin: origin.clone(),
        why,
    })?;
    if address.is_open_to_others() && !enrolment.plain_http {
        return Err(RemoteError::Plain(address).into());
    }
    let key = Secret::new(&files.agent_key().map_err(Failure::new)?, "the enrolment")?;
    Ok(as_agent(address, origin, key))
}

/// The lock of the enrolment; `None` when somebody else has it.
fn lock(files: &EnrolmentFiles) -> Result<Option<File>, Failure> {
    let file = files.lock();
    let fail = |error: std::io::Error| Failure::new(format!("`{}`: {error}", file.display()));
    let held = File::options().create(true).append(true).open(&file).map_err(fail)?;
    match rustix::fs::flock(&held, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(held)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(fail(error.into())),
    }
}

/// Fetches and sends once. What fails does not keep the other from being tried.
fn once(session: &Session<'_>, work: &Work) -> Outcome {
    let mut status = Status::read(&work.files);
    let fetched = fetch::once(work, &mut status);
    let drained = drain::all(work, &mut status);
    let _ = status.write(&work.files);
    let failure = match (&fetched, &drained) {
        (Err(_), _) => fetched.as_ref().err(),
        _ => drained.as_ref().err(),
    };
    let exit = failure.map_or(Exit::Ok, |failure| failure.exit);
    let printer = session.printer;
    if printer.is_json() {
        printer.document(&json!({
            "gateway": work.enrolment.gateway, "agent": work.enrolment.agent_name,
            "bundle": fetched.as_ref().ok().map(fetch::Fetch::to_json), "bundleError": fetched.as_ref().err().map(|error| &error.message),
            "records": drained.as_ref().ok().map(|drained| drained.to_json()), "recordsError": drained.as_ref().err().map(|error| &error.message),
        }));
        return Ok(exit);
    }
    match &fetched {
        Ok(fetched) => printer.data(fetched),
        Err(failure) => printer.error(failure),
    }
    match (&drained, &fetched) {
        (Ok(drained), _) => printer.data(drained),
        // Said once is enough when both failed alike.
        (Err(second), Err(first)) if second.message == first.message => {}
        (Err(failure), _) => printer.error(failure),
    }
    Ok(exit)
}

/// Now, in milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
