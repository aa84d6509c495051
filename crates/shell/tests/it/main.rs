//! Tests of the crate through its public doors.

mod analysis;
mod argv;
mod hostile;
mod oracle;
mod programs;
mod render;
