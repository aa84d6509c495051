//! Two processes on one PostgreSQL: what one changes the other sees at once, and a server that goes away comes back.

use std::time::{Duration, Instant};

use placet_store::{RecordQuery, StoreError, open};

use crate::made::{self, NOW};
use crate::postgres::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn a_change_wakes_the_other_within_100_ms() {
    let Some(cluster) = Cluster::start() else { return };
    let address = cluster.database("two");
    let (one, other) = (open(&address).await.unwrap(), open(&address).await.unwrap());
    let organisation = made::organisation(one.as_ref(), "o").await.id;
    let new = made::agent(&organisation, "one");
    one.create_agent(new.clone(), made::record(&organisation)).await.unwrap();
    // Both listen by now, or their first wake-up is still to come; wait until it is quiet.
    let mut changes = other.changes();
    while tokio::time::timeout(Duration::from_millis(500), changes.changed()).await.is_ok() {}
    let mut slowest = Duration::ZERO;
    for number in 0..20 {
        let yaml = format!("text {number}");
        one.change_policy(made::policy(&organisation, "p", Some(&yaml)), made::record(&organisation))
            .await
            .unwrap();
        let started = Instant::now();
        tokio::time::timeout(Duration::from_secs(5), changes.changed()).await.unwrap().unwrap();
        slowest = slowest.max(started.elapsed());
        assert_eq!(other.policies(&organisation).await.unwrap()[0].yaml.as_deref(), Some(yaml.as_str()));
        while tokio::time::timeout(Duration::from_millis(20), changes.changed()).await.is_ok() {}
    }
    println!("slowest wake-up: {slowest:?}");
    one.revoke_agent(&organisation, new.agent.id.as_str(), NOW, made::record(&organisation)).await.unwrap();
    assert_eq!(other.agent_of_key(&new.key_hash).await.unwrap(), None);
}

/// Transactions that begin first end last: whoever follows must not pass over them.
#[tokio::test(flavor = "multi_thread")]
async fn a_follower_misses_nothing_that_two_store_at_a_time() {
    const EACH: usize = 400;
    let Some(cluster) = Cluster::start() else { return };
    let address = cluster.database("follow");
    let (one, other) = (open(&address).await.unwrap(), open(&address).await.unwrap());
    let organisation = made::organisation(one.as_ref(), "o").await.id;
    let mut place = one.place().await.unwrap();
    let write = async |store: &dyn placet_store::Store, policy: &str| {
        let mut ids = Vec::new();
        for number in 0..EACH / 2 {
            let (record, told) = (made::record(&organisation), made::record(&organisation));
            ids.extend([record.id.clone(), told.id.clone()]);
            store.append(vec![record]).await.unwrap();
            // Waits for the other's transaction.
            let yaml = format!("text {number}");
            store.change_policy(made::policy(&organisation, policy, Some(&yaml)), told).await.unwrap();
        }
        ids
    };
    let mut followed = Vec::new();
    let follow = async {
        let started = Instant::now();
        let few = RecordQuery { limit: 7, ..RecordQuery::default() };
        while followed.len() < 2 * EACH {
            assert!(started.elapsed() < Duration::from_secs(60), "only {} came", followed.len());
            let found = other.stored_after(&organisation, &few, place).await.unwrap();
            if found.is_empty() {
                // As a stream does: on to where all is known.
                let known = other.place().await.unwrap();
                let late = other.stored_after(&organisation, &few, place).await.unwrap();
                if late.is_empty() {
                    place = place.max(known);
                }
            }
            for (at, row) in found {
                assert!(at > place);
                (place, ()) = (at, followed.push(row.id));
            }
        }
    };
    let (first, second, ()) = tokio::join!(write(one.as_ref(), "p"), write(other.as_ref(), "q"), follow);
    let mut stored = [first, second].concat();
    stored.sort();
    followed.sort();
    assert_eq!(followed, stored, "none lost, none twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_comes_back() {
    let Some(cluster) = Cluster::start() else { return };
    let store = open(&cluster.database("gone")).await.unwrap();
    let organisation = made::organisation(store.as_ref(), "o").await.id;
    let (kept, later) = (made::record(&organisation), made::record(&organisation));
    store.append(vec![kept.clone()]).await.unwrap();
    store.ready().await.unwrap();
    let mut changes = store.changes();
    cluster.cut();
    assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.append(vec![later.clone()]).await, Err(StoreError::Unavailable(_))));
    cluster.begin();
    // A write that failed may be sent again, as often as it takes.
    let patience = Instant::now() + Duration::from_secs(30);
    while store.append(vec![later.clone()]).await.is_err() {
        assert!(Instant::now() < patience, "the store did not recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let all = RecordQuery { limit: 10, ..RecordQuery::default() };
    assert_eq!(store.records(&organisation, &all).await.unwrap().records, [later, kept]);
    // Whoever keeps agents or policies in memory is told to look again.
    tokio::time::timeout(Duration::from_secs(10), changes.changed()).await.unwrap().unwrap();
}
