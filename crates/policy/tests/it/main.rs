//! Tests through the public doors of the crate.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod algebra;
mod audit;
mod damage;
mod diff;
mod errors;
mod layers;
mod naive;
mod organisation;
mod seed;
mod shipped;
mod standing;
mod support;
mod trees;
