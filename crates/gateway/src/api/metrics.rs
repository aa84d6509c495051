//! `GET /metrics`: counters for Prometheus.

use std::sync::Arc;

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use crate::bind::Exposure;
use crate::caller::{May, needed};
use crate::error::ApiError;
use crate::metrics::scrape;
use crate::state::Gateway;

/// The format of the text.
const FORMAT: &str = "text/plain; version=0.0.4";

/// Answers anybody on this machine; from elsewhere only who may see agents.
pub(crate) async fn metrics(
    exposure: Exposure,
    State(gateway): State<Arc<Gateway>>,
    request: Request,
) -> Result<Response, ApiError> {
    if exposure == Exposure::Network {
        let (mut parts, _) = request.into_parts();
        May::<needed::AgentsRead>::from_request_parts(&mut parts, &gateway).await?;
    }
    Ok(([(CONTENT_TYPE, FORMAT)], scrape::text(&gateway).await?).into_response())
}
