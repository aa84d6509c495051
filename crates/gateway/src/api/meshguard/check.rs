//! `/proxy/check`: may this agent do this? 200 means yes to every client, whatever the body says, so everything else is 403.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use placet_store::Agent;
use serde_json::{Map, Value, json};

use crate::caller::{AgentCaller, single};
use crate::deciding::Question;
use crate::error::ApiError;
use crate::judging::{self, Judged};
use crate::metrics::Door;
use crate::recording::Asking;
use crate::state::Gateway;

/// Decides, records, answers.
pub(crate) async fn check(
    State(gateway): State<Arc<Gateway>>,
    AgentCaller(agent): AgentCaller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let question = question(&headers)?;
    let trace = trace(&headers)?;
    let asking = Asking { trace: trace.as_deref(), by: None };
    let judged = judging::judge(&gateway, &agent, &question, &asking, Door::Check).await?;
    Ok(respond(&question, &judged, &agent, trace.as_deref()))
}

/// The question that the headers ask.
fn question(headers: &HeaderMap) -> Result<Question, ApiError> {
    let Some(action) = single(headers, "x-meshguard-action")? else {
        return Err(ApiError::bad_request(
            "`X-MeshGuard-Action` is missing",
            "name one action as `verb:object`",
        ));
    };
    let mut meta = meta(headers)?;
    let resource = match single(headers, "x-meshguard-resource")? {
        Some(resource) => Some(resource.to_owned()),
        // The only way for some clients.
        None => match meta.remove("resource") {
            None => None,
            Some(Value::String(resource)) => Some(resource),
            Some(_) => {
                return Err(ApiError::bad_request(
                    "`resource` in `X-MeshGuard-Meta` is no text",
                    "send it as a text",
                ));
            }
        },
    };
    let context = if meta.is_empty() { Value::Null } else { Value::Object(meta) };
    Ok(Question { action: action.trim().to_owned(), resource, context })
}

/// What the headers say about the call, beside action and resource.
pub(crate) fn meta(headers: &HeaderMap) -> Result<Map<String, Value>, ApiError> {
    let Some(text) = single(headers, "x-meshguard-meta")? else { return Ok(Map::new()) };
    match serde_json::from_str(text) {
        Ok(Value::Object(meta)) => Ok(meta),
        _ => Err(ApiError::bad_request(
            "`X-MeshGuard-Meta` is no JSON object",
            "send an object, or no such header",
        )),
    }
}

/// The trace that the headers name.
pub(crate) fn trace(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    for name in ["x-meshguard-trace-id", "x-trace-id"] {
        if let Some(trace) = single(headers, name)? {
            return Ok(Some(trace.to_owned()));
        }
    }
    // W3C: version, trace, parent, flags.
    let parent = single(headers, "traceparent")?;
    Ok(parent.and_then(|parent| parent.split('-').nth(1)).map(str::to_owned))
}

/// The answer as published clients read it.
pub(crate) fn respond(question: &Question, judged: &Judged, agent: &Agent, trace: Option<&str>) -> Response {
    let decision = &judged.answer.decision;
    let (allowed, passes, enforced) = (judged.allowed(), judged.passes(), judged.enforced());
    let (policy, rule) = judged.rule();
    let word = if passes { "allow" } else { "deny" };
    let mut body = json!({
        "allowed": passes, "decision": word, "action": question.action, "policy": policy, "rule": rule,
        "reason": decision.reason, "message": decision.reason, "record": judged.record, "mode": if enforced { "enforce" } else { "audit" },
    });
    if let Some(fields) = body.as_object_mut() {
        if let Some(trace) = trace {
            fields.insert("trace_id".to_owned(), trace.into());
        }
        if !passes {
            fields.insert("error".to_owned(), "forbidden".into());
        }
        if !passes && judged.needs_person() {
            fields.insert("effect".to_owned(), "approval_required".into());
        }
        if passes && !allowed {
            fields.insert("wouldDeny".to_owned(), true.into());
        }
        if let Some(fix) = &decision.fix {
            fields.insert("fix".to_owned(), fix.as_str().into());
        }
    }
    let status = if passes { StatusCode::OK } else { StatusCode::FORBIDDEN };
    let mut response = (status, Json(body)).into_response();
    mark(response.headers_mut(), word, judged, agent, trace);
    response
}

/// The headers that tell of a decision.
pub(crate) fn mark(headers: &mut HeaderMap, word: &str, judged: &Judged, agent: &Agent, trace: Option<&str>) {
    let told = [
        ("x-meshguard-decision", word),
        ("x-meshguard-policy", judged.rule().0),
        ("x-meshguard-trace-id", trace.unwrap_or_default()),
        ("x-meshguard-agent-id", agent.id.as_str()),
    ];
    for (name, value) in told {
        if let Ok(value) = HeaderValue::from_str(value)
            && !value.is_empty()
        {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
