//! PostgreSQL: several processes on one database wake each other.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Pool;
use sqlx::postgres::{PgListener, PgPoolOptions};
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

/// How the order in which records were stored is known: by transaction, of which only those count before which all have ended.
mod order {
    use sqlx::QueryBuilder;

    use super::Db;
    use crate::Place;

    pub(super) const COLUMNS: &str = "tx::text::bigint AS place_tx, seq AS place_seq";
    pub(super) const FROM: &str = "FROM records";
    pub(super) const ORDER: &str = " ORDER BY tx, seq";
    pub(super) const PLACE: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 AS place_tx, \
                                    9223372036854775807 AS place_seq";

    /// Nothing is kept beside the records.
    pub(super) const EXPIRE: Option<&str> = None;

    pub(super) fn behind(query: &mut QueryBuilder<Db>, place: Place) {
        query
            .push(" AND (tx, seq) > (")
            .push_bind(place.transaction.max(0).to_string())
            .push("::text::xid8, ");
        query.push_bind(place.number).push(") AND tx < pg_snapshot_xmin(pg_current_snapshot())");
    }
}

type Db = sqlx::Postgres;

/// Asks how a statement would be done, and the column of the answer.
const EXPLAIN: (&str, &str) = ("EXPLAIN ", "QUERY PLAN");

/// How a transaction that writes begins.
const BEGIN: &str = "BEGIN";

/// Where processes tell each other that an agent or a policy changed.
const CHANNEL: &str = "placet_changes";

/// Pause before listening is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// An open database.
pub(crate) struct Database {
    read: Pool<Db>,
    writer: writer::Writer,
    changes: watch::Sender<u64>,
    listener: tokio::task::JoinHandle<()>,
}

impl Database {
    /// Connects.
    pub(crate) async fn open(address: &str, watch: Arc<dyn Watch>) -> Result<Self, StoreError> {
        let failed = |error: &dyn std::fmt::Display| StoreError::Open(error.to_string());
        let pool = |connections| {
            PgPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(5))
        };
        let write = pool(2).connect(address).await.map_err(|error| failed(&error))?;
        sqlx::migrate!("migrations/postgres").run(&write).await.map_err(|error| failed(&error))?;
        let read = pool(8).connect(address).await.map_err(|error| failed(&error))?;
        let changes = watch::Sender::new(0);
        let listener = tokio::spawn(listen(read.clone(), changes.clone()));
        Ok(Self { read, writer: writer::Writer::start(write, watch), changes, listener })
    }

    /// Tells this process at once, and the others through the database.
    async fn announce(&self) {
        self.changes.send_modify(|count| *count += 1);
        // A message that is lost is made good when the others find their connection broken.
        let _ = sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&self.read).await;
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Counts every message; and every loss of the connection, behind which messages may have been.
async fn listen(pool: Pool<Db>, changes: watch::Sender<u64>) {
    loop {
        if let Ok(mut listener) = PgListener::connect_with(&pool).await
            && listener.listen(CHANNEL).await.is_ok()
        {
            changes.send_modify(|count| *count += 1);
            while let Ok(Some(_)) = listener.try_recv().await {
                changes.send_modify(|count| *count += 1);
            }
            changes.send_modify(|count| *count += 1);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
