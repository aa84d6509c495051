//! Bash text to the actions it would perform.
//!
//! **Owns** the refusing Bash reader ([`read`]), static evaluation of words, the program models
//! (`programs/*.toml`) and the derivation of [`placet_model::Action`]s.
//! **Does not own** whether an action is allowed: that is `placet-policy`.
//!
//! `INVARIANT:` whatever Bash would run is among the actions, or the analysis says `execute:unknown`
//! (guarded by the differential tests in `tests/it/oracle` and `tests/it/argv`).
//! `INVARIANT:` no input makes it panic, overflow the stack or take more than linear time (guarded by
//! `tests/it/hostile.rs` and the fuzz targets).
//!
//! Start reading at [`analyse`].

mod analysis;
mod glob;
mod programs;
mod reader;
pub mod syntax;

pub use analysis::{Analysis, Context, analyse};
pub use programs::{
    ExampleMismatch, LibraryError, ProgramModel, add_library, check_examples, models_program,
};
pub use reader::{MAX_DEPTH, MAX_TEXT, STEPS_PER_BYTE, read, read_as, read_counting};
