//! The client through its public doors.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod organisation;
mod prune;
mod spool;
mod trash;
