//! Tests of the crate through its public doors.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "helpers of tests may fail loudly; the oracle prints its figures"
)]

mod analysis;
mod argv;
mod bounds;
mod hostile;
mod indirect;
mod oracle;
mod programs;
mod reader;
mod recipes;
mod render;
mod shrink;
mod starter;
mod zsh;
