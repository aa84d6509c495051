//! What a bundle holds.

use serde::{Deserialize, Serialize};

use crate::Refused;

/// Everything a machine needs to decide for one agent as its organisation wants. What is not known here is refused: a field that
/// a newer gateway added may have been meant to forbid something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The agent, as it is registered.
    pub agent: BundledAgent,
    /// From when on it only asks, in milliseconds since 1970.
    pub expires_ms: i64,
    /// Fingerprint of the key it is signed by.
    pub gateway: String,
    /// When it was made, in milliseconds since 1970.
    pub issued_ms: i64,
    /// Whether the policies bind.
    pub mode: BundledMode,
    /// Id of the organisation.
    pub organisation: String,
    /// The policies, by name.
    pub policies: Vec<BundledPolicy>,
    /// Counts the changes of agents and policies in the organisation.
    pub version: i64,
}

/// The agent a bundle is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledAgent {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Tags that policies look at.
    pub tags: Vec<String>,
    /// Trust tier.
    pub tier: String,
}

/// Whether the policies of a bundle bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BundledMode {
    /// They do.
    Enforce,
    /// What they say is recorded.
    Audit,
}

/// One policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledPolicy {
    /// Its name at the gateway; other policies may extend it by that.
    pub name: String,
    /// Which version of it.
    pub version: i64,
    /// The text.
    pub yaml: String,
}

/// Which of two bundles is the newer: the later version; of one version the later made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Issue {
    /// See [`Bundle::version`].
    pub version: i64,
    /// See [`Bundle::issued_ms`].
    pub issued_ms: i64,
}

impl Bundle {
    /// Its place in the order of bundles.
    pub fn issue(&self) -> Issue {
        Issue { version: self.version, issued_ms: self.issued_ms }
    }

    /// Whether it is for that agent of that organisation.
    ///
    /// # Errors
    /// [`Refused::OtherAgent`].
    pub fn is_for(&self, agent: &str, organisation: &str) -> Result<(), Refused> {
        if self.agent.id == agent && self.organisation == organisation {
            return Ok(());
        }
        Err(Refused::OtherAgent { named: self.agent.name.clone() })
    }

    /// Whether it may take the place of one that was accepted before.
    ///
    /// # Errors
    /// [`Refused::Older`]; the same one again is not older.
    pub fn follows(&self, accepted: Issue) -> Result<(), Refused> {
        if self.issue() >= accepted {
            return Ok(());
        }
        Err(Refused::Older { version: self.version, accepted: accepted.version })
    }
}
