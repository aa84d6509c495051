//! The client through its public doors.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod prune;
mod spool;
mod trash;
