//! Records go when they are older than they are to be kept, and that they went is on record.

use std::time::Duration;

use placet_gateway::{Config, Gateway};
use placet_store::{RecordQuery, RecordRow};
use reqwest::Method;

use crate::server::{Server, answer, config};

const DAY_MS: i64 = 24 * 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn old_records_go_and_that_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let usual = config(folder.path());
    // The organisation is made at the first start.
    drop(Gateway::start(&usual).await.unwrap());
    let store = placet_store::open(&usual.database).await.unwrap();
    let organisation = store.organisations().await.unwrap().remove(0).id;
    let now = jiff::Timestamp::now().as_millisecond();
    let row = |id: &str, days: i64| RecordRow {
        id: id.to_owned(),
        organisation: organisation.clone(),
        unix_ms: now - days * DAY_MS,
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
    store.append(vec![row("old", 31), row("older", 400), row("young", 29)]).await.unwrap();
    let server = Server::with(folder, Config { retention_days: Some(30), ..usual }).await;
    let expired =
        RecordQuery { action: Some("expire:records".to_owned()), limit: 10, ..RecordQuery::default() };
    for _ in 0..200 {
        if !store.records(&organisation, &expired).await.unwrap().records.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit")).await;
    let ids: Vec<_> =
        found["entries"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"young") && !ids.contains(&"old") && !ids.contains(&"older"), "{found}");
    let told = &found["entries"][0];
    assert_eq!(
        (&told["action"], &told["agentName"]),
        (&"expire:records".into(), &"retention".into()),
        "{found}"
    );
    assert!(told["resource"].as_str().unwrap().starts_with("2 records from before "), "{told}");
    assert_eq!(told["reason"], "records are kept for 30 days");
}
