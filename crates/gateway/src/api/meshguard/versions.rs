//! `/admin/policies/:name/versions`, and the way back to one of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use placet_store::{PolicyChange, PolicyVersion};
use serde::Deserialize;
use serde_json::{Value, json};

use super::policies::{change, store};
use crate::api::json::Body;
use crate::caller::{May, Sure, needed};
use crate::error::ApiError;
use crate::machine::rfc3339;
use crate::state::Gateway;

/// `GET /admin/policies/:name/versions`, the newest first.
pub(crate) async fn versions(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::PoliciesRead>,
    Path(name): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let versions = gateway.store.policy_versions(&gateway.organisation, &name).await?;
    if versions.is_empty() {
        return Err(ApiError::not_found(&name));
    }
    let list: Vec<Value> = versions
        .iter()
        .map(|one| {
            json!({"version": one.version, "appliedBy": one.created_by, "appliedAt": rfc3339(one.created_ms), "yaml": one.yaml})
        })
        .collect();
    Ok(Json(json!({"name": name, "versions": list})))
}

/// Where to go back to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Back {
    /// The version whose text it gets; when missing, the one before the newest.
    version: Option<i64>,
    /// The newest version when the caller looked.
    #[serde(rename = "expectedVersion")]
    expected: Option<i64>,
}

/// `POST /admin/policies/:name/rollback`: an older text as a new version. A deleted policy comes back so.
pub(crate) async fn rollback(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::PoliciesApply>,
    Path(name): Path<String>,
    Body(back): Body<Back>,
) -> Result<Json<Value>, ApiError> {
    let versions = gateway.store.policy_versions(&gateway.organisation, &name).await?;
    let newest = versions.first().ok_or_else(|| ApiError::not_found(&name))?.version;
    let wanted = wanted(&name, &versions, back.version)?;
    let by = caller.by();
    let yaml = wanted.yaml.as_deref().ok_or_else(|| {
        ApiError::bad_request(
            format!("version {} of `{name}` is its deletion and has no text", wanted.version),
            "name a version that has a text; `DELETE` takes a policy out of force",
        )
    })?;
    // Whoever says nothing saw what is read here: what comes between counts as a change of somebody else.
    let expected = Some(back.expected.unwrap_or(newest));
    let change = PolicyChange { expected, ..change(&gateway, &by, yaml, Some(&name)).await? };
    let beside = json!({"to_version": wanted.version, "from_version": newest});
    let version = store(&gateway, &by, change, beside, "rollback:policy").await?;
    Ok(Json(json!({"id": name, "name": name, "version": version, "textOf": wanted.version})))
}

/// The version of that number, else the one before the newest.
fn wanted<'a>(
    name: &str,
    versions: &'a [PolicyVersion],
    number: Option<i64>,
) -> Result<&'a PolicyVersion, ApiError> {
    let found = match number {
        Some(number) => versions.iter().find(|one| one.version == number),
        None => versions.get(1),
    };
    found.ok_or_else(|| match number {
        Some(number) => ApiError::not_found(&format!("version {number} of {name}")),
        None => ApiError::bad_request(
            format!("`{name}` has no version before its first"),
            "`DELETE` takes it out of force",
        ),
    })
}
