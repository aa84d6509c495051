//! Operators and their sessions.

use placet_model::{OperatorId, OrganisationId};
use sqlx::Row as _;

use super::{Db, admin_tokens, writer::Connection};
use crate::{KeyHash, NewSession, OWNER, Operator, OperatorChange, OperatorSession, StoreError};

type Pool = sqlx::Pool<Db>;

const COLUMNS: &str = "id, organisation, name, role, created_ms, updated_ms, disabled_ms";

fn row(row: &<Db as sqlx::Database>::Row) -> Result<Operator, sqlx::Error> {
    Ok(Operator {
        id: OperatorId::stored(row.try_get("id")?),
        organisation: OrganisationId::stored(row.try_get("organisation")?),
        name: row.try_get("name")?,
        role: row.try_get("role")?,
        created_ms: row.try_get("created_ms")?,
        updated_ms: row.try_get("updated_ms")?,
        disabled_ms: row.try_get("disabled_ms")?,
    })
}

/// Stores an operator.
pub(super) async fn create(
    connection: &mut Connection,
    new: &Operator,
    password: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO operators (id, organisation, name, role, password, created_ms, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(new.id.as_str())
    .bind(new.organisation.as_str())
    .bind(&new.name)
    .bind(&new.role)
    .bind(password)
    .bind(new.created_ms)
    .execute(connection)
    .await
    .map_err(super::agents::name_taken(&new.name))?;
    Ok(())
}

/// One by id, or by the name of one who is not disabled.
pub(super) async fn find(
    pool: &Pool,
    organisation: &OrganisationId,
    wanted: &str,
) -> Result<Option<Operator>, StoreError> {
    let found = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM operators WHERE organisation = $1 AND (id = $2 OR (name = $2 AND disabled_ms IS NULL)) \
         ORDER BY CASE WHEN id = $2 THEN 0 ELSE 1 END LIMIT 1"
    )))
    .bind(organisation.as_str())
    .bind(wanted)
    .fetch_optional(pool)
    .await?;
    Ok(found.as_ref().map(row).transpose()?)
}

/// One by id.
pub(super) async fn of_id(pool: &Pool, id: &OperatorId) -> Result<Option<Operator>, StoreError> {
    let found = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM operators WHERE id = $1")))
        .bind(id.as_str())
        .fetch_optional(pool)
        .await?;
    Ok(found.as_ref().map(row).transpose()?)
}

/// The hashed password.
pub(super) async fn password(pool: &Pool, id: &OperatorId) -> Result<Option<String>, StoreError> {
    let found = sqlx::query("SELECT password FROM operators WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(pool)
        .await?;
    Ok(found.map(|row| row.try_get("password")).transpose()?)
}

/// All of an organisation, the oldest first.
pub(super) async fn all(pool: &Pool, organisation: &OrganisationId) -> Result<Vec<Operator>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM operators WHERE organisation = $1 ORDER BY created_ms, id"
    )))
    .bind(organisation.as_str())
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().map(row).collect::<Result<_, _>>()?)
}

/// Changes one who is not disabled. The caller has counted the change first, which locks the organisation's row: of two owners who
/// end each other at a time one stays.
pub(super) async fn change(
    connection: &mut Connection,
    organisation: &OrganisationId,
    id: &str,
    change: &OperatorChange,
    unix_ms: i64,
) -> Result<Operator, StoreError> {
    let found =
        sqlx::query("SELECT role FROM operators WHERE organisation = $1 AND id = $2 AND disabled_ms IS NULL")
            .bind(organisation.as_str())
            .bind(id)
            .fetch_optional(&mut *connection)
            .await?;
    let role: String = found.ok_or_else(|| StoreError::Missing(id.to_owned()))?.try_get("role")?;
    if role != change.has_role {
        return Err(StoreError::Stale(id.to_owned()));
    }
    let stays = !change.disable && change.role.as_deref().is_none_or(|role| role == OWNER);
    if role == OWNER && !stays && other_owners(connection, organisation, id).await? == 0 {
        return Err(StoreError::LastOwner);
    }
    let changed = sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE operators SET role = COALESCE($3, role), password = COALESCE($4, password), disabled_ms = $5, updated_ms = $6 \
         WHERE organisation = $1 AND id = $2 AND disabled_ms IS NULL RETURNING {COLUMNS}"
    )))
    .bind(organisation.as_str())
    .bind(id)
    .bind(&change.role)
    .bind(&change.password)
    .bind(change.disable.then_some(unix_ms))
    .bind(unix_ms)
    .fetch_one(&mut *connection)
    .await?;
    if change.disable || change.password.is_some() {
        sqlx::query("DELETE FROM operator_sessions WHERE operator = $1")
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    if change.disable {
        admin_tokens::revoke_of(connection, id, unix_ms).await?;
    }
    Ok(row(&changed)?)
}

async fn other_owners(
    connection: &mut Connection,
    organisation: &OrganisationId,
    id: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query(
        "SELECT COUNT(*) AS number FROM operators WHERE organisation = $1 AND id <> $2 AND role = $3 AND disabled_ms IS NULL",
    )
    .bind(organisation.as_str())
    .bind(id)
    .bind(OWNER)
    .fetch_one(connection)
    .await?
    .try_get("number")
}

/// Stores a session, and forgets those of the operator that are over.
pub(super) async fn open(connection: &mut Connection, new: &NewSession) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM operator_sessions WHERE operator = $1 AND ends_ms <= $2")
        .bind(new.operator.as_str())
        .bind(new.created_ms)
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query(
        "INSERT INTO operator_sessions (hash, operator, created_ms, password_ms, used_ms, ends_ms) \
         SELECT $1, id, $4, $4, $4, $5 FROM operators WHERE id = $2 AND password = $3 AND disabled_ms IS NULL",
    )
    .bind(new.hash.as_slice())
    .bind(new.operator.as_str())
    .bind(&new.password)
    .bind(new.created_ms)
    .bind(new.ends_ms)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale(new.operator.as_str().to_owned())) }
}

/// A session and whose it is.
pub(super) async fn session(
    pool: &Pool,
    hash: &KeyHash,
) -> Result<Option<(OperatorSession, Operator)>, StoreError> {
    let found = sqlx::query(
        "SELECT operator, created_ms, password_ms, used_ms, ends_ms FROM operator_sessions WHERE hash = $1",
    )
    .bind(hash.as_slice())
    .fetch_optional(pool)
    .await?;
    let Some(found) = found else { return Ok(None) };
    let session = OperatorSession {
        operator: OperatorId::stored(found.try_get("operator")?),
        created_ms: found.try_get("created_ms")?,
        password_ms: found.try_get("password_ms")?,
        used_ms: found.try_get("used_ms")?,
        ends_ms: found.try_get("ends_ms")?,
    };
    let operator = of_id(pool, &session.operator).await?;
    Ok(operator.map(|operator| (session, operator)))
}

/// Notes a use.
pub(super) async fn touch(
    connection: &mut Connection,
    hash: &KeyHash,
    unix_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE operator_sessions SET used_ms = $2 WHERE hash = $1 AND used_ms < $2")
        .bind(hash.as_slice())
        .bind(unix_ms)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that the password was given again.
pub(super) async fn renew(
    connection: &mut Connection,
    hash: &KeyHash,
    password: &str,
    unix_ms: i64,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE operator_sessions SET password_ms = $3, used_ms = $3 WHERE hash = $1 AND operator IN \
         (SELECT id FROM operators WHERE password = $2 AND disabled_ms IS NULL)",
    )
    .bind(hash.as_slice())
    .bind(password)
    .bind(unix_ms)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale("session".to_owned())) }
}

/// Ends a session.
pub(super) async fn end(connection: &mut Connection, hash: &KeyHash) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM operator_sessions WHERE hash = $1")
        .bind(hash.as_slice())
        .execute(connection)
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Missing("session".to_owned())) }
}
