//! The `placet` program from the outside: the real binary in a world of its own.

mod audit;
mod doctor;
mod exit_codes;
mod help;
mod init;
mod plain;
mod policies;
mod roundtrip;
mod world;
