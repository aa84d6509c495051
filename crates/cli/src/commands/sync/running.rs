//! `placet sync` without an end: policies and records as they come.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::{Status, Work, drain, fetch};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

/// How long the gateway is asked to wait for another bundle, in seconds.
const WAIT_S: u64 = 20;
/// Pause between two looks at the ledger.
const LOOK: Duration = Duration::from_secs(1);
/// Pauses after failures: from, to.
const PAUSES_S: (u64, u64) = (1, 60);

/// Goes on until the process is ended or the enrolment is gone.
pub(super) fn run(session: &Session<'_>, work: &Arc<Work>) -> Outcome {
    session.printer.note(format_args!(
        "agent `{}` of {}; ends on Ctrl-C or SIGTERM",
        work.enrolment.agent_name, work.enrolment.gateway
    ));
    let (sender, heard) = channel();
    let shared = Arc::clone(work);
    // Not waited for in the end: it may be waiting for the gateway, and nothing is lost with it.
    thread::spawn(move || bundles(&shared, &sender));
    records(session, work, &heard)
}

/// What the thread of the bundles tells.
type Told = Result<fetch::Fetch, Failure>;

/// Fetches bundles. Ends with the enrolment.
fn bundles(work: &Work, tell: &Sender<(Told, Status)>) {
    let mut status = Status::read(&work.files);
    let mut pause = Pause::default();
    // A bundle that is refused is not fetched again and again for being due.
    let mut refused = false;
    while is_enrolled(work) {
        let known = status.tag.clone().filter(|_| refused || !fetch::is_due(work));
        let wait_s = if known.is_some() { WAIT_S } else { 0 };
        let told = fetch::fetch(work, &mut status, known.as_deref(), wait_s);
        refused = status.refused.is_some();
        let failed = told.is_err();
        if tell.send((told, status.clone())).is_err() {
            return;
        }
        if failed {
            pause.wait(work);
        } else {
            pause = Pause::default();
        }
    }
}

/// Sends records as they come, and tells what happens.
fn records(session: &Session<'_>, work: &Work, heard: &Receiver<(Told, Status)>) -> Outcome {
    let printer = session.printer;
    let mut status = Status::read(&work.files);
    let mut pause = Pause::default();
    let mut last = None;
    let mut say = |failure: &Failure| {
        // The same thing again and again is said once.
        if last.as_ref() != Some(&failure.message) {
            printer.error(failure);
            last = Some(failure.message.clone());
        }
    };
    while is_enrolled(work) {
        match drain::all(work, &mut status) {
            Ok(drained) => {
                if drained != drain::Drained::default() {
                    printer.data(drained);
                }
                pause = Pause::default();
            }
            Err(failure) => {
                say(&failure);
                pause.wait(work);
            }
        }
        match heard.recv_timeout(LOOK) {
            Ok((told, of_bundles)) => {
                let untaken = status.untaken.take();
                status = Status { untaken, ..of_bundles };
                match &told {
                    Ok(fetch::Fetch::Same) => {}
                    Ok(taken) => printer.data(taken),
                    Err(failure) => say(failure),
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        let _ = status.write(&work.files);
    }
    printer.note("this machine is not enrolled any more");
    Ok(Exit::Ok)
}

fn is_enrolled(work: &Work) -> bool {
    work.files.enrolment().exists()
}

/// Pauses that grow, each a little longer or shorter than it would be, so that many machines do not come back at once.
#[derive(Default)]
struct Pause {
    failures: u32,
}

impl Pause {
    fn wait(&mut self, work: &Work) {
        let (from, to) = PAUSES_S;
        let seconds = from.saturating_mul(1 << self.failures.min(10)).min(to);
        self.failures += 1;
        let random: [u8; 1] = placet_client::random().unwrap_or([128]);
        let [random] = random;
        // Between half and one and a half.
        let mut left_ms = seconds * 1000 / 2 + seconds * 1000 * u64::from(random) / 255;
        while left_ms > 0 && is_enrolled(work) {
            let step = left_ms.min(500);
            thread::sleep(Duration::from_millis(step));
            left_ms -= step;
        }
    }
}
