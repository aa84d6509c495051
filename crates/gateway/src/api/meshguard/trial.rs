//! `POST /admin/policies/test`: what would be answered, without anything being done, counted or recorded.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use placet_model::{AgentId, Verdict};
use placet_store::{Agent, AgentStatus, PolicyVersion};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::agents::{USUAL_TIER, tier};
use super::policies::invalid;
use crate::api::json::Body;
use crate::caller::{May, needed};
use crate::config::EnforcementMode;
use crate::deciding::{self, Question};
use crate::error::ApiError;
use crate::policies::{InForce, compile, outline};
use crate::state::Gateway;

/// A question to a policy.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    /// A policy as an object or as YAML text; without one, those in force.
    policy: Option<Value>,
    #[serde(alias = "agentId")]
    agent: Option<Asker>,
    action: String,
    resource: Option<String>,
    context: Option<Map<String, Value>>,
}

/// Who would do it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Asker {
    /// A registered agent, by id or name.
    Known(String),
    /// One that is made up for the question.
    MadeUp(MadeUp),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MadeUp {
    #[serde(default)]
    name: String,
    #[serde(alias = "tier")]
    trust_tier: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// Decides as if it were enforced.
pub(crate) async fn test(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::PoliciesRead>,
    Body(sent): Body<Sent>,
) -> Result<Json<Value>, ApiError> {
    let agent = asker(&gateway, sent.agent).await?;
    let policies = match &sent.policy {
        Some(policy) => alone(policy)?,
        None => gateway.policies.now(),
    };
    let question = Question {
        action: sent.action,
        resource: sent.resource,
        context: sent.context.map_or(Value::Null, Value::Object),
    };
    let answer = deciding::answer(&question, &agent, &policies, EnforcementMode::Enforce)?;
    let decision = &answer.decision;
    let word = match decision.verdict {
        Verdict::Allow if decision.rewrite.is_none() => "allow",
        Verdict::Ask => "ask",
        _ => "deny",
    };
    let (policy, rule) = match &decision.rule {
        Some(rule) => (rule.policy.as_str(), rule.rule.as_str()),
        None => ("", "default-deny"),
    };
    let mut body = json!({
        "decision": word, "allowed": word == "allow", "verdict": decision.verdict.name(), "policy": policy, "rule": rule,
        "reason": decision.reason, "message": decision.reason, "action": question.action, "agent": agent.name,
    });
    if let (Some(fields), Some(fix)) = (body.as_object_mut(), &decision.fix) {
        fields.insert("fix".to_owned(), fix.as_str().into());
    }
    Ok(Json(body))
}

/// One policy, with nothing but the floor above it.
fn alone(policy: &Value) -> Result<InForce, ApiError> {
    let text = match policy {
        Value::String(yaml) => yaml.clone(),
        Value::Object(_) => policy.to_string(),
        _ => return Err(invalid("`policy` is neither an object nor a text".to_owned())),
    };
    let name = outline(&text).map_err(invalid)?.name;
    let version =
        PolicyVersion { name, version: 0, yaml: Some(text), created_ms: 0, created_by: String::new() };
    let compiled = compile(std::slice::from_ref(&version)).map_err(invalid)?;
    Ok(InForce { bytes: compiled.bytes.into(), count: 1 })
}

async fn asker(gateway: &Gateway, asker: Option<Asker>) -> Result<Agent, ApiError> {
    match asker {
        Some(Asker::Known(wanted)) => {
            let found = gateway.store.agent(&gateway.organisation, &wanted).await?;
            let active = found.filter(|agent| agent.status() == AgentStatus::Active);
            active.ok_or_else(|| ApiError::not_found(&wanted))
        }
        Some(Asker::MadeUp(made_up)) => Ok(Agent {
            id: AgentId::stored(String::new()),
            organisation: gateway.organisation.clone(),
            name: made_up.name,
            trust_tier: tier(made_up.trust_tier.as_deref().unwrap_or(USUAL_TIER))?,
            tags: made_up.tags,
            capabilities: Vec::new(),
            metadata: Value::Null,
            created_ms: 0,
            updated_ms: 0,
            revoked_ms: None,
        }),
        None => Err(ApiError::bad_request(
            "`agent` is missing",
            "name an agent, or describe one: `{\"tags\": [], \"trustTier\": \"verified\"}`",
        )),
    }
}
