//! `placet serve` killed at any moment while everybody calls: what was answered is there afterwards.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gateway::Gateway;
use super::postgres::Cluster;

/// Times that the gateway is killed; `cargo xtask bench kills` asks for more.
fn kills() -> u64 {
    std::env::var("PLACET_TEST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(10)
}

/// One request; `None` when the answer did not come whole.
fn call(host: &str, method: &str, path: &str, token: &str, body: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(host).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.starts_with("HTTP/1.1 200").then(|| serde_json::from_str(body).ok())?
}

/// Ids of records and versions of policies that were answered.
#[derive(Default)]
struct Told {
    records: Mutex<Vec<String>>,
    policies: Mutex<Vec<(u64, String)>>,
}

fn load(host: &str, key: &str, admin: &str, told: &Arc<Told>, kill: u64) -> Vec<std::thread::JoinHandle<()>> {
    let mut threads = Vec::new();
    for _ in 0..4 {
        let (host, key, told) = (host.to_owned(), key.to_owned(), Arc::clone(told));
        threads.push(std::thread::spawn(move || {
            let body = json!({"action": "read:x"}).to_string();
            while let Some(answer) = call(&host, "POST", "/v1/decide", &key, &body) {
                told.records.lock().unwrap().push(answer["record"].as_str().unwrap().to_owned());
            }
        }));
    }
    let (host, admin, told) = (host.to_owned(), admin.to_owned(), Arc::clone(told));
    threads.push(std::thread::spawn(move || {
        for number in 0.. {
            let text = format!(
                "name: p\nversion: \"1\"\ndescription: {kill} {number}\ndefaultEffect: allow\nrules: \
                                [{{ effect: deny, actions: ['no:thing'] }}]\n"
            );
            let Some(answer) = call(&host, "POST", "/admin/policies", &admin, &text) else { return };
            told.policies.lock().unwrap().push((answer["version"].as_u64().unwrap(), text));
        }
    }));
    threads
}

fn nothing_answered_is_lost(arguments: &[&str]) {
    let mut gateway = Gateway::start_with(arguments);
    let host = gateway.url.strip_prefix("http://").unwrap().to_owned();
    let admin = gateway.world.read("home/data/admin-token").trim().to_owned();
    let key = gateway.agent("one");
    let (told, seen) = (Arc::new(Told::default()), AtomicUsize::new(0));
    for kill in 0..kills() {
        let threads = load(&host, &key, &admin, &told, kill);
        // At ever other moments behind the first answers.
        let policies = told.policies.lock().unwrap().len();
        let begun = || {
            let policy = kill % 2 == 0 || told.policies.lock().unwrap().len() > policies;
            policy && !told.records.lock().unwrap().is_empty()
        };
        let patience = Instant::now() + Duration::from_secs(60);
        while !begun() {
            assert!(Instant::now() < patience, "nothing is answered");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(kill * 7919 % 100_000));
        gateway.stop();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        gateway.start_again(arguments);
        let records = std::mem::take(&mut *told.records.lock().unwrap());
        seen.fetch_add(records.len(), Ordering::Relaxed);
        let mut stored = std::collections::HashSet::new();
        let mut cursor = String::new();
        // The newest are those of this round.
        while !records.iter().all(|id| stored.contains(id)) {
            let path = format!("/admin/audit?limit=1000{cursor}");
            let page = call(&host, "GET", &path, &admin, "").unwrap();
            let entries = page["entries"].as_array().unwrap();
            stored.extend(entries.iter().map(|entry| entry["id"].as_str().unwrap().to_owned()));
            let lost = records.iter().filter(|id| !stored.contains(*id)).count();
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => assert_eq!(lost, 0, "records are lost, kill {kill}"),
            }
        }
    }
    let versions = call(&host, "GET", "/admin/policies/p/versions", &admin, "").unwrap();
    let policies = told.policies.lock().unwrap();
    for (version, text) in policies.iter() {
        let stored = versions["versions"].as_array().unwrap().iter().find(|one| one["version"] == *version);
        assert_eq!(
            stored.and_then(|one| one["yaml"].as_str()),
            Some(text.as_str()),
            "version {version} is lost"
        );
    }
    let records = seen.into_inner();
    let done =
        format!("{} kills, {records} records and {} policies answered, none lost\n", kills(), policies.len());
    std::io::stdout().write_all(done.as_bytes()).unwrap();
    assert!(records > 0 && !policies.is_empty());
}

#[test]
fn a_killed_gateway_loses_nothing_on_sqlite() {
    nothing_answered_is_lost(&[]);
}

#[test]
fn a_killed_gateway_loses_nothing_on_postgres() {
    let Some(cluster) = Cluster::start() else { return };
    nothing_answered_is_lost(&["--database-url", &cluster.database("kills")]);
}
