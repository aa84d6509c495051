//! Commands that speak with a gateway: a real one, and servers that are none.

mod agents;
mod enroll;
mod gateway;
mod hostile;
mod kills;
mod ledger;
mod operators;
mod policies;
#[path = "../../../../store/tests/it/postgres.rs"]
mod postgres;
mod records;
mod settings;
