//! `POST /v1/token`: a short-lived token for an agent that shows its key.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::caller::KeyCaller;
use crate::machine::{rfc3339, unix_ms};
use crate::state::Gateway;
use crate::tokens;

/// Makes it.
pub(crate) async fn token(State(gateway): State<Arc<Gateway>>, caller: KeyCaller) -> Json<Value> {
    let made = tokens::make(&gateway.tokens, &caller.agent, &caller.key, unix_ms(), gateway.token_life_s);
    Json(json!({
        "token": made.token, "tokenType": "Bearer", "expiresIn": gateway.token_life_s, "expiresAt": rfc3339(made.ends_ms),
    }))
}
