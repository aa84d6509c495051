//! Commands that print what the environment keeps secret.

use placet_model::Does;

use super::Machine;
use super::simple::Call;
use crate::programs::does_bit;

/// Ends of names by which API keys and the like are passed on.
const NAMES: &[&str] = &[
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "API_KEY",
    "APIKEY",
    "ACCESS_KEY",
    "SECRET_KEY",
    "PRIVATE_KEY",
    "ACCESS_KEY_ID",
    "CREDENTIALS",
    "AUTH_KEY",
    "_PAT",
];

impl Machine<'_> {
    /// Notes that a variable is expanded which the text never assigned and whose name looks like a secret.
    pub(super) fn notice_secret(&mut self, name: &str) {
        if self.secret || self.state.assigned(name).is_some() {
            return;
        }
        // Variables of the environment are written in capitals.
        self.secret = NAMES.iter().any(|end| name.ends_with(end));
    }

    /// Marks a command that prints its words, or what it is given.
    pub(super) fn mark_secret(&self, call: &mut Call) {
        let prints = call
            .words
            .first()
            .is_some_and(|word| matches!(word.text(), Some("echo" | "printf" | "cat" | "tee")));
        if self.secret && prints {
            call.does |= does_bit(Does::Secrets);
        }
    }
}
