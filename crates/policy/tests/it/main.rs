//! Tests through the public doors of the crate.

mod algebra;
mod damage;
mod errors;
mod layers;
mod seed;
mod shipped;
mod support;
mod trees;
