//! `/proxy/audit` and `/api/v1/audit`: what agents say they did. Kept apart from what the gateway decided.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use placet_store::{Agent, RecordRow};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::check::trace;
use crate::actor::By;
use crate::api::json::Body;
use crate::caller::{AgentCaller, Speaker, is_named, needed};
use crate::error::ApiError;
use crate::recording::{self, Report};
use crate::state::Gateway;

/// Events in one request at most.
const EVENTS: usize = 1000;

/// Longest id that a client gives its event, in bytes.
const ID_BYTES: usize = 256;

/// An event as clients send it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    id: Option<String>,
    agent_id: Option<String>,
    action: String,
    resource: Option<String>,
    #[serde(alias = "trace_id")]
    trace_id: Option<String>,
    /// Result, decision, details and whatever else they say; nothing here believes it.
    #[serde(flatten)]
    claims: Map<String, Value>,
}

/// Events as they are sent together.
#[derive(Deserialize)]
pub(crate) struct Batch {
    events: Vec<Value>,
}

/// `POST /proxy/audit`: one event of the agent whose key it is.
pub(crate) async fn own(
    State(gateway): State<Arc<Gateway>>,
    AgentCaller(agent): AgentCaller,
    headers: HeaderMap,
    Body(event): Body<Value>,
) -> Result<Json<Value>, ApiError> {
    one_event(&gateway, &Speaker::Agent(Box::new(agent)), &headers, event).await
}

/// `POST /api/v1/audit`: one event.
pub(crate) async fn one(
    State(gateway): State<Arc<Gateway>>,
    speaker: Speaker<needed::RecordsWrite>,
    headers: HeaderMap,
    Body(event): Body<Value>,
) -> Result<Json<Value>, ApiError> {
    one_event(&gateway, &speaker, &headers, event).await
}

async fn one_event(
    gateway: &Gateway,
    speaker: &Speaker<needed::RecordsWrite>,
    headers: &HeaderMap,
    event: Value,
) -> Result<Json<Value>, ApiError> {
    let row = row(gateway, speaker, trace(headers)?.as_deref(), event).await?;
    let id = row.id.clone();
    gateway.store.append(vec![row]).await?;
    Ok(Json(json!({"success": true, "id": id})))
}

/// `POST /api/v1/audit/batch`: all of them, or none when one is wrong.
pub(crate) async fn batch(
    State(gateway): State<Arc<Gateway>>,
    speaker: Speaker<needed::RecordsWrite>,
    headers: HeaderMap,
    Body(Batch { events }): Body<Batch>,
) -> Result<Json<Value>, ApiError> {
    if events.len() > EVENTS {
        return Err(ApiError::bad_request(format!("{} events at once", events.len()), "send at most 1000"));
    }
    let trace = trace(&headers)?;
    let mut rows = Vec::with_capacity(events.len());
    for (index, event) in events.into_iter().enumerate() {
        let row = row(&gateway, &speaker, trace.as_deref(), event).await;
        rows.push(row.map_err(|mut error| {
            error.message = format!("events[{index}]: {}", error.message);
            error
        })?);
    }
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    gateway.store.append(rows).await?;
    Ok(Json(json!({"success": true, "recorded": ids.len(), "ids": ids})))
}

/// The record of an event.
async fn row(
    gateway: &Gateway,
    speaker: &Speaker<needed::RecordsWrite>,
    trace: Option<&str>,
    event: Value,
) -> Result<RecordRow, ApiError> {
    let wrong = |why: String| ApiError::bad_request(why, "send an object with `action`, and `agentId`");
    let Value::Object(_) = event else { return Err(wrong("the event is no object".to_owned())) };
    let Sent { id, agent_id, action, resource, trace_id, mut claims } =
        serde_json::from_value(event).map_err(|error| wrong(format!("the event: {error}")))?;
    if action.trim().is_empty() || action.chars().any(char::is_control) {
        return Err(wrong("`action` is empty, or holds control characters".to_owned()));
    }
    if id.as_ref().is_some_and(|id| id.is_empty() || id.len() > ID_BYTES) {
        return Err(wrong(format!("`id` is empty, or longer than {ID_BYTES} bytes")));
    }
    let (agent, by) = told_of(gateway, speaker, agent_id.as_deref()).await?;
    // What it calls itself is one more claim when it is not so.
    if let Some(claimed) = agent_id.filter(|claimed| !is_named(&agent, claimed)) {
        claims.insert("agentId".to_owned(), claimed.into());
    }
    if let Some(id) = &id {
        claims.insert("id".to_owned(), id.as_str().into());
    }
    let report = Report {
        id: id.as_deref(),
        action: &action,
        resource: resource.as_deref(),
        claims: &Value::Object(claims),
        trace: trace_id.as_deref().or(trace),
        by: by.as_ref(),
    };
    recording::of_report(&gateway.redactor, &agent, &report).map_err(|error| ApiError::internal(&error))
}

/// The agent that an event is of: the one of the key; an administrator names it.
async fn told_of(
    gateway: &Gateway,
    speaker: &Speaker<needed::RecordsWrite>,
    claimed: Option<&str>,
) -> Result<(Agent, Option<By>), ApiError> {
    match speaker {
        Speaker::Agent(agent) => Ok((agent.as_ref().clone(), None)),
        Speaker::Other(caller, _) => {
            let named = claimed.ok_or_else(|| {
                ApiError::bad_request("`agentId` is missing", "say of which agent the event is")
            })?;
            let found = gateway.store.agent(&gateway.organisation, named).await?;
            Ok((found.ok_or_else(|| ApiError::not_found(named))?, Some(caller.by())))
        }
    }
}
