//! The deciding path: a tool call in, a decision and a record out.
//!
//! **Owns** the order of the steps of one decision: understand, decide, rewrite and decide again, weigh the
//! permission mode, apply audit mode. **Does not own** any of the steps, nor any input or output: bytes come
//! from and go to `placet-client`.
//!
//! `INVARIANT:` a rewritten call is analysed and decided like any other before it may run (guarded by
//! `tests/it/rewrite.rs`).
//! `INVARIANT:` audit mode never lifts what the floor denies (guarded by `tests/it/modes.rs`).
//!
//! Start reading at [`decide`].

mod attempt;
mod decide;
mod reading;
mod rewrite;

pub use attempt::{marks_of_call, marks_of_denial, repeated};
pub use decide::{Decided, Deciding, decide};
