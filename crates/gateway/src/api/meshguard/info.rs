//! What this gateway is: `GET /` for anybody, `GET /admin/info` for administrators.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use placet_store::AgentStatus;
use serde_json::{Value, json};

use crate::caller::{May, needed};
use crate::error::ApiError;
use crate::machine::{rfc3339, unix_ms};
use crate::state::Gateway;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `GET /`: name, version, and where to go on.
pub(crate) async fn root() -> Json<Value> {
    Json(json!({
        "name": "Placet", "version": VERSION,
        "links": {"health": "/health", "ready": "/ready", "check": "/proxy/check", "decide": "/v1/decide", "administration": "/admin/info"},
    }))
}

/// `GET /admin/info`: what runs here, and how much there is of it.
pub(crate) async fn info(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::AgentsRead>,
) -> Result<Json<Value>, ApiError> {
    let agents = gateway.store.agents(&gateway.organisation).await?;
    let active = agents.iter().filter(|agent| agent.status() == AgentStatus::Active).count();
    Ok(Json(json!({
        "name": "Placet", "version": VERSION, "mode": gateway.mode.name(), "orgId": gateway.organisation,
        "agents": {"active": active, "revoked": agents.len() - active}, "policies": gateway.policies.now().count,
        "proxy": gateway.upstream.is_some(), "startedAt": rfc3339(gateway.started_ms), "uptime": (unix_ms() - gateway.started_ms) / 1000,
    })))
}
