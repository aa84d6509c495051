//! Whole decisions: tool calls in, verdicts out, under shipped policies.

mod corpora;
mod desk;
