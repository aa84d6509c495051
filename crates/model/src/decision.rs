//! The answer to a tool call.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The four answers, in order of strictness. "No match" is not among them: it is `Option::None` until a
/// default turns it into one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Runs.
    Allow,
    /// No opinion: the host's own dialog decides.
    Abstain,
    /// A person must say yes.
    Ask,
    /// Does not run.
    Deny,
}

impl Verdict {
    /// The word used in policies, answers and records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Abstain => "abstain",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

/// Which layer a policy belongs to; a lower layer may only tighten what a higher one decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// What the gate says of itself; nothing loosens it.
    Floor,
    /// Signed bundle of the gateway.
    Organisation,
    /// This machine, root-owned.
    Machine,
    /// This user.
    User,
    /// This repository.
    Project,
}

impl Layer {
    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Organisation => "organisation",
            Self::Machine => "machine",
            Self::User => "user",
            Self::Project => "project",
        }
    }
}

/// Which rule decided, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleRef {
    /// Name of the policy.
    pub policy: String,
    /// Name of the rule, or `default-deny`, `default-allow`, `default-ask`, `default-abstain`.
    pub rule: String,
    /// Layer of the policy.
    pub layer: Layer,
    /// File the policy was read from, as shown to people.
    pub file: String,
    /// Line of the rule, from 1; 0 when there is no line (a default that was never written).
    pub line: u32,
}

/// What an agent can do about a denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DenialKind {
    /// No form of it will pass.
    Final,
    /// A person may do or allow it.
    NeedsPerson,
    /// May pass later without change (gate not ready, disk full).
    Transient,
    /// Passes in another form, which the message names.
    Fixable,
}

impl DenialKind {
    /// The word used in messages and records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::NeedsPerson => "needs-person",
            Self::Transient => "transient",
            Self::Fixable => "fixable",
        }
    }
}

/// Whether the verdict binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Enforcement {
    /// The verdict is the answer.
    Enforce,
    /// Recorded only; the answer is the host's own business.
    Audit,
}

/// A changed tool input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rewrite {
    /// Name in the catalogue of rewrites.
    pub name: String,
    /// The complete new input.
    pub input: Value,
}

/// The answer to a tool call, with what is needed to explain and record it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// The answer.
    pub verdict: Verdict,
    /// Whether it binds, or is only recorded.
    pub enforcement: Enforcement,
    /// The rule that decided; `None` when no policy had a say.
    pub rule: Option<RuleRef>,
    /// Which of the call's actions decided, as an index into them.
    pub action: Option<usize>,
    /// One or two sentences for the person and the agent, without the machine-readable kind.
    pub reason: String,
    /// What the agent can do about it, for ask and deny.
    pub denial: Option<DenialKind>,
    /// The form that passes instead, where the rule names one.
    pub fix: Option<String>,
    /// End the turn after denying.
    pub interrupt: bool,
    /// The input to run instead, when the verdict is allow or ask.
    pub rewrite: Option<Rewrite>,
}
