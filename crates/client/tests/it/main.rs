//! The client through its public doors.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests may fail loudly")]

mod spool;
