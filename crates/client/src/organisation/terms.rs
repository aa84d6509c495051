//! What the organisation's bundle says beside its policies.

use placet_bundle::{Bundle, BundledAgent, BundledMode};
use placet_model::{AgentIdentity, Decision, DenialKind, Enforcement, Layer, Verdict};
use serde::{Deserialize, Serialize};

use crate::settings::Mode;

/// What the organisation's bundle says beside its policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationTerms {
    /// Version of the bundle.
    pub version: i64,
    /// From when on nothing is allowed without a question, in milliseconds since 1970.
    pub expires_ms: i64,
    /// Whether its policies bind.
    pub mode: Mode,
    /// Names of its policies.
    pub policies: Vec<String>,
    /// Who the agent is to its policies.
    agent: BundledAgent,
}

impl OrganisationTerms {
    /// Those of a bundle.
    pub(super) fn of(bundle: &Bundle) -> Self {
        Self {
            version: bundle.version,
            expires_ms: bundle.expires_ms,
            mode: match bundle.mode {
                BundledMode::Enforce => Mode::Enforce,
                BundledMode::Audit => Mode::Audit,
            },
            policies: bundle.policies.iter().map(|policy| policy.name.clone()).collect(),
            agent: bundle.agent.clone(),
        }
    }

    /// Who the agent is to the organisation.
    pub(crate) fn agent(&self) -> AgentIdentity {
        AgentIdentity {
            name: self.agent.name.clone(),
            tags: self.agent.tags.clone(),
            tier: self.agent.tier.clone(),
            ..AgentIdentity::default()
        }
    }

    /// The layer whose policies are only recorded: the organisation's own, when it says so.
    pub fn on_trial(&self) -> Option<Layer> {
        (self.mode == Mode::Audit).then_some(Layer::Organisation)
    }

    /// Whether its policies are past their time.
    pub fn is_expired(&self, unix_ms: i64) -> bool {
        unix_ms >= self.expires_ms
    }

    /// Makes a question of what an expired bundle would let through. Nobody knows what the organisation says by now.
    pub fn weigh(&self, decision: &mut Decision, unix_ms: i64) {
        let lets_through = matches!(decision.verdict, Verdict::Allow | Verdict::Abstain);
        if self.mode == Mode::Audit || !lets_through || !self.is_expired(unix_ms) {
            return;
        }
        decision.verdict = Verdict::Ask;
        decision.enforcement = Enforcement::Enforce;
        decision.denial = Some(DenialKind::NeedsPerson);
        decision.rule = None;
        decision.rewrite = None;
        let expired = crate::time::rfc3339(u64::try_from(self.expires_ms).unwrap_or_default());
        decision.reason = format!(
            "the organisation's policies expired at {expired}, so a person confirms each call; `placet sync --once` renews them"
        );
    }
}
