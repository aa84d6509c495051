//! The one place where this process writes: many writes, one commit.

use std::sync::Arc;
use std::time::Instant;

use futures_util::future::BoxFuture;
use sqlx::{Connection as _, Database, Pool};
use tokio::sync::{mpsc, oneshot, watch};

use super::{BEGIN, Db, records};
use crate::{RecordRow, StoreError, Watch};

pub(super) type Connection = <Db as Database>::Connection;

/// Writes that share a commit at most.
const BATCH: usize = 512;

/// Writes that may wait.
const WAITING: usize = 4096;

/// Tells what became of a write, once the commit is through or has failed.
type Tell = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A change with a savepoint of its own: says whether it is to be kept.
type Change = Box<dyn for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, (bool, Tell)> + Send>;

enum Job {
    Append(Vec<RecordRow>, oneshot::Sender<Result<(), StoreError>>),
    Change(Change),
}

impl Job {
    /// Records that it appends.
    fn records(&self) -> usize {
        match self {
            Self::Append(records, _) => records.len(),
            Self::Change(_) => 0,
        }
    }
}

/// Takes writes and commits them in the order in which they came.
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    stored: watch::Sender<u64>,
}

impl Writer {
    /// Starts writing through `pool`.
    pub(super) fn start(pool: Pool<Db>, watch: Arc<dyn Watch>) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let stored = watch::Sender::new(0);
        tokio::spawn(run(pool, waiting, Told { watch, stored: stored.clone() }));
        Self { jobs, stored }
    }

    /// Changes with every commit.
    pub(super) fn stored(&self) -> watch::Receiver<u64> {
        self.stored.subscribe()
    }

    /// Writes that wait for a commit.
    pub(super) fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// Stores records.
    pub(super) async fn append(&self, records: Vec<RecordRow>) -> Result<(), StoreError> {
        let (sender, answer) = oneshot::channel();
        self.jobs.send(Job::Append(records, sender)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Runs `work` in a transaction; what it did is undone when it fails.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, answer) = oneshot::channel();
        let change: Change = Box::new(move |connection| {
            Box::pin(async move {
                let result = work(connection).await;
                let keep = result.is_ok();
                let tell: Tell = Box::new(move |committed| {
                    // Nobody waits any more: the write stays.
                    let _ = sender.send(committed.and(result));
                });
                (keep, tell)
            })
        });
        self.jobs.send(Job::Change(change)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the writer has stopped".to_owned())
}

/// Who hears of a commit.
struct Told {
    watch: Arc<dyn Watch>,
    stored: watch::Sender<u64>,
}

async fn run(pool: Pool<Db>, mut waiting: mpsc::Receiver<Job>, told: Told) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let started = Instant::now();
        let (writes, records) = (batch.len(), batch.iter().map(Job::records).sum());
        let mut tells = Vec::with_capacity(batch.len());
        let outcome = commit(&pool, batch.drain(..), &mut tells).await;
        if outcome.is_ok() {
            told.watch.committed(writes, records, started.elapsed());
            told.stored.send_modify(|count| *count += 1);
        }
        for tell in tells {
            tell(match &outcome {
                Ok(()) => Ok(()),
                Err(error) => Err(StoreError::Unavailable(error.to_string())),
            });
        }
    }
}

/// Runs the jobs in one transaction. Jobs that could not even be tried are answered by dropping them.
async fn commit(
    pool: &Pool<Db>,
    jobs: impl Iterator<Item = Job>,
    tells: &mut Vec<Tell>,
) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin_with(BEGIN).await?;
    let mut appends = Vec::new();
    for job in jobs {
        match job {
            Job::Append(records, sender) => appends.push((records, sender)),
            Job::Change(change) => {
                // What was appended before the change is written before it.
                append_all(&mut transaction, std::mem::take(&mut appends), tells).await?;
                let mut savepoint = transaction.begin().await?;
                let (keep, tell) = change(&mut savepoint).await;
                tells.push(tell);
                if keep { savepoint.commit().await? } else { savepoint.rollback().await? }
            }
        }
    }
    append_all(&mut transaction, appends, tells).await?;
    transaction.commit().await
}

type Append = (Vec<RecordRow>, oneshot::Sender<Result<(), StoreError>>);

/// Stores all records at once; call by call when the database refuses something among them.
async fn append_all(
    connection: &mut Connection,
    appends: Vec<Append>,
    tells: &mut Vec<Tell>,
) -> Result<(), sqlx::Error> {
    let together = insert(connection, appends.iter().flat_map(|(rows, _)| rows)).await?;
    for (rows, sender) in appends {
        let result = match &together {
            Ok(()) => Ok(()),
            Err(_) => insert(connection, rows.iter()).await?,
        };
        tells.push(Box::new(move |committed| {
            let _ = sender.send(committed.and(result));
        }));
    }
    Ok(())
}

/// Stores some records, or none of them.
async fn insert<'r>(
    connection: &mut Connection,
    rows: impl Iterator<Item = &'r RecordRow>,
) -> Result<Result<(), StoreError>, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    match records::insert(&mut savepoint, rows).await {
        Ok(()) => savepoint.commit().await.map(Ok),
        Err(error) => savepoint.rollback().await.map(|()| Err(error.into())),
    }
}
