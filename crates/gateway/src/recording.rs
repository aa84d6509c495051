//! Decisions and changes as rows of the audit trail.

use std::io;

use placet_ledger::Redactor;
use placet_model::{OrganisationId, RecordId};
use placet_store::{Agent, RecordRow};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::actor::By;
use crate::deciding::{Answer, Question};
use crate::machine::{random, rfc3339, unix_ms};

/// Longest resource that is found by its text, in bytes; redacted like all else.
const RESOURCE_BYTES: usize = 4096;

/// How a question came.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asking<'a> {
    /// Trace it belongs to.
    pub(crate) trace: Option<&'a str>,
    /// Who asked, when it was not the agent itself.
    pub(crate) by: Option<&'a By>,
}

/// The record of a decision.
///
/// # Errors
/// When the system gives no random bytes for its id.
pub(crate) fn of_decision(
    redactor: &Redactor,
    agent: &Agent,
    question: &Question,
    answer: &Answer,
    asking: &Asking<'_>,
) -> io::Result<RecordRow> {
    let (id, now) = id()?;
    let (enforced, trace) = (answer.enforced(), asking.trace);
    let resource = question.resource.as_deref().map(|text| redactor.short_text(text, RESOURCE_BYTES));
    let actions: Vec<Value> = answer
        .actions
        .iter()
        .take(64)
        .map(|action| {
            json!({"action": action.kind.name(), "resource": redactor.short_text(&action.resource.text(), 512)})
        })
        .collect();
    let decision = &answer.decision;
    let mut payload = json!({
        "id": id.as_str(), "time": rfc3339(now), "event": "policy_decision", "agent": agent.name, "tier": agent.trust_tier,
        "action": question.action, "resource": resource, "context": redactor.value(&question.context), "actions": actions,
        "decision": decision.verdict.name(), "enforced": enforced, "rule": decision.rule, "trace": trace,
        "reason": redactor.text(&decision.reason),
    });
    if let (Some(by), Some(fields)) = (asking.by, payload.as_object_mut()) {
        by.tell(fields);
    }
    Ok(RecordRow {
        id: id.as_str().to_owned(),
        organisation: agent.organisation.clone(),
        unix_ms: now,
        agent: agent.id.as_str().to_owned(),
        agent_name: agent.name.clone(),
        action: question.action.clone(),
        resource: resource.unwrap_or_default(),
        decision: decision.verdict.name().to_owned(),
        enforced,
        policy: decision.rule.as_ref().map(|rule| rule.policy.clone()),
        rule: decision.rule.as_ref().map(|rule| rule.rule.clone()),
        reason: Some(redactor.text(&decision.reason)),
        trace: trace.map(str::to_owned),
        session: None,
        payload: payload.to_string(),
    })
}

/// What somebody says that an agent did.
pub(crate) struct Report<'a> {
    /// What they call it themselves. The same agent and id make the same record.
    pub(crate) id: Option<&'a str>,
    /// What was done.
    pub(crate) action: &'a str,
    /// To what.
    pub(crate) resource: Option<&'a str>,
    /// All they say beside.
    pub(crate) claims: &'a Value,
    /// Trace it belongs to.
    pub(crate) trace: Option<&'a str>,
    /// Who says so, when it is not the agent itself.
    pub(crate) by: Option<&'a By>,
}

/// Longest action of a report, in bytes.
const ACTION_BYTES: usize = 256;

/// The record of what an agent reports. Never a decision: what it claims was decided stands among its claims, and the time is ours.
///
/// # Errors
/// When the system gives no random bytes for its id.
pub(crate) fn of_report(redactor: &Redactor, agent: &Agent, report: &Report<'_>) -> io::Result<RecordRow> {
    let now = unix_ms();
    let id = match report.id {
        Some(sent) => report_id(agent.id.as_str(), sent),
        None => report_id(agent.id.as_str(), id()?.0.as_str()),
    };
    let action = redactor.short_text(report.action, ACTION_BYTES);
    let resource = report.resource.map(|text| redactor.short_text(text, RESOURCE_BYTES));
    let trace = report.trace.map(|trace| redactor.short_text(trace, ACTION_BYTES));
    let mut payload = json!({
        "id": id, "time": rfc3339(now), "event": REPORT, "agent": agent.name, "tier": agent.trust_tier, "action": action,
        "resource": resource, "reported": redactor.value(report.claims), "trace": trace,
    });
    if let (Some(by), Some(fields)) = (report.by, payload.as_object_mut()) {
        by.tell(fields);
    }
    Ok(RecordRow {
        id,
        organisation: agent.organisation.clone(),
        unix_ms: now,
        agent: agent.id.as_str().to_owned(),
        agent_name: agent.name.clone(),
        action,
        resource: resource.unwrap_or_default(),
        decision: "reported".to_owned(),
        enforced: false,
        policy: None,
        rule: None,
        reason: None,
        trace,
        session: None,
        payload: payload.to_string(),
    })
}

/// The event of a record that an agent told, and that no decision of ours stands behind.
pub(crate) const REPORT: &str = "agent_report";

/// Made of agent and sent id, so that no agent names the record of another, or one of the gateway's own.
fn report_id(agent: &str, sent: &str) -> String {
    let mut hash = Sha256::new();
    for part in [REPORT, agent, sent] {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digits: Vec<String> = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("rep_{}", digits.concat())
}

/// The record of a change that a person or the gateway made.
///
/// # Errors
/// When the system gives no random bytes for its id.
pub(crate) fn of_change(
    organisation: &OrganisationId,
    by: &By,
    action: &str,
    what: &str,
) -> io::Result<RecordRow> {
    of_change_with(organisation, by, action, what, Value::Null)
}

/// The same, with more that it tells of the change: an object, or null.
///
/// # Errors
/// As [`of_change`].
pub(crate) fn of_change_with(
    organisation: &OrganisationId,
    by: &By,
    action: &str,
    what: &str,
    beside: Value,
) -> io::Result<RecordRow> {
    let (id, now) = id()?;
    let mut payload = json!({
        "id": id.as_str(), "time": rfc3339(now), "event": "change", "action": action, "resource": what,
    });
    if let Some(fields) = payload.as_object_mut() {
        if !beside.is_null() {
            fields.insert("change".to_owned(), beside);
        }
        by.tell(fields);
    }
    Ok(RecordRow {
        id: id.as_str().to_owned(),
        organisation: organisation.clone(),
        unix_ms: now,
        agent: by.id.clone(),
        agent_name: by.text.clone(),
        action: action.to_owned(),
        resource: what.to_owned(),
        decision: "change".to_owned(),
        enforced: true,
        policy: None,
        rule: None,
        reason: None,
        trace: None,
        session: None,
        payload: payload.to_string(),
    })
}

/// Brings the payload of such a record in line with its resource and reason.
pub(crate) fn retell(row: &mut RecordRow) {
    if let Ok(Value::Object(mut payload)) = serde_json::from_str(&row.payload) {
        payload.insert("resource".to_owned(), row.resource.as_str().into());
        payload.insert("reason".to_owned(), row.reason.as_deref().into());
        row.payload = Value::Object(payload).to_string();
    }
}

/// Puts a field into the payload of a record.
pub(crate) fn tell(row: &mut RecordRow, name: &str, value: Value) {
    if let Ok(Value::Object(mut payload)) = serde_json::from_str(&row.payload) {
        payload.insert(name.to_owned(), value);
        row.payload = Value::Object(payload).to_string();
    }
}

fn id() -> io::Result<(RecordId, i64)> {
    let now = unix_ms();
    Ok((RecordId::new(now.unsigned_abs(), random()?), now))
}
