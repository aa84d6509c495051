//! How far the ledgers of machines are known.

use sqlx::Row as _;

use super::writer::Connection;
use crate::{Follows, SpoolLink, SpoolPart, StoreError};

/// Compares lines with what was sent before, and moves on to the last of them.
pub(super) async fn advance(connection: &mut Connection, part: &SpoolPart) -> Result<SpoolLink, StoreError> {
    let Some((last, hash)) = part.lines.last() else { return Ok(SpoolLink::Sound) };
    let known = head(connection, part, &part.segment).await?;
    let mut link = match &known {
        Some(known) => continues(part, known),
        None => SpoolLink::Sound,
    };
    // The beginning of a segment that is not known yet.
    if known.is_none() && link == SpoolLink::Sound {
        link = match &part.follows {
            Follows::Unsaid => SpoolLink::Sound,
            Follows::Nothing if any(connection, part).await? => SpoolLink::Fork,
            Follows::Nothing => SpoolLink::Sound,
            Follows::Place(place) => match head(connection, part, &place.segment).await? {
                Some((seq, _)) if seq < place.seq => SpoolLink::Gap,
                Some(known) if known != (place.seq, place.hash.clone()) => SpoolLink::Fork,
                _ => SpoolLink::Sound,
            },
        };
    }
    if link == SpoolLink::Fork || known.is_none_or(|(seq, _)| *last > seq) {
        put(connection, part, *last, hash).await?;
    }
    Ok(link)
}

/// How lines hang together with the newest that is known of their segment.
fn continues(part: &SpoolPart, (seq, hash): &(i64, String)) -> SpoolLink {
    if part.before.as_ref().is_some_and(|(before, _)| before > seq) {
        return SpoolLink::Gap;
    }
    let same = part.before.iter().chain(&part.lines).find(|(number, _)| number == seq);
    // What is older than all that is known repeats it; each record in it is compared by itself.
    match same {
        Some((_, other)) if other != hash => SpoolLink::Fork,
        _ => SpoolLink::Sound,
    }
}

async fn head(
    connection: &mut Connection,
    part: &SpoolPart,
    segment: &str,
) -> Result<Option<(i64, String)>, StoreError> {
    let found = sqlx::query(
        "SELECT seq, hash FROM spool_heads WHERE organisation = $1 AND agent = $2 AND spool = $3 AND segment = $4",
    )
    .bind(part.organisation.as_str())
    .bind(&part.agent)
    .bind(&part.spool)
    .bind(segment)
    .fetch_optional(connection)
    .await?;
    Ok(match found {
        Some(row) => Some((row.try_get("seq")?, row.try_get("hash")?)),
        None => None,
    })
}

async fn any(connection: &mut Connection, part: &SpoolPart) -> Result<bool, StoreError> {
    let found = sqlx::query(
        "SELECT seq FROM spool_heads WHERE organisation = $1 AND agent = $2 AND spool = $3 LIMIT 1",
    )
    .bind(part.organisation.as_str())
    .bind(&part.agent)
    .bind(&part.spool)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

async fn put(connection: &mut Connection, part: &SpoolPart, seq: i64, hash: &str) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO spool_heads (organisation, agent, spool, segment, seq, hash) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (organisation, agent, spool, segment) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
    )
    .bind(part.organisation.as_str())
    .bind(&part.agent)
    .bind(&part.spool)
    .bind(&part.segment)
    .bind(seq)
    .bind(hash)
    .execute(connection)
    .await?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(StoreError::Stale(part.segment.clone())),
    }
}
