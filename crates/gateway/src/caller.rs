//! Who calls. A handler takes what it needs as an argument, and is called by nobody else: [`AgentCaller`], [`KeyCaller`] and
//! [`Speaker`] for agents, [`May`] and [`Sure`] for those with a right, [`OwnSession`] for an operator about itself.
//!
//! `INVARIANT:` rights are looked up at each request, and are never more than those of the operator they rest on (guarded by
//! `tests/it/admin_tokens.rs`).

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use placet_store::{Agent, AgentStatus, KeyHash, Operator};

use crate::actor::{Actor, By};
use crate::error::ApiError;
use crate::machine::unix_ms;
use crate::rights::{Right, Rights, of_role};
use crate::state::Gateway;
use crate::{keys, sessions, tokens};

/// An active agent, found by the key or the short-lived token it showed. What it may is looked up now, not taken from what it says.
pub(crate) struct AgentCaller(pub(crate) Agent);

/// The same with its long-lived key, and the hash of that.
pub(crate) struct KeyCaller {
    pub(crate) agent: Agent,
    pub(crate) key: KeyHash,
}

/// Whoever is no agent, and what they may.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) actor: Actor,
    /// The operator in whose name it is done.
    pub(crate) acting_as: Option<Operator>,
    pub(crate) rights: Rights,
}

impl Caller {
    /// As records tell it.
    pub(crate) fn by(&self) -> By {
        By::of(&self.actor, self.acting_as.as_ref())
    }

    /// Who shows these headers, and what they may now. Nothing is noted, so that whoever only watches does not prolong a session.
    ///
    /// # Errors
    /// When nobody does, or what is shown holds no more.
    pub(crate) async fn of(gateway: &Gateway, headers: &HeaderMap) -> Result<Self, ApiError> {
        let token = match single(headers, "x-admin-token")? {
            Some(token) => token,
            None => bearer(headers)?.ok_or_else(|| {
                ApiError::unauthorized("Missing X-Admin-Token or Authorization header", ADMIN_REMEDY)
            })?,
        };
        match known(gateway, token).await? {
            Some((actor, rights)) => acting(gateway, headers, actor, rights).await,
            None if gateway.store.agent_of_key(&keys::hash(token)).await?.is_some() => {
                Err(ApiError::forbidden("An agent's key may not administer", ADMIN_REMEDY))
            }
            None => Err(ApiError::unauthorized("Invalid admin token", ADMIN_REMEDY)),
        }
    }

    async fn note(&self, gateway: &Gateway) {
        if let Actor::Operator { session, hash, .. } = &self.actor {
            sessions::note(gateway, session, hash).await;
        }
    }

    /// # Errors
    /// When it has not the right.
    pub(crate) fn must_have(&self, right: Right) -> Result<(), ApiError> {
        if self.rights.has(right) {
            return Ok(());
        }
        Err(ApiError::lacks(format!(
            "the right `{}` is needed, and {} has it not",
            right.name(),
            self.by().text
        )))
    }
}

/// A right as a type, so that a handler can name the one it needs.
pub(crate) trait Needed: Send {
    const RIGHT: Right;
}

macro_rules! needed {
    ($($name:ident),* $(,)?) => {
        /// One type for each right that a handler asks for.
        pub(crate) mod needed {
            $(
                /// The right of that name.
                pub(crate) struct $name;
                impl super::Needed for $name {
                    const RIGHT: crate::rights::Right = crate::rights::Right::$name;
                }
            )*
        }
    };
}

needed! {
    AgentsRead, AgentsWrite, PoliciesRead, PoliciesApply, RecordsRead, RecordsWrite, DecideAny, OperatorsRead,
    OperatorsWrite, TokensRead, TokensWrite,
}

/// Whoever has the right.
pub(crate) struct May<N>(pub(crate) Caller, pub(crate) PhantomData<N>);

/// Whoever has the right; an operator gave the password a short while ago.
pub(crate) struct Sure<N>(pub(crate) Caller, pub(crate) PhantomData<N>);

/// An operator, about its own session.
pub(crate) struct OwnSession {
    pub(crate) operator: Operator,
    pub(crate) hash: KeyHash,
    pub(crate) by: By,
}

/// An agent that speaks for itself, or somebody with the right who speaks for any agent. Takes the key in `X-MeshGuard-API-Key` too.
pub(crate) enum Speaker<N> {
    /// The agent of the key.
    Agent(Box<Agent>),
    /// Whoever has the right.
    Other(Box<Caller>, PhantomData<N>),
}

const AGENT_REMEDY: &str = "send `Authorization: Bearer` with a key that `placet agent create` gave";
const TOKEN_REMEDY: &str = "get another at `POST /v1/token` with the agent's key";
const ADMIN_REMEDY: &str =
    "send `X-Admin-Token`, or `Authorization: Bearer`, with an administration token or a session";
const SESSION_REMEDY: &str = "sign in with `placet operator login`";

/// Header that names the operator in whose name something is done.
const ACT_AS: &str = "x-placet-act-as";

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

impl FromRequestParts<Arc<Gateway>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        let caller = Self::of(gateway, &parts.headers).await?;
        caller.note(gateway).await;
        Ok(caller)
    }
}

impl<N: Needed> FromRequestParts<Arc<Gateway>> for May<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, gateway).await?;
        caller.must_have(N::RIGHT)?;
        Ok(Self(caller, PhantomData))
    }
}

impl<N: Needed> FromRequestParts<Arc<Gateway>> for Sure<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        let May(caller, needed) = May::<N>::from_request_parts(parts, gateway).await?;
        match &caller.actor {
            Actor::Operator { session, .. } if !sessions::is_sure(session, unix_ms()) => {
                Err(ApiError::step_up_required())
            }
            // A token was made by somebody who had just given the password.
            _ => Ok(Self(caller, needed)),
        }
    }
}

impl FromRequestParts<Arc<Gateway>> for OwnSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, gateway).await?;
        if caller.acting_as.is_some() {
            return Err(ApiError::forbidden("A session is nobody else's", "leave `X-Placet-Act-As` out"));
        }
        let by = caller.by();
        match caller.actor {
            Actor::Operator { operator, hash, .. } => Ok(Self { operator, hash, by }),
            _ => Err(ApiError::forbidden("This is for operators who signed in", SESSION_REMEDY)),
        }
    }
}

impl<N: Needed> FromRequestParts<Arc<Gateway>> for Speaker<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, ApiError> {
        let other = |May::<N>(caller, needed)| Self::Other(Box::new(caller), needed);
        let headers = &parts.headers;
        if single(headers, "x-admin-token")?.is_some() {
            return May::from_request_parts(parts, gateway).await.map(other);
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
        if let Some((actor, rights)) = known(gateway, credential).await? {
            let caller = acting(gateway, headers, actor, rights).await?;
            caller.note(gateway).await;
            caller.must_have(N::RIGHT)?;
            return Ok(Self::Other(Box::new(caller), PhantomData));
        }
        refuse_acting(headers)?;
        agent_of(gateway, credential).await.map(Box::new).map(Self::Agent)
    }
}

/// Whoever shows a credential that is no agent's, with the rights that it gives now.
///
/// # Errors
/// When it was one and is no more.
async fn known(gateway: &Gateway, credential: &str) -> Result<Option<(Actor, Rights)>, ApiError> {
    let hash = keys::hash(credential);
    if keys::same(&hash, &gateway.admin) {
        return Ok(Some((Actor::Bootstrap, Rights::ALL)));
    }
    if credential.starts_with(keys::SESSION_PREFIX) {
        let (session, operator) = sessions::find(gateway, &hash).await?;
        let rights = of_role(&operator.role);
        return Ok(Some((Actor::Operator { operator, session, hash }, rights)));
    }
    let Some((token, operator)) = gateway.store.admin_token(&hash).await? else { return Ok(None) };
    if token.organisation != gateway.organisation {
        return Ok(None);
    }
    let ended = |why: &str| Err(ApiError::unauthorized(why, ADMIN_REMEDY));
    if token.revoked_ms.is_some() || operator.as_ref().is_some_and(|operator| operator.disabled_ms.is_some())
    {
        return ended("The admin token was revoked");
    }
    if token.expires_ms.is_some_and(|end| end <= unix_ms()) {
        return ended("The admin token has expired");
    }
    let most = match (&token.operator, &operator) {
        (None, _) => Rights::ALL,
        (Some(_), Some(operator)) => of_role(&operator.role),
        (Some(_), None) => Rights::default(),
    };
    let rights = Rights::of_names(&token.rights).and(most);
    let (id, name, operator, expires_ms) = (token.id, token.name, token.operator, token.expires_ms);
    Ok(Some((Actor::Token { id, name, operator, expires_ms }, rights)))
}

/// The caller, in another's name if a header says so: with what both may, so that nobody gains by it.
async fn acting(
    gateway: &Gateway,
    headers: &HeaderMap,
    actor: Actor,
    rights: Rights,
) -> Result<Caller, ApiError> {
    let caller = Caller { actor, acting_as: None, rights };
    let Some(name) = single(headers, ACT_AS)? else { return Ok(caller) };
    caller.must_have(Right::ActAs)?;
    let found = gateway.store.operator(&gateway.organisation, name).await?;
    let other = found.filter(|other| other.disabled_ms.is_none()).ok_or_else(|| ApiError::not_found(name))?;
    let rights = caller.rights.and(of_role(&other.role));
    Ok(Caller { acting_as: Some(other), rights, ..caller })
}

/// Agents act in nobody's name.
fn refuse_acting(headers: &HeaderMap) -> Result<(), ApiError> {
    match single(headers, ACT_AS)? {
        None => Ok(()),
        Some(_) => Err(ApiError::forbidden("An agent acts for itself", "leave `X-Placet-Act-As` out")),
    }
}

fn credential(headers: &HeaderMap) -> Result<&str, ApiError> {
    refuse_acting(headers)?;
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
