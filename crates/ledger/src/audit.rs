//! The `audit:` part of policies: how much of a record is kept, and for how long.

use placet_model::Verdict;
use serde_json::{Map, Value};

/// How much of a record is kept. The strictest evidence wins by default: everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Names of fields to keep; empty keeps all. Older names are understood (`tool_name`, `timestamp`,
    /// `trace_id`, `agent_id`).
    pub include: Vec<String>,
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
    /// Denials.
    Error,
}

impl LogLevel {
    /// Reads the policy's word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "debug" | "info" | "all" => Some(Self::Info),
            "warn" | "warning" => Some(Self::Warning),
            "error" | "critical" => Some(Self::Error),
            _ => None,
        }
    }

    fn details(self, verdict: Option<Verdict>) -> bool {
        match (self, verdict) {
            (Self::Info, _) | (_, None | Some(Verdict::Deny)) => true,
            (Self::Warning, Some(verdict)) => verdict == Verdict::Ask,
            (Self::Error, Some(_)) => false,
        }
    }
}

/// Fields without which a record is no evidence.
const ALWAYS: [&str; 9] =
    ["id", "unix_ms", "time", "event", "agent", "session", "tool_use", "decision", "input_digest"];
/// What else stays below the level.
const BRIEF: [&str; 4] = ["tool", "policy", "rule", "mode"];

impl AuditFilter {
    pub(crate) fn apply(&self, verdict: Option<Verdict>, map: Map<String, Value>) -> Value {
        let details = self.level.details(verdict);
        let kept = map.into_iter().filter(|(name, _)| {
            let name = name.as_str();
            let named = self.include.is_empty() || self.include.iter().any(|wanted| field(wanted) == name);
            ALWAYS.contains(&name) || (named && (details || BRIEF.contains(&name)))
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

/// Whether a record of `unix_ms` is past its time and its payload may be erased. Without a number of days
/// nothing ever is.
pub fn expired(unix_ms: u64, now_unix_ms: u64, retention_days: Option<u32>) -> bool {
    retention_days.is_some_and(|days| now_unix_ms.saturating_sub(unix_ms) > u64::from(days) * 86_400_000)
}
