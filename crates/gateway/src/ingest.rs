//! Lines of a machine's ledger to records: what a hook decided and saw, in its own words.
//!
//! Such a record is the hook's, not the agent's: its decision stays a decision. Whose it is, only the key says.

use placet_ledger::query::Entry;
use placet_ledger::verify::{SoundLine, read_line};
use placet_ledger::{Redactor, SegmentKind};
use placet_store::{Agent, Follows, RecordRow, SpoolPart, SpoolPlace};
use serde_json::Value;

use crate::machine::unix_ms;

/// Fields of a record that show parts of a call. The machine has redacted them; who sends may have an older version.
const TEXTS: [&str; 8] = ["input", "actions", "resource", "reason", "fix", "would_reason", "note", "outcome"];

/// Decisions as records name them.
const DECISIONS: [&str; 4] = ["allow", "ask", "deny", "abstain"];

/// The decision of a record that tells of an event on which nothing is decided.
pub(crate) const EVENT: &str = "event";

/// Where a record came from.
pub(crate) const HOOK: &str = "hook";

/// What a sent line is.
pub(crate) enum Line {
    /// A record.
    Record(Box<RecordRow>),
    /// What holds the ledger together.
    Link,
    /// Nothing that can be stored; the id it names, and why.
    Refused(String, String),
}

/// Sent lines, read.
pub(crate) struct Read {
    pub(crate) lines: Vec<Line>,
    pub(crate) part: SpoolPart,
    /// What is wrong between them.
    pub(crate) fault: Option<String>,
}

/// Reads the lines of one segment, as this agent sent them.
pub(crate) fn read(redactor: &Redactor, agent: &Agent, spool: &str, segment: &str, sent: &[String]) -> Read {
    let part = SpoolPart {
        organisation: agent.organisation.clone(),
        agent: agent.id.as_str().to_owned(),
        spool: spool.to_owned(),
        segment: segment.to_owned(),
        before: None,
        lines: Vec::with_capacity(sent.len()),
        follows: Follows::Unsaid,
    };
    let mut read = Read { lines: Vec::with_capacity(sent.len()), part, fault: None };
    for (index, text) in sent.iter().enumerate() {
        let line = match read_line(text.as_bytes()) {
            Ok(sound) => {
                follow(&mut read, &sound, index);
                of_sound(redactor, agent, sound)
            }
            Err(fault) => {
                read.fault.get_or_insert_with(|| format!("line {} of the batch {}", index + 1, fault.text()));
                Line::Refused(String::new(), format!("the line {}", fault.text()))
            }
        };
        read.lines.push(line);
    }
    read
}

/// Notes where a sound line stands, and whether it follows the one before it.
fn follow(read: &mut Read, line: &SoundLine, index: usize) {
    let number = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
    let place = (number(line.seq), line.hash.to_string());
    let before = line.prev.map(|prev| (place.0.saturating_sub(1), prev.to_string()));
    match read.part.lines.last() {
        None => {
            read.part.before = before;
            if let Some(header) = &line.header {
                if header.segment != read.part.segment {
                    let why = format!("the header names segment `{}`", header.segment);
                    read.fault.get_or_insert(why);
                }
                if header.kind == SegmentKind::Main {
                    read.part.follows = match &header.follows {
                        None => Follows::Nothing,
                        Some(link) => Follows::Place(SpoolPlace {
                            segment: link.segment.clone(),
                            seq: number(link.seq),
                            hash: link.hash.to_string(),
                        }),
                    };
                }
            }
        }
        Some(last) if before.as_ref() != Some(last) => {
            read.fault.get_or_insert_with(|| {
                format!("line {} of the batch does not follow the one before", index + 1)
            });
        }
        Some(_) => {}
    }
    read.part.lines.push(place);
}

fn of_sound(redactor: &Redactor, agent: &Agent, line: SoundLine) -> Line {
    let Some(payload) = line.payload else { return Line::Link };
    let entry = Entry { line: 0, payload };
    let id = entry.text("id").unwrap_or_default().to_owned();
    let is_id = id.starts_with("rec_")
        && id.len() <= 64
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_id {
        return Line::Refused(id.chars().take(64).collect(), "its id is none".to_owned());
    }
    match row(redactor, agent, id.clone(), entry) {
        Some(row) => Line::Record(Box::new(row)),
        None => Line::Refused(id, "it tells no time, or no event".to_owned()),
    }
}

fn row(redactor: &Redactor, agent: &Agent, id: String, mut entry: Entry) -> Option<RecordRow> {
    let told_ms = i64::try_from(entry.unix_ms()?).ok()?;
    let event = entry.text("event")?.to_owned();
    let fields = entry.payload.as_object_mut()?;
    for name in TEXTS {
        if let Some(value) = fields.get_mut(name) {
            *value = redactor.value(value);
        }
    }
    fields.insert("origin".to_owned(), HOOK.into());
    let text = |name: &str| entry.text(name).map(str::to_owned);
    let decision = text("decision").filter(|word| DECISIONS.contains(&word.as_str()));
    let first = |name: &str| Some(entry.payload.get("actions")?.get(0)?.get(name)?.as_str()?.to_owned());
    Some(RecordRow {
        id,
        organisation: agent.organisation.clone(),
        // A clock that is ahead must not put its records before all others for ever.
        unix_ms: told_ms.clamp(0, unix_ms()),
        agent: agent.id.as_str().to_owned(),
        agent_name: agent.name.clone(),
        action: text("action").or_else(|| first("action")).unwrap_or(event),
        resource: text("resource").or_else(|| first("resource")).or_else(|| text("tool")).unwrap_or_default(),
        decision: decision.unwrap_or_else(|| EVENT.to_owned()),
        enforced: entry.text("enforcement") != Some("audit"),
        policy: text("policy"),
        rule: text("rule"),
        reason: text("reason").or_else(|| text("note")),
        trace: text("trace"),
        session: text("session").filter(|session| !session.is_empty()),
        payload: Value::to_string(&entry.payload),
    })
}
