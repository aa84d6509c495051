//! Decisions and changes as rows of the audit trail.

use std::io;

use placet_ledger::Redactor;
use placet_model::{OrganisationId, RecordId};
use placet_store::{Agent, RecordRow};
use serde_json::{Value, json};

use crate::deciding::{Answer, Question};
use crate::machine::{random, rfc3339, unix_ms};

/// Longest resource that is found by its text, in bytes; redacted like all else.
const RESOURCE_BYTES: usize = 4096;

/// The record of a decision.
///
/// # Errors
/// When the system gives no random bytes for its id.
pub(crate) fn of_decision(
    redactor: &Redactor,
    agent: &Agent,
    question: &Question,
    answer: &Answer,
    trace: Option<&str>,
    enforced: bool,
) -> io::Result<RecordRow> {
    let (id, now) = id()?;
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
    let payload = json!({
        "id": id.as_str(), "time": rfc3339(now), "event": "policy_decision", "agent": agent.name, "tier": agent.trust_tier,
        "action": question.action, "resource": resource, "context": redactor.value(&question.context), "actions": actions,
        "decision": decision.verdict.name(), "enforced": enforced, "rule": decision.rule, "trace": trace,
        "reason": redactor.text(&decision.reason),
    });
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

/// The record of a change that a person or the gateway made.
///
/// # Errors
/// When the system gives no random bytes for its id.
pub(crate) fn of_change(
    organisation: &OrganisationId,
    by: &str,
    action: &str,
    what: &str,
) -> io::Result<RecordRow> {
    let (id, now) = id()?;
    let payload = json!({
        "id": id.as_str(), "time": rfc3339(now), "event": "change", "by": by, "action": action, "resource": what,
    });
    Ok(RecordRow {
        id: id.as_str().to_owned(),
        organisation: organisation.clone(),
        unix_ms: now,
        agent: by.to_owned(),
        agent_name: by.to_owned(),
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

fn id() -> io::Result<(RecordId, i64)> {
    let now = unix_ms();
    Ok((RecordId::new(now.unsigned_abs(), random()?), now))
}
