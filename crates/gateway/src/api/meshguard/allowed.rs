//! `GET /admin/policies/allowed?agent=NAME`: what an agent may do under the policies in force.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use placet_model::AgentIdentity;
use placet_policy::PolicySet;
use placet_store::AgentStatus;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::json::Params;
use crate::caller::{May, needed};
use crate::error::ApiError;
use crate::machine::aside;
use crate::policies::{compile, sources};
use crate::state::Gateway;

/// Whose standing is wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Id or name.
    #[serde(alias = "agentId")]
    agent: String,
}

/// Answers from the texts in force now, compiled anew, so that rules and their conditions belong together.
pub(crate) async fn allowed(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::PoliciesRead>,
    Params(Wanted { agent: wanted }): Params<Wanted>,
) -> Result<Json<Value>, ApiError> {
    let agent = gateway.store.agent(&gateway.organisation, &wanted).await?;
    let agent = agent
        .filter(|agent| agent.status() == AgentStatus::Active)
        .ok_or_else(|| ApiError::not_found(&wanted))?;
    let policies = gateway.store.policies(&gateway.organisation).await?;
    let compiled = compile(&policies).map_err(|why| ApiError::internal(&why))?;
    let set = PolicySet::open(&compiled.bytes).map_err(|error| ApiError::internal(&error))?;
    let identity = AgentIdentity {
        name: agent.name.clone(),
        tags: agent.tags.clone(),
        tier: agent.trust_tier.clone(),
        ..AgentIdentity::default()
    };
    let texts = sources(&policies);
    let mut body = aside(|| placet_policy::standing(&set, &identity, &texts)).json();
    if let Some(fields) = body.as_object_mut() {
        fields.insert("agent".to_owned(), agent.name.into());
        fields.insert("trustTier".to_owned(), agent.trust_tier.into());
        fields.insert("tags".to_owned(), json!(agent.tags));
        fields.insert("mode".to_owned(), gateway.mode.name().into());
    }
    Ok(Json(body))
}
