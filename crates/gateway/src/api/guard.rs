//! What every request passes first: no page of another site may speak for a browser on this machine.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::bind::Exposure;
use crate::caller::single;
use crate::error::ApiError;
use crate::state::Gateway;

/// Refuses a `Host` that is not ours (a name that an attacker points at this machine) and an `Origin` that is not the host.
pub(crate) async fn guard(
    State((gateway, exposure)): State<(Arc<Gateway>, Exposure)>,
    request: Request,
    next: Next,
) -> Response {
    match check(&gateway, exposure, &request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(gateway: &Gateway, exposure: Exposure, request: &Request) -> Result<(), ApiError> {
    let host = match single(request.headers(), HOST.as_str())? {
        Some(host) => host.to_owned(),
        None => request.uri().authority().map(ToString::to_string).unwrap_or_default(),
    };
    if exposure == Exposure::Loopback && !is_ours(&host, &gateway.host_names) {
        return Err(ApiError::forbidden(
            "the Host header names another machine",
            "use the address, `localhost`, or a name given with `--host-name`",
        ));
    }
    if let Some(origin) = single(request.headers(), ORIGIN.as_str())?
        && origin.split_once("://").map(|(_, rest)| rest) != Some(host.as_str())
    {
        return Err(ApiError::forbidden(
            "the Origin header names another site",
            "call from the gateway's own pages",
        ));
    }
    Ok(())
}

fn is_ours(host: &str, names: &[String]) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        || names.iter().any(|own| own.eq_ignore_ascii_case(name))
}
