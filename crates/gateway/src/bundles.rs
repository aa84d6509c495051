//! Bundles of policies: for each agent all that is in force for it, signed, so that the machine it works on decides by itself.

use std::ops::RangeInclusive;
use std::sync::Arc;

use placet_bundle::{
    Bundle, BundledAgent, BundledMode, BundledPolicy, LIMIT_BYTES, PublicKey, Refused, SigningKey,
};
use placet_model::AgentIdentity;
use placet_policy::PolicySet;
use placet_store::{Agent, PolicyVersion};
use sha2::{Digest as _, Sha256};

use crate::config::EnforcementMode;
use crate::error::ApiError;
use crate::machine::unix_ms;
use crate::policies::compile;
use crate::state::Gateway;

/// How long bundles may hold, in seconds.
pub(crate) const LIFE_S: RangeInclusive<i64> = 60..=90 * 24 * 3600;

/// What bundles are made with.
pub(crate) struct Bundles {
    key: SigningKey,
    life_ms: i64,
    /// The policies as they were read last. Many machines ask for their bundle at the same moment.
    read: tokio::sync::Mutex<Option<Arc<InForce>>>,
}

/// The policies of one revision of the organisation.
struct InForce {
    revision: i64,
    policies: Vec<PolicyVersion>,
    compiled: Vec<u8>,
}

/// A bundle, and what tells its content from others, whenever it was made.
pub(crate) struct Made {
    pub(crate) bytes: Vec<u8>,
    pub(crate) tag: String,
}

impl Bundles {
    /// Signed by this key, for so long.
    pub(crate) fn new(key: &[u8; 32], life_s: i64) -> Self {
        Self {
            key: SigningKey::new(key),
            life_ms: life_s.saturating_mul(1000),
            read: tokio::sync::Mutex::new(None),
        }
    }

    /// What machines pin.
    pub(crate) fn public(&self) -> PublicKey {
        self.key.public()
    }
}

/// The bundle of an agent.
///
/// # Errors
/// When the database does not answer, or what is in force does not fit into a bundle.
pub(crate) async fn make(gateway: &Gateway, agent: &Agent) -> Result<Made, ApiError> {
    let in_force = in_force(gateway).await?;
    let policies = policies_of(&in_force, agent)?;
    let now = unix_ms();
    let mut bundle = Bundle {
        agent: BundledAgent {
            id: agent.id.as_str().to_owned(),
            name: agent.name.clone(),
            tags: agent.tags.clone(),
            tier: agent.trust_tier.clone(),
        },
        expires_ms: 0,
        gateway: gateway.bundles.public().fingerprint(),
        issued_ms: 0,
        mode: match gateway.mode {
            EnforcementMode::Enforce => BundledMode::Enforce,
            EnforcementMode::Audit => BundledMode::Audit,
        },
        organisation: gateway.organisation.as_str().to_owned(),
        policies,
        version: in_force.revision,
    };
    let too_large = |_: Refused| {
        ApiError::internal(&format!("the policies of `{}` need more than {LIMIT_BYTES} bytes", agent.name))
    };
    // The content without its times.
    let content = gateway.bundles.key.seal(&bundle).map_err(too_large)?;
    let digest = Sha256::digest(&content);
    let digits: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    bundle.issued_ms = now;
    bundle.expires_ms = now.saturating_add(gateway.bundles.life_ms);
    let bytes = gateway.bundles.key.seal(&bundle).map_err(too_large)?;
    Ok(Made { bytes, tag: format!("\"{}-{digits}\"", in_force.revision) })
}

/// What is in force, with the revision it belongs to.
async fn in_force(gateway: &Gateway) -> Result<Arc<InForce>, ApiError> {
    let mut read = gateway.bundles.read.lock().await;
    let mut revision = revision(gateway).await?;
    if let Some(known) = read.as_ref().filter(|known| known.revision == revision) {
        return Ok(Arc::clone(known));
    }
    loop {
        let policies = gateway.store.policies(&gateway.organisation).await?;
        let after = self::revision(gateway).await?;
        // Somebody changed something meanwhile: what was read may be of either.
        if after != revision {
            revision = after;
            continue;
        }
        let compiled = compile(&policies).map_err(|why| ApiError::internal(&why))?.bytes;
        let fresh = Arc::new(InForce { revision, policies, compiled });
        *read = Some(Arc::clone(&fresh));
        return Ok(fresh);
    }
}

async fn revision(gateway: &Gateway) -> Result<i64, ApiError> {
    let organisations = gateway.store.organisations().await?;
    let own = organisations.iter().find(|one| one.id == gateway.organisation);
    own.map(|one| one.revision).ok_or_else(|| ApiError::not_found("organisation"))
}

/// The policies that reach the agent; all of them when one of these extends others.
fn policies_of(in_force: &InForce, agent: &Agent) -> Result<Vec<BundledPolicy>, ApiError> {
    let set = PolicySet::open(&in_force.compiled).map_err(|error| ApiError::internal(&error))?;
    let identity = AgentIdentity {
        name: agent.name.clone(),
        tags: agent.tags.clone(),
        tier: agent.trust_tier.clone(),
        ..AgentIdentity::default()
    };
    let reaching = placet_policy::reaching(&set, &identity);
    let named = |policy: &&PolicyVersion| reaching.contains(&policy.name.as_str());
    let extends = in_force
        .policies
        .iter()
        .filter(named)
        .any(|policy| policy.yaml.as_ref().is_some_and(|yaml| yaml.contains("extends")));
    let wanted = in_force.policies.iter().filter(|policy| extends || named(policy));
    let bundled = wanted.filter_map(|policy| {
        Some(BundledPolicy { name: policy.name.clone(), version: policy.version, yaml: policy.yaml.clone()? })
    });
    Ok(bundled.collect())
}
