//! Queries that people wait for go by an index, on both engines, however many records there are.

use placet_model::OrganisationId;
use placet_store::{RecordQuery, RecordRow, Store, open};
use sqlx::Connection as _;

use crate::made;
use crate::postgres::Cluster;

const RECORDS: usize = 20_000;

async fn filled(store: &dyn Store) -> OrganisationId {
    let organisation = made::organisation(store, "o").await.id;
    for first in (0..RECORDS).step_by(1000) {
        let some = (first..first + 1000).map(|number| RecordRow {
            agent: format!("agt_{}", number % 100),
            decision: if number % 20 == 0 { "deny" } else { "allow" }.to_owned(),
            trace: Some(format!("t{number}")),
            session: Some(format!("s{}", number % 500)),
            ..made::record(&organisation)
        });
        store.append(some.collect()).await.unwrap();
    }
    organisation
}

/// What is asked for, and the index by which it is found.
fn queries() -> Vec<(RecordQuery, &'static str)> {
    let any = RecordQuery { limit: 100, ..RecordQuery::default() };
    let text = |text: &str| Some(text.to_owned());
    vec![
        (any.clone(), "records_newest"),
        (RecordQuery { decision: text("deny"), ..any.clone() }, "records_decision"),
        (RecordQuery { agent: text("agt_7"), decision: text("deny"), ..any.clone() }, "records_agent"),
        (RecordQuery { trace: text("t7"), ..any.clone() }, "records_trace"),
        (RecordQuery { session: text("s7"), ..any.clone() }, "records_session"),
        (
            RecordQuery {
                agent: text("agt_7"),
                decision: text("allow"),
                after: Some((i64::MAX, String::new())),
                ..any
            },
            "records_agent",
        ),
    ]
}

async fn go_by_their_index(store: &dyn Store, organisation: &OrganisationId) {
    for (query, index) in queries() {
        let plan = store.plan(organisation, &query).await.unwrap();
        println!("{index}:\n{plan}");
        assert!(plan.contains(index), "{query:?}: {plan}");
        assert!(!plan.contains("SCAN records") && !plan.contains("Seq Scan"), "{query:?}: {plan}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_goes_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&format!("sqlite:{}/plans.db", folder.path().display())).await.unwrap();
    let organisation = filled(store.as_ref()).await;
    go_by_their_index(store.as_ref(), &organisation).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_goes_by_an_index() {
    let Some(cluster) = Cluster::start() else { return };
    let address = cluster.database("plans");
    let store = open(&address).await.unwrap();
    let organisation = filled(store.as_ref()).await;
    let mut connection = sqlx::PgConnection::connect(&address).await.unwrap();
    // As the server does by itself after a while.
    sqlx::query("ANALYZE records").execute(&mut connection).await.unwrap();
    go_by_their_index(store.as_ref(), &organisation).await;
}
