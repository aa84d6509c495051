//! Behaviour of the wire formats through their public doors.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod actions;
mod answers;
mod config_change;
mod contract;
mod fixtures;
mod malformed;
mod post;
mod properties;
mod settle;
mod support;
