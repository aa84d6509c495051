//! The HTTP gateway: one server that holds agents, policies and records of a team.
//!
//! **Owns** routes, wire forms, who may call what, and the keeping of compiled policies in memory. **Does not own** what a policy
//! means (`placet-policy`), how a call is understood (`placet-hook`), or how rows are stored (`placet-store`).
//!
//! A request's way: who is it and may they ([`caller`]) -> read the input -> decide or change -> stored with its record -> answer.
//!
//! `INVARIANT:` an answer that lets something run is given only after its record is stored (guarded by `tests/it/check.rs`).
//! `INVARIANT:` every route stands in one table with what it needs, and nobody else passes it (guarded by `tests/it/rights.rs`).
//! `INVARIANT:` no agent's key changes, sees or answers anything but its own questions (guarded by `tests/it/agent_keys.rs`).
//! `INVARIANT:` nobody gives rights that they have not (guarded by `tests/it/admin_tokens.rs`, `tests/it/operators.rs`).
//! `INVARIANT:` every change is on record with the operator or token that made it (guarded by `tests/it/operators.rs`).
//! `INVARIANT:` under `/proxy`, where clients take any 2xx for a yes, what is not allowed for certain is answered with 403, never with a
//! redirect of ours (guarded by `tests/it/check.rs`, `tests/it/proxy/`).
//! `INVARIANT:` what reaches the service behind the proxy is what was decided on, after it is on record (guarded by `tests/it/proxy/`).
//! `INVARIANT:` every record stands once in the chain of all records (guarded by `tests/it/ledger.rs`).
//! `INVARIANT:` what an agent tells of itself never counts as a decision (guarded by `tests/it/reports.rs`).
//!
//! Start reading at [`serve`], then `api/mod.rs`, where every route stands with what it needs, and `rights.rs`.

mod actor;
mod api;
mod bind;
mod bundles;
mod caller;
mod config;
mod deciding;
mod error;
mod ingest;
mod judging;
mod keys;
mod limits;
mod machine;
mod metrics;
mod passwords;
mod policies;
mod recording;
mod retention;
mod rights;
mod sealing;
mod sessions;
mod state;
mod tls;
mod tokens;

pub use api::{Route, routes};
pub use bind::{Exposure, PATIENCE, Refused, Socket, serve};
pub use config::{Config, EnforcementMode, ProxyTarget};
pub use keys::new_admin_token;
pub use rights::{Needs, Right, Rights, Role};
pub use state::{Gateway, StartError};
pub use tls::{Tls, TlsError};
