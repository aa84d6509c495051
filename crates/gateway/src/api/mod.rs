//! Every route, with who may call it: a handler that takes a caller of a kind as an argument is called by nobody else.

mod guard;
mod health;
mod json;
mod meshguard;
mod metrics;
mod native;
mod observe;
mod proxy;
mod routes;
mod size;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::bind::Exposure;
use crate::error::ApiError;
use crate::rights::{Needs, Right};
use crate::state::Gateway;
use routes::Routes;

pub(crate) use proxy::Upstream;
pub use routes::Route;

/// Longest that a request may take.
const LONGEST: Duration = Duration::from_secs(30);

/// All routes, with what they need.
pub fn routes() -> Vec<Route> {
    [usual(Exposure::Loopback).table(), governed().table()].concat()
}

/// All routes, to be asked.
pub(crate) fn router(gateway: Arc<Gateway>, exposure: Exposure) -> Router {
    usual(exposure)
        .router()
        .method_not_allowed_fallback(|| async { ApiError::wrong_method() })
        .fallback(|| async { ApiError::not_found("such a path") })
        .layer(axum::middleware::from_fn(size::size))
        .layer(DefaultBodyLimit::max(size::BODY))
        .merge(governed().router())
        .layer(axum::middleware::from_fn_with_state((Arc::clone(&gateway), exposure), guard::guard))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(ApiError::internal(&"something went wrong inside"))
        }))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&gateway), observe::observe))
        .with_state(gateway)
}

/// Those with bodies of their own bounds.
fn governed() -> Routes {
    Routes::default().on_any("/proxy/{*path}", Needs::Agent, proxy::proxy)
}

fn usual(exposure: Exposure) -> Routes {
    use meshguard::{audit, check, evaluate, info, reports, stream};
    use native::{bundle, decide, ledger, records, token};
    let any = Routes::default()
        .on(Method::GET, "/", Needs::Nothing, info::root)
        .on(Method::GET, "/health", Needs::Nothing, health::health)
        .on(Method::GET, "/api/v1/health", Needs::Nothing, health::health)
        .on(Method::GET, "/ready", Needs::Nothing, health::ready)
        .on(Method::GET, "/metrics", Needs::OpenHere(Right::AgentsRead), move |state, request| {
            metrics::metrics(exposure, state, request)
        })
        .on(Method::GET, "/proxy/check", Needs::Agent, check::check)
        .on(Method::POST, "/proxy/check", Needs::Agent, check::check)
        .on(Method::POST, "/proxy/audit", Needs::Agent, reports::own)
        .on(Method::POST, "/v1/decide", Needs::Agent, decide::decide)
        .on(Method::POST, "/v1/token", Needs::AgentKey, token::token)
        .on(Method::GET, "/v1/bundle", Needs::Agent, bundle::bundle)
        .on(Method::GET, "/v1/bundle/key", Needs::Agent, bundle::key)
        .on(Method::POST, "/v1/records", Needs::Agent, records::records)
        .on(Method::POST, "/api/v1/evaluate", Needs::AgentOr(Right::DecideAny), evaluate::evaluate)
        .on(Method::POST, "/api/v1/audit", Needs::AgentOr(Right::RecordsWrite), reports::one)
        .on(Method::POST, "/api/v1/audit/batch", Needs::AgentOr(Right::RecordsWrite), reports::batch);
    let admin = ["/admin", "/api/v1/admin"].iter().fold(any, |routes, prefix| {
        people(agents_and_policies(routes, prefix), prefix)
            .on(Method::GET, format!("{prefix}/info"), Needs::Right(Right::AgentsRead), info::info)
            .on(Method::GET, format!("{prefix}/audit"), Needs::Right(Right::RecordsRead), audit::query)
            .on(Method::GET, format!("{prefix}/audit/stats"), Needs::Right(Right::RecordsRead), audit::stats)
            .on(
                Method::GET,
                format!("{prefix}/audit/stream"),
                Needs::Right(Right::RecordsRead),
                stream::stream,
            )
            .on(Method::GET, format!("{prefix}/ledger"), Needs::Right(Right::RecordsRead), ledger::head)
            .on(
                Method::GET,
                format!("{prefix}/ledger/lines"),
                Needs::Right(Right::RecordsRead),
                ledger::lines,
            )
    });
    // The same under the paths of another client.
    agents_and_policies(admin, "/api/v1").on(
        Method::GET,
        "/api/v1/audit/logs",
        Needs::Right(Right::RecordsRead),
        audit::query,
    )
}

fn agents_and_policies(routes: Routes, prefix: &str) -> Routes {
    use meshguard::{agents, allowed, policies, trial, versions};
    let at = |rest: &str| format!("{prefix}{rest}");
    let (read, write) = (Needs::Right(Right::AgentsRead), Needs::Right(Right::AgentsWrite));
    let (see, apply) = (Needs::Right(Right::PoliciesRead), Needs::Sure(Right::PoliciesApply));
    routes
        .on(Method::GET, at("/agents"), read, agents::list)
        .on(Method::POST, at("/agents"), write, agents::create)
        .on(Method::GET, at("/agents/{id}"), read, agents::show)
        .on(Method::PATCH, at("/agents/{id}"), write, agents::change)
        .on(Method::PUT, at("/agents/{id}"), write, agents::change)
        .on(Method::DELETE, at("/agents/{id}"), Needs::Sure(Right::AgentsWrite), agents::revoke)
        .on(Method::POST, at("/agents/{id}/token"), Needs::Sure(Right::AgentsWrite), agents::rotate)
        .on(Method::GET, at("/policies"), see, policies::list)
        .on(Method::POST, at("/policies"), apply, policies::apply)
        .on(Method::GET, at("/policies/allowed"), see, allowed::allowed)
        .on(Method::POST, at("/policies/validate"), see, policies::validate)
        .on(Method::POST, at("/policies/test"), see, trial::test)
        .on(Method::GET, at("/policies/{name}"), see, policies::show)
        .on(Method::PUT, at("/policies/{name}"), apply, policies::apply_named)
        .on(Method::DELETE, at("/policies/{name}"), apply, policies::delete)
        .on(Method::GET, at("/policies/{name}/versions"), see, versions::versions)
        .on(Method::POST, at("/policies/{name}/rollback"), apply, versions::rollback)
}

fn people(routes: Routes, prefix: &str) -> Routes {
    use native::{admin_tokens, operators, session};
    let at = |rest: &str| format!("{prefix}{rest}");
    let (operate, tokens) = (Needs::Sure(Right::OperatorsWrite), Needs::Sure(Right::TokensWrite));
    routes
        .on(Method::POST, at("/session"), Needs::Nothing, session::sign_in)
        .on(Method::GET, at("/session"), Needs::Administration, session::show)
        .on(Method::DELETE, at("/session"), Needs::Session, session::sign_out)
        .on(Method::POST, at("/session/step-up"), Needs::Session, session::step_up)
        .on(Method::POST, at("/session/password"), Needs::Session, session::password)
        .on(Method::GET, at("/operators"), Needs::Right(Right::OperatorsRead), operators::list)
        .on(Method::POST, at("/operators"), operate, operators::create)
        .on(Method::PATCH, at("/operators/{id}"), operate, operators::change)
        .on(Method::DELETE, at("/operators/{id}"), operate, operators::disable)
        .on(Method::POST, at("/operators/{id}/password"), operate, operators::password)
        .on(Method::GET, at("/tokens"), Needs::Right(Right::TokensRead), admin_tokens::list)
        .on(Method::POST, at("/tokens"), tokens, admin_tokens::create)
        .on(Method::DELETE, at("/tokens/{id}"), tokens, admin_tokens::revoke)
}
