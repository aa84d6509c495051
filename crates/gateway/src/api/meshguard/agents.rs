//! `/admin/agents`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use placet_model::AgentId;
use placet_store::{Agent, AgentChange, AgentStatus, NewAgent};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::actor::By;
use crate::api::json::{Body, Params};
use crate::caller::{May, Sure, needed};
use crate::error::ApiError;
use crate::machine::{random, rfc3339, unix_ms};
use crate::recording;
use crate::state::Gateway;
use crate::{keys, tokens};

/// Trust tiers, from least to most; some of one rank.
const TIERS: &[&str] = &[
    "untrusted",
    "anonymous",
    "sandboxed",
    "restricted",
    "unverified",
    "basic",
    "verified",
    "trusted",
    "privileged",
];

/// Tier of an agent whose tier is not said.
pub(crate) const USUAL_TIER: &str = "verified";

/// An agent as clients send it; what they send beside is kept in `metadata`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    name: Option<String>,
    #[serde(alias = "tier", alias = "trust_tier")]
    trust_tier: Option<String>,
    tags: Option<Vec<String>>,
    capabilities: Option<Vec<String>>,
    description: Option<String>,
    metadata: Option<Map<String, Value>>,
}

/// Which agents are wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    status: Option<String>,
}

fn shown(agent: &Agent) -> Value {
    let mut body = json!({
        "id": agent.id, "name": agent.name, "trustTier": agent.trust_tier, "tags": agent.tags, "capabilities": agent.capabilities,
        "metadata": agent.metadata, "orgId": agent.organisation,
        "status": match agent.status() { AgentStatus::Active => "active", AgentStatus::Revoked => "revoked" },
        "createdAt": rfc3339(agent.created_ms), "updatedAt": rfc3339(agent.updated_ms),
    });
    if let (Some(fields), Some(revoked)) = (body.as_object_mut(), agent.revoked_ms) {
        fields.insert("revokedAt".to_owned(), rfc3339(revoked).into());
    }
    body
}

/// `GET /admin/agents`: the active ones; `?status=all` or `revoked` for others.
pub(crate) async fn list(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::AgentsRead>,
    Params(wanted): Params<Wanted>,
) -> Result<Json<Value>, ApiError> {
    let wanted = match wanted.status.as_deref() {
        None | Some("active") => Some(AgentStatus::Active),
        Some("revoked") => Some(AgentStatus::Revoked),
        Some("all") => None,
        Some(other) => {
            return Err(ApiError::bad_request(
                format!("status `{other}`"),
                "use `active`, `revoked` or `all`",
            ));
        }
    };
    let agents = gateway.store.agents(&gateway.organisation).await?;
    let fitting = agents.iter().filter(|agent| wanted.is_none_or(|wanted| agent.status() == wanted));
    Ok(Json(json!({"agents": fitting.map(shown).collect::<Vec<_>>()})))
}

/// `POST /admin/agents`: makes one and shows its key, this once.
pub(crate) async fn create(
    State(gateway): State<Arc<Gateway>>,
    May(caller, _): May<needed::AgentsWrite>,
    Body(sent): Body<Sent>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let name = name(sent.name.as_deref().unwrap_or_default())?;
    let trust_tier = tier(sent.trust_tier.as_deref().unwrap_or(USUAL_TIER))?;
    let failed = |error: std::io::Error| ApiError::internal(&error);
    let (key, key_hash, key_hint) = keys::new_key().map_err(failed)?;
    let now = unix_ms();
    let mut metadata = sent.metadata.unwrap_or_default();
    if let Some(description) = sent.description {
        metadata.insert("description".to_owned(), description.into());
    }
    let agent = Agent {
        id: AgentId::new(now.unsigned_abs(), random().map_err(failed)?),
        organisation: gateway.organisation.clone(),
        name,
        trust_tier,
        tags: sent.tags.unwrap_or_default(),
        capabilities: sent.capabilities.unwrap_or_default(),
        metadata: Value::Object(metadata),
        created_ms: now,
        updated_ms: now,
        revoked_ms: None,
    };
    let told = told(&gateway, &caller.by(), "create:agent", agent.id.as_str())?;
    gateway.store.create_agent(NewAgent { agent: agent.clone(), key_hash, key_hint }, told).await?;
    let mut body = shown(&agent);
    show_credentials(&gateway, &agent, key, &mut body);
    Ok((StatusCode::CREATED, Json(body)))
}

/// `GET /admin/agents/:id`, by id or name.
pub(crate) async fn show(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::AgentsRead>,
    Path(wanted): Path<String>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(shown(&found(&gateway, &wanted).await?)))
}

/// `PATCH` and `PUT /admin/agents/:id`: what is not sent stays as it is.
pub(crate) async fn change(
    State(gateway): State<Arc<Gateway>>,
    May(caller, _): May<needed::AgentsWrite>,
    Path(wanted): Path<String>,
    Body(sent): Body<Sent>,
) -> Result<Json<Value>, ApiError> {
    let agent = found(&gateway, &wanted).await?;
    let mut metadata = sent.metadata;
    if let Some(description) = sent.description {
        let kept = agent.metadata.as_object().cloned().unwrap_or_default();
        metadata.get_or_insert(kept).insert("description".to_owned(), description.into());
    }
    let change = AgentChange {
        // One client sends an empty name for one that is to stay.
        name: sent.name.filter(|sent| !sent.is_empty()).as_deref().map(name).transpose()?,
        trust_tier: sent.trust_tier.as_deref().map(tier).transpose()?,
        tags: sent.tags,
        capabilities: sent.capabilities,
        metadata: metadata.map(Value::Object),
    };
    let told = told(&gateway, &caller.by(), "change:agent", agent.id.as_str())?;
    let changed =
        gateway.store.change_agent(&gateway.organisation, agent.id.as_str(), change, unix_ms(), told).await?;
    Ok(Json(shown(&changed)))
}

/// `DELETE /admin/agents/:id`: revokes, for ever.
pub(crate) async fn revoke(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::AgentsWrite>,
    Path(wanted): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let agent = found(&gateway, &wanted).await?;
    let told = told(&gateway, &caller.by(), "revoke:agent", agent.id.as_str())?;
    gateway.store.revoke_agent(&gateway.organisation, agent.id.as_str(), unix_ms(), told).await?;
    Ok(Json(json!({"success": true, "id": agent.id})))
}

/// `POST /admin/agents/:id/token`: a new key; the old ones end.
pub(crate) async fn rotate(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::AgentsWrite>,
    Path(wanted): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let agent = found(&gateway, &wanted).await?;
    let (key, hash, hint) = keys::new_key().map_err(|error| ApiError::internal(&error))?;
    let told = told(&gateway, &caller.by(), "rotate:agent", agent.id.as_str())?;
    gateway.store.rotate_key(&gateway.organisation, agent.id.as_str(), (hash, hint), unix_ms(), told).await?;
    let mut body = json!({"id": agent.id, "name": agent.name});
    show_credentials(&gateway, &agent, key, &mut body);
    Ok(Json(body))
}

/// The long-lived key and a token made from it: the only time they are shown.
fn show_credentials(gateway: &Gateway, agent: &Agent, key: String, body: &mut Value) {
    let made = tokens::make(&gateway.tokens, agent, &keys::hash(&key), unix_ms(), gateway.token_life_s);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("token".to_owned(), made.token.into());
        fields.insert("tokenExpiresAt".to_owned(), rfc3339(made.ends_ms).into());
        fields.insert("api_key".to_owned(), key.into());
    }
}

async fn found(gateway: &Gateway, wanted: &str) -> Result<Agent, ApiError> {
    gateway.store.agent(&gateway.organisation, wanted).await?.ok_or_else(|| ApiError::not_found(wanted))
}

fn told(gateway: &Gateway, by: &By, action: &str, what: &str) -> Result<placet_store::RecordRow, ApiError> {
    recording::of_change(&gateway.organisation, by, action, what).map_err(|error| ApiError::internal(&error))
}

fn name(sent: &str) -> Result<String, ApiError> {
    let fits =
        !sent.is_empty() && sent.len() <= 128 && !sent.chars().any(char::is_control) && sent.trim() == sent;
    if fits {
        Ok(sent.to_owned())
    } else {
        Err(ApiError::bad_request(
            "`name` is missing or no name",
            "1 to 128 bytes, no control characters, no blanks around it",
        ))
    }
}

/// A trust tier, as it is stored.
pub(crate) fn tier(sent: &str) -> Result<String, ApiError> {
    if TIERS.contains(&sent) {
        return Ok(sent.to_owned());
    }
    Err(ApiError::bad_request(
        format!("trust tier `{sent}` is not known"),
        "use unverified, basic, verified, trusted or privileged",
    ))
}
