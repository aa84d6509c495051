//! SQLite: one file, one writing connection, several reading ones.

use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Pool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::watch;

use crate::{StoreError, Watch};

#[path = "engine/agents.rs"]
mod agents;
#[path = "engine/organisations.rs"]
mod organisations;
#[path = "engine/policies.rs"]
mod policies;
#[path = "engine/records.rs"]
mod records;
#[path = "engine/surface.rs"]
mod surface;
#[path = "engine/writer.rs"]
mod writer;

type Db = sqlx::Sqlite;

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
