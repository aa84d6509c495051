//! Rows of the chain over the records.

use std::collections::HashMap;

use placet_model::OrganisationId;
use sqlx::Row as _;

use super::{Db, records, writer::Connection};
use crate::{LedgerHead, Place, SealedBatch, SealedLine, StoreError};

type Pool = sqlx::Pool<Db>;

/// See [`crate::LedgerStore::ledger_head`].
pub(super) async fn head(
    pool: &Pool,
    organisation: &OrganisationId,
) -> Result<Option<LedgerHead>, StoreError> {
    let text =
        "SELECT segment, opened_ms, seq, hash, place_tx, place_seq FROM ledger_heads WHERE organisation = $1";
    let Some(row) = sqlx::query(text).bind(organisation.as_str()).fetch_optional(pool).await? else {
        return Ok(None);
    };
    Ok(Some(LedgerHead {
        segment: row.try_get("segment")?,
        opened_ms: row.try_get("opened_ms")?,
        seq: row.try_get("seq")?,
        hash: row.try_get("hash")?,
        place: Place { transaction: row.try_get("place_tx")?, number: row.try_get("place_seq")? },
    }))
}

/// See [`crate::LedgerStore::seal`].
pub(super) async fn seal(
    connection: &mut Connection,
    organisation: &OrganisationId,
    before: Option<&LedgerHead>,
    after: &LedgerHead,
    lines: &[SealedLine],
) -> Result<(), StoreError> {
    let moved = match before {
        Some(before) => {
            let text = "UPDATE ledger_heads SET seq = $1, hash = $2, place_tx = $3, place_seq = $4 \
                        WHERE organisation = $5 AND seq = $6 AND hash = $7";
            sqlx::query(text)
                .bind(after.seq)
                .bind(&after.hash)
                .bind(after.place.transaction)
                .bind(after.place.number)
                .bind(organisation.as_str())
                .bind(before.seq)
                .bind(&before.hash)
                .execute(&mut *connection)
                .await?
        }
        None => {
            let text = "INSERT INTO ledger_heads (organisation, segment, opened_ms, seq, hash, place_tx, place_seq) \
                        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organisation) DO NOTHING";
            sqlx::query(text)
                .bind(organisation.as_str())
                .bind(&after.segment)
                .bind(after.opened_ms)
                .bind(after.seq)
                .bind(&after.hash)
                .bind(after.place.transaction)
                .bind(after.place.number)
                .execute(&mut *connection)
                .await?
        }
    };
    if moved.rows_affected() != 1 {
        return Err(StoreError::Stale("the ledger".to_owned()));
    }
    if lines.is_empty() {
        return Ok(());
    }
    let text =
        "INSERT INTO ledger_batches (organisation, last_seq, before_hash, lines) VALUES ($1, $2, $3, $4)";
    let kept = sqlx::query(text)
        .bind(organisation.as_str())
        .bind(after.seq)
        .bind(before.map_or("", |before| before.hash.as_str()))
        .bind(written(lines))
        .execute(connection)
        .await?;
    match kept.rows_affected() {
        1 => Ok(()),
        _ => Err(StoreError::Stale("the ledger".to_owned())),
    }
}

/// See [`crate::LedgerStore::sealed_after`].
pub(super) async fn after(
    pool: &Pool,
    organisation: &OrganisationId,
    seq: i64,
) -> Result<Option<SealedBatch>, StoreError> {
    let text = "SELECT last_seq, before_hash, lines FROM ledger_batches WHERE organisation = $1 AND last_seq > $2 \
                ORDER BY last_seq LIMIT 1";
    let found = sqlx::query(text).bind(organisation.as_str()).bind(seq).fetch_optional(pool).await?;
    let Some(row) = found else { return Ok(None) };
    let last: i64 = row.try_get("last_seq")?;
    let lines = read(&row.try_get::<String, _>("lines")?).ok_or_else(|| {
        StoreError::Unavailable(format!("the batch up to line {last} of the ledger cannot be read"))
    })?;
    let ids: Vec<&str> = lines.iter().map(|line| line.record.as_str()).collect();
    let mut there: HashMap<String, _> = HashMap::new();
    for row in records::of_ids(pool, organisation, &ids).await? {
        there.insert(row.id.clone(), row);
    }
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let lines = lines.into_iter().map(|line| {
        let row = there.remove(&line.record);
        (line, row)
    });
    Ok(Some(SealedBatch {
        first: last.saturating_sub(count) + 1,
        before: row.try_get("before_hash")?,
        lines: lines.collect(),
    }))
}

/// Lines as they are stored: record, salt and leaf of each.
fn written(lines: &[SealedLine]) -> String {
    let rows = lines.iter().map(|line| serde_json::json!([line.record, line.salt, line.leaf]));
    serde_json::Value::Array(rows.collect()).to_string()
}

fn read(text: &str) -> Option<Vec<SealedLine>> {
    let rows: Vec<(String, String, String)> = serde_json::from_str(text).ok()?;
    Some(rows.into_iter().map(|(record, salt, leaf)| SealedLine { record, salt, leaf }).collect())
}
