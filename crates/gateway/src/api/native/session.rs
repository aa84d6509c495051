//! `/admin/session`: an operator signs in, gives the password again, signs out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use placet_store::{NewSession, Operator, OperatorChange};
use serde::Deserialize;
use serde_json::{Value, json};

use super::told;
use crate::actor::{Actor, By};
use crate::api::json::Body;
use crate::caller::{Caller, OwnSession};
use crate::error::ApiError;
use crate::machine::{rfc3339, unix_ms};
use crate::sessions::{IDLE_MS, LIFE_MS, SURE_MS};
use crate::state::Gateway;
use crate::{keys, rights};

/// Who signs in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    name: String,
    password: String,
}

/// The password once more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Again {
    password: String,
}

/// Another password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    old: String,
    new: String,
}

/// `POST /admin/session`: opens one and shows what is to be sent with requests, this once.
pub(crate) async fn sign_in(
    State(gateway): State<Arc<Gateway>>,
    Body(sent): Body<SignIn>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let found = gateway.store.operator(&gateway.organisation, &sent.name).await?;
    let found = found.filter(|operator| operator.disabled_ms.is_none() && operator.name == sent.name);
    let whose = format!("sign-in {}", sent.name);
    let Some((operator, password)) = checked(&gateway, found, &whose, sent.password).await? else {
        return Err(ApiError::unauthorized("Wrong name or password", "try again; five times are allowed"));
    };
    let (shown, hash) = keys::new_session().map_err(|error| ApiError::internal(&error))?;
    let now = unix_ms();
    let told = told(&gateway, &by_name(&operator), "open:session", operator.id.as_str())?;
    let ends_ms = now + LIFE_MS;
    let new = NewSession { hash, operator: operator.id.clone(), password, created_ms: now, ends_ms };
    gateway.store.open_session(new, told).await?;
    Ok((
        StatusCode::CREATED,
        Json(json!({
            "session": shown, "operator": {"id": operator.id, "name": operator.name, "role": operator.role},
            "endsAt": rfc3339(ends_ms), "idleSeconds": IDLE_MS / 1000, "stepUpSeconds": SURE_MS / 1000,
        })),
    ))
}

/// `GET /admin/session`: who one is, and what one may.
pub(crate) async fn show(caller: Caller) -> Json<Value> {
    let mut body =
        json!({"name": caller.by().text, "actor": caller.by().actor, "rights": caller.rights.names()});
    if let Some(fields) = body.as_object_mut() {
        match &caller.actor {
            Actor::Operator { operator, session, .. } => {
                let ends_ms = session.ends_ms.min(unix_ms() + IDLE_MS);
                fields.insert("role".to_owned(), operator.role.as_str().into());
                fields.insert("endsAt".to_owned(), rfc3339(ends_ms).into());
                fields.insert("sureUntil".to_owned(), rfc3339(session.password_ms + SURE_MS).into());
            }
            Actor::Token { expires_ms: Some(end), .. } => {
                fields.insert("endsAt".to_owned(), rfc3339(*end).into());
            }
            Actor::Token { .. } | Actor::Bootstrap => {}
        }
    }
    Json(body)
}

/// `POST /admin/session/step-up`: the password once more, for what needs it.
pub(crate) async fn step_up(
    State(gateway): State<Arc<Gateway>>,
    own: OwnSession,
    Body(sent): Body<Again>,
) -> Result<Json<Value>, ApiError> {
    let (operator, password) = sure(&gateway, &own, sent.password).await?;
    let now = unix_ms();
    let told = told(&gateway, &own.by, "renew:session", operator.id.as_str())?;
    gateway.store.renew_session(&own.hash, &password, now, told).await?;
    Ok(Json(json!({"success": true, "sureUntil": rfc3339(now + SURE_MS)})))
}

/// `POST /admin/session/password`: another password for oneself. All sessions end, this one too.
pub(crate) async fn password(
    State(gateway): State<Arc<Gateway>>,
    own: OwnSession,
    Body(sent): Body<Change>,
) -> Result<Json<Value>, ApiError> {
    let (operator, _) = sure(&gateway, &own, sent.old).await?;
    let password = Some(gateway.passwords.hash(sent.new).await?);
    let change = OperatorChange { has_role: operator.role.clone(), password, ..OperatorChange::default() };
    let told = told(&gateway, &own.by, "password:operator", operator.id.as_str())?;
    let id = operator.id.as_str();
    gateway.store.change_operator(&gateway.organisation, id, change, unix_ms(), told).await?;
    Ok(Json(json!({"success": true, "id": operator.id})))
}

/// `DELETE /admin/session`: ends it.
pub(crate) async fn sign_out(
    State(gateway): State<Arc<Gateway>>,
    own: OwnSession,
) -> Result<Json<Value>, ApiError> {
    let told = told(&gateway, &own.by, "end:session", own.operator.id.as_str())?;
    gateway.store.end_session(&own.hash, told).await?;
    Ok(Json(json!({"success": true})))
}

/// The operator of a session, whose password is the one that was given.
async fn sure(gateway: &Gateway, own: &OwnSession, password: String) -> Result<(Operator, String), ApiError> {
    // Counted apart from signing in, which anybody may try in somebody's name.
    let whose = format!("session {}", own.operator.id);
    checked(gateway, Some(own.operator.clone()), &whose, password)
        .await?
        .ok_or_else(|| ApiError::unauthorized("Wrong password", "try again; five times are allowed"))
}

/// The operator with the stored password, if the given one fits. What does not fit is on record.
async fn checked(
    gateway: &Gateway,
    operator: Option<Operator>,
    whose: &str,
    password: String,
) -> Result<Option<(Operator, String)>, ApiError> {
    // A name that nobody has is looked up all the same, so that both take as long.
    let unknown = placet_model::OperatorId::stored(String::new());
    let id = operator.as_ref().map_or(&unknown, |operator| &operator.id);
    let stored = gateway.store.operator_password(id).await?;
    if gateway.passwords.fits(whose, password, stored.clone(), unix_ms()).await? {
        return Ok(operator.zip(stored));
    }
    // What is typed for a name may be a password, so one that nobody has is not written down.
    let (by, what) = match &operator {
        Some(operator) => (By::gateway("sign-in"), operator.id.as_str()),
        None => (By::gateway("sign-in"), "an unknown name"),
    };
    gateway.store.append(vec![told(gateway, &by, "refuse:session", what)?]).await?;
    Ok(None)
}

fn by_name(operator: &Operator) -> By {
    let session = placet_store::OperatorSession {
        operator: operator.id.clone(),
        created_ms: 0,
        password_ms: 0,
        used_ms: 0,
        ends_ms: 0,
    };
    By::of(&Actor::Operator { operator: operator.clone(), session, hash: [0; 32] }, None)
}

/// What a role may, for those who look at operators.
pub(super) fn rights_of(role: &str) -> Vec<&'static str> {
    rights::of_role(role).names()
}
