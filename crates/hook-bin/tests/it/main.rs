//! The hook process through its only doors: stdin, stdout, exit code, files.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod bad_input;
mod concurrent;
mod environment;
mod failures;
mod memory;
mod process;
mod recorded;
mod settings;
mod special_files;
mod world;
