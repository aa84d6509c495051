//! Agents and their keys.

use placet_model::{AgentId, OrganisationId};
use serde_json::Value;
use sqlx::Row as _;

use super::{Db, writer::Connection};
use crate::{Agent, AgentChange, KeyHash, NewAgent, StoreError};

type Pool = sqlx::Pool<Db>;

const COLUMNS: &str =
    "id, organisation, name, trust_tier, tags, capabilities, metadata, created_ms, updated_ms, revoked_ms";

fn row(row: &<Db as sqlx::Database>::Row) -> Result<Agent, StoreError> {
    Ok(Agent {
        id: AgentId::stored(row.try_get("id")?),
        organisation: OrganisationId::stored(row.try_get("organisation")?),
        name: row.try_get("name")?,
        trust_tier: row.try_get("trust_tier")?,
        tags: json(row.try_get("tags")?)?,
        capabilities: json(row.try_get("capabilities")?)?,
        metadata: json(row.try_get("metadata")?)?,
        created_ms: row.try_get("created_ms")?,
        updated_ms: row.try_get("updated_ms")?,
        revoked_ms: row.try_get("revoked_ms")?,
    })
}

fn json<T: serde::de::DeserializeOwned>(text: String) -> Result<T, StoreError> {
    serde_json::from_str(&text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn words(words: &[String]) -> String {
    Value::from(words).to_string()
}

/// What the database says of a name that somebody has.
pub(super) fn name_taken(name: &str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |error| match error.as_database_error() {
        Some(database) if database.is_unique_violation() => StoreError::NameTaken(name.to_owned()),
        _ => error.into(),
    }
}

/// Stores an agent and its key.
pub(super) async fn create(connection: &mut Connection, new: &NewAgent) -> Result<(), StoreError> {
    let agent = &new.agent;
    sqlx::query(
        "INSERT INTO agents (id, organisation, name, trust_tier, tags, capabilities, metadata, created_ms, updated_ms, revoked_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)",
    )
    .bind(agent.id.as_str())
    .bind(agent.organisation.as_str())
    .bind(&agent.name)
    .bind(&agent.trust_tier)
    .bind(words(&agent.tags))
    .bind(words(&agent.capabilities))
    .bind(agent.metadata.to_string())
    .bind(agent.created_ms)
    .bind(agent.updated_ms)
    .execute(&mut *connection)
    .await
    .map_err(name_taken(&agent.name))?;
    add_key(connection, agent.id.as_str(), &new.key_hash, &new.key_hint, agent.created_ms).await
}

/// Adds a key to an agent.
pub(super) async fn add_key(
    connection: &mut Connection,
    agent: &str,
    hash: &KeyHash,
    hint: &str,
    unix_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO agent_keys (hash, agent, hint, created_ms) VALUES ($1, $2, $3, $4)")
        .bind(hash.as_slice())
        .bind(agent)
        .bind(hint)
        .bind(unix_ms)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends all keys of an agent.
pub(super) async fn end_keys(
    connection: &mut Connection,
    agent: &str,
    unix_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE agent_keys SET revoked_ms = $2 WHERE agent = $1 AND revoked_ms IS NULL")
        .bind(agent)
        .bind(unix_ms)
        .execute(connection)
        .await?;
    Ok(())
}

/// One by id, or by the name of an active one.
pub(super) async fn find(
    pool: &Pool,
    organisation: &OrganisationId,
    wanted: &str,
) -> Result<Option<Agent>, StoreError> {
    let found = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM agents WHERE organisation = $1 AND (id = $2 OR (name = $2 AND revoked_ms IS NULL)) \
         ORDER BY CASE WHEN id = $2 THEN 0 ELSE 1 END LIMIT 1"
    )))
    .bind(organisation.as_str())
    .bind(wanted)
    .fetch_optional(pool)
    .await?;
    found.as_ref().map(row).transpose()
}

/// The one that a key belongs to.
pub(super) async fn of_key(pool: &Pool, key: &KeyHash) -> Result<Option<Agent>, StoreError> {
    let found = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM agents WHERE id = (SELECT agent FROM agent_keys WHERE hash = $1 AND revoked_ms IS NULL)"
    )))
    .bind(key.as_slice())
    .fetch_optional(pool)
    .await?;
    found.as_ref().map(row).transpose()
}

/// All of an organisation, the oldest first.
pub(super) async fn all(pool: &Pool, organisation: &OrganisationId) -> Result<Vec<Agent>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM agents WHERE organisation = $1 ORDER BY created_ms, id"
    )))
    .bind(organisation.as_str())
    .fetch_all(pool)
    .await?;
    rows.iter().map(row).collect()
}

/// Changes an active one. One statement, so that two changes at a time are both kept.
pub(super) async fn change(
    connection: &mut Connection,
    organisation: &OrganisationId,
    id: &str,
    change: &AgentChange,
    unix_ms: i64,
) -> Result<Agent, StoreError> {
    let name = change.name.as_deref().unwrap_or_default();
    let changed = sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE agents SET name = COALESCE($3, name), trust_tier = COALESCE($4, trust_tier), tags = COALESCE($5, tags), \
         capabilities = COALESCE($6, capabilities), metadata = COALESCE($7, metadata), updated_ms = $8 \
         WHERE organisation = $1 AND id = $2 AND revoked_ms IS NULL RETURNING {COLUMNS}"
    )))
    .bind(organisation.as_str())
    .bind(id)
    .bind(&change.name)
    .bind(&change.trust_tier)
    .bind(change.tags.as_deref().map(words))
    .bind(change.capabilities.as_deref().map(words))
    .bind(change.metadata.as_ref().map(Value::to_string))
    .bind(unix_ms)
    .fetch_optional(connection)
    .await
    .map_err(name_taken(name))?;
    changed.as_ref().map(row).transpose()?.ok_or_else(|| StoreError::Missing(id.to_owned()))
}

/// Revokes an active one and its keys.
pub(super) async fn revoke(
    connection: &mut Connection,
    organisation: &OrganisationId,
    id: &str,
    unix_ms: i64,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE agents SET revoked_ms = $3, updated_ms = $3 WHERE organisation = $1 AND id = $2 AND revoked_ms IS NULL",
    )
    .bind(organisation.as_str())
    .bind(id)
    .bind(unix_ms)
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() != 1 {
        return Err(StoreError::Missing(id.to_owned()));
    }
    end_keys(connection, id, unix_ms).await
}

/// Whether there is such an active one; locks it against other changes where the engine can.
pub(super) async fn touch(
    connection: &mut Connection,
    organisation: &OrganisationId,
    id: &str,
    unix_ms: i64,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE agents SET updated_ms = $3 WHERE organisation = $1 AND id = $2 AND revoked_ms IS NULL",
    )
    .bind(organisation.as_str())
    .bind(id)
    .bind(unix_ms)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Missing(id.to_owned())) }
}
