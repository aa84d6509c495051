//! A process that is killed at any moment: what it was told is stored, is stored.
//!
//! The child is this test program itself; it appends records and changes a policy without end and prints what was answered.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use placet_store::{RecordQuery, open};

use crate::made;
use crate::postgres::Cluster;
use placet_model::OrganisationId;
use placet_store::RecordRow;

const ADDRESS: &str = "PLACET_TEST_CRASH_ADDRESS";

/// Times that a child is killed, on each engine.
const KILLS: u64 = 200;

#[tokio::test(flavor = "multi_thread")]
async fn child() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    let store = open(&address).await.unwrap();
    let organisation = made::organisation(store.as_ref(), "o").await.id;
    let writers = (0..4).map(|_| async {
        loop {
            let record = of_process(&organisation);
            let id = record.id.clone();
            store.append(vec![record]).await.unwrap();
            acknowledge(&format!("record {id}"));
        }
    });
    let policies = async {
        loop {
            let told = of_process(&organisation);
            let text = told.id.clone();
            let change = made::policy(&organisation, "p", Some(&text));
            let version = store.change_policy(change, told).await.unwrap();
            acknowledge(&format!("policy {version} {text}"));
        }
    };
    tokio::join!(futures_util::future::join_all(writers), policies);
}

/// A record that is found by the process that wrote it.
fn of_process(organisation: &OrganisationId) -> RecordRow {
    RecordRow { trace: Some(std::process::id().to_string()), ..made::record(organisation) }
}

fn acknowledge(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "acknowledged {line}").unwrap();
    out.flush().unwrap();
}

/// Runs a child, kills it a while after its first answer, and gives its number and what it was answered.
fn killed(address: &str, after: Duration) -> (u32, Vec<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture"])
        .env(ADDRESS, address)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let told = |line: String| line.split_once("acknowledged ").map(|(_, told)| told.to_owned());
    let mut answers: Vec<String> = lines.by_ref().find_map(told).into_iter().collect();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    answers.extend(lines.filter_map(told));
    (child.id(), answers)
}

async fn nothing_acknowledged_is_lost(address: &str) {
    let mut answers = 0;
    for kill in 0..KILLS {
        // Up to 15 ms behind the first answer, at ever other places.
        let (process, told) = killed(address, Duration::from_micros(kill * 7919 % 15_000));
        assert!(!told.is_empty(), "a child wrote nothing");
        let store = open(address).await.unwrap();
        let organisation = made::organisation(store.as_ref(), "o").await.id;
        let versions = store.policy_versions(&organisation, "p").await.unwrap();
        let mut query =
            RecordQuery { trace: Some(process.to_string()), limit: 1000, ..RecordQuery::default() };
        let mut stored = Vec::new();
        loop {
            let page = store.records(&organisation, &query).await.unwrap();
            stored.extend(page.records.into_iter().map(|record| record.id));
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        for line in &told {
            let mut words = line.split(' ');
            match (words.next(), words.next(), words.next()) {
                (Some("record"), Some(id), None) => {
                    assert!(stored.iter().any(|one| one == id), "{line} is lost")
                }
                (Some("policy"), Some(version), Some(text)) => {
                    let found = versions.iter().find(|one| one.version.to_string() == version);
                    assert_eq!(found.and_then(|one| one.yaml.as_deref()), Some(text), "{line} is lost");
                    assert!(stored.iter().any(|one| one == text), "the record of {line} is lost");
                }
                _ => panic!("{line}"),
            }
        }
        answers += told.len();
    }
    println!("{KILLS} kills, {answers} answers, none lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_loses_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    nothing_acknowledged_is_lost(&format!("sqlite:{}/crash.db", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_loses_nothing_on_postgres() {
    let Some(cluster) = Cluster::start() else { return };
    nothing_acknowledged_is_lost(&cluster.database("crash")).await;
}
