//! The ledger through its public doors.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests may fail loudly"
)]

mod canonical;
mod query;
mod records;
mod redaction;
mod secrets;
mod support;
mod tamper;
