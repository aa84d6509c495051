//! `GET /v1/bundle`: the policies in force for the agent that asks, signed; at once, or as soon as they are others.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use placet_store::AgentStatus;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::api::json::Params;
use crate::bundles;
use crate::caller::{AgentCaller, single};
use crate::error::ApiError;
use crate::state::Gateway;

/// Longest wait, in seconds; requests may take 30.
const LONGEST_WAIT_S: u64 = 25;

/// How the bundle is wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// How long to wait for another one than `If-None-Match` names, in seconds.
    wait: Option<u64>,
}

/// Gives the bundle, or 304 when it is still the one that the client has.
pub(crate) async fn bundle(
    State(gateway): State<Arc<Gateway>>,
    AgentCaller(caller): AgentCaller,
    Params(wanted): Params<Wanted>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let known = single(&headers, IF_NONE_MATCH.as_str())?.map(str::to_owned);
    let wait = Duration::from_secs(wanted.wait.unwrap_or(0).min(LONGEST_WAIT_S));
    let until = Instant::now() + wait;
    let (mut changes, mut closing) = (gateway.store.changes(), gateway.closing.subscribe());
    loop {
        // Read anew each time, and after the changes are listened to: tier and tags may be what changed.
        let agent = gateway.store.agent(&gateway.organisation, caller.id.as_str()).await?;
        let agent = agent.filter(|agent| agent.status() == AgentStatus::Active).ok_or_else(|| {
            ApiError::unauthorized("Invalid or revoked agent key", "ask for another agent, and enroll again")
        })?;
        let made = bundles::make(&gateway, &agent).await?;
        let headers = [(ETAG, made.tag.clone()), (CACHE_CONTROL, "no-store".to_owned())];
        if known.as_ref() != Some(&made.tag) {
            let kind = [(CONTENT_TYPE, "application/vnd.placet.bundle")];
            return Ok((headers, kind, made.bytes).into_response());
        }
        let changed = async {
            tokio::select! {
                changed = changes.changed() => changed.is_ok(),
                _ = closing.wait_for(|closing| *closing) => false,
            }
        };
        if !timeout_at(until, changed).await.unwrap_or(false) {
            return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
        }
    }
}

/// `GET /v1/bundle/key`: what a machine pins when it is enrolled, and as whom.
pub(crate) async fn key(State(gateway): State<Arc<Gateway>>, AgentCaller(agent): AgentCaller) -> Json<Value> {
    let key = gateway.bundles.public();
    Json(json!({
        "algorithm": "Ed25519", "key": key.to_string(), "fingerprint": key.fingerprint(),
        "agent": {"id": agent.id, "name": agent.name}, "organisation": agent.organisation,
    }))
}
