//! `/admin/audit`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use placet_store::{RecordQuery, RecordRow};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::json::Params;
use crate::caller::{May, needed};
use crate::error::ApiError;
use crate::machine::{rfc3339, unix_ms};
use crate::state::Gateway;

const HOUR_MS: i64 = 3_600_000;

/// Which records are wanted, in the clients' spelling and our own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wanted {
    limit: Option<i64>,
    decision: Option<String>,
    #[serde(alias = "agent")]
    agent_id: Option<String>,
    action: Option<String>,
    #[serde(alias = "trace_id", alias = "trace")]
    trace_id: Option<String>,
    session: Option<String>,
    from: Option<String>,
    to: Option<String>,
    cursor: Option<String>,
    period: Option<String>,
}

/// `GET /admin/audit`, newest first.
pub(crate) async fn query(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::RecordsRead>,
    Params(wanted): Params<Wanted>,
) -> Result<Json<Value>, ApiError> {
    let page = gateway.store.records(&gateway.organisation, &record_query(&gateway, wanted).await?).await?;
    let entries: Vec<Value> = page.records.iter().map(entry).collect();
    let mut body = json!({"entries": entries});
    if let (Some(fields), Some((unix_ms, id))) = (body.as_object_mut(), page.next) {
        fields.insert("next".to_owned(), format!("{unix_ms}.{id}").into());
    }
    Ok(Json(body))
}

/// `GET /admin/audit/stats`: how many of each decision in the last hours.
pub(crate) async fn stats(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::RecordsRead>,
    Params(mut wanted): Params<Wanted>,
) -> Result<Json<Value>, ApiError> {
    let period = wanted.period.take().unwrap_or_else(|| "24h".to_owned());
    let hours = hours(&period).ok_or_else(|| {
        ApiError::bad_request(format!("period `{period}`"), "give hours or days, as in `24h` or `7d`")
    })?;
    let mut query = record_query(&gateway, wanted).await?;
    query.from_ms = query.from_ms.or(Some(unix_ms() - hours * HOUR_MS));
    let counts = gateway.store.counts(&gateway.organisation, &query).await?;
    let of = |name: &str| {
        counts.by_decision.iter().find(|(known, _)| known == name).map_or(0, |(_, number)| *number)
    };
    let denied: Vec<Value> = counts
        .denied_actions
        .iter()
        .map(|(action, number)| json!({"action": action, "count": number}))
        .collect();
    let decided = of("allow") + of("ask") + of("deny") + of("abstain");
    Ok(Json(json!({
        "total": decided, "allowed": of("allow"), "denied": of("deny"), "asked": of("ask"), "abstained": of("abstain"),
        "period": period, "topDenied": denied,
    })))
}

/// A record in both spellings that clients read.
pub(super) fn entry(row: &RecordRow) -> Value {
    let payload: Value = serde_json::from_str(&row.payload).unwrap_or_default();
    let meta =
        payload.get("context").cloned().filter(|context| !context.is_null()).unwrap_or_else(|| json!({}));
    let mut entry = json!({
        "id": row.id, "timestamp": rfc3339(row.unix_ms), "agentId": row.agent, "agentName": row.agent_name,
        "orgId": row.organisation, "action": row.action, "resource": row.resource, "decision": row.decision, "result": row.decision,
        "enforced": row.enforced, "meta": meta, "metadata": meta, "details": meta,
    });
    if let Some(fields) = entry.as_object_mut() {
        let mut put = |names: &[&str], value: &Option<String>| {
            for name in names {
                if let Some(value) = value {
                    fields.insert((*name).to_owned(), value.as_str().into());
                }
            }
        };
        put(&["policy", "policyName"], &row.policy);
        put(&["rule"], &row.rule);
        put(&["reason"], &row.reason);
        put(&["traceId", "trace_id"], &row.trace);
        put(&["session"], &row.session);
        for (name, key) in [
            ("trustTier", "tier"),
            ("event", "event"),
            ("by", "by"),
            ("actor", "actor"),
            ("reported", "reported"),
            ("origin", "origin"),
            ("tool", "tool"),
            ("change", "change"),
        ] {
            if let Some(value) = payload.get(key) {
                fields.insert(name.to_owned(), value.clone());
            }
        }
    }
    entry
}

pub(super) async fn record_query(gateway: &Gateway, wanted: Wanted) -> Result<RecordQuery, ApiError> {
    // Names are used as ids by people.
    let agent = match wanted.agent_id {
        None => None,
        Some(wanted) => {
            let found = gateway.store.agent(&gateway.organisation, &wanted).await?;
            Some(found.map_or(wanted, |agent| agent.id.as_str().to_owned()))
        }
    };
    let after = match wanted.cursor.as_deref().map(|cursor| cursor.split_once('.')) {
        None => None,
        Some(Some((unix_ms, id))) if unix_ms.parse::<i64>().is_ok() => {
            Some((unix_ms.parse().unwrap_or_default(), id.to_owned()))
        }
        Some(_) => {
            return Err(ApiError::bad_request("`cursor` is none", "use the `next` of the page before"));
        }
    };
    Ok(RecordQuery {
        agent,
        decision: wanted.decision,
        action: wanted.action,
        trace: wanted.trace_id,
        session: wanted.session,
        from_ms: wanted.from.as_deref().map(|text| time(text, "from")).transpose()?,
        to_ms: wanted.to.as_deref().map(|text| time(text, "to")).transpose()?,
        after,
        limit: wanted.limit.unwrap_or(50),
    })
}

fn hours(period: &str) -> Option<i64> {
    let hours = match period.strip_suffix('d') {
        Some(days) => days.parse::<i64>().ok()?.checked_mul(24)?,
        None => period.strip_suffix('h').unwrap_or(period).parse().ok()?,
    };
    (1..=24 * 3660).contains(&hours).then_some(hours)
}

/// A time, or the beginning of a day, in UTC.
fn time(text: &str, name: &str) -> Result<i64, ApiError> {
    let exact = text.parse::<jiff::Timestamp>().ok();
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    exact.map(|time| time.as_millisecond()).or_else(|| Some(day()?.timestamp().as_millisecond())).ok_or_else(
        || {
            ApiError::bad_request(
                format!("`{name}` is no time: `{text}`"),
                "as in 2026-01-31 or 2026-01-31T12:00:00Z",
            )
        },
    )
}
