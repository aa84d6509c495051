//! Whole decisions: tool calls in, verdicts out, under shipped policies.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests may fail loudly; rows that miss are printed"
)]

mod attempt;
mod corpora;
mod desk;
mod evasions;
mod inputs;
mod policy_cases;
mod reasons;
mod rewrite;
mod roots;
mod shipped;
