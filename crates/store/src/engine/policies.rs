//! Policies and their versions.

use placet_model::OrganisationId;
use sqlx::Row as _;

use super::{Db, writer::Connection};
use crate::{PolicyChange, PolicyVersion, StoreError};

type Pool = sqlx::Pool<Db>;

fn row(row: &<Db as sqlx::Database>::Row) -> Result<PolicyVersion, sqlx::Error> {
    Ok(PolicyVersion {
        name: row.try_get("name")?,
        version: row.try_get("version")?,
        yaml: row.try_get("yaml")?,
        created_ms: row.try_get("created_ms")?,
        created_by: row.try_get("created_by")?,
    })
}

/// Stores the next version. The caller has counted the change first, which locks the organisation's row: two
/// changes at a time get two numbers.
pub(super) async fn change(connection: &mut Connection, change: &PolicyChange) -> Result<i64, StoreError> {
    let newest = sqlx::query(
        "SELECT name, version, yaml, created_ms, created_by FROM policies WHERE organisation = $1 AND name = $2 \
         ORDER BY version DESC LIMIT 1",
    )
    .bind(change.organisation.as_str())
    .bind(&change.name)
    .fetch_optional(&mut *connection)
    .await?;
    let newest = newest.as_ref().map(row).transpose()?;
    let (number, text) = newest.map_or((0, None), |newest| (newest.version, newest.yaml));
    if change.expected.is_some_and(|expected| expected != number) {
        return Err(StoreError::Stale(change.name.clone()));
    }
    match (&change.yaml, text) {
        (None, None) => return Err(StoreError::Missing(change.name.clone())),
        (Some(new), Some(old)) if *new == old => return Ok(number),
        _ => {}
    }
    sqlx::query(
        "INSERT INTO policies (organisation, name, version, yaml, created_ms, created_by) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(change.organisation.as_str())
    .bind(&change.name)
    .bind(number + 1)
    .bind(&change.yaml)
    .bind(change.unix_ms)
    .bind(&change.by)
    .execute(connection)
    .await?;
    Ok(number + 1)
}

/// Those in force, by name.
pub(super) async fn in_force(
    pool: &Pool,
    organisation: &OrganisationId,
) -> Result<Vec<PolicyVersion>, StoreError> {
    let rows = sqlx::query(
        "SELECT name, version, yaml, created_ms, created_by FROM policies AS one WHERE organisation = $1 AND yaml IS NOT NULL \
         AND version = (SELECT MAX(version) FROM policies WHERE organisation = one.organisation AND name = one.name) \
         ORDER BY name",
    )
    .bind(organisation.as_str())
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().map(row).collect::<Result<_, _>>()?)
}

/// All versions of one, the newest first.
pub(super) async fn versions(
    pool: &Pool,
    organisation: &OrganisationId,
    name: &str,
) -> Result<Vec<PolicyVersion>, StoreError> {
    let rows = sqlx::query(
        "SELECT name, version, yaml, created_ms, created_by FROM policies WHERE organisation = $1 AND name = $2 \
         ORDER BY version DESC",
    )
    .bind(organisation.as_str())
    .bind(name)
    .fetch_all(pool)
    .await?;
    Ok(rows.iter().map(row).collect::<Result<_, _>>()?)
}
