//! Commands that print what the environment keeps secret.

use placet_model::{Does, UrlRef};

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

/// Whether an environment variable of that name is likely to hold a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    NAMES.iter().any(|end| name.ends_with(end))
}

/// Whether tokens are for that host.
pub(super) fn is_own_site(host: &str) -> bool {
    OWN.contains(&host)
}

impl Machine<'_> {
    /// Notes that a variable is expanded which the text never assigned and whose name looks like a secret.
    pub(super) fn notice_secret(&mut self, name: &str) {
        if self.secret {
            return;
        }
        if self.state.assigned(name).is_some() {
            self.secret = self.memory.secrets.iter().any(|known| &**known == name);
            return;
        }
        // Variables of the environment are written in capitals.
        self.secret = is_secret_name(name);
    }

    /// Notes whether a variable that was just assigned holds a secret.
    pub(super) fn pass_secret(&mut self, name: &str) {
        self.memory.secrets.retain(|known| &**known != name);
        if self.secret {
            self.memory.secrets.push(name.into());
        }
    }

    /// Marks a command that prints its words, or what it is given.
    pub(super) fn mark_secret(&self, call: &mut Call) {
        let prints = call
            .words
            .first()
            .is_some_and(|word| matches!(word.text(), Some("echo" | "printf" | "cat" | "tee")));
        if self.secret && (prints || sends_away(call)) {
            call.does |= does_bit(Does::Secrets);
        }
    }
}

/// Sites that tokens are for, and this machine.
const OWN: &[&str] = &[
    "api.github.com",
    "github.com",
    "uploads.github.com",
    "gitlab.com",
    "localhost",
    "127.0.0.1",
    "0.0.0.0",
    "::1",
    "host.docker.internal",
];

/// Whether a program of the web is given the words, and not only to talk to a site the token is for.
fn sends_away(call: &Call) -> bool {
    let web =
        |name: &str| matches!(name, "curl" | "wget" | "wget2" | "http" | "https" | "xh" | "xhs" | "httpie");
    let name = call.words.first().map_or("", |word| word.start());
    if !web(name.rsplit('/').next().unwrap_or(name)) {
        return false;
    }
    let mut addresses = call
        .words
        .iter()
        .map(|word| word.start())
        .filter(|text| text.contains("://") || text.starts_with("localhost") || text.starts_with("127."))
        .map(|text| UrlRef::parse(text).host)
        .peekable();
    addresses.peek().is_none() || !addresses.all(|host| host.is_some_and(|host| OWN.contains(&host.as_str())))
}
