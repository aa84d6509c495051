//! Whether the gateway is alive, and whether it can do its work.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::machine::{rfc3339, unix_ms};
use crate::state::Gateway;

/// `GET /health`: alive, with what it depends on.
pub(crate) async fn health(State(gateway): State<Arc<Gateway>>) -> (StatusCode, Json<Value>) {
    let database = gateway.ready().await.is_ok();
    let now = unix_ms();
    let word = |good| if good { "healthy" } else { "unhealthy" };
    let body = json!({
        "status": word(database),
        "timestamp": rfc3339(now),
        "version": env!("CARGO_PKG_VERSION"),
        "mode": gateway.mode.name(),
        "uptime": (now - gateway.started_ms) / 1000,
        "checks": {"database": word(database), "policies": {"loaded": gateway.policies.now().count}},
    });
    (if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(body))
}

/// `GET /ready`: whether requests may be sent here.
pub(crate) async fn ready(State(gateway): State<Arc<Gateway>>) -> (StatusCode, Json<Value>) {
    match gateway.ready().await {
        Ok(()) => (StatusCode::OK, Json(json!({"ready": true}))),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"ready": false, "message": error}))),
    }
}
