//! What a gateway is started with.

use std::path::PathBuf;

/// Whether decisions bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EnforcementMode {
    /// They do.
    #[default]
    Enforce,
    /// They are recorded, and everything but what the floor denies is let through.
    Audit,
}

impl EnforcementMode {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Audit => "audit",
        }
    }
}

/// Everything a gateway needs to know. Made by the command line from flags, environment and defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite:FILE` or `postgres://…`.
    pub database: String,
    /// Folder for keys of this gateway.
    pub data: PathBuf,
    /// The token for administration; shown to nobody and kept as a hash in memory.
    pub admin_token: String,
    /// Secret by which short-lived tokens are signed (HS256) instead of by a key of the gateway's own (EdDSA).
    pub token_secret: Option<String>,
    /// How long short-lived tokens hold, in seconds; at most 30 days.
    pub token_life_s: i64,
    /// Whether decisions bind.
    pub mode: EnforcementMode,
    /// How many days records are kept; for ever if `None`.
    pub retention_days: Option<u32>,
    /// Folder of policies that are applied at start.
    pub policies: Option<PathBuf>,
    /// Names under which browsers and clients may reach the gateway, beside addresses and `localhost`.
    pub host_names: Vec<String>,
}
