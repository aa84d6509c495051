//! Records.

use placet_model::OrganisationId;
use sqlx::{QueryBuilder, Row as _};

use std::collections::HashMap;

use super::{Db, EXPLAIN, order, writer::Connection};
use crate::{Counts, EXPIRED_AT_ONCE, Kept, Place, RecordPage, RecordQuery, RecordRow, StoreError};

type Pool = sqlx::Pool<Db>;

const COLUMNS: &str = "id, organisation, unix_ms, agent, agent_name, action, resource, decision, enforced, policy, rule, reason, \
                       trace, session, payload";

/// Rows in one statement; fifteen values each, and engines take some ten thousand.
const ROWS: usize = 500;

/// Records on a page at most.
const PAGE: i64 = 1000;

fn row(row: &<Db as sqlx::Database>::Row) -> Result<RecordRow, sqlx::Error> {
    Ok(RecordRow {
        id: row.try_get("id")?,
        organisation: OrganisationId::stored(row.try_get("organisation")?),
        unix_ms: row.try_get("unix_ms")?,
        agent: row.try_get("agent")?,
        agent_name: row.try_get("agent_name")?,
        action: row.try_get("action")?,
        resource: row.try_get("resource")?,
        decision: row.try_get("decision")?,
        enforced: row.try_get("enforced")?,
        policy: row.try_get("policy")?,
        rule: row.try_get("rule")?,
        reason: row.try_get("reason")?,
        trace: row.try_get("trace")?,
        session: row.try_get("session")?,
        payload: row.try_get("payload")?,
    })
}

/// PostgreSQL stores no NUL in a text, so neither engine does.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Longest text that is looked up, in bytes; of a longer one the payload keeps all.
const KEY_BYTES: usize = 512;

/// A text that records are found by, as it is stored and asked for.
fn key(text: &str) -> String {
    let end = (0..=KEY_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    storable(text.get(..end).unwrap_or(text))
}

/// Stores rows whose ids are not there yet.
pub(super) async fn insert<'r>(
    connection: &mut Connection,
    rows: impl Iterator<Item = &'r RecordRow>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<&RecordRow> = rows.collect();
    for some in rows.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(format!("INSERT INTO records ({COLUMNS}) "));
        query.push_values(some, |mut values, row| {
            let optional = |text: &Option<String>| text.as_deref().map(storable);
            let optional_key = |text: &Option<String>| text.as_deref().map(key);
            values
                .push_bind(storable(&row.id))
                .push_bind(row.organisation.as_str().to_owned())
                .push_bind(row.unix_ms)
                .push_bind(key(&row.agent))
                .push_bind(storable(&row.agent_name))
                .push_bind(key(&row.action))
                .push_bind(storable(&row.resource))
                .push_bind(key(&row.decision))
                .push_bind(row.enforced)
                .push_bind(optional(&row.policy))
                .push_bind(optional(&row.rule))
                .push_bind(optional(&row.reason))
                .push_bind(optional_key(&row.trace))
                .push_bind(optional_key(&row.session))
                .push_bind(storable(&row.payload));
        });
        query.push(" ON CONFLICT (id) DO NOTHING");
        query.build().persistent(some.len() == 1).execute(&mut *connection).await?;
    }
    Ok(())
}

fn conditions(query: &mut QueryBuilder<Db>, organisation: &OrganisationId, wanted: &RecordQuery) {
    query.push(" FROM records");
    fields(query, organisation, wanted);
}

fn fields(query: &mut QueryBuilder<Db>, organisation: &OrganisationId, wanted: &RecordQuery) {
    query.push(" WHERE organisation = ").push_bind(organisation.as_str().to_owned());
    let texts = [
        (" AND agent = ", &wanted.agent),
        (" AND decision = ", &wanted.decision),
        (" AND action = ", &wanted.action),
        (" AND trace = ", &wanted.trace),
        (" AND session = ", &wanted.session),
    ];
    for (condition, value) in texts {
        if let Some(value) = value {
            query.push(condition).push_bind(key(value));
        }
    }
    for (condition, value) in [(" AND unix_ms >= ", wanted.from_ms), (" AND unix_ms < ", wanted.to_ms)] {
        if let Some(value) = value {
            query.push(condition).push_bind(value);
        }
    }
}

/// The statement that finds rows, with something before it.
fn newest(before: &str, organisation: &OrganisationId, wanted: &RecordQuery, limit: i64) -> QueryBuilder<Db> {
    let mut query = QueryBuilder::<Db>::new(format!("{before}SELECT {COLUMNS}"));
    conditions(&mut query, organisation, wanted);
    if let Some((unix_ms, id)) = &wanted.after {
        query.push(" AND (unix_ms, id) < (").push_bind(*unix_ms).push(", ").push_bind(storable(id)).push(")");
    }
    query.push(" ORDER BY unix_ms DESC, id DESC LIMIT ").push_bind(limit);
    query
}

/// See [`crate::Store::plan`].
pub(super) async fn plan(
    pool: &Pool,
    organisation: &OrganisationId,
    wanted: &RecordQuery,
) -> Result<String, StoreError> {
    let (before, column) = EXPLAIN;
    let rows = newest(before, organisation, wanted, wanted.limit).build().fetch_all(pool).await?;
    let lines = rows.iter().map(|row| row.try_get::<String, _>(column)).collect::<Result<Vec<_>, _>>()?;
    Ok(lines.join("\n"))
}

/// Stores rows whose ids are not there yet; tells of each what became of it.
pub(super) async fn keep(connection: &mut Connection, rows: &[RecordRow]) -> Result<Vec<Kept>, sqlx::Error> {
    // Organisation, agent and payload of what is there, by id.
    let mut there: HashMap<String, (String, String, String)> = HashMap::new();
    for some in rows.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new("SELECT id, organisation, agent, payload FROM records WHERE id IN (");
        let mut ids = query.separated(", ");
        for row in some {
            ids.push_bind(storable(&row.id));
        }
        query.push(")");
        for found in query.build().persistent(false).fetch_all(&mut *connection).await? {
            let whole = (found.try_get("organisation")?, found.try_get("agent")?, found.try_get("payload")?);
            there.insert(found.try_get("id")?, whole);
        }
    }
    let mut kept = Vec::with_capacity(rows.len());
    let mut fresh = Vec::with_capacity(rows.len());
    for row in rows {
        let whole = (row.organisation.as_str().to_owned(), key(&row.agent), storable(&row.payload));
        kept.push(match there.get(&storable(&row.id)) {
            Some(known) if *known == whole => Kept::Known,
            Some(_) => Kept::Conflict,
            None => {
                there.insert(storable(&row.id), whole);
                fresh.push(row);
                Kept::Stored
            }
        });
    }
    insert(connection, fresh.into_iter()).await?;
    Ok(kept)
}

/// Finds rows, newest first.
pub(super) async fn find(
    pool: &Pool,
    organisation: &OrganisationId,
    wanted: &RecordQuery,
) -> Result<RecordPage, StoreError> {
    let limit = wanted.limit.clamp(1, PAGE);
    let rows = newest("", organisation, wanted, limit + 1).build().fetch_all(pool).await?;
    let mut records = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let more = records.len() as i64 > limit;
    if more {
        records.pop();
    }
    let next = records.last().filter(|_| more).map(|last| (last.unix_ms, last.id.clone()));
    Ok(RecordPage { records, next })
}

/// The rows of these ids, in any order.
pub(super) async fn of_ids(
    pool: &Pool,
    organisation: &OrganisationId,
    ids: &[&str],
) -> Result<Vec<RecordRow>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(ROWS) {
        let mut query =
            QueryBuilder::<Db>::new(format!("SELECT {COLUMNS} FROM records WHERE organisation = "));
        query.push_bind(organisation.as_str().to_owned()).push(" AND id IN (");
        let mut list = query.separated(", ");
        for id in some {
            list.push_bind((*id).to_owned());
        }
        query.push(")");
        for row in query.build().persistent(false).fetch_all(pool).await? {
            found.push(self::row(&row)?);
        }
    }
    Ok(found)
}

/// See [`crate::Store::place`].
pub(super) async fn place(pool: &Pool) -> Result<Place, StoreError> {
    let row = sqlx::query(order::PLACE).fetch_one(pool).await?;
    Ok(Place { transaction: row.try_get("place_tx")?, number: row.try_get("place_seq")? })
}

/// See [`crate::Store::stored_after`].
pub(super) async fn stored_after(
    pool: &Pool,
    organisation: &OrganisationId,
    wanted: &RecordQuery,
    place: Place,
) -> Result<Vec<(Place, RecordRow)>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(format!("SELECT {}, {COLUMNS} {}", order::COLUMNS, order::FROM));
    fields(&mut query, organisation, wanted);
    order::behind(&mut query, place);
    query.push(order::ORDER).push(" LIMIT ").push_bind(wanted.limit.clamp(1, PAGE));
    let rows = query.build().fetch_all(pool).await?;
    let one = |found: &<Db as sqlx::Database>::Row| {
        let place = Place { transaction: found.try_get("place_tx")?, number: found.try_get("place_seq")? };
        Ok((place, row(found)?))
    };
    rows.iter().map(one).collect::<Result<_, sqlx::Error>>().map_err(StoreError::from)
}

/// Counts by decision, and the actions most often denied.
pub(super) async fn counts(
    pool: &Pool,
    organisation: &OrganisationId,
    wanted: &RecordQuery,
) -> Result<Counts, StoreError> {
    let mut query = QueryBuilder::<Db>::new("SELECT decision AS name, COUNT(*) AS number");
    conditions(&mut query, organisation, wanted);
    query.push(" GROUP BY decision ORDER BY COUNT(*) DESC, decision");
    let by_decision = pairs(&query.build().fetch_all(pool).await?)?;
    let denied = RecordQuery { decision: Some("deny".to_owned()), ..wanted.clone() };
    let mut query = QueryBuilder::<Db>::new("SELECT action AS name, COUNT(*) AS number");
    conditions(&mut query, organisation, &denied);
    query.push(" GROUP BY action ORDER BY COUNT(*) DESC, action LIMIT 10");
    let denied_actions = pairs(&query.build().fetch_all(pool).await?)?;
    Ok(Counts { by_decision, denied_actions })
}

fn pairs(rows: &[<Db as sqlx::Database>::Row]) -> Result<Vec<(String, i64)>, sqlx::Error> {
    rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("number")?))).collect()
}

/// Deletes the oldest of what is from before a time; tells how many. What tells of deletions stays: the ledger is checked against it.
pub(super) async fn expire(
    connection: &mut Connection,
    organisation: &OrganisationId,
    before_ms: i64,
) -> Result<u64, StoreError> {
    let text = "DELETE FROM records WHERE organisation = $1 AND id IN \
        (SELECT id FROM records WHERE organisation = $1 AND unix_ms < $2 AND agent <> 'retention' ORDER BY unix_ms LIMIT $3)";
    let done = sqlx::query(text)
        .bind(organisation.as_str())
        .bind(before_ms)
        .bind(EXPIRED_AT_ONCE as i64)
        .execute(&mut *connection)
        .await?;
    if let Some(text) = order::EXPIRE.filter(|_| done.rows_affected() > 0) {
        sqlx::query(text).bind(2 * EXPIRED_AT_ONCE as i64).execute(connection).await?;
    }
    Ok(done.rows_affected())
}
