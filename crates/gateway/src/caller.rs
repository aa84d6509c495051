//! Who calls: an agent with its key, or an administrator. A handler that needs one takes it as an argument.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use placet_store::{Agent, AgentStatus, KeyHash};

use crate::error::ApiError;
use crate::machine::unix_ms;
use crate::state::Gateway;
use crate::{keys, tokens};

/// An active agent, found by the key or the short-lived token it showed. What it may is looked up now, not taken from what it says.
pub(crate) struct AgentCaller(pub(crate) Agent);

/// The same with its long-lived key, and the hash of that.
pub(crate) struct KeyCaller {
    pub(crate) agent: Agent,
    pub(crate) key: KeyHash,
}

/// Whoever holds the administration token.
pub(crate) struct AdminCaller;

/// An agent that speaks for itself, or an administrator who speaks for any agent. Takes the key in `X-MeshGuard-API-Key` too.
pub(crate) enum Speaker {
    /// The agent of the key.
    Agent(Box<Agent>),
    /// Whoever holds the administration token.
    Admin,
}

const AGENT_REMEDY: &str = "send `Authorization: Bearer` with a key that `placet agent create` gave";
const TOKEN_REMEDY: &str = "get another at `POST /v1/token` with the agent's key";
const ADMIN_REMEDY: &str = "send `X-Admin-Token`, or `Authorization: Bearer`, with the administration token";

impl FromRequestParts<Arc<Gateway>> for AgentCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        agent_of(gateway, credential(&parts.headers)?).await.map(Self)
    }
}

impl FromRequestParts<Arc<Gateway>> for KeyCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        let credential = credential(&parts.headers)?;
        if tokens::is_token(credential) {
            return Err(ApiError::unauthorized("A token cannot prolong itself", AGENT_REMEDY));
        }
        let key = keys::hash(credential);
        Ok(Self { agent: active(gateway, &key).await?, key })
    }
}

impl FromRequestParts<Arc<Gateway>> for Speaker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        let headers = &parts.headers;
        if single(headers, "x-admin-token")?.is_some() {
            return AdminCaller::from_request_parts(parts, gateway).await.map(|AdminCaller| Self::Admin);
        }
        let credential = match (bearer(headers)?, single(headers, "x-meshguard-api-key")?) {
            (Some(one), Some(other)) if one != other => {
                return Err(ApiError::bad_request(
                    "`Authorization` and `X-MeshGuard-API-Key` name different keys",
                    "send one of them",
                ));
            }
            (Some(key), _) | (None, Some(key)) => key,
            (None, None) => return Err(ApiError::unauthorized("Missing Authorization header", AGENT_REMEDY)),
        };
        if keys::same(&keys::hash(credential), &gateway.admin) {
            return Ok(Self::Admin);
        }
        agent_of(gateway, credential).await.map(Box::new).map(Self::Agent)
    }
}

fn credential(headers: &HeaderMap) -> Result<&str, ApiError> {
    bearer(headers)?.ok_or_else(|| ApiError::unauthorized("Missing Authorization header", AGENT_REMEDY))
}

/// The active agent that a key or a short-lived token belongs to.
async fn agent_of(gateway: &Gateway, credential: &str) -> Result<Agent, ApiError> {
    if !tokens::is_token(credential) {
        return active(gateway, &keys::hash(credential)).await;
    }
    let claims = tokens::read(&gateway.tokens, credential, unix_ms())
        .map_err(|why| ApiError::unauthorized(&why.to_string(), TOKEN_REMEDY))?;
    let agent = active(gateway, &claims.key).await?;
    if agent.id.as_str() == claims.agent {
        return Ok(agent);
    }
    Err(ApiError::unauthorized("Invalid token", TOKEN_REMEDY))
}

/// The active agent that a key belongs to.
async fn active(gateway: &Gateway, key: &KeyHash) -> Result<Agent, ApiError> {
    let found = gateway.store.agent_of_key(key).await?;
    let agent = found
        .filter(|agent| agent.status() == AgentStatus::Active && agent.organisation == gateway.organisation)
        .ok_or_else(|| ApiError::unauthorized("Invalid or revoked agent key", AGENT_REMEDY))?;
    gateway.limits.agent(agent.id.as_str(), gateway.limits.now())?;
    Ok(agent)
}

/// Whether a name that a request claims is this agent's.
pub(crate) fn is_named(agent: &Agent, claimed: &str) -> bool {
    claimed == agent.id.as_str() || claimed == agent.name
}

impl FromRequestParts<Arc<Gateway>> for AdminCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        let token = match single(&parts.headers, "x-admin-token")? {
            Some(token) => token,
            None => bearer(&parts.headers)?.ok_or_else(|| {
                ApiError::unauthorized("Missing X-Admin-Token or Authorization header", ADMIN_REMEDY)
            })?,
        };
        if keys::same(&keys::hash(token), &gateway.admin) {
            return Ok(Self);
        }
        let is_agent = gateway.store.agent_of_key(&keys::hash(token)).await?.is_some();
        Err(if is_agent {
            ApiError::forbidden("An agent's key may not administer", ADMIN_REMEDY)
        } else {
            ApiError::unauthorized("Invalid admin token", ADMIN_REMEDY)
        })
    }
}

/// A header that may stand once only.
pub(crate) fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.any(|other| Some(other) != first) {
        return Err(ApiError::bad_request(
            format!("`{name}` stands twice, with different values"),
            "send it once",
        ));
    }
    let Some(value) = first else { return Ok(None) };
    // Clients send raw UTF-8 too.
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Ok(Some(text)),
        Err(_) => {
            Err(ApiError::bad_request(format!("`{name}` is no UTF-8"), "use the JSON form for such texts"))
        }
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(value) = single(headers, "authorization")? else { return Ok(None) };
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(ApiError::unauthorized("Authorization is not of the form `Bearer KEY`", AGENT_REMEDY)),
    }
}
