//! Talking with a gateway: where it is, who one is there, and what it answers.
//!
//! `INVARIANT:` no address but one the person gave, and over plain HTTP none of another machine without `--plain-http`.
//! `INVARIANT:` the token that `placet config` keeps, and the session of an operator, go to the gateway that is kept with it and to no other, whatever a variable of a
//! project says (guarded by `tests/it/remote/settings.rs`).
//! `INVARIANT:` redirects are not followed, answers are bounded in size and time (guarded by `tests/it/remote/hostile.rs`).

mod address;
mod answer;
mod client;
mod error;
mod kept;
mod secret;
mod session;
mod step_up;

pub(crate) use address::Address;
pub(crate) use answer::{list_of, number_of, text_of};
pub(crate) use client::{Client, Content, Fetched};
pub(crate) use error::RemoteError;
pub(crate) use kept::{Kept, OutputFormat, file_of as kept_file};
pub(crate) use secret::Secret;
pub(crate) use session::{admin, agent, agent_key, as_agent, kept_session, known_gateway, wanted_gateway};
pub(crate) use step_up::send_surely;
