//! Which headers pass the gateway, in both directions.

use axum::http::header::CONNECTION;
use axum::http::{HeaderMap, HeaderName};

use crate::error::ApiError;

/// Headers of one connection, not of the message.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Made anew for the upstream, the gateway's own, or words that only the gateway itself may say.
const KEPT_BACK: &[&str] =
    &["host", "content-length", "expect", "authorization", "x-admin-token", "forwarded", "x-real-ip"];

/// The same, by how they begin.
const KEPT_BACK_PREFIXES: &[&str] = &["x-meshguard-", "x-placet-", "x-forwarded-"];

/// By these some upstreams do something else than what was decided on.
const DIVERTING: &[&str] = &[
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-method",
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
];

/// Told by an upstream, these would lead clients past the gateway, or pose as its words.
const NOT_TOLD: &[&str] = &["alt-svc"];

/// What is sent on of a request's headers.
pub(super) fn sent_on(headers: &HeaderMap) -> Result<HeaderMap, ApiError> {
    let named = named_by_connection(headers)?;
    let mut out = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let plain = plain(name);
        if DIVERTING.contains(&plain.as_str()) {
            return Err(ApiError::bad_request(
                format!("`{name}` makes another request of this one"),
                "send the request itself",
            ));
        }
        let kept_back = HOP_BY_HOP.contains(&plain.as_str())
            || KEPT_BACK.contains(&plain.as_str())
            || KEPT_BACK_PREFIXES.iter().any(|prefix| plain.starts_with(prefix))
            || named.contains(&plain);
        if !kept_back {
            out.append(name.clone(), value.clone());
        }
    }
    Ok(out)
}

/// What is handed back of an answer's headers.
pub(super) fn handed_back(headers: &HeaderMap) -> HeaderMap {
    let named = named_by_connection(headers).unwrap_or_default();
    let mut out = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let plain = plain(name);
        let dropped = HOP_BY_HOP.contains(&plain.as_str())
            || NOT_TOLD.contains(&plain.as_str())
            || plain.starts_with("x-meshguard-")
            || named.contains(&plain);
        if !dropped {
            out.append(name.clone(), value.clone());
        }
    }
    out
}

fn named_by_connection(headers: &HeaderMap) -> Result<Vec<String>, ApiError> {
    let mut named = Vec::new();
    for value in headers.get_all(CONNECTION) {
        let text = value.to_str().map_err(|_| {
            ApiError::bad_request("`Connection` holds no names of headers", "send it as the standard has it")
        })?;
        named.extend(text.split(',').map(|name| name.trim().to_ascii_lowercase().replace('_', "-")));
    }
    Ok(named)
}

/// Some servers read `X_A` as `X-A`.
fn plain(name: &HeaderName) -> String {
    name.as_str().replace('_', "-")
}
