//! Why a gateway did not do what it was asked.

use std::fmt;

use placet_model::visible::visible_line;

use super::Address;
use super::session::SESSION;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::style::shorten;

/// Longest text of a gateway that is told, in characters.
const TEXT: usize = 400;

/// What went wrong between a command and a gateway.
#[derive(Debug)]
pub(crate) enum RemoteError {
    /// Nobody said which gateway.
    NoGateway,
    /// What was given is no address.
    Address {
        /// As it was given.
        text: String,
        /// From where.
        origin: String,
        /// What is wrong.
        why: &'static str,
    },
    /// It would be spoken where others can listen.
    Plain(Address),
    /// Who it is for is known, but not by which token.
    NoToken {
        /// The gateway.
        address: Address,
        /// Whether a token is kept, for another gateway.
        kept_elsewhere: bool,
    },
    /// No key of an agent is given.
    NoKey,
    /// Nothing came back.
    Unreachable {
        /// The gateway.
        address: Address,
        /// From where its address is.
        origin: String,
        /// What the system said.
        why: String,
    },
    /// Something came back that no gateway says.
    NoGatewayThere {
        /// The gateway.
        address: Address,
        /// What it was.
        what: String,
    },
    /// It is a gateway, and it said no.
    Refused {
        /// HTTP status.
        status: u16,
        /// Its word for it.
        code: Option<String>,
        /// What it said.
        message: String,
        /// What it advised.
        remedy: Option<String>,
        /// From where the token is that was shown.
        token: Option<String>,
    },
}

impl RemoteError {
    /// Whether trying again later may help.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
            || matches!(self, Self::Refused { status, .. } if *status >= 502)
    }

    /// Whether the gateway wants the password of an operator once more.
    pub(crate) fn needs_step_up(&self) -> bool {
        matches!(self, Self::Refused { code: Some(code), .. } if code == "step_up_required")
    }

    /// Whether the gateway did not believe who one is.
    pub(crate) fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::NoGateway | Self::Address { .. } | Self::Plain(_) => Exit::BadArguments,
            Self::NoToken { .. } | Self::NoKey => Exit::Authentication,
            Self::Refused { status: 401 | 403, .. } => Exit::Authentication,
            Self::Unreachable { .. } | Self::NoGatewayThere { .. } => Exit::Network,
            Self::Refused { status: 502..=504, .. } => Exit::Network,
            Self::Refused { .. } => Exit::General,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoGateway => {
                "say `--gateway URL`, set PLACET_GATEWAY, or keep one with `placet config set gateway URL`"
            }
            Self::Address { .. } => "as in https://gate.example or http://127.0.0.1:3100",
            Self::Plain(_) => "use https://, or say `--plain-http` where nobody else can listen",
            Self::NoToken { kept_elsewhere: true, .. } => {
                "the kept token is for the kept gateway only; give this one's with `--token-file FILE` or PLACET_ADMIN_TOKEN"
            }
            Self::NoToken { .. } => {
                "sign in with `placet operator login`, or give it with `--token-file FILE` or PLACET_ADMIN_TOKEN"
            }
            Self::NoKey => {
                "set PLACET_AGENT_KEY, or give `--token-file FILE`; `placet agent create` makes one"
            }
            Self::Unreachable { .. } => {
                "is it running, and is the address right? `placet serve` starts a gateway"
            }
            Self::NoGatewayThere { .. } => "is the address right? It is the one that `placet serve` shows",
            Self::Refused { status: 401, token: Some(token), .. } if token == SESSION => {
                "sign in again with `placet operator login`, or `placet operator logout`"
            }
            Self::Refused { status: 401, token: Some(token), .. } => {
                return Some(format!("the token is the one from {token}"));
            }
            Self::Refused { remedy, .. } => return remedy.as_deref().map(told),
        };
        Some(hint.to_owned())
    }
}

/// A gateway's text on one line that is not too long.
fn told(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    shorten(&visible_line(&line), TEXT)
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGateway => f.write_str("no gateway is given"),
            Self::Address { text, origin, why } => {
                write!(f, "`{}` from {origin} is no address of a gateway: {why}", told(text))
            }
            Self::Plain(address) => {
                write!(f, "`{address}` is another machine, and plain HTTP can be read on the way")
            }
            Self::NoToken { address, .. } => write!(f, "no administration token for `{address}` is given"),
            Self::NoKey => f.write_str("no key of an agent is given"),
            Self::Unreachable { address, origin, why } => {
                write!(f, "no answer from the gateway at `{address}` (from {origin}): {}", told(why))
            }
            Self::NoGatewayThere { address, what } => {
                write!(f, "what answers at `{address}` is no gateway: {}", told(what))
            }
            Self::Refused { status, message, .. } => {
                let message = told(message);
                let mut letters = message.chars();
                // As all our sentences begin.
                let message =
                    letters.next().map_or_else(String::new, |c| c.to_lowercase().chain(letters).collect());
                write!(f, "the gateway answered {status}: {message}")
            }
        }
    }
}

impl std::error::Error for RemoteError {}

impl From<RemoteError> for Failure {
    fn from(error: RemoteError) -> Self {
        Self { hint: error.hint(), exit: error.exit(), ..Self::new(error) }
    }
}
