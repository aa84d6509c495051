//! `/proxy/check`: may this agent do this? 200 means yes to every client, whatever the body says, so everything else is 403.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use placet_model::Verdict;
use placet_store::Agent;
use serde_json::{Map, Value, json};

use crate::caller::{AgentCaller, single};
use crate::config::EnforcementMode;
use crate::deciding::{self, Answer, Question};
use crate::error::ApiError;
use crate::recording;
use crate::state::Gateway;

/// Decides, records, answers.
pub(crate) async fn check(
    State(gateway): State<Arc<Gateway>>,
    AgentCaller(agent): AgentCaller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let question = question(&headers)?;
    let trace = trace(&headers)?;
    let policies = gateway.policies.now();
    let answer = deciding::answer(&question, &agent, &policies, gateway.mode)?;
    let enforced = gateway.mode == EnforcementMode::Enforce;
    let row =
        recording::of_decision(&gateway.redactor, &agent, &question, &answer, trace.as_deref(), enforced)
            .map_err(|error| ApiError::internal(&error))?;
    let record = row.id.clone();
    // Nothing runs that is not on record.
    gateway.store.append(vec![row]).await?;
    Ok(respond(&question, &answer, &agent, trace.as_deref(), &record, enforced))
}

/// The question that the headers ask.
fn question(headers: &HeaderMap) -> Result<Question, ApiError> {
    let meta = match single(headers, "x-meshguard-meta")? {
        None => Map::new(),
        Some(text) => match serde_json::from_str(text) {
            Ok(Value::Object(meta)) => meta,
            _ => {
                return Err(ApiError::bad_request(
                    "`X-MeshGuard-Meta` is no JSON object",
                    "send an object, or no such header",
                ));
            }
        },
    };
    let Some(action) = single(headers, "x-meshguard-action")? else {
        return Err(ApiError::bad_request(
            "`X-MeshGuard-Action` is missing",
            "name one action as `verb:object`",
        ));
    };
    let mut meta = meta;
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

fn trace(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    for name in ["x-meshguard-trace-id", "x-trace-id"] {
        if let Some(trace) = single(headers, name)? {
            return Ok(Some(trace.to_owned()));
        }
    }
    // W3C: version, trace, parent, flags.
    let parent = single(headers, "traceparent")?;
    Ok(parent.and_then(|parent| parent.split('-').nth(1)).map(str::to_owned))
}

fn respond(
    question: &Question,
    answer: &Answer,
    agent: &Agent,
    trace: Option<&str>,
    record: &str,
    enforced: bool,
) -> Response {
    let decision = &answer.decision;
    // A rewritten input cannot be given back here, so what was asked about does not run.
    let allowed = decision.verdict == Verdict::Allow && decision.rewrite.is_none();
    let passes = allowed || !enforced;
    let (policy, rule) = match &decision.rule {
        Some(rule) => (rule.policy.as_str(), rule.rule.as_str()),
        None => ("", if allowed { "default-allow" } else { "default-deny" }),
    };
    let word = if passes { "allow" } else { "deny" };
    let mut body = json!({
        "allowed": passes, "decision": word, "action": question.action, "policy": policy, "rule": rule,
        "reason": decision.reason, "message": decision.reason, "record": record, "mode": if enforced { "enforce" } else { "audit" },
    });
    if let Some(fields) = body.as_object_mut() {
        if let Some(trace) = trace {
            fields.insert("trace_id".to_owned(), trace.into());
        }
        if !passes {
            fields.insert("error".to_owned(), "forbidden".into());
        }
        if !passes && decision.verdict == Verdict::Ask {
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
    let headers = [
        ("x-meshguard-decision", word),
        ("x-meshguard-policy", policy),
        ("x-meshguard-trace-id", trace.unwrap_or_default()),
        ("x-meshguard-agent-id", agent.id.as_str()),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value)
            && !value.is_empty()
        {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}
