//! `audit:` of policies: how much of the records is kept, and how long.
//!
//! Of several policies the one that keeps more holds: a second policy never takes evidence away.

use placet_model::AgentIdentity;

use crate::decide::weigh;
use crate::set::{Cursor, PolicySet, bits};

/// What the policies in force say about records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Whether calls that are allowed or left to the host are recorded with details.
    pub enabled: bool,
    /// From which weight on.
    pub level: AuditLevel,
    /// Fields of `include`, as written; empty: all of them.
    pub fields: Vec<String>,
    /// Action patterns of `include`; empty: every call.
    pub actions: Vec<String>,
    /// Days after which records may be removed; the longest any policy says.
    pub retention_days: Option<u32>,
}

/// `log_level`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuditLevel {
    /// Every call.
    #[default]
    Info,
    /// Denials and asks.
    Warning,
}

/// What the policies that bind `agent` say about records; of all policies for `None`. Files of a repository
/// that is not trusted and policies in `dry_run` do not count. `None`: nobody says anything.
pub fn audit(set: &PolicySet<'_>, agent: Option<&AgentIdentity>) -> Option<Audit> {
    (0..set.header().policies)
        .filter_map(|number| set.policy(number))
        .filter(|policy| policy.audit_at != 0)
        .filter(|policy| policy.bits & bits::TRUSTED != 0 && policy.bits & bits::DRY_RUN == 0)
        .filter(|policy| agent.is_none_or(|agent| weigh::reaches_agent(set, policy, agent)))
        // What cannot be read takes nothing away.
        .map(|policy| read(set, policy.audit_at - 1).unwrap_or_else(Audit::everything))
        .reduce(Audit::and)
}

fn read(set: &PolicySet<'_>, at: u32) -> Option<Audit> {
    let mut cursor = Cursor::new(set, set.shared(at)?);
    let enabled = cursor.next()? != 0;
    let level = if cursor.next()? == 0 { AuditLevel::Info } else { AuditLevel::Warning };
    let retention_days = cursor.next()?.checked_sub(1);
    let include = cursor.strings()?.map(|text| text.map(str::to_owned)).collect::<Option<Vec<_>>>()?;
    let (actions, fields) = include.into_iter().partition(|text| text.contains([':', '*']));
    Some(Audit { enabled, level, fields, actions, retention_days })
}

impl Audit {
    fn everything() -> Self {
        let (fields, actions) = (Vec::new(), Vec::new());
        Self { enabled: true, level: AuditLevel::Info, fields, actions, retention_days: None }
    }

    /// Whichever keeps more, of each part.
    fn and(mut self, other: Self) -> Self {
        self.enabled |= other.enabled;
        self.level = self.level.min(other.level);
        self.fields = either(self.fields, other.fields);
        self.actions = either(self.actions, other.actions);
        self.retention_days = self.retention_days.max(other.retention_days);
        self
    }
}

/// What is in one list or the other; an empty list stands for everything.
fn either(mut one: Vec<String>, other: Vec<String>) -> Vec<String> {
    if one.is_empty() || other.is_empty() {
        return Vec::new();
    }
    for text in other {
        if !one.contains(&text) {
            one.push(text);
        }
    }
    one
}
