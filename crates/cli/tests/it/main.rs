//! The `placet` program from the outside: the real binary in a world of its own.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests may fail loudly"
)]

mod audit;
mod deceptive;
mod docs;
mod doctor;
mod exit_codes;
mod help;
mod init;
mod pages;
mod plain;
mod policies;
mod programs;
mod remote;
mod rewrites;
mod roundtrip;
mod trash;
mod world;
