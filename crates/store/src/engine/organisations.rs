//! Organisations.

use sqlx::Row as _;

use super::{Db, writer::Connection};
use crate::{NewOrganisation, Organisation, StoreError};
use placet_model::OrganisationId;

fn row(row: &<Db as sqlx::Database>::Row) -> Result<Organisation, sqlx::Error> {
    Ok(Organisation {
        id: OrganisationId::stored(row.try_get("id")?),
        name: row.try_get("name")?,
        revision: row.try_get("revision")?,
    })
}

/// Makes one, or finds the one of that name.
pub(super) async fn make(
    connection: &mut Connection,
    new: &NewOrganisation,
) -> Result<Organisation, StoreError> {
    sqlx::query(
        "INSERT INTO organisations (id, name, created_ms) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
    )
    .bind(new.id.as_str())
    .bind(&new.name)
    .bind(new.unix_ms)
    .execute(&mut *connection)
    .await?;
    let found = sqlx::query("SELECT id, name, revision FROM organisations WHERE name = $1")
        .bind(&new.name)
        .fetch_one(connection)
        .await?;
    Ok(row(&found)?)
}

/// All of them, by name.
pub(super) async fn all(pool: &sqlx::Pool<Db>) -> Result<Vec<Organisation>, StoreError> {
    let rows =
        sqlx::query("SELECT id, name, revision FROM organisations ORDER BY name").fetch_all(pool).await?;
    Ok(rows.iter().map(row).collect::<Result<_, _>>()?)
}

/// Counts a change of agents or policies.
pub(super) async fn bump(
    connection: &mut Connection,
    organisation: &OrganisationId,
) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE organisations SET revision = revision + 1 WHERE id = $1")
        .bind(organisation.as_str())
        .execute(connection)
        .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Missing(organisation.as_str().to_owned()))
    }
}
