//! What is stored, as plain types.

use placet_model::{AgentId, OrganisationId};
use serde_json::Value;

/// SHA-256 of a key or token.
pub type KeyHash = [u8; 32];

/// Everything else belongs to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Name shown to people; unique.
    pub name: String,
    /// Counts changes of its agents and policies.
    pub revision: i64,
}

/// An organisation to be made.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Now, in milliseconds since 1970.
    pub unix_ms: i64,
}

/// Whether an agent may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentStatus {
    /// It may, as far as policies let it.
    Active,
    /// It never may again.
    Revoked,
}

/// A registered identity that acts.
#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// Where it belongs.
    pub organisation: OrganisationId,
    /// Name; unique among the active agents of the organisation.
    pub name: String,
    /// Trust tier in the spelling it was given in.
    pub trust_tier: String,
    /// Tags that policies use in `appliesTo`.
    pub tags: Vec<String>,
    /// What it says it can do.
    pub capabilities: Vec<String>,
    /// Anything else, a JSON object.
    pub metadata: Value,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// When it was last changed.
    pub updated_ms: i64,
    /// When it was revoked.
    pub revoked_ms: Option<i64>,
}

impl Agent {
    /// Whether it may act.
    pub fn status(&self) -> AgentStatus {
        if self.revoked_ms.is_some() { AgentStatus::Revoked } else { AgentStatus::Active }
    }
}

/// An agent to be made, with the key it will use.
#[derive(Clone, Debug)]
pub struct NewAgent {
    /// The agent; times and status as they shall be stored.
    pub agent: Agent,
    /// Hash of its first key.
    pub key_hash: KeyHash,
    /// First characters of that key.
    pub key_hint: String,
}

/// What is to become of an agent. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AgentChange {
    /// New name.
    pub name: Option<String>,
    /// New trust tier.
    pub trust_tier: Option<String>,
    /// New tags, all of them.
    pub tags: Option<Vec<String>>,
    /// New capabilities, all of them.
    pub capabilities: Option<Vec<String>>,
    /// New metadata, all of it.
    pub metadata: Option<Value>,
}

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Name; also its identifier.
    pub name: String,
    /// Counts from 1 for each name.
    pub version: i64,
    /// The text; `None` when this version deletes the policy.
    pub yaml: Option<String>,
    /// When, in milliseconds since 1970.
    pub created_ms: i64,
    /// Who applied it.
    pub created_by: String,
}

/// A policy to be applied or deleted.
#[derive(Clone, Debug)]
pub struct PolicyChange {
    /// Where it belongs.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// The text; `None` deletes.
    pub yaml: Option<String>,
    /// The newest version when it was looked at, 0 for none; `None`: whatever it is.
    pub expected: Option<i64>,
    /// Who does it.
    pub by: String,
    /// Now, in milliseconds since 1970.
    pub unix_ms: i64,
}

/// A record with the fields it is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Its id; a second record with the same id is the same record.
    pub id: String,
    /// Where it belongs.
    pub organisation: OrganisationId,
    /// When, in milliseconds since 1970.
    pub unix_ms: i64,
    /// Id of the agent, or what it called itself.
    pub agent: String,
    /// Its name at that time.
    pub agent_name: String,
    /// `verb:object`.
    pub action: String,
    /// The resource, redacted.
    pub resource: String,
    /// `allow`, `ask`, `deny`, `abstain`; or the event where nothing was decided.
    pub decision: String,
    /// Whether the decision bound.
    pub enforced: bool,
    /// Policy that decided.
    pub policy: Option<String>,
    /// Rule that decided.
    pub rule: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Trace it belongs to.
    pub trace: Option<String>,
    /// Session it belongs to.
    pub session: Option<String>,
    /// The redacted record as JSON text.
    pub payload: String,
}

/// A place in a ledger: the newest line of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpoolPlace {
    /// Name of the segment.
    pub segment: String,
    /// Number of the line.
    pub seq: i64,
    /// Its hash, as text.
    pub hash: String,
}

/// What a segment says it follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follows {
    /// Nothing is said: these are lines from its middle, or it stands aside.
    Unsaid,
    /// It is the first of its ledger.
    Nothing,
    /// The end of another.
    Place(SpoolPlace),
}

/// Lines of one segment that a machine sent, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpoolPart {
    /// Where it belongs.
    pub organisation: OrganisationId,
    /// Id of the agent by whose key it came.
    pub agent: String,
    /// Which ledger.
    pub spool: String,
    /// Which segment of it.
    pub segment: String,
    /// Number and hash of the line before the first; `None` when the first is the header.
    pub before: Option<(i64, String)>,
    /// Number and hash of each line.
    pub lines: Vec<(i64, String)>,
    /// What the header says, if it is among them.
    pub follows: Follows,
}

/// How sent lines hang together with what was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpoolLink {
    /// They follow it, repeat it, or are the first.
    Sound,
    /// Lines between are missing.
    Gap,
    /// They are others than were sent before.
    Fork,
}

/// What became of a record that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is stored.
    Stored,
    /// It was stored before, just as it is.
    Known,
    /// Another one is stored under its id, and stays.
    Conflict,
}

/// Which records are wanted. All that is given must fit.
#[derive(Clone, Debug, Default)]
pub struct RecordQuery {
    /// Id of the agent.
    pub agent: Option<String>,
    /// Exactly this decision.
    pub decision: Option<String>,
    /// Exactly this action.
    pub action: Option<String>,
    /// Exactly this trace.
    pub trace: Option<String>,
    /// Exactly this session.
    pub session: Option<String>,
    /// Not before, in milliseconds since 1970.
    pub from_ms: Option<i64>,
    /// Before.
    pub to_ms: Option<i64>,
    /// Only what comes after this place, as a page gave it.
    pub after: Option<(i64, String)>,
    /// At most so many, newest first.
    pub limit: i64,
}

/// A place in the order in which records were stored. Written as `1234.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The transaction, where several processes store at a time.
    pub transaction: i64,
    /// The number of the record in it.
    pub number: i64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.transaction, self.number)
    }
}

impl std::str::FromStr for Place {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (transaction, number) = text.split_once('.').unwrap_or((text, ""));
        Ok(Self { transaction: transaction.parse()?, number: number.parse()? })
    }
}

/// Some records, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPage {
    /// The records.
    pub records: Vec<RecordRow>,
    /// Where the next page starts, when there may be one.
    pub next: Option<(i64, String)>,
}

/// How many records there are of each decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Decision and number, the most frequent first.
    pub by_decision: Vec<(String, i64)>,
    /// Denied actions and number, the most frequent first, at most ten.
    pub denied_actions: Vec<(String, i64)>,
}
