//! `POST /v1/records`: lines of a machine's ledger, as its hooks wrote them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use placet_store::{Kept, SpoolLink};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::actor::By;
use crate::api::json::Body;
use crate::caller::AgentCaller;
use crate::error::ApiError;
use crate::ingest::{self, Line, Read};
use crate::machine::aside;
use crate::recording;
use crate::state::Gateway;

/// Lines in one request at most.
const LINES: usize = 1000;

/// Longest name of a ledger or segment, in bytes.
const NAME_BYTES: usize = 96;

/// What is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sent {
    /// Which ledger, as the machine calls it.
    spool: String,
    /// Which segment of it.
    segment: String,
    /// Its lines, in their order.
    lines: Vec<String>,
}

/// Stores what is not stored yet. The answer is given when it is on disk, and tells of each line what became of it.
pub(crate) async fn records(
    State(gateway): State<Arc<Gateway>>,
    AgentCaller(agent): AgentCaller,
    Body(sent): Body<Sent>,
) -> Result<Json<Value>, ApiError> {
    let Sent { spool, segment, lines } = sent;
    if lines.len() > LINES {
        return Err(ApiError::bad_request(format!("{} lines at once", lines.len()), "send at most 1000"));
    }
    for name in [&spool, &segment] {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || name.len() > NAME_BYTES || !name.bytes().all(fits) {
            return Err(ApiError::bad_request(
                "`spool` or `segment` is no name",
                "up to 96 letters, digits, `-` and `_`",
            ));
        }
    }
    let Read { lines, part, fault } =
        aside(|| ingest::read(&gateway.redactor, &agent, &spool, &segment, &lines));
    let rows = lines.iter().filter_map(|line| match line {
        Line::Record(row) => Some(row.as_ref().clone()),
        Line::Link | Line::Refused(..) => None,
    });
    let rows: Vec<_> = rows.collect();
    let place = format!("segment {segment} of ledger {spool}");
    let mut alert = recording::of_change(&gateway.organisation, &By::agent(&agent), "alert:ledger", &place)
        .map_err(|error| ApiError::internal(&error))?;
    alert.agent_name.clone_from(&agent.name);
    let told = Box::new(move |link: SpoolLink| {
        alert.reason = Some(fault.or_else(|| said(link).map(str::to_owned))?);
        recording::retell(&mut alert);
        Some(alert)
    });
    let (kept, link) = gateway.store.ingest(part, rows, told).await?;
    Ok(Json(json!({ "results": results(&lines, &kept), "ledger": word(link) })))
}

/// What became of each line.
fn results(lines: &[Line], kept: &[Kept]) -> Vec<Value> {
    let mut kept = kept.iter();
    let result = |line: &Line| match line {
        Line::Link => json!({ "result": "link" }),
        Line::Refused(id, why) => json!({ "id": id, "result": "refused", "why": why }),
        Line::Record(row) => match kept.next() {
            Some(Kept::Stored) => json!({ "id": row.id, "result": "stored" }),
            Some(Kept::Known) => json!({ "id": row.id, "result": "known" }),
            Some(Kept::Conflict) | None => json!({
                "id": row.id, "result": "conflict", "why": "another record has this id already, and stays",
            }),
        },
    };
    lines.iter().map(result).collect()
}

fn word(link: SpoolLink) -> &'static str {
    match link {
        SpoolLink::Sound => "sound",
        SpoolLink::Gap => "gap",
        SpoolLink::Fork => "fork",
    }
}

fn said(link: SpoolLink) -> Option<&'static str> {
    match link {
        SpoolLink::Sound => None,
        SpoolLink::Gap => Some("lines are missing between what was sent before and this"),
        SpoolLink::Fork => Some("the ledger was written anew: it differs from what was sent before"),
    }
}
