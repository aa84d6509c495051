//! Starting a synchronisation in the background, for users without a service that does it.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::EnrolmentFiles;
use crate::Locations;

/// Sessions that start one behind the other need no more than one.
const PAUSE: Duration = Duration::from_secs(60);

/// Starts `placet sync --once` if this user is enrolled, none was started just now and none runs. Waits for nothing; what fails is left to the
/// next session.
pub(crate) fn wake(locations: &Locations) {
    let files = EnrolmentFiles::of(locations);
    if !files.enrolment().exists() || is_busy(&files) {
        return;
    }
    let mark = files.other("woken");
    let age = std::fs::metadata(&mark).and_then(|data| data.modified()).map(|when| when.elapsed());
    if matches!(age, Ok(Ok(age)) if age < PAUSE) || File::create(&mark).is_err() {
        return;
    }
    let Ok(own) = std::env::current_exe() else { return };
    let mut command = Command::new(own.with_file_name("placet"));
    // Nothing of the session's environment: a project could send it elsewhere, or have it trust somebody.
    command.env_clear().arg("--config").arg(&locations.config).args(["sync", "--once"]);
    command.envs(std::env::var_os("HOME").map(|home| ("HOME", home)));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    // In a group of its own, so that it outlives the session.
    let _ = command.process_group(0).spawn();
}

fn is_busy(files: &EnrolmentFiles) -> bool {
    let Ok(lock) = File::open(files.lock()) else { return false };
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err()
}
