//! `/admin/tokens`: tokens for administration, each with its rights and its end. None gives what its maker has not.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use placet_model::AdminTokenId;
use placet_store::AdminToken;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{name, told};
use crate::actor::Actor;
use crate::api::json::{Body, Params};
use crate::caller::{Caller, May, Sure, needed};
use crate::error::ApiError;
use crate::keys;
use crate::machine::{random, rfc3339, unix_ms};
use crate::rights::{Right, Rights};
use crate::state::Gateway;

/// How long a token holds when nobody says, in milliseconds.
const USUAL_MS: i64 = 90 * DAY_MS;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Longest life but for ever, in milliseconds.
const LONGEST_MS: i64 = 3660 * DAY_MS;

/// A token to be made.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct New {
    name: String,
    rights: Vec<String>,
    /// `30d`, `12h`, `never`; 90 days when it is missing.
    expires_in: Option<String>,
}

/// Which tokens are wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    status: Option<String>,
}

fn status(token: &AdminToken, now_ms: i64) -> &'static str {
    match (token.revoked_ms, token.expires_ms) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= now_ms => "expired",
        (None, _) => "active",
    }
}

fn shown(token: &AdminToken, now_ms: i64) -> Value {
    let mut body = json!({
        "id": token.id, "name": token.name, "hint": token.hint, "rights": token.rights,
        "status": status(token, now_ms),
        "createdAt": rfc3339(token.created_ms), "createdBy": token.created_by,
    });
    if let Some(fields) = body.as_object_mut() {
        for (name, time) in [("expiresAt", token.expires_ms), ("revokedAt", token.revoked_ms)] {
            if let Some(time) = time {
                fields.insert(name.to_owned(), rfc3339(time).into());
            }
        }
    }
    body
}

/// `GET /admin/tokens`: those in force; `?status=all` for all.
pub(crate) async fn list(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::TokensRead>,
    Params(wanted): Params<Wanted>,
) -> Result<Json<Value>, ApiError> {
    let all = match wanted.status.as_deref() {
        None | Some("active") => false,
        Some("all") => true,
        Some(other) => {
            return Err(ApiError::bad_request(format!("status `{other}`"), "use `active` or `all`"));
        }
    };
    let now = unix_ms();
    let tokens = gateway.store.admin_tokens(&gateway.organisation).await?;
    let fitting = tokens.iter().filter(|token| all || status(token, now) == "active");
    Ok(Json(json!({"tokens": fitting.map(|token| shown(token, now)).collect::<Vec<_>>()})))
}

/// `POST /admin/tokens`: makes one and shows it, this once.
pub(crate) async fn create(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::TokensWrite>,
    Body(sent): Body<New>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let name = name(&sent.name)?;
    let rights = rights(&caller, &sent.rights)?;
    let now = unix_ms();
    let (operator, parent, latest) = match &caller.actor {
        Actor::Bootstrap => (None, None, None),
        Actor::Operator { operator, .. } => (Some(operator.id.clone()), None, None),
        Actor::Token { id, operator, expires_ms, .. } => (operator.clone(), Some(id.clone()), *expires_ms),
    };
    let failed = |error: std::io::Error| ApiError::internal(&error);
    let (token, hash, hint) = keys::new_token().map_err(failed)?;
    let by = caller.by();
    let new = AdminToken {
        id: AdminTokenId::new(now.unsigned_abs(), random().map_err(failed)?),
        organisation: gateway.organisation.clone(),
        name,
        hint,
        rights: rights.names().into_iter().map(str::to_owned).collect(),
        operator,
        parent,
        created_ms: now,
        created_by: by.text.clone(),
        expires_ms: end(sent.expires_in.as_deref(), now, latest)?,
        revoked_ms: None,
    };
    let what = format!("{} {}: {}", new.id, new.name, new.rights.join(", "));
    gateway.store.create_admin_token(new.clone(), hash, told(&gateway, &by, "create:token", &what)?).await?;
    let mut body = shown(&new, now);
    if let Some(fields) = body.as_object_mut() {
        fields.insert("token".to_owned(), token.into());
    }
    Ok((StatusCode::CREATED, Json(body)))
}

/// `DELETE /admin/tokens/:id`, by id or by the name of one in force. Those made with it end too.
pub(crate) async fn revoke(
    State(gateway): State<Arc<Gateway>>,
    Sure(caller, _): Sure<needed::TokensWrite>,
    Path(wanted): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let tokens = gateway.store.admin_tokens(&gateway.organisation).await?;
    let in_force = || tokens.iter().filter(|token| token.revoked_ms.is_none());
    let found = in_force().find(|token| token.id.as_str() == wanted);
    let token = found
        .or_else(|| in_force().find(|token| token.name == wanted))
        .ok_or_else(|| ApiError::not_found(&wanted))?;
    let what = format!("{} {}", token.id, token.name);
    let told = told(&gateway, &caller.by(), "revoke:token", &what)?;
    let id = token.id.as_str();
    let ended = gateway.store.revoke_admin_token(&gateway.organisation, id, unix_ms(), told).await?;
    Ok(Json(json!({"success": true, "id": token.id, "name": token.name, "revoked": ended})))
}

/// Rights that are known and that the caller has.
fn rights(caller: &Caller, names: &[String]) -> Result<Rights, ApiError> {
    let mut wanted = Vec::with_capacity(names.len());
    for name in names {
        let right = Right::parse(name).ok_or_else(|| {
            ApiError::bad_request(
                format!("there is no right `{name}`"),
                "the manual lists the rights, under `Who may do what`",
            )
        })?;
        if !caller.rights.has(right) {
            let by = caller.by().text;
            return Err(ApiError::lacks(format!("{by} cannot give `{name}`, which it has not")));
        }
        wanted.push(right);
    }
    if wanted.is_empty() {
        return Err(ApiError::bad_request("`rights` is empty", "name at least one right"));
    }
    Ok(Rights::of(&wanted))
}

/// When a token ends: not after the one it is made with.
fn end(sent: Option<&str>, now_ms: i64, latest_ms: Option<i64>) -> Result<Option<i64>, ApiError> {
    let wanted = match sent {
        None => {
            let usual = now_ms + USUAL_MS;
            return Ok(Some(latest_ms.map_or(usual, |latest| latest.min(usual))));
        }
        Some("never") => None,
        Some(text) => Some(now_ms + life_ms(text)?),
    };
    match (latest_ms, wanted) {
        (Some(latest), None) => Err(too_late(latest)),
        (Some(latest), Some(end)) if end > latest => Err(too_late(latest)),
        _ => Ok(wanted),
    }
}

fn too_late(latest_ms: i64) -> ApiError {
    ApiError::bad_request(
        format!("the token it is made with ends at {}", rfc3339(latest_ms)),
        "let it end earlier, or make it with a session",
    )
}

/// A time such as `30d`, `12h`, `45m` or `90s`.
fn life_ms(text: &str) -> Result<i64, ApiError> {
    let units = [("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", DAY_MS), ("w", 7 * DAY_MS)];
    let life = units.iter().find_map(|(unit, ms)| {
        text.strip_suffix(unit)?.parse::<u32>().ok().and_then(|number| i64::from(number).checked_mul(*ms))
    });
    life.filter(|life| (1..=LONGEST_MS).contains(life)).ok_or_else(|| {
        ApiError::bad_request(
            format!("`{text}` is no time that a token can hold"),
            "as in `30d`, `12h`, at most ten years, or `never`",
        )
    })
}
