//! SQLite: one file, one writing connection, several reading ones.

use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Pool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::watch;

use crate::{StoreError, Watch};

#[path = "engine/admin_tokens.rs"]
mod admin_tokens;
#[path = "engine/agents.rs"]
mod agents;
#[path = "engine/ledger.rs"]
mod ledger;
#[path = "engine/operators.rs"]
mod operators;
#[path = "engine/organisations.rs"]
mod organisations;
#[path = "engine/policies.rs"]
mod policies;
#[path = "engine/records.rs"]
mod records;
#[path = "engine/spools.rs"]
mod spools;
#[path = "engine/surface.rs"]
mod surface;
#[path = "engine/surface_ledger.rs"]
mod surface_ledger;
#[path = "engine/surface_operators.rs"]
mod surface_operators;
#[path = "engine/writer.rs"]
mod writer;

/// How the order in which records were stored is kept: in a table of its own, by the one process that writes.
mod order {
    use sqlx::QueryBuilder;

    use super::Db;
    use crate::Place;

    pub(super) const COLUMNS: &str = "0 AS place_tx, record_order.seq AS place_seq";
    pub(super) const FROM: &str = "FROM record_order CROSS JOIN records ON records.id = record_order.record";
    pub(super) const ORDER: &str = " ORDER BY record_order.seq";
    pub(super) const PLACE: &str =
        "SELECT 0 AS place_tx, COALESCE(MAX(seq), 0) AS place_seq FROM record_order";

    /// Clears the beginning of what is not there any more. The last number stays, so that none is given twice.
    pub(super) const EXPIRE: Option<&str> = Some(
        "DELETE FROM record_order WHERE seq IN (SELECT seq FROM record_order ORDER BY seq LIMIT $1) \
         AND seq < (SELECT MAX(seq) FROM record_order) AND NOT EXISTS (SELECT 1 FROM records WHERE id = record_order.record)",
    );

    pub(super) fn behind(query: &mut QueryBuilder<Db>, place: Place) {
        query.push(" AND record_order.seq > ").push_bind(place.number);
    }
}

type Db = sqlx::Sqlite;

/// Asks how a statement would be done, and the column of the answer.
const EXPLAIN: (&str, &str) = ("EXPLAIN QUERY PLAN ", "detail");

/// How a transaction that writes begins: with the lock, so that it never has to be upgraded.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// An open database.
pub(crate) struct Database {
    read: Pool<Db>,
    writer: writer::Writer,
    changes: watch::Sender<u64>,
}

impl Database {
    /// Opens or makes the file.
    pub(crate) async fn open(file: &str, watch: Arc<dyn Watch>) -> Result<Self, StoreError> {
        let failed = |error: &dyn std::fmt::Display| StoreError::Open(format!("`{file}`: {error}"));
        // For this user alone; the files beside it are made with the same rights.
        std::fs::File::options()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(file)
            .map_err(|error| failed(&error))?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            // An answer means that the write is on the disk, not only in the page cache.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| failed(&error))?;
        sqlx::migrate!("migrations/sqlite").run(&write).await.map_err(|error| failed(&error))?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true))
            .await
            .map_err(|error| failed(&error))?;
        let changes = watch::Sender::new(0);
        Ok(Self { read, writer: writer::Writer::start(write, watch), changes })
    }

    /// Tells everybody in this process; there is no other on the file.
    async fn announce(&self) {
        self.changes.send_modify(|count| *count += 1);
    }
}
