//! Whatever kills the process, it dies with the answer that denies.
//!
//! A hook that ends by a signal or runs out of the host's time counts as no opinion on hosts that do not
//! know `onFailure`. So the signals a fault raises, and a timer that is shorter than the host's, end in a
//! handler that writes the denying answer of the event at hand and leaves.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// Seconds after which the process gives up and denies. Below the time-out of a hook entry (30 s).
const DEADLINE_SECONDS: u32 = 20;

/// The form of answer that denies on the event at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum DenyForm {
    /// JSON and exit code 2. Also while the event is not known yet.
    PreToolUse = 0,
    /// JSON and exit code 0: there exit code 2 denies nothing.
    PermissionRequest = 1,
    /// Exit code 2 refuses the change.
    ConfigChange = 2,
    /// Nothing can be denied; an empty document.
    Notice = 3,
}

static FORM: AtomicU8 = AtomicU8::new(DenyForm::PreToolUse as u8);
static ANSWERED: AtomicBool = AtomicBool::new(false);
static UNREAD: AtomicBool = AtomicBool::new(false);

const PRE_TOOL_USE: &[u8] = b"{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"deny\",\
\"permissionDecisionReason\":\"Placet failed while deciding and denies what it cannot judge (transient: try again; if it lasts, a person should run `placet doctor`).\"}}\n";
const PERMISSION_REQUEST: &[u8] = b"{\"hookSpecificOutput\":{\"hookEventName\":\"PermissionRequest\",\"decision\":{\"behavior\":\"deny\",\
\"message\":\"Placet failed while deciding and denies what it cannot judge (transient: try again; if it lasts, a person should run `placet doctor`).\"}}}\n";

/// Says which event is being answered.
pub(crate) fn set_form(form: DenyForm) {
    FORM.store(form as u8, Ordering::SeqCst);
}

/// Claims the right to write the answer; whoever gets `true` writes it, nobody else may.
pub(crate) fn claim_answer() -> bool {
    !ANSWERED.swap(true, Ordering::SeqCst)
}

/// Says that nobody can read stdout: the exit code alone must deny.
pub(crate) fn set_unread() {
    UNREAD.store(true, Ordering::SeqCst);
}

/// Installs the handlers and starts the timer.
#[expect(
    unsafe_code,
    reason = "signal handlers and the timer have no safe interface in the standard library"
)]
pub(crate) fn install() {
    let handler = deny_and_leave as extern "C" fn(libc::c_int);
    // SAFETY: `action` is fully initialised; the handler only calls async-signal-safe functions and reads
    // atomics. SA_ONSTACK uses the stack that the standard library sets up for overflow detection.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as libc::sighandler_t;
        action.sa_flags = libc::SA_ONSTACK | libc::SA_RESETHAND;
        libc::sigemptyset(&raw mut action.sa_mask);
        for signal in [
            libc::SIGSEGV,
            libc::SIGBUS,
            libc::SIGABRT,
            libc::SIGILL,
            libc::SIGFPE,
            libc::SIGALRM,
            libc::SIGXCPU,
        ] {
            libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        }
        // A file that may not grow is then a failed write like any other, and denies as such.
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        libc::alarm(DEADLINE_SECONDS);
    }
}

#[expect(unsafe_code, reason = "write and _exit are all a signal handler may safely call")]
extern "C" fn deny_and_leave(_signal: libc::c_int) {
    let (text, code): (&[u8], i32) = match FORM.load(Ordering::SeqCst) {
        1 => (PERMISSION_REQUEST, 0),
        2 => (b"{}\n", 2),
        3 => (b"{}\n", 0),
        _ => (PRE_TOOL_USE, 2),
    };
    // SAFETY: both functions are async-signal-safe; the buffer is static.
    unsafe {
        let written = claim_answer()
            && libc::write(libc::STDOUT_FILENO, text.as_ptr().cast(), text.len()).cast_unsigned()
                == text.len();
        let read = written && !UNREAD.load(Ordering::SeqCst);
        libc::_exit(if read { code } else { 2 });
    }
}
