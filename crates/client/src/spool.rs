//! The local ledger's files.
// Placeholder with the doors the rest of the crate uses; `wire` fills it in and may shape it otherwise
// (then adapt record.rs).
use std::path::Path;
use serde_json::Value;

/// How records are written.
#[derive(Clone, Debug)]
pub struct SpoolOptions {}
impl SpoolOptions {
    /// Waits at most `wait_ms` for the lock; syncs each record when `fsync`.
    pub fn new(_wait_ms: u64, _fsync: bool) -> Self { Self {} }
}
/// The local ledger.
pub struct Spool {}
impl Spool {
    /// The ledger in a state folder.
    pub fn new(_state: &Path, _options: SpoolOptions) -> Self { Self {} }
    /// Appends one record.
    pub fn append(&self, _payload: &Value, _salt: [u8; 16], _unix_ms: u64) -> std::io::Result<()> { Ok(()) }
}
/// Digest of the input decided on, newest record first.
pub fn find_decision(_state: &Path, _session: &str, _tool_use: &str) -> Option<String> { None }
