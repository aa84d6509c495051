//! What a gateway is started with.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

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

/// The service behind the governed proxy, and how long and large an exchange with it may be.
#[derive(Clone, Debug)]
pub struct ProxyTarget {
    /// `http://HOST` or `https://HOST`, with a path if need be.
    pub url: String,
    /// Longest wait for the beginning of an answer.
    pub wait: Duration,
    /// Longest pause within an answer.
    pub longest_pause: Duration,
    /// Longest answer, to its end.
    pub longest_answer: Duration,
    /// Largest body of a request, in bytes.
    pub largest_request: usize,
    /// Largest body of an answer, in bytes; a longer one breaks off.
    pub largest_answer: usize,
}

impl ProxyTarget {
    /// A target with the usual bounds.
    pub fn new(url: String) -> Self {
        Self {
            url,
            wait: Duration::from_secs(25),
            longest_pause: Duration::from_secs(60),
            longest_answer: Duration::from_secs(600),
            largest_request: 64 * 1024 * 1024,
            largest_answer: 256 * 1024 * 1024,
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
    /// How long a machine goes on deciding by a bundle that it cannot renew, in seconds; from a minute to 90 days.
    pub bundle_life_s: i64,
    /// Whether decisions bind.
    pub mode: EnforcementMode,
    /// Calls a minute that an agent may make, and an address without a valid key; as many as they like if `None`.
    pub rate_limit: Option<NonZeroU32>,
    /// How many days records are kept; for ever if `None`.
    pub retention_days: Option<u32>,
    /// Folder of policies that are applied at start.
    pub policies: Option<PathBuf>,
    /// Where governed requests under `/proxy/` are sent; nowhere if `None`.
    pub proxy: Option<ProxyTarget>,
    /// Names under which browsers and clients may reach the gateway, beside addresses and `localhost`.
    pub host_names: Vec<String>,
}
