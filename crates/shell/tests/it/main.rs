//! Tests of the crate through its public doors.

mod analysis;
mod oracle;
mod programs;
mod render;
