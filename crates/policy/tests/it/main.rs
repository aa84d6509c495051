//! Tests through the public doors of the crate.

mod algebra;
mod errors;
mod seed;
mod shipped;
mod support;
