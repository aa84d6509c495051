//! `/admin/operators`: who looks after the gateway. Nobody changes somebody who may more.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use placet_model::OperatorId;
use placet_store::{Operator, OperatorChange};
use serde::Deserialize;
use serde_json::{Value, json};

use super::session::rights_of;
use super::{name, told};
use crate::api::json::{Body, Params};
use crate::caller::{Caller, May, Sure, needed};
use crate::error::ApiError;
use crate::machine::{random, rfc3339, unix_ms};
use crate::rights::{Role, of_role};
use crate::state::Gateway;

/// An operator to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct New {
    name: String,
    role: String,
    password: String,
}

/// Another role.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    role: String,
}

/// Another password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Password {
    password: String,
}

/// Which operators are wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    status: Option<String>,
}

fn shown(operator: &Operator) -> Value {
    json!({
        "id": operator.id, "name": operator.name, "role": operator.role, "rights": rights_of(&operator.role),
        "status": if operator.disabled_ms.is_some() { "disabled" } else { "active" },
        "createdAt": rfc3339(operator.created_ms), "updatedAt": rfc3339(operator.updated_ms),
    })
}

/// `GET /admin/operators`: those who are not disabled; `?status=all` for all.
pub(crate) async fn list(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::OperatorsRead>,
    Params(wanted): Params<Wanted>,
) -> Result<Json<Value>, ApiError> {
    let all = match wanted.status.as_deref() {
        None | Some("active") => false,
        Some("all") => true,
        Some(other) => {
            return Err(ApiError::bad_request(format!("status `{other}`"), "use `active` or `all`"));
        }
    };
    let operators = gateway.store.operators(&gateway.organisation).await?;
    let fitting = operators.iter().filter(|operator| all || operator.disabled_ms.is_none());
    Ok(Json(json!({"operators": fitting.map(shown).collect::<Vec<_>>()})))
}

/// `POST /admin/operators`: makes one.
pub(crate) async fn create(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::OperatorsWrite>,
    Body(sent): Body<New>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let (name, role) = (name(&sent.name)?, role(&sent.role)?);
    covers(&caller, role.name())?;
    if sent.password == name {
        return Err(ApiError::bad_request("the password is the name", "choose another"));
    }
    let password = gateway.passwords.hash(sent.password).await?;
    let now = unix_ms();
    let operator = Operator {
        id: OperatorId::new(now.unsigned_abs(), random().map_err(|error| ApiError::internal(&error))?),
        organisation: gateway.organisation.clone(),
        name,
        role: role.name().to_owned(),
        created_ms: now,
        updated_ms: now,
        disabled_ms: None,
    };
    let what = format!("{} {} as {}", operator.id, operator.name, operator.role);
    let told = told(&gateway, &caller.by(), "create:operator", &what)?;
    gateway.store.create_operator(operator.clone(), password, told).await?;
    Ok((StatusCode::CREATED, Json(shown(&operator))))
}

/// `PATCH /admin/operators/:id`: another role, which counts from the next request on.
pub(crate) async fn change(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::OperatorsWrite>,
    Path(wanted): Path<String>,
    Body(sent): Body<Change>,
) -> Result<Json<Value>, ApiError> {
    let operator = found(&gateway, &caller, &wanted).await?;
    let role = role(&sent.role)?;
    covers(&caller, role.name())?;
    let what = format!("{} from {} to {}", operator.id, operator.role, role.name());
    let told = told(&gateway, &caller.by(), "role:operator", &what)?;
    let change = OperatorChange { role: Some(role.name().to_owned()), ..from(&operator) };
    let id = operator.id.as_str();
    let changed = gateway.store.change_operator(&gateway.organisation, id, change, unix_ms(), told).await?;
    Ok(Json(shown(&changed)))
}

/// `DELETE /admin/operators/:id`: disables, for ever. Sessions and tokens end.
pub(crate) async fn disable(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::OperatorsWrite>,
    Path(wanted): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let operator = found(&gateway, &caller, &wanted).await?;
    let told = told(&gateway, &caller.by(), "disable:operator", operator.id.as_str())?;
    let change = OperatorChange { disable: true, ..from(&operator) };
    let id = operator.id.as_str();
    gateway.store.change_operator(&gateway.organisation, id, change, unix_ms(), told).await?;
    Ok(Json(json!({"success": true, "id": operator.id, "name": operator.name})))
}

/// `POST /admin/operators/:id/password`: another password for somebody. Sessions end.
pub(crate) async fn password(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::OperatorsWrite>,
    Path(wanted): Path<String>,
    Body(sent): Body<Password>,
) -> Result<Json<Value>, ApiError> {
    let operator = found(&gateway, &caller, &wanted).await?;
    let password = Some(gateway.passwords.hash(sent.password).await?);
    let told = told(&gateway, &caller.by(), "password:operator", operator.id.as_str())?;
    let change = OperatorChange { password, ..from(&operator) };
    let id = operator.id.as_str();
    gateway.store.change_operator(&gateway.organisation, id, change, unix_ms(), told).await?;
    Ok(Json(json!({"success": true, "id": operator.id, "name": operator.name})))
}

/// Nothing changed yet, from the role on which it was decided that the change is right.
fn from(operator: &Operator) -> OperatorChange {
    OperatorChange { has_role: operator.role.clone(), ..OperatorChange::default() }
}

/// An operator that the caller may change.
async fn found(gateway: &Gateway, caller: &Caller, wanted: &str) -> Result<Operator, ApiError> {
    let found = gateway.store.operator(&gateway.organisation, wanted).await?;
    let active = found.filter(|operator| operator.disabled_ms.is_none());
    let operator = active.ok_or_else(|| ApiError::not_found(wanted))?;
    covers(caller, &operator.role)?;
    Ok(operator)
}

fn covers(caller: &Caller, role: &str) -> Result<(), ApiError> {
    if caller.rights.covers(of_role(role)) {
        return Ok(());
    }
    Err(ApiError::lacks(format!("{} has not all the rights of role `{role}`", caller.by().text)))
}

fn role(sent: &str) -> Result<Role, ApiError> {
    Role::parse(sent).ok_or_else(|| {
        ApiError::bad_request(
            format!("role `{sent}` is not known"),
            "use owner, admin, editor, approver or viewer",
        )
    })
}
