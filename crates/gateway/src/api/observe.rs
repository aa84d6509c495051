//! What every request passes last: it is counted, and who calls too often without a key is told to wait.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::error::{Code, RATE_LIMITED};
use crate::state::Gateway;

/// Counts, and keeps strangers at their pace. Answers of a service behind the proxy carry no code of ours and are left alone.
pub(crate) async fn observe(
    State(gateway): State<Arc<Gateway>>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let mut response = next.run(request).await;
    let code = |response: &Response| response.extensions().get::<Code>().map(|code| code.0);
    if response.status() == StatusCode::UNAUTHORIZED
        && code(&response).is_some()
        && let Some(address) = address
        && let Err(error) = gateway.limits.stranger(address, gateway.limits.now())
    {
        response = error.into_response();
    }
    if let Some(code) = code(&response) {
        gateway.metrics.refused(code);
        if code == RATE_LIMITED {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(gateway.limits.pause_s()));
        }
    }
    gateway.metrics.answered(path.as_ref().map(MatchedPath::as_str), started.elapsed());
    response
}
