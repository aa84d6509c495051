//! What agents report of themselves: on record as that, and as nothing else.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{ADMIN, POLICY, Server, answer};

async fn report(server: &Server, key: &str, path: &str, body: Value) -> (StatusCode, Value) {
    answer(server.request(Method::POST, path).bearer_auth(key).json(&body)).await
}

async fn entries(server: &Server, query: &str) -> Vec<Value> {
    let (status, found) = answer(server.admin(Method::GET, &format!("/admin/audit?{query}"))).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    found["entries"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_never_poses_as_a_decision() {
    let server = Server::start().await;
    let (id, key) = server.agent("one", "verified", &["dev"]).await;
    let (other, _) = server.agent("other", "verified", &["dev"]).await;
    let secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    let body = json!({
        "id": "e1", "timestamp": "2020-01-01T00:00:00Z", "agentId": other, "action": "execute:shell", "result": "allow",
        "decision": "allow", "event": "policy_decision", "enforced": true, "policy": "dev", "rule": "git", "orgId": "x",
        "resource": format!("curl -H 'Authorization: Bearer {secret}' https://api.example"), "details": {"token": secret},
        "delegatedBy": "somebody", "by": "admin", "traceId": "t-1",
    });
    let (status, told) = report(&server, &key, "/proxy/audit", body).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let all = entries(&server, "traceId=t-1").await;
    assert_eq!(all.len(), 1);
    let entry = &all[0];
    assert_eq!(entry["id"], told["id"]);
    assert_eq!((entry["agentId"].as_str(), entry["agentName"].as_str()), (Some(id.as_str()), Some("one")));
    assert_eq!((&entry["event"], &entry["decision"]), (&json!("agent_report"), &json!("reported")));
    assert_eq!((&entry["result"], &entry["enforced"]), (&json!("reported"), &json!(false)));
    assert!(
        entry.get("policy").is_none() && entry.get("rule").is_none() && entry.get("by").is_none(),
        "{entry}"
    );
    assert!(!entry["timestamp"].as_str().unwrap().starts_with("2020"), "the time is the gateway's");
    assert_eq!(entry["reported"]["agentId"], json!(other), "the claim is kept as a claim");
    assert_eq!((&entry["reported"]["result"], &entry["reported"]["by"]), (&json!("allow"), &json!("admin")));
    assert!(!json!(all).to_string().contains(secret), "{all:?}");
    // Nobody who counts or looks for decisions finds it.
    assert!(entries(&server, "decision=allow").await.is_empty());
    let (_, stats) = answer(server.admin(Method::GET, "/admin/audit/stats")).await;
    assert_eq!(stats["total"], 0, "{stats}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_the_agents_own() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, one) = server.agent("one", "verified", &["dev"]).await;
    let (_, two) = server.agent("two", "verified", &["dev"]).await;
    let body =
        |action: &str, id: &str| json!({"id": id, "agentId": "one", "action": action, "result": "success"});
    let (_, first) = report(&server, &one, "/proxy/audit", body("a:first", "x")).await;
    let (status, again) = report(&server, &one, "/proxy/audit", body("a:second", "x")).await;
    assert_eq!((status, &again["id"]), (StatusCode::OK, &first["id"]), "told twice is told once");
    let (_, others) = report(&server, &two, "/proxy/audit", body("a:other", "x")).await;
    assert_ne!(others["id"], first["id"]);
    // Ids that are on record already, from another agent and from the gateway itself.
    let (_, checked) = server.check(&one, "read:file", "/x").await;
    for taken in [first["id"].as_str().unwrap(), checked["record"].as_str().unwrap()] {
        let (_, told) = report(&server, &two, "/proxy/audit", body("a:taken", taken)).await;
        assert_ne!(told["id"], taken);
    }
    let actions: Vec<Value> =
        entries(&server, "limit=100").await.iter().map(|entry| entry["action"].clone()).collect();
    for (action, times) in [("a:first", 1), ("a:second", 0), ("a:other", 1), ("a:taken", 2), ("read:file", 1)]
    {
        assert_eq!(actions.iter().filter(|known| *known == action).count(), times, "{action}: {actions:?}");
    }
    // Without an id each is one of its own.
    let nameless = json!({"action": "a:nameless"});
    let (_, a) = report(&server, &one, "/proxy/audit", nameless.clone()).await;
    let (_, b) = report(&server, &one, "/proxy/audit", nameless).await;
    assert_ne!(a["id"], b["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_in_batches() {
    let server = Server::start().await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    let event = json!({
        "agentId": "one", "action": "tool:exec", "context": {"params": {"a": 1}}, "result": "blocked",
        "decision": {"effect": "deny"}, "durationMs": 12, "timestamp": 1_700_000_000_000_i64,
    });
    let (status, told) = report(&server, &key, "/api/v1/audit", event.clone()).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let thousand = json!({"events": vec![event.clone(); 1000]});
    let (status, told) = report(&server, &key, "/api/v1/audit/batch", thousand).await;
    assert_eq!((status, &told["recorded"]), (StatusCode::OK, &json!(1000)), "{told}");
    let request = server.request(Method::POST, "/api/v1/audit/batch").header("X-MeshGuard-API-Key", &key);
    let (status, told) = answer(request.json(&json!({"events": [event, event]}))).await;
    assert_eq!((status, &told["recorded"]), (StatusCode::OK, &json!(2)), "{told}");
    assert_eq!(entries(&server, "action=tool:exec&limit=1000").await.len(), 1000);
    let (status, told) = report(&server, &key, "/api/v1/audit/batch", json!({"events": []})).await;
    assert_eq!((status, &told["recorded"]), (StatusCode::OK, &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_event_is_named_and_none_is_stored() {
    let server = Server::start().await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    let good = json!({"action": "a:good"});
    let long = "i".repeat(257);
    for wrong in [
        json!({"action": 1}),
        json!({"action": null}),
        json!({}),
        json!([]),
        json!("text"),
        json!({"action": ""}),
        json!({"action": "a:b\nc"}),
        json!({"action": "a:b", "resource": {"a": 1}}),
        json!({"action": "a:b", "agentId": []}),
        json!({"action": "a:b", "id": 7}),
        json!({"action": "a:b", "id": ""}),
        json!({"action": "a:b", "id": long}),
    ] {
        let (status, told) = report(&server, &key, "/proxy/audit", wrong.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}: {told}");
        let batch = json!({"events": [good, wrong, good]});
        let (status, told) = report(&server, &key, "/api/v1/audit/batch", batch).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}: {told}");
        assert!(told["message"].as_str().unwrap().starts_with("events[1]: "), "{told}");
    }
    let many = json!({"events": vec![good; 1001]});
    assert_eq!(report(&server, &key, "/api/v1/audit/batch", many).await.0, StatusCode::BAD_REQUEST);
    for body in [json!({}), json!({"events": {}}), json!([])] {
        assert_eq!(report(&server, &key, "/api/v1/audit/batch", body).await.0, StatusCode::BAD_REQUEST);
    }
    assert!(entries(&server, "action=a:good").await.is_empty());
    // Not too much of anything, and any text.
    let details = "x".repeat(1_000_000);
    let body = json!({"action": "a:long", "details": {"text": details}, "resource": "\u{0}\u{202e}"});
    assert_eq!(report(&server, &key, "/proxy/audit", body).await.0, StatusCode::OK);
    let kept = entries(&server, "action=a:long").await;
    assert!(kept[0].to_string().len() < 10_000, "{}", kept[0].to_string().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_report_for_agents() {
    let server = Server::start().await;
    let (id, key) = server.agent("one", "verified", &["dev"]).await;
    let told = |body: Value| answer(server.admin(Method::POST, "/api/v1/audit").json(&body));
    assert_eq!(told(json!({"agentId": "one", "action": "a:b"})).await.0, StatusCode::OK);
    let found = entries(&server, "action=a:b").await;
    assert_eq!((&found[0]["agentId"], &found[0]["by"]), (&json!(id), &json!("admin")));
    assert_eq!(told(json!({"action": "a:b"})).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(told(json!({"agentId": "nobody", "action": "a:b"})).await.0, StatusCode::NOT_FOUND);
    // Two keys that differ are no key.
    let request =
        server.request(Method::POST, "/api/v1/audit").bearer_auth(&key).header("X-MeshGuard-API-Key", ADMIN);
    assert_eq!(answer(request.json(&json!({"action": "a:b"}))).await.0, StatusCode::BAD_REQUEST);
}
