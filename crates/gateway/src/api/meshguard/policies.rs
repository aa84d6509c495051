//! `/admin/policies`.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{ETAG, IF_MATCH};
use axum::response::{IntoResponse, Response};
use placet_store::{PolicyChange, PolicyVersion};
use serde_json::{Value, json};

use crate::actor::By;
use crate::caller::{May, Sure, needed};
use crate::error::ApiError;
use crate::machine::{rfc3339, unix_ms};
use crate::policies::{check, outline};
use crate::recording;
use crate::state::Gateway;

fn shown(policy: &PolicyVersion) -> Value {
    let mut body = json!({
        "id": policy.name, "name": policy.name, "version": policy.version, "appliedBy": policy.created_by,
        "appliedAt": rfc3339(policy.created_ms), "deleted": policy.yaml.is_none(), "rules": [],
    });
    let outline = policy.yaml.as_deref().and_then(|yaml| outline(yaml).ok());
    if let (Some(fields), Some(outline)) = (body.as_object_mut(), outline) {
        let rules = outline.rules.iter().map(|rule| {
            let mut shown =
                json!({"id": rule.name, "name": rule.name, "effect": rule.effect, "actions": rule.actions});
            if let (Some(fields), Some(reason)) = (shown.as_object_mut(), &rule.reason) {
                fields.insert("reason".to_owned(), reason.as_str().into());
            }
            shown
        });
        fields.insert("rules".to_owned(), rules.collect());
        for key in ["description", "appliesTo", "defaultEffect"] {
            if let Some(value) = outline.document.get(key) {
                fields.insert(key.to_owned(), value.clone());
            }
        }
    }
    body
}

/// `GET /admin/policies`: those in force.
pub(crate) async fn list(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::PoliciesRead>,
) -> Result<Json<Value>, ApiError> {
    let policies = gateway.store.policies(&gateway.organisation).await?;
    Ok(Json(json!({"policies": policies.iter().map(shown).collect::<Vec<_>>()})))
}

/// `GET /admin/policies/:name`, with its text.
pub(crate) async fn show(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::PoliciesRead>,
    Path(name): Path<String>,
) -> Result<Response, ApiError> {
    let policies = gateway.store.policies(&gateway.organisation).await?;
    let policy =
        policies.iter().find(|policy| policy.name == name).ok_or_else(|| ApiError::not_found(&name))?;
    let mut body = shown(policy);
    if let (Some(fields), Some(yaml)) = (body.as_object_mut(), &policy.yaml) {
        fields.insert("yaml".to_owned(), yaml.as_str().into());
    }
    Ok(([(ETAG, format!("\"{}\"", policy.version))], Json(body)).into_response())
}

/// `POST /admin/policies`: YAML or JSON; the name is in the text.
pub(crate) async fn apply(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::PoliciesApply>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    apply_text(&gateway, &caller.by(), text(&body)?, None, seen(&headers)?).await
}

/// `PUT /admin/policies/:name`: the same; the text must have that name.
pub(crate) async fn apply_named(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::PoliciesApply>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    apply_text(&gateway, &caller.by(), text(&body)?, Some(&name), seen(&headers)?).await
}

/// `POST /admin/policies/validate`: 200 when it could be applied.
pub(crate) async fn validate(
    State(gateway): State<Arc<Gateway>>,
    May(caller, _): May<needed::PoliciesRead>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let change = change(&gateway, &caller.by(), text(&body)?, None).await?;
    Ok(Json(json!({"valid": true, "name": change.name})))
}

/// `DELETE /admin/policies/:name`. Its versions stay.
pub(crate) async fn delete(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::PoliciesApply>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let by = caller.by();
    let change = PolicyChange {
        organisation: gateway.organisation.clone(),
        name: name.clone(),
        yaml: None,
        expected: seen(&headers)?,
        by: by.text.clone(),
        unix_ms: unix_ms(),
    };
    check(gateway.store.as_ref(), &gateway.organisation, &change).await.map_err(invalid)?;
    let version = store(&gateway, &by, change, Value::Null, "delete:policy").await?;
    Ok(Json(json!({"success": true, "name": name, "version": version})))
}

async fn apply_text(
    gateway: &Arc<Gateway>,
    by: &By,
    yaml: &str,
    named: Option<&str>,
    expected: Option<i64>,
) -> Result<Json<Value>, ApiError> {
    let change = PolicyChange { expected, ..change(gateway, by, yaml, named).await? };
    let name = change.name.clone();
    let version = store(gateway, by, change, Value::Null, "apply:policy").await?;
    Ok(Json(json!({"id": name, "name": name, "version": version})))
}

/// A change that compiles together with everything else in force.
pub(super) async fn change(
    gateway: &Gateway,
    by: &By,
    yaml: &str,
    named: Option<&str>,
) -> Result<PolicyChange, ApiError> {
    let name = outline(yaml).map_err(invalid)?.name;
    if let Some(named) = named.filter(|named| *named != name) {
        return Err(ApiError::bad_request(
            format!("the text is named `{name}`, the path `{named}`"),
            "make both the same",
        ));
    }
    let change = PolicyChange {
        organisation: gateway.organisation.clone(),
        name,
        yaml: Some(yaml.to_owned()),
        expected: None,
        by: by.text.clone(),
        unix_ms: unix_ms(),
    };
    check(gateway.store.as_ref(), &gateway.organisation, &change).await.map_err(invalid)?;
    Ok(change)
}

/// Stores a change, with what its record tells beside; it is in force here when this returns.
pub(super) async fn store(
    gateway: &Gateway,
    by: &By,
    change: PolicyChange,
    beside: Value,
    action: &str,
) -> Result<i64, ApiError> {
    let told = recording::of_change_with(&gateway.organisation, by, action, &change.name, beside)
        .map_err(|error| ApiError::internal(&error))?;
    let version = gateway.store.change_policy(change, told).await?;
    gateway.policies.reload(gateway.store.as_ref(), &gateway.organisation).await.map_err(
        |error| match error {
            crate::policies::PoliciesError::Store(error) => error.into(),
            crate::policies::PoliciesError::Compile(why) => ApiError::internal(&why),
        },
    )?;
    Ok(version)
}

/// The newest version when the caller looked, as `If-Match: "3"` says it.
fn seen(headers: &HeaderMap) -> Result<Option<i64>, ApiError> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse::<i64>().ok());
    number.filter(|number| *number >= 0).map(Some).ok_or_else(|| {
        ApiError::bad_request(
            "`If-Match` names no version",
            "send the number that the `ETag` of the policy has",
        )
    })
}

fn text(body: &Bytes) -> Result<&str, ApiError> {
    std::str::from_utf8(body)
        .map_err(|_| ApiError::bad_request("the policy is no UTF-8", "send YAML or JSON"))
}

/// A policy that cannot be.
pub(crate) fn invalid(why: String) -> ApiError {
    ApiError::bad_request(why, "`placet policy check FILE` shows the place")
}
