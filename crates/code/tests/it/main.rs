//! One binary for all tests through the public doors.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::only_used_in_recursion,
    reason = "helpers of tests may fail loudly; the oracle prints its figures"
)]

mod audit;
mod generate;
mod grammar;
mod hostile;
mod line;
mod node;
mod oracle;
mod tables;
