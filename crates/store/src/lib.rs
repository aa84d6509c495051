//! Agents, policies, operators and records of a gateway, kept in SQLite or PostgreSQL.
//!
//! **Owns** the rows, the migrations, the transactions and the order in which writes are made. **Does not own** what a policy
//! means, what a record holds, what a role or right allows, or who may do what: those are decided before a call arrives here. Time, ids and
//! randomness are arguments.
//!
//! Both engines run the same statements ([`engine`] is compiled once for each); only opening, locking and waking differ. All
//! writes of a process go through one [`writer`], which commits many of them at a time: an answer comes
//! after the commit is on disk, and the commit is shared.
//!
//! `INVARIANT:` what was answered with success survives the death of the process (guarded by `tests/it/crash.rs`).
//! `INVARIANT:` both engines behave alike (guarded by `tests/it/acceptance/`, run on both).
//! `INVARIANT:` no row of one organisation is seen or changed for another (guarded by `tests/it/acceptance/organisations.rs`).
//!
//! Start reading at [`Store`].

#![expect(
    clippy::duplicate_mod,
    reason = "the modules of `engine` are compiled once for each engine, on purpose"
)]

mod error;
mod ledger;
mod operators;
mod postgres;
mod rows;
mod sqlite;
mod store;

pub use error::StoreError;
pub use ledger::{LedgerHead, LedgerStore, SealedBatch, SealedLine};
pub use operators::{
    AdminToken, NewSession, OWNER, Operator, OperatorChange, OperatorSession, OperatorStore,
};
pub use rows::{
    Agent, AgentChange, AgentStatus, Counts, Follows, Kept, KeyHash, NewAgent, NewOrganisation, Organisation,
    Place, PolicyChange, PolicyVersion, RecordPage, RecordQuery, RecordRow, SpoolLink, SpoolPart, SpoolPlace,
};
pub use store::{EXPIRED_AT_ONCE, Store, Told, ToldOfLink, Unwatched, Watch, open, open_watched};
