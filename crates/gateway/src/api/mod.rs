//! Every route, with the right it needs: a handler that takes an `AgentCaller`, a `KeyCaller`, an `AdminCaller` or a `Speaker` is
//! called by nobody else.

mod guard;
mod health;
mod json;
mod meshguard;
mod metrics;
mod native;
mod observe;
mod proxy;
mod size;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{any, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::bind::Exposure;
use crate::error::ApiError;
use crate::state::Gateway;

pub(crate) use proxy::Upstream;

/// Longest that a request may take.
const LONGEST: Duration = Duration::from_secs(30);

/// All routes.
pub(crate) fn router(gateway: Arc<Gateway>, exposure: Exposure) -> Router {
    Router::new()
        // Anybody.
        .route("/", get(meshguard::info::root))
        .route("/health", get(health::health))
        .route("/api/v1/health", get(health::health))
        .route("/ready", get(health::ready))
        // Anybody on this machine, the administration from elsewhere.
        .route("/metrics", get(move |state, request| metrics::metrics(exposure, state, request)))
        // Agents.
        .route("/proxy/check", get(meshguard::check::check).post(meshguard::check::check))
        .route("/proxy/audit", post(meshguard::reports::own))
        .route("/v1/decide", post(native::decide::decide))
        .route("/v1/token", post(native::token::token))
        // Agents for themselves, the administration for any of them.
        .route("/api/v1/evaluate", post(meshguard::evaluate::evaluate))
        .route("/api/v1/audit", post(meshguard::reports::one))
        .route("/api/v1/audit/batch", post(meshguard::reports::batch))
        // Administration.
        .nest("/admin", administration())
        .nest("/api/v1/admin", administration())
        .nest("/api/v1", short())
        .method_not_allowed_fallback(|| async { ApiError::wrong_method() })
        .fallback(|| async { ApiError::not_found("such a path") })
        .layer(axum::middleware::from_fn(size::size))
        .layer(DefaultBodyLimit::max(size::BODY))
        // Agents, with bodies of their own bounds.
        .route("/proxy/{*path}", any(proxy::proxy))
        .layer(axum::middleware::from_fn_with_state((Arc::clone(&gateway), exposure), guard::guard))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(ApiError::internal(&"something went wrong inside"))
        }))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&gateway), observe::observe))
        .with_state(gateway)
}

fn administration() -> Router<Arc<Gateway>> {
    use meshguard::{audit, info, stream};
    agents_and_policies()
        .route("/info", get(info::info))
        .route("/audit", get(audit::query))
        .route("/audit/stats", get(audit::stats))
        .route("/audit/stream", get(stream::stream))
}

/// The same under the paths of another client.
fn short() -> Router<Arc<Gateway>> {
    agents_and_policies().route("/audit/logs", get(meshguard::audit::query))
}

fn agents_and_policies() -> Router<Arc<Gateway>> {
    use meshguard::{agents, allowed, policies, trial};
    Router::new()
        .route("/agents", get(agents::list).post(agents::create))
        .route(
            "/agents/{id}",
            get(agents::show).patch(agents::change).put(agents::change).delete(agents::revoke),
        )
        .route("/agents/{id}/token", post(agents::rotate))
        .route("/policies", get(policies::list).post(policies::apply))
        .route("/policies/allowed", get(allowed::allowed))
        .route("/policies/validate", post(policies::validate))
        .route("/policies/test", post(trial::test))
        .route("/policies/{name}", get(policies::show).put(policies::apply_named).delete(policies::delete))
        .route("/policies/{name}/versions", get(policies::versions))
}
