//! The lock: `flock` on an open file, so it ends with the process whatever happens to it.

use std::fs::File;
use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

/// Pauses between tries. A holder needs some 50 microseconds, so the first ones are short.
const PAUSES_MICROS: [u64; 4] = [50, 100, 200, 500];

/// Takes the lock; `false` when it was not free within `wait`.
pub(super) fn acquire(file: &File, wait: Duration) -> io::Result<bool> {
    let start = Instant::now();
    let mut pauses = PAUSES_MICROS.iter();
    let mut pause = Duration::ZERO;
    loop {
        match flock(file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(true),
            Err(Errno::WOULDBLOCK | Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let left = wait.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(false);
        }
        pause = pauses.next().map_or(pause, |micros| Duration::from_micros(*micros));
        sleep(pause.min(left));
    }
}
