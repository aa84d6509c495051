//! Tests of the gateway over real HTTP, with a real database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod admin_tokens;
mod administration;
mod agent_keys;
mod allowed;
mod bundles;
mod check;
mod evaluate;
mod faults;
mod hostile;
mod ledger;
mod limits;
mod metrics;
mod operators;
mod people;
#[path = "../../../store/tests/it/postgres.rs"]
mod postgres;
mod proxy;
mod records;
mod reports;
mod retention;
mod rights;
mod server;
mod socket;
mod stream;
mod tokens;
mod trial;
mod wire;
