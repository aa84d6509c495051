//! Tests of the crate through its public door.

mod hostile;
mod oracle;
mod statements;
