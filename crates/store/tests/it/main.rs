//! Tests of the crate through its public doors: one suite, run on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests may fail loudly; the child of the crash test prints what was acknowledged"
)]

mod acceptance;
mod crash;
mod made;
mod opening;
mod plans;
mod postgres;
mod replicas;
