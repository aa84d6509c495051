//! What a command says when it cannot do what it was asked.

use std::fmt;

use crate::exit::Exit;

/// A command's failure, in the form it is shown: a sentence, maybe a hint, an exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The sentence, lower case, without a full stop.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
    /// How the process ends.
    pub(crate) exit: Exit,
}

impl Failure {
    /// Something did not work.
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), hint: None, exit: Exit::General }
    }

    /// The arguments make no sense.
    pub(crate) fn arguments(message: impl fmt::Display) -> Self {
        Self { exit: Exit::BadArguments, ..Self::new(message) }
    }

    /// The same with a hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// How every command ends.
pub(crate) type Outcome = Result<Exit, Failure>;

impl From<&placet_client::trash::TrashError> for Failure {
    fn from(error: &placet_client::trash::TrashError) -> Self {
        Self { hint: error.help().map(str::to_owned), ..Self::new(error) }
    }
}

macro_rules! failure_from {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(error)
            }
        }
    )*};
}

failure_from!(
    crate::claude_code::InstallError,
    placet_client::LocationError,
    placet_client::SettingsError,
    placet_client::TrustError,
);
