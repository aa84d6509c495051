//! `POST /api/v1/evaluate`: a question in a JSON body, its answer always 200 with an `effect`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use placet_store::{Agent, AgentStatus};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::check::trace;
use crate::actor::By;
use crate::api::json::Body;
use crate::caller::{Speaker, is_named, needed, single};
use crate::deciding::Question;
use crate::error::ApiError;
use crate::judging::{self, Judged};
use crate::machine::{rfc3339, unix_ms};
use crate::metrics::Door;
use crate::recording::Asking;
use crate::state::Gateway;

/// A question as clients send it. What they send beside says nothing about the call.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    agent_id: Option<String>,
    action: String,
    resource: Option<String>,
    context: Option<Map<String, Value>>,
    #[serde(alias = "trace_id")]
    trace_id: Option<String>,
    /// Whether the client keeps a call from running until a person said yes.
    #[serde(default)]
    awaits_approval: bool,
}

/// Decides, records, answers.
pub(crate) async fn evaluate(
    State(gateway): State<Arc<Gateway>>,
    speaker: Speaker<needed::DecideAny>,
    headers: HeaderMap,
    Body(sent): Body<Sent>,
) -> Result<Json<Value>, ApiError> {
    let named = named(&headers, sent.agent_id.as_deref())?;
    let (agent, by) = asking_agent(&gateway, speaker, named).await?;
    let question = Question {
        action: sent.action,
        resource: sent.resource,
        context: sent.context.map_or(Value::Null, Value::Object),
    };
    let told = trace(&headers)?;
    let asking = Asking { trace: sent.trace_id.as_deref().or(told.as_deref()), by: by.as_ref() };
    let judged = judging::judge(&gateway, &agent, &question, &asking, Door::Evaluate).await?;
    Ok(Json(answered(&judged, sent.awaits_approval)))
}

/// The one published client runs whatever is not exactly `deny`, so a call that a person must allow is denied to those who do not
/// say that they wait.
fn answered(judged: &Judged, awaits_approval: bool) -> Value {
    let asked = judged.needs_person();
    let effect = match judged.passes() {
        true => "allow",
        false if asked && awaits_approval => "approval_required",
        false => "deny",
    };
    let (policy, rule) = judged.rule();
    let mut decision =
        json!({"effect": effect, "policy": policy, "rule": rule, "reason": judged.answer.decision.reason});
    if let Some(fields) = decision.as_object_mut() {
        if judged.passes() && !judged.allowed() {
            fields.insert("wouldDeny".to_owned(), true.into());
        }
        if !judged.passes() && asked {
            fields.insert("approvalRequired".to_owned(), true.into());
        }
    }
    json!({"decision": decision, "evaluationId": judged.record, "evaluatedAt": rfc3339(unix_ms())})
}

/// The agent that the request names, in its body or in a header.
fn named<'r>(headers: &'r HeaderMap, body: Option<&'r str>) -> Result<Option<&'r str>, ApiError> {
    match (body, single(headers, "x-meshguard-agent-id")?) {
        (Some(one), Some(other)) if one != other => Err(ApiError::bad_request(
            "`agentId` and `X-MeshGuard-Agent-Id` name different agents",
            "send one of them",
        )),
        (Some(name), _) | (None, Some(name)) => Ok(Some(name)),
        (None, None) => Ok(None),
    }
}

/// The agent that is asked for: the one of the key, or the one that an administrator names.
async fn asking_agent(
    gateway: &Gateway,
    speaker: Speaker<needed::DecideAny>,
    named: Option<&str>,
) -> Result<(Agent, Option<By>), ApiError> {
    match speaker {
        Speaker::Agent(agent) if named.is_none_or(|named| is_named(&agent, named)) => Ok((*agent, None)),
        Speaker::Agent(_) => {
            Err(ApiError::forbidden("the key is another agent's", "name the agent that the key was made for"))
        }
        Speaker::Other(caller, _) => {
            let named = named.ok_or_else(|| {
                ApiError::bad_request("`agentId` is missing", "say which agent would do it")
            })?;
            let found = gateway.store.agent(&gateway.organisation, named).await?;
            let active = found.filter(|agent| agent.status() == AgentStatus::Active);
            Ok((active.ok_or_else(|| ApiError::not_found(named))?, Some(caller.by())))
        }
    }
}
