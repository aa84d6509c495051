//! What `cargo xtask bench gateway` measures inside one process: how fast SQLite is by itself, and how long a query takes.
//!
//! `figures raw FILE SECONDS` prints the rows a second that SQLite stores in synced batches. `figures query ADDRESS ROWS` fills a
//! database and prints the 95th percentile of the newest 100 records of one agent and decision, in milliseconds.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "an example for measuring: it prints, and may fail loudly"
)]

use std::time::{Duration, Instant};

use placet_model::OrganisationId;
use placet_store::{NewOrganisation, RecordQuery, RecordRow, open};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};

/// Rows that share a commit, as in the store.
const BATCH: usize = 512;

/// Queries of which the percentile is taken.
const QUERIES: usize = 200;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["raw", file, seconds] => raw(file, Duration::from_secs(seconds.parse().unwrap())).await,
        ["query", address, rows] => query(address, rows.parse().unwrap()).await,
        _ => println!("usage: figures raw FILE SECONDS | figures query ADDRESS ROWS"),
    }
}

/// As many columns and bytes as a record has, in one table with the same indexes, through one prepared statement.
async fn raw(file: &str, time: Duration) {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    for text in [
        "CREATE TABLE r (id TEXT PRIMARY KEY, o TEXT, t BIGINT, a TEXT, n TEXT, c TEXT, s TEXT, d TEXT, e BOOLEAN, p TEXT, u TEXT, \
         w TEXT, x TEXT, y TEXT, z TEXT) WITHOUT ROWID",
        "CREATE INDEX r1 ON r (o, t DESC, id DESC)",
        "CREATE INDEX r2 ON r (o, a, d, t DESC, id DESC)",
        "CREATE INDEX r3 ON r (o, d, t DESC, id DESC)",
    ] {
        sqlx::query(text).execute(&mut connection).await.unwrap();
    }
    let organisation = OrganisationId::new(1, [1; 10]);
    let (started, mut rows) = (Instant::now(), 0);
    while started.elapsed() < time {
        let mut transaction = connection.begin().await.unwrap();
        for _ in 0..BATCH {
            let row = record(&organisation, rows);
            rows += 1;
            let insert =
                "INSERT INTO r VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
            sqlx::query(insert)
                .bind(row.id)
                .bind(row.organisation.as_str())
                .bind(row.unix_ms)
                .bind(row.agent)
                .bind(row.agent_name)
                .bind(row.action)
                .bind(row.resource)
                .bind(row.decision)
                .bind(row.enforced)
                .bind(row.policy)
                .bind(row.rule)
                .bind(row.reason)
                .bind(row.trace)
                .bind(row.session)
                .bind(row.payload)
                .execute(&mut *transaction)
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
    }
    println!("rate {:.0}", rows as f64 / started.elapsed().as_secs_f64());
}

async fn query(address: &str, rows: u64) {
    let store = open(address).await.unwrap();
    let new = NewOrganisation { id: OrganisationId::new(1, [1; 10]), name: "o".to_owned(), unix_ms: 0 };
    let organisation = store.make_organisation(new).await.unwrap().id;
    for first in (0..rows).step_by(5000) {
        let some = (first..rows.min(first + 5000)).map(|number| record(&organisation, number)).collect();
        store.append(some).await.unwrap();
    }
    let mut times = Vec::new();
    for number in 0..QUERIES {
        let query = RecordQuery {
            agent: Some(format!("agt_{}", number % 50)),
            decision: Some(if number % 2 == 0 { "deny" } else { "allow" }.to_owned()),
            limit: 100,
            ..RecordQuery::default()
        };
        let started = Instant::now();
        let found = store.records(&organisation, &query).await.unwrap().records.len();
        times.push(started.elapsed());
        assert!(found > 0 || rows < 10_000, "nothing was found");
    }
    times.sort();
    println!("p95 {:.3}", times.get(QUERIES * 95 / 100).unwrap().as_secs_f64() * 1000.0);
}

/// A record as large as they usually are.
fn record(organisation: &OrganisationId, number: u64) -> RecordRow {
    let time = 1_767_225_600_000 + i64::try_from(number).unwrap();
    let decision = if number.is_multiple_of(17) { "deny" } else { "allow" };
    RecordRow {
        id: format!("rec_{number:026}"),
        organisation: organisation.clone(),
        unix_ms: time,
        agent: format!("agt_{}", number % 50),
        agent_name: format!("agent {}", number % 50),
        action: "execute:shell".to_owned(),
        resource: "cargo test --workspace --locked -- --nocapture".to_owned(),
        decision: decision.to_owned(),
        enforced: true,
        policy: Some("starter".to_owned()),
        rule: Some("build-and-test".to_owned()),
        reason: Some("builds and tests of the project".to_owned()),
        trace: None,
        session: None,
        payload: format!("{{\"id\":\"rec_{number:026}\",\"padding\":\"{}\"}}", "x".repeat(500)),
    }
}
