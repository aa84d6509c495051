//! The hook process through its only doors: stdin, stdout, exit code, files.

mod bad_input;
mod concurrent;
mod environment;
mod failures;
mod recorded;
mod settings;
mod world;
