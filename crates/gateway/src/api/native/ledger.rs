//! `GET /admin/ledger` and `GET /admin/ledger/lines`: the chain over all records, for whoever checks it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use placet_ledger::{Hash, Head};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::json::Params;
use crate::caller::{May, needed};
use crate::error::ApiError;
use crate::machine::rfc3339;
use crate::sealing;
use crate::state::Gateway;

/// Lines in one answer at most.
const LINES: u64 = 2000;

/// Bytes after which an answer ends, with the line that stands there.
const BYTES: usize = 4 << 20;

/// Which lines are wanted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Those behind this number; from the header on if there is none.
    after: Option<u64>,
    /// How many at most.
    limit: Option<u64>,
}

/// Where the chain ends.
pub(crate) async fn head(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::RecordsRead>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(match gateway.store.ledger_head(&gateway.organisation).await? {
        None => json!({ "head": null }),
        Some(head) => json!({
            "head": {"segment": head.segment, "seq": head.seq, "hash": head.hash},
            "opened": rfc3339(head.opened_ms),
        }),
    }))
}

/// Lines, as a segment of a ledger holds them. None when all are known.
pub(crate) async fn lines(
    State(gateway): State<Arc<Gateway>>,
    _may: May<needed::RecordsRead>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, ApiError> {
    let limit = wanted.limit.unwrap_or(LINES).clamp(1, LINES);
    let mut bytes = Vec::new();
    if let Some(end) = gateway.store.ledger_head(&gateway.organisation).await? {
        let (line, first) = sealing::header(&end).line();
        let (mut known, mut count) = (wanted.after, 0);
        if known.is_none() {
            bytes.extend(line);
            (known, count) = (Some(0), 1);
        }
        let after = known.unwrap_or_default();
        more(&gateway, &first.segment, after, limit - count, &mut bytes).await?;
    }
    let headers = [(CONTENT_TYPE, "application/x-ndjson"), (CACHE_CONTROL, "no-store")];
    Ok((headers, bytes).into_response())
}

/// Adds the lines behind a number.
async fn more(
    gateway: &Gateway,
    segment: &str,
    after: u64,
    limit: u64,
    bytes: &mut Vec<u8>,
) -> Result<(), ApiError> {
    let broken = || ApiError::internal(&"a line of the ledger cannot be read");
    let (mut after, mut left) = (after, limit);
    while left > 0 && bytes.len() < BYTES {
        let place = i64::try_from(after)
            .map_err(|_| ApiError::bad_request("`after` is no line", "give the `seq` of a line"))?;
        let Some(batch) = gateway.store.sealed_after(&gateway.organisation, place).await? else { break };
        let hash = Hash::parse(&batch.before).ok_or_else(broken)?;
        let seq = u64::try_from(batch.first - 1).map_err(|_| broken())?;
        let mut head = Head { segment: segment.to_owned(), seq, hash };
        for (sealed, row) in &batch.lines {
            let (line, next) = sealing::line(&head, sealed, row.as_ref()).ok_or_else(broken)?;
            head = next;
            if head.seq <= after {
                continue;
            }
            if left == 0 || bytes.len() >= BYTES {
                return Ok(());
            }
            bytes.extend(line);
            left -= 1;
        }
        if head.seq <= after {
            return Err(broken());
        }
        after = head.seq;
    }
    Ok(())
}
