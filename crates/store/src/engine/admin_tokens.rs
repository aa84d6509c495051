//! Tokens for administration.

use placet_model::{AdminTokenId, OperatorId, OrganisationId};
use sqlx::Row as _;

use super::{Db, operators, writer::Connection};
use crate::{AdminToken, KeyHash, Operator, StoreError};

type Pool = sqlx::Pool<Db>;

const COLUMNS: &str =
    "id, organisation, name, hint, rights, operator, parent, created_ms, created_by, expires_ms, revoked_ms";

fn row(row: &<Db as sqlx::Database>::Row) -> Result<AdminToken, StoreError> {
    let rights: String = row.try_get("rights")?;
    let operator: Option<String> = row.try_get("operator")?;
    let parent: Option<String> = row.try_get("parent")?;
    Ok(AdminToken {
        id: AdminTokenId::stored(row.try_get("id")?),
        organisation: OrganisationId::stored(row.try_get("organisation")?),
        name: row.try_get("name")?,
        hint: row.try_get("hint")?,
        rights: serde_json::from_str(&rights).map_err(|error| StoreError::Corrupt(error.to_string()))?,
        operator: operator.map(OperatorId::stored),
        parent: parent.map(AdminTokenId::stored),
        created_ms: row.try_get("created_ms")?,
        created_by: row.try_get("created_by")?,
        expires_ms: row.try_get("expires_ms")?,
        revoked_ms: row.try_get("revoked_ms")?,
    })
}

/// Stores a token, if whoever it rests on may still do something. The caller has counted the change first, so that nobody is
/// disabled or revoked at the same time.
pub(super) async fn create(
    connection: &mut Connection,
    new: &AdminToken,
    hash: &KeyHash,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO admin_tokens (id, organisation, name, hash, hint, rights, operator, parent, created_ms, created_by, expires_ms) \
         SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM organisations WHERE id = $2 \
         AND ($7 IS NULL OR EXISTS (SELECT 1 FROM operators WHERE id = $7 AND disabled_ms IS NULL)) \
         AND ($8 IS NULL OR EXISTS (SELECT 1 FROM admin_tokens WHERE id = $8 AND revoked_ms IS NULL))",
    )
    .bind(new.id.as_str())
    .bind(new.organisation.as_str())
    .bind(&new.name)
    .bind(hash.as_slice())
    .bind(&new.hint)
    .bind(serde_json::Value::from(new.rights.as_slice()).to_string())
    .bind(new.operator.as_ref().map(OperatorId::as_str))
    .bind(new.parent.as_ref().map(AdminTokenId::as_str))
    .bind(new.created_ms)
    .bind(&new.created_by)
    .bind(new.expires_ms)
    .execute(connection)
    .await
    .map_err(super::agents::name_taken(&new.name))?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale(new.name.clone())) }
}

/// The token of a hash, with the operator it rests on.
pub(super) async fn of_hash(
    pool: &Pool,
    hash: &KeyHash,
) -> Result<Option<(AdminToken, Option<Operator>)>, StoreError> {
    let found =
        sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM admin_tokens WHERE hash = $1")))
            .bind(hash.as_slice())
            .fetch_optional(pool)
            .await?;
    let Some(token) = found.as_ref().map(row).transpose()? else { return Ok(None) };
    let operator = match &token.operator {
        Some(id) => operators::of_id(pool, id).await?,
        None => None,
    };
    Ok(Some((token, operator)))
}

/// All of an organisation, the oldest first.
pub(super) async fn all(pool: &Pool, organisation: &OrganisationId) -> Result<Vec<AdminToken>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM admin_tokens WHERE organisation = $1 ORDER BY created_ms, id"
    )))
    .bind(organisation.as_str())
    .fetch_all(pool)
    .await?;
    rows.iter().map(row).collect()
}

/// Revokes one, and those that were made with it.
pub(super) async fn revoke(
    connection: &mut Connection,
    organisation: &OrganisationId,
    id: &str,
    unix_ms: i64,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "WITH RECURSIVE below AS ( \
           SELECT id FROM admin_tokens WHERE organisation = $1 AND id = $2 AND revoked_ms IS NULL \
           UNION ALL SELECT one.id FROM admin_tokens AS one JOIN below ON one.parent = below.id WHERE one.revoked_ms IS NULL \
         ) UPDATE admin_tokens SET revoked_ms = $3 WHERE id IN (SELECT id FROM below)",
    )
    .bind(organisation.as_str())
    .bind(id)
    .bind(unix_ms)
    .execute(connection)
    .await?;
    match done.rows_affected() {
        0 => Err(StoreError::Missing(id.to_owned())),
        number => Ok(number),
    }
}

/// Revokes all that rest on an operator.
pub(super) async fn revoke_of(
    connection: &mut Connection,
    operator: &str,
    unix_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE admin_tokens SET revoked_ms = $2 WHERE operator = $1 AND revoked_ms IS NULL")
        .bind(operator)
        .bind(unix_ms)
        .execute(connection)
        .await?;
    Ok(())
}
