//! The governed reverse proxy: `/proxy/PATH` is decided on like any question, and only what may run reaches the upstream.
//!
//! An action that the client names must be allowed. What it really does (`read:`, `write:` or `delete:` and the path) must not be
//! denied by a rule either: whoever names the action could otherwise name any.

mod bounded;
mod headers;
mod path;
mod upstream;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use placet_model::Verdict;
use serde_json::{Map, Value};

use super::meshguard::check::{mark, meta, respond, trace};
use crate::caller::{AgentCaller, single};
use crate::deciding::{self, Answer, Question};
use crate::error::ApiError;
use crate::judging;
use crate::metrics::Door;
use crate::recording::Asking;
use crate::state::Gateway;

pub(crate) use upstream::Upstream;

/// Paths that the gateway answers itself.
const OWN: &[&str] = &["check", "audit"];

/// A question that a request asks, and what a no to it means.
struct Asked {
    question: Question,
    /// It must be allowed; else only a rule against it counts.
    decides: bool,
}

/// Decides, records, sends on.
pub(crate) async fn proxy(
    State(gateway): State<Arc<Gateway>>,
    AgentCaller(agent): AgentCaller,
    request: Request,
) -> Result<Response, ApiError> {
    let Some(upstream) = &gateway.upstream else { return Err(no_target()) };
    let (parts, body) = request.into_parts();
    let raw = parts.uri.path().strip_prefix("/proxy/").unwrap_or_default();
    let path = path::decoded(raw).map_err(|why| {
        ApiError::bad_request(format!("the path {why}"), "write it plainly, as the upstream has it")
    })?;
    if OWN.contains(&path.as_str()) {
        return Err(ApiError::not_found(&path));
    }
    let sent_on = headers::sent_on(&parts.headers)?;
    let asked = questions(&parts.method, &path, parts.uri.query(), &parts.headers)?;
    let trace = trace(&parts.headers)?;
    let policies = gateway.policies.now();
    let mut decided: Option<(Asked, Answer)> = None;
    let mut stopped = false;
    for asked in asked {
        let answer = deciding::answer(&asked.question, &agent, &policies, gateway.mode)?;
        stopped = !answer.passes() && (asked.decides || by_rule(&answer));
        if stopped || decided.is_none() {
            decided = Some((asked, answer));
        }
        if stopped {
            break;
        }
    }
    let Some((Asked { question, .. }, answer)) = decided else {
        return Err(ApiError::internal(&"no question"));
    };
    let asking = Asking { trace: trace.as_deref(), by: None };
    let (judged, row) = judging::recorded(&gateway, &agent, &question, answer, &asking)?;
    // Nothing is sent that is not on record.
    gateway.store.append(vec![row]).await?;
    gateway.metrics.decided(Door::Proxy, judged.answer.decision.verdict);
    if stopped {
        return Ok(respond(&question, &judged, &agent, trace.as_deref()));
    }
    let mut response = upstream.send(parts.method, &path, parts.uri.query(), sent_on, body).await?;
    mark(response.headers_mut(), "allow", &judged, &agent, trace.as_deref());
    Ok(response)
}

/// The questions of a request; the first is the one that stands on record when all pass.
fn questions(
    method: &Method,
    path: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Vec<Asked>, ApiError> {
    let verb = verb(method)?;
    let mut context = meta(headers)?;
    context.remove("resource");
    context.insert("method".to_owned(), method.as_str().into());
    context.insert("path".to_owned(), format!("/{path}").into());
    context.insert("query".to_owned(), query.unwrap_or_default().into());
    let ask = |action: String, decides| Asked { question: question(action, path, &context), decides };
    let claimed = single(headers, "x-meshguard-action")?.map(|action| action.trim().to_owned());
    let decides = claimed.is_none();
    let mut asked: Vec<Asked> = claimed.map(|action| ask(action, true)).into_iter().collect();
    asked.push(ask(format!("{verb}:{path}"), decides));
    // To many upstreams `a/` is `a`, and a rule is written for one of them.
    if let Some(shorter) = path.strip_suffix('/') {
        asked.push(ask(format!("{verb}:{shorter}"), decides));
    }
    Ok(asked)
}

fn question(action: String, path: &str, context: &Map<String, Value>) -> Question {
    Question { action, resource: Some(format!("/{path}")), context: Value::Object(context.clone()) }
}

fn verb(method: &Method) -> Result<&'static str, ApiError> {
    match *method {
        Method::GET | Method::HEAD | Method::OPTIONS => Ok("read"),
        Method::POST | Method::PUT | Method::PATCH => Ok("write"),
        Method::DELETE => Ok("delete"),
        _ => Err(ApiError::wrong_method()),
    }
}

/// Whether more than a policy's default, or its silence, stands against it.
fn by_rule(answer: &Answer) -> bool {
    let decision = &answer.decision;
    match &decision.rule {
        None => decision.verdict == Verdict::Ask,
        Some(rule) => {
            let default =
                rule.rule.starts_with("default-") && decision.reason.starts_with("no rule of policy");
            !default && decision.verdict != Verdict::Abstain
        }
    }
}

fn no_target() -> ApiError {
    ApiError {
        status: StatusCode::NOT_FOUND,
        code: "no_proxy_target",
        message: "this gateway sends nothing on: it has no proxy target".to_owned(),
        remedy: "start it with `--proxy-target URL`",
    }
}
