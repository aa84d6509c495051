//! Questions asked of records.

use std::collections::BTreeMap;

use placet_model::Verdict;
use serde::Serialize;
use serde_json::Value;

use crate::canonical;

/// A record read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its line in the segment, from 1.
    pub line: usize,
    /// The payload.
    pub payload: Value,
}

impl Entry {
    /// A text field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name)?.as_str()
    }

    /// When, in milliseconds since 1970.
    pub fn unix_ms(&self) -> Option<u64> {
        self.payload.get("unix_ms")?.as_u64()
    }

    /// The answer that was given.
    pub fn verdict(&self) -> Option<Verdict> {
        serde_json::from_value(self.payload.get("decision")?.clone()).ok()
    }
}

/// The records of a segment in their order; headers, links, erased records and unreadable lines are left
/// out ([`crate::verify()`] is what judges those).
pub fn entries(segment: &[u8]) -> impl Iterator<Item = Entry> + '_ {
    segment.split(|byte| *byte == b'\n').enumerate().filter_map(|(index, line)| {
        let mut value = canonical::read(line).ok()?;
        let payload = value.get_mut("payload")?.take();
        Some(Entry { line: index + 1, payload })
    })
}

/// Which records are wanted. Everything that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Agent name.
    pub agent: Option<String>,
    /// Action, as a pattern in which `*` stands for any text; the deciding one or any of the call's.
    pub action: Option<String>,
    /// Answer.
    pub decision: Option<Verdict>,
    /// Not before, milliseconds since 1970.
    pub from_unix_ms: Option<u64>,
    /// Before, milliseconds since 1970.
    pub until_unix_ms: Option<u64>,
    /// Tool name.
    pub tool: Option<String>,
    /// Session.
    pub session: Option<String>,
    /// Trace.
    pub trace: Option<String>,
    /// Rule name.
    pub rule: Option<String>,
    /// Part of a resource of the call.
    pub resource: Option<String>,
    /// Part of any text of the record; case is ignored.
    pub text: Option<String>,
    /// At most so many, the newest.
    pub limit: Option<usize>,
}

impl Query {
    /// Whether a record is wanted; the limit is not looked at.
    pub fn matches(&self, entry: &Entry) -> bool {
        let same = |wanted: &Option<String>, name: &str| {
            wanted.as_ref().is_none_or(|wanted| entry.text(name) == Some(wanted))
        };
        let time = entry.unix_ms().unwrap_or(0);
        same(&self.agent, "agent")
            && same(&self.tool, "tool")
            && same(&self.session, "session")
            && same(&self.trace, "trace")
            && same(&self.rule, "rule")
            && self.decision.is_none_or(|wanted| entry.verdict() == Some(wanted))
            && self.from_unix_ms.is_none_or(|from| time >= from)
            && self.until_unix_ms.is_none_or(|until| time < until)
            && self
                .action
                .as_ref()
                .is_none_or(|pattern| any_action(entry, "action", &|text| like(pattern, text)))
            && self
                .resource
                .as_ref()
                .is_none_or(|part| any_action(entry, "resource", &|text| text.contains(part.as_str())))
            && self.text.as_ref().is_none_or(|part| contains_text(&entry.payload, &part.to_lowercase()))
    }

    /// The wanted ones of `entries` (oldest first), newest first.
    pub fn select(&self, entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
        let mut found: Vec<Entry> = entries.filter(|entry| self.matches(entry)).collect();
        // Segments overlap in time where side segments were written.
        found.sort_by_key(|entry| std::cmp::Reverse(entry.unix_ms()));
        found.truncate(self.limit.unwrap_or(usize::MAX));
        found
    }
}

fn any_action(entry: &Entry, field: &str, test: &dyn Fn(&str) -> bool) -> bool {
    let listed = entry.payload.get("actions").and_then(Value::as_array);
    entry.text(field).is_some_and(test)
        || listed
            .is_some_and(|actions| actions.iter().filter_map(|action| action.get(field)?.as_str()).any(test))
}

/// Whole-text match in which `*` stands for any text.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut last: Option<&str> = None;
    for part in parts {
        if let Some(middle) = last {
            let Some(at) = rest.find(middle) else { return false };
            rest = rest.get(at + middle.len()..).unwrap_or_default();
        }
        last = Some(part);
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

fn contains_text(value: &Value, lower: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(lower),
        Value::Array(items) => items.iter().any(|item| contains_text(item, lower)),
        Value::Object(map) => map.values().any(|value| contains_text(value, lower)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Numbers over records that carry a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// All of them.
    pub total: u64,
    /// Allowed.
    pub allowed: u64,
    /// Asked.
    pub asked: u64,
    /// Denied.
    pub denied: u64,
    /// Left to the host.
    pub abstained: u64,
    /// Denied actions, most frequent first.
    pub top_denied: Vec<(String, u64)>,
    /// Deciding rules as `policy/rule`, most frequent first.
    pub by_rule: Vec<(String, u64)>,
    /// Tools, most frequent first.
    pub by_tool: Vec<(String, u64)>,
    /// Time of the oldest, milliseconds since 1970.
    pub first_unix_ms: Option<u64>,
    /// Time of the newest, milliseconds since 1970.
    pub last_unix_ms: Option<u64>,
}

impl Stats {
    /// Counts.
    pub fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let mut stats = Self::default();
        let (mut denied, mut rules, mut tools) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for entry in entries {
            let Some(verdict) = entry.verdict() else { continue };
            stats.total += 1;
            match verdict {
                Verdict::Allow => stats.allowed += 1,
                Verdict::Ask => stats.asked += 1,
                Verdict::Abstain => stats.abstained += 1,
                Verdict::Deny => {
                    stats.denied += 1;
                    count(&mut denied, entry.text("action").or(entry.text("tool")).unwrap_or("(unknown)"));
                }
            }
            if let (Some(policy), Some(rule)) = (entry.text("policy"), entry.text("rule")) {
                count(&mut rules, &format!("{policy}/{rule}"));
            }
            count(&mut tools, entry.text("tool").unwrap_or("(unknown)"));
            stats.first_unix_ms = stats.first_unix_ms.into_iter().chain(entry.unix_ms()).min();
            stats.last_unix_ms = stats.last_unix_ms.into_iter().chain(entry.unix_ms()).max();
        }
        (stats.top_denied, stats.by_rule, stats.by_tool) = (ranked(denied), ranked(rules), ranked(tools));
        stats
    }
}

fn count(map: &mut BTreeMap<String, u64>, key: &str) {
    *map.entry(key.to_owned()).or_default() += 1;
}

fn ranked(map: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut list: Vec<_> = map.into_iter().collect();
    list.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    list
}
