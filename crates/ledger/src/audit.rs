//! The `audit:` part of policies: how much of a record is kept, and for how long.

use placet_model::Verdict;
use serde_json::{Map, Value};

use crate::query::like;

/// How much of a record is kept. The strictest evidence wins by default: everything.
///
/// Denials and asks are kept whole whatever this says, also those that did not bind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Names of fields to keep; empty keeps all. Older names are understood (`tool_name`, `timestamp`,
    /// `trace_id`, `agent_id`).
    pub include: Vec<String>,
    /// Patterns of actions, in which `*` stands for any text; of a call none of whose actions is matched the
    /// details go. Empty matches every call.
    pub actions: Vec<String>,
    /// From which verdict on a record is kept with its details.
    pub level: LogLevel,
}

/// From which verdict on a record is kept with its details. Below, only who, when, what tool and the
/// verdict stay: a call never goes unrecorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// All.
    #[default]
    Info,
    /// Questions and denials.
    Warning,
}

/// Fields without which a record is no evidence.
const ALWAYS: [&str; 17] = [
    "id",
    "unix_ms",
    "time",
    "event",
    "agent",
    "session",
    "tool_use",
    "tool",
    "mode",
    "decision",
    "policy",
    "rule",
    "enforcement",
    "input_digest",
    "policy_digest",
    "outcome",
    "note",
];

impl AuditFilter {
    /// `gravest` is the strictest answer the record tells of, `actions` the names of the call's actions.
    pub(crate) fn apply<'a>(
        &self,
        gravest: Option<Verdict>,
        mut actions: impl Iterator<Item = &'a str>,
        map: Map<String, Value>,
    ) -> Value {
        // INVARIANT: nothing a policy says weakens the evidence of a denial (guarded by `tests/it/records.rs`).
        if gravest >= Some(Verdict::Ask) {
            return Value::Object(map);
        }
        let wanted = |action: &str| self.actions.iter().any(|pattern| like(pattern, action));
        let details = match gravest {
            // What asks for no decision tells what came of a call.
            None => true,
            Some(_) => self.level == LogLevel::Info && (self.actions.is_empty() || actions.any(wanted)),
        };
        let kept = map.into_iter().filter(|(name, _)| {
            let name = name.as_str();
            let named = self.include.is_empty() || self.include.iter().any(|wanted| field(wanted) == name);
            ALWAYS.contains(&name) || (named && details)
        });
        Value::Object(kept.collect())
    }
}

/// The field an older name stands for.
fn field(name: &str) -> &str {
    match name {
        "tool_name" => "tool",
        "timestamp" => "time",
        "trace_id" | "traceId" => "trace",
        "agent_id" | "agentId" | "agent_name" | "agentName" => "agent",
        "trust_tier" | "trustTier" => "agent_tier",
        "working_directory" => "cwd",
        "duration" | "duration_ms" | "durationMs" => "duration_ns",
        other => other,
    }
}

/// Whether a record of `unix_ms` is past its time and may go. Without a number of days
/// nothing ever is.
pub fn expired(unix_ms: u64, now_unix_ms: u64, retention_days: Option<u32>) -> bool {
    retention_days.is_some_and(|days| now_unix_ms.saturating_sub(unix_ms) > u64::from(days) * 86_400_000)
}
