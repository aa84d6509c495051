//! One binary for all tests through the public doors.

mod audit;
mod generate;
mod hostile;
mod line;
mod oracle;
mod tables;
