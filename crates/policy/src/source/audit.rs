//! `audit:` of a policy file.

use super::reader::Reader;
use super::suggest;
use super::yaml::{Kind, Node};
use crate::ir::Audit;

/// Longest retention, in days: a century.
const DAYS_MAX: u32 = 36_525;

/// Names a field of a record may be asked for by; older spellings among them.
const FIELDS: [&str; 51] = [
    "action",
    "actions",
    "agent",
    "agentId",
    "agentName",
    "agent_id",
    "agent_name",
    "agent_tier",
    "analyser",
    "by_policy",
    "cwd",
    "decided_by",
    "decision",
    "denial",
    "duration",
    "durationMs",
    "duration_ms",
    "duration_ns",
    "enforcement",
    "event",
    "fix",
    "host",
    "id",
    "input",
    "input_digest",
    "inputs",
    "layer",
    "linked_to",
    "mode",
    "note",
    "outcome",
    "policy",
    "policy_digest",
    "project",
    "reason",
    "resource",
    "rewrite",
    "rule",
    "session",
    "subagent",
    "subagent_type",
    "time",
    "timestamp",
    "tool",
    "tool_name",
    "tool_use",
    "trace",
    "traceId",
    "trace_id",
    "unix_ms",
    "working_directory",
];

impl Reader<'_> {
    pub(crate) fn audit(&mut self, node: &Node) -> Option<Audit> {
        let fields = self.fields(node, "audit", &["enabled", "log_level", "include", "retention_days"])?;
        let enabled = fields.get("enabled").and_then(|value| self.flag(value, "enabled")).unwrap_or(true);
        let grave_only = fields.get("log_level").is_some_and(|value| self.grave_only(value));
        let include = fields.get("include").map(|value| self.include(value)).unwrap_or_default();
        let retention_days = fields.get("retention_days").and_then(|value| self.retention(value));
        Some(Audit { enabled, grave_only, include, retention_days })
    }

    fn grave_only(&mut self, node: &Node) -> bool {
        const LEVELS: [&str; 7] = ["debug", "info", "all", "warn", "warning", "error", "critical"];
        let text = self.text(node, "log_level");
        let word = text.and_then(|text| self.word(&text, node.place, "log_level", &LEVELS));
        matches!(word, Some("warn" | "warning" | "error" | "critical"))
    }

    /// Names of fields, and action patterns, which are told by their colon or star.
    fn include(&mut self, node: &Node) -> Vec<String> {
        let mut out = Vec::new();
        for (text, place) in self.texts(node, "include") {
            let pattern = text.contains([':', '*']) && !text.contains(char::is_whitespace);
            if !pattern && !FIELDS.contains(&text.as_str()) {
                // Records have what they have; a name from elsewhere must not stop the policy.
                let help = suggest::help(&text, &FIELDS);
                self.warn(place, format!("records have no field `{text}`"), help);
            }
            out.push(text);
        }
        out
    }

    fn retention(&mut self, node: &Node) -> Option<u32> {
        let days = match &node.kind {
            Kind::Number(text) => text.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days)),
            _ => None,
        };
        if days.is_none() {
            let message = format!("`retention_days` must be a whole number from 1 to {DAYS_MAX}");
            self.error(node.place, message, "write for example `retention_days: 90`");
        }
        days
    }
}
