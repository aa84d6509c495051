//! The chain over all records: each stands in it once, and who altered the database is found out.

use std::collections::BTreeSet;
use std::time::Duration;

use placet_gateway::{Config, Gateway};
use placet_ledger::verify::{FaultKind, Report, verify, verify_from};
use placet_store::RecordRow;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use sqlx::Connection as _;

use crate::postgres::Cluster;
use crate::server::{POLICY, Server, answer, config};

/// The lines of the chain, so many at a time.
async fn lines(server: &Server, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/admin/ledger/lines?limit={limit}{after}");
        let response = server.admin(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let page = response.bytes().await.unwrap();
        if page.is_empty() {
            return bytes;
        }
        bytes.extend_from_slice(&page);
        let last: Value =
            serde_json::from_slice(page.split(|byte| *byte == b'\n').rev().nth(1).unwrap()).unwrap();
        after = format!("&after={}", last["seq"].as_u64().unwrap_or(0));
    }
}

/// Ids of the records in lines.
fn ids(lines: &[u8]) -> Vec<String> {
    let of = |line: &[u8]| {
        let line: Value = serde_json::from_slice(line).ok()?;
        Some(line["payload"]["id"].as_str()?.to_owned())
    };
    lines.split(|byte| *byte == b'\n').filter_map(of).collect()
}

/// Ids of the records that can be found.
async fn records(server: &Server) -> BTreeSet<String> {
    let (mut found, mut after) = (BTreeSet::new(), String::new());
    loop {
        let (_, page) = answer(server.admin(Method::GET, &format!("/admin/audit?limit=500{after}"))).await;
        found.extend(
            page["entries"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => after = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// Waits until so many records are sealed.
async fn sealed(server: &Server, count: usize) {
    let mut seq = 0;
    for _ in 0..400 {
        let (_, told) = answer(server.admin(Method::GET, "/admin/ledger")).await;
        seq = told["head"]["seq"].as_u64().unwrap_or(0);
        if seq >= count as u64 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{seq} of {count} are sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_is_sealed_once_and_in_pages_of_any_length() {
    let server = Server::start().await;
    assert!(lines(&server, 10).await.is_empty() || !ids(&lines(&server, 10).await).is_empty());
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "basic", &["dev"]).await;
    for number in 0..40 {
        server.check(&key, "read:x", &number.to_string()).await;
        if number % 13 == 0 {
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
    let all = records(&server).await;
    assert!(all.len() >= 42, "{}", all.len());
    sealed(&server, all.len()).await;
    let whole = lines(&server, 2000).await;
    let report = verify(&whole);
    assert_eq!((report.fault, report.records), (None, all.len() as u64));
    let sealed = ids(&whole);
    assert_eq!(sealed.iter().cloned().collect::<BTreeSet<_>>(), all);
    assert_eq!(sealed.len(), all.len(), "none twice");
    for limit in [1, 2, 7, 41] {
        assert_eq!(lines(&server, limit).await, whole, "in pages of {limit}");
    }
    let (_, told) = answer(server.admin(Method::GET, "/admin/ledger")).await;
    assert_eq!(told["head"]["hash"], report.head.unwrap().hash.to_string());
    // What comes later stands behind it.
    server.check(&key, "read:y", "").await;
    self::sealed(&server, all.len() + 1).await;
    let longer = lines(&server, 2000).await;
    let rest = longer.strip_prefix(whole.as_slice()).expect("it only grows");
    let head = verify(&whole).head.unwrap();
    assert!(matches!(verify_from(&head, rest), Report { fault: None, records: 1, .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_alters_the_database_is_found_out() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "basic", &["dev"]).await;
    server.check(&key, "write:secret", "x").await;
    server.check(&key, "read:y", "").await;
    sealed(&server, 4).await;
    let before = lines(&server, 2000).await;
    assert_eq!(verify(&before).fault, None);
    let file = format!("sqlite:{}/placet.db", server.folder.path().display());
    let mut database = sqlx::SqliteConnection::connect(&file).await.unwrap();
    let denied = "decision = 'deny'";
    let columns = [
        ("decision", "'allow'"),
        ("reason", "'other'"),
        ("agent", "'agt_other'"),
        ("agent_name", "'other'"),
        ("action", "'read:x'"),
        ("resource", "'other'"),
        ("unix_ms", "unix_ms + 1"),
        ("enforced", "NOT enforced"),
        ("policy", "'other'"),
        ("rule", "'other'"),
        ("trace", "'other'"),
        ("session", "'other'"),
        ("payload", "payload || ' '"),
    ];
    for (column, other) in columns {
        for statement in [
            "DROP TABLE IF EXISTS kept".to_owned(),
            format!("CREATE TEMP TABLE kept AS SELECT * FROM records WHERE {denied}"),
            format!("UPDATE records SET {column} = {other} WHERE {denied}"),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut database).await.unwrap();
        }
        let fault = verify(&lines(&server, 2000).await).fault;
        assert_eq!(fault.map(|fault| fault.kind), Some(FaultKind::Altered), "{column}");
        let back = format!(
            "UPDATE records SET {column} = (SELECT {column} FROM kept) WHERE id = (SELECT id FROM kept)"
        );
        sqlx::query(sqlx::AssertSqlSafe(back)).execute(&mut database).await.unwrap();
        assert_eq!(lines(&server, 2000).await, before);
    }
    // A record that goes leaves its line behind.
    sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM records WHERE {denied}")))
        .execute(&mut database)
        .await
        .unwrap();
    let report = verify(&lines(&server, 2000).await);
    assert_eq!((report.fault, report.erased), (None, 1));
    // What is kept of the chain does not help: the lines do not hang together.
    let leaves = "UPDATE ledger_batches SET lines = replace(lines, 'a', 'b')";
    sqlx::query(leaves).execute(&mut database).await.unwrap();
    assert!(verify(&lines(&server, 2000).await).fault.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_retention_deletes_keeps_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let usual = config(folder.path());
    // The organisation is made at the first start.
    drop(Gateway::start(&usual).await.unwrap());
    let store = placet_store::open(&usual.database).await.unwrap();
    let organisation = store.organisations().await.unwrap().remove(0).id;
    let old = |number: i64| RecordRow {
        id: format!("old-{number}"),
        organisation: organisation.clone(),
        unix_ms: 1_000_000 + number,
        agent: "agt_1".to_owned(),
        agent_name: "one".to_owned(),
        action: "read:file".to_owned(),
        resource: "/x".to_owned(),
        decision: "deny".to_owned(),
        enforced: true,
        policy: None,
        rule: None,
        reason: None,
        trace: None,
        session: None,
        payload: "{}".to_owned(),
    };
    store.append((0..700).map(old).collect()).await.unwrap();
    let server = Server::with(folder, Config { retention_days: Some(30), ..usual }).await;
    sealed(&server, 701).await;
    let found = lines(&server, 2000).await;
    let report = verify(&found);
    assert_eq!((report.fault, report.erased), (None, 700));
    let told = found.split(|byte| *byte == b'\n').filter_map(|line| {
        let line: Value = serde_json::from_slice(line).ok()?;
        let payload: Value = serde_json::from_str(line["payload"]["payload"].as_str()?).ok()?;
        payload["gone"].as_u64()
    });
    assert_eq!(told.sum::<u64>(), 700);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gateways_make_one_chain() {
    let Some(cluster) = Cluster::start() else { return };
    let address = cluster.database("ledger");
    let server = async || {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { database: address.clone(), ..config(folder.path()) };
        Server::with(folder, config).await
    };
    let (one, other) = (server().await, server().await);
    one.apply(POLICY).await;
    let (_, key) = one.agent("one", "basic", &["dev"]).await;
    let write = async |server: &Server, name: &str| {
        for number in 0..150 {
            server.check(&key, "read:x", &format!("{name} {number}")).await;
        }
    };
    tokio::join!(write(&one, "one"), write(&other, "other"));
    let all = records(&one).await;
    assert!(all.len() >= 302, "{}", all.len());
    sealed(&other, all.len()).await;
    let found = lines(&other, 2000).await;
    let report = verify(&found);
    assert_eq!((report.fault, report.records), (None, all.len() as u64));
    assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>(), all);
    assert_eq!(lines(&one, 2000).await, found);
}
