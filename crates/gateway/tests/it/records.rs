//! Records of hooks: stored once, as they are, for the agent of the key.

use placet_ledger::{Head, Header, SegmentKind};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{Server, answer};

/// A ledger of a machine.
struct Ledger {
    head: Head,
    lines: Vec<String>,
}

impl Ledger {
    fn new(segment: &str, follows: Option<&Head>) -> Self {
        let follows = follows.map(Head::as_link);
        let header =
            Header { segment: segment.to_owned(), kind: SegmentKind::Main, opened_unix_ms: 1, follows };
        let (line, head) = header.line();
        Self { head, lines: vec![text(&line)] }
    }

    fn record(&mut self, payload: &Value) -> &mut Self {
        let (line, head) = self.head.append(payload, [1; 16]);
        self.lines.push(text(&line));
        self.head = head;
        self
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8(line.to_vec()).unwrap().trim_end().to_owned()
}

fn decision(id: u32, verdict: &str) -> Value {
    json!({
        "id": format!("rec_{id:026}"), "unix_ms": 1_767_225_600_000_u64 + u64::from(id), "event": "PreToolUse", "session": "s1",
        "agent": "somebody-else", "tool": "Bash", "decision": verdict, "enforcement": "enforce", "policy": "ours", "rule": "no-push",
        "action": "execute:shell", "resource": "git push", "reason": "Not on a Friday.", "layer": "organisation",
    })
}

async fn send(server: &Server, key: &str, segment: &str, lines: &[String]) -> (StatusCode, Value) {
    let body = json!({"spool": "m1", "segment": segment, "lines": lines});
    answer(server.request(Method::POST, "/v1/records").bearer_auth(key).json(&body)).await
}

fn words(answer: &Value) -> Vec<&str> {
    answer["results"].as_array().unwrap().iter().map(|result| result["result"].as_str().unwrap()).collect()
}

async fn stored(server: &Server, query: &str) -> Vec<Value> {
    let (_, found) = answer(server.admin(Method::GET, &format!("/admin/audit?{query}"))).await;
    found["entries"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_stored_once_and_stay_decisions() {
    let server = Server::start().await;
    let (id, key) = server.agent("builder", "verified", &["dev"]).await;
    let mut ledger = Ledger::new("00000001", None);
    ledger.record(&decision(1, "deny")).record(&decision(2, "allow"));
    ledger.record(&json!({"id": "rec_00000000000000000000000003", "unix_ms": 1_767_225_600_003_u64, "event": "SessionStart"}));
    let (status, answer) = send(&server, &key, "00000001", &ledger.lines).await;
    assert_eq!(
        (status, words(&answer)),
        (StatusCode::OK, vec!["link", "stored", "stored", "stored"]),
        "{answer}"
    );
    let again = send(&server, &key, "00000001", &ledger.lines).await.1;
    assert_eq!((words(&again), &again["ledger"]), (vec!["link", "known", "known", "known"], &json!("sound")));
    let denied = stored(&server, "decision=deny").await;
    assert_eq!(denied.len(), 1, "{denied:?}");
    let one = &denied[0];
    assert_eq!((&one["agentId"], &one["agentName"]), (&json!(id), &json!("builder")), "the agent of the key");
    assert_eq!(
        (&one["origin"], &one["policy"], &one["resource"]),
        (&json!("hook"), &json!("ours"), &json!("git push"))
    );
    assert_eq!(stored(&server, "session=s1").await.len(), 2);
    assert_eq!(stored(&server, "decision=event").await[0]["event"], "SessionStart");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_record_under_a_known_id_changes_nothing() {
    let server = Server::start().await;
    let (_, key) = server.agent("builder", "verified", &[]).await;
    let (_, other) = server.agent("other", "verified", &[]).await;
    let mut first = Ledger::new("00000001", None);
    first.record(&decision(1, "deny"));
    send(&server, &key, "00000001", &first.lines).await;
    let mut second = Ledger::new("00000002", Some(&first.head));
    second.record(&decision(1, "allow")).record(&decision(2, "allow"));
    let answer = send(&server, &key, "00000002", &second.lines).await.1;
    assert_eq!(words(&answer), ["link", "conflict", "stored"], "{answer}");
    let answer = send(&server, &other, "00000001", &first.lines).await.1;
    assert_eq!(words(&answer), ["link", "conflict"], "another agent does not take a record over");
    assert_eq!(stored(&server, "decision=deny").await.len(), 1);
    assert!(stored(&server, "agentId=other&decision=deny").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_does_not_hold_together_is_told_of() {
    let server = Server::start().await;
    let (_, key) = server.agent("builder", "verified", &[]).await;
    let alerts = async || stored(&server, "action=alert:ledger").await.len();
    let mut ledger = Ledger::new("00000001", None);
    ledger.record(&decision(1, "deny"));
    let sent = ledger.lines.len();
    send(&server, &key, "00000001", &ledger.lines).await;
    ledger.record(&decision(2, "deny")).record(&decision(3, "deny"));
    let answer = send(&server, &key, "00000001", &ledger.lines[sent..]).await.1;
    assert_eq!((words(&answer), &answer["ledger"]), (vec!["stored", "stored"], &json!("sound")));
    assert_eq!(alerts().await, 0);
    // A line is left out.
    ledger.record(&decision(4, "deny")).record(&decision(5, "deny"));
    let answer = send(&server, &key, "00000001", &ledger.lines[5..]).await.1;
    assert_eq!((words(&answer), &answer["ledger"]), (vec!["stored"], &json!("gap")));
    assert_eq!(alerts().await, 1);
    // The ledger is written anew.
    let mut forged = Ledger::new("00000001", None);
    (10..20).for_each(|id| {
        forged.record(&decision(id, "allow"));
    });
    let answer = send(&server, &key, "00000001", &forged.lines).await.1;
    assert_eq!(answer["ledger"], "fork", "{answer}");
    assert_eq!(alerts().await, 2);
    // As if there had been none before.
    let answer = send(&server, &key, "00000007", &Ledger::new("00000007", None).lines).await.1;
    assert_eq!(answer["ledger"], "fork", "{answer}");
    // A line is altered; the others are stored all the same.
    let mut next = Ledger::new("00000002", Some(&forged.head));
    next.record(&decision(30, "deny")).record(&decision(31, "deny")).record(&decision(32, "deny"));
    next.lines[2] = next.lines[2].replace("deny", "allow");
    let answer = send(&server, &key, "00000002", &next.lines).await.1;
    assert_eq!(words(&answer), ["link", "stored", "refused", "stored"], "{answer}");
    assert_eq!(alerts().await, 4);
    assert_eq!(stored(&server, "decision=deny").await.len(), 4 + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_ledger_is_refused() {
    let server = Server::start().await;
    let (_, key) = server.agent("builder", "verified", &[]).await;
    for body in [
        json!({}),
        json!({"spool": "m1", "segment": "1", "lines": [1]}),
        json!({"spool": "m1", "segment": "../1", "lines": []}),
        json!({"spool": "", "segment": "1", "lines": []}),
        json!({"spool": "m1", "segment": "1", "lines": vec!["x"; 1001]}),
        json!({"spool": "m1", "segment": "1", "lines": [], "agent": "x"}),
    ] {
        let (status, said) =
            answer(server.request(Method::POST, "/v1/records").bearer_auth(&key).json(&body)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{said}");
    }
    let mut ledger = Ledger::new("1", None);
    ledger.record(&json!({"id": "x", "unix_ms": 1, "event": "e"}));
    ledger.record(&json!({"id": "rec_1", "event": "e"}));
    ledger.record(&json!({"id": "rec_2", "unix_ms": 1}));
    ledger.record(&json!([]));
    let mut lines = ledger.lines.clone();
    lines.push("{}".to_owned());
    lines.push(String::new());
    let answer = send(&server, &key, "1", &lines).await.1;
    assert_eq!(words(&answer), ["link", "refused", "refused", "refused", "refused", "refused", "refused"]);
    // A clock that is ahead.
    let mut ledger = Ledger::new("2", Some(&ledger.head));
    ledger.record(
        &json!({"id": "rec_9", "unix_ms": u64::from(u32::MAX) * 4000, "event": "e", "decision": "allow"}),
    );
    send(&server, &key, "2", &ledger.lines).await;
    assert!(stored(&server, "decision=allow").await[0]["timestamp"].as_str().unwrap() < "2100");
}
