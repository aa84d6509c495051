//! The exact shapes that published clients read, each as strictly as the strictest of them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{POLICY, Server, answer};

/// No field of an object is null: one client then loses the whole body.
fn without_null(value: &Value) {
    match value {
        Value::Null => panic!("a null"),
        Value::Array(items) => items.iter().for_each(without_null),
        Value::Object(fields) => fields.values().for_each(without_null),
        _ => {}
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

/// RFC 3339, as Go and Rust read it.
fn is_time(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok() && text.ends_with('Z'))
}

#[tokio::test(flavor = "multi_thread")]
async fn denials_carry_every_field_as_text() {
    let server = Server::start().await;
    let (_, lone) = server.agent("lone", "verified", &[]).await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    for (key, action) in [(&key, "write:file"), (&key, "deploy:app"), (&lone, "read:file"), (&lone, "a:b")] {
        let (status, body) = server.check(key, action, "").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        without_null(&body);
        for field in ["error", "message", "reason", "action", "rule"] {
            assert!(is_text(&body[field]), "{field}: {body}");
        }
        assert!(body["policy"].is_string(), "{body}");
        assert_eq!(body["message"], body["reason"], "clients read one of them");
    }
    let refused = server.request(Method::GET, "/proxy/check").bearer_auth("no such key");
    let (status, body) = answer(refused).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(is_text(&body["error"]) && is_text(&body["message"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_and_policies_have_ids_everywhere() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let nameless = "name: nameless\nrules:\n  - {effect: deny, actions: ['a:b']}\n  - {effect: allow, actions: ['a:*']}\n";
    server.apply(nameless).await;
    let body = json!({"name": "one", "tier": "basic"});
    let (status, made) = answer(server.admin(Method::POST, "/api/v1/agents").json(&body)).await;
    assert_eq!((status, &made["trustTier"]), (StatusCode::CREATED, &json!("basic")), "{made}");
    assert!(is_text(&made["token"]) && is_text(&made["id"]) && made["tags"].is_array());
    for path in ["/admin/agents", "/api/v1/agents"] {
        let (_, list) = answer(server.admin(Method::GET, path)).await;
        without_null(&list);
        let agent = &list["agents"][0];
        for field in ["id", "name", "trustTier", "orgId", "status"] {
            assert!(is_text(&agent[field]), "{field}: {agent}");
        }
        assert!(is_time(&agent["createdAt"]) && is_time(&agent["updatedAt"]), "{agent}");
        assert!(agent["tags"].is_array() && agent["capabilities"].is_array());
    }
    for path in ["/admin/policies", "/api/v1/policies", "/api/v1/admin/policies"] {
        let (_, list) = answer(server.admin(Method::GET, path)).await;
        without_null(&list);
        assert_eq!(list["policies"].as_array().unwrap().len(), 2);
        for policy in list["policies"].as_array().unwrap() {
            assert!(is_text(&policy["id"]) && is_text(&policy["name"]), "{policy}");
            let rules = policy["rules"].as_array().unwrap();
            let mut ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), rules.len(), "an id of its own for each rule: {policy}");
            assert!(rules.iter().all(|rule| is_text(&rule["effect"]) && rule["actions"].is_array()));
        }
    }
    let (status, one) = answer(server.admin(Method::GET, "/api/v1/policies/dev")).await;
    assert_eq!((status, one["yaml"].as_str()), (StatusCode::OK, Some(POLICY)));
    let (status, one) = answer(server.admin(Method::GET, "/api/v1/agents/one")).await;
    assert_eq!((status, &one["id"]), (StatusCode::OK, &made["id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn audit_entries_have_both_spellings_and_times() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    server.agent("two", "verified", &["dev"]).await;
    server.check(&key, "read:file", "/x").await;
    server.check(&key, "write:file", "/x").await;
    let report =
        server.request(Method::POST, "/proxy/audit").bearer_auth(&key).json(&json!({"action": "a:b"}));
    answer(report).await;
    for path in ["/admin/audit?limit=100", "/api/v1/audit/logs?limit=100"] {
        let (_, found) = answer(server.admin(Method::GET, path)).await;
        without_null(&found);
        let entries = found["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 6, "{found}");
        for entry in entries {
            assert!(
                is_text(&entry["id"]) && is_time(&entry["timestamp"]) && is_text(&entry["event"]),
                "{entry}"
            );
            assert!(is_text(&entry["agentId"]) && is_text(&entry["action"]) && entry["resource"].is_string());
            assert_eq!(
                entry["decision"], entry["result"],
                "one client reads `result` and takes allow for granted"
            );
            assert_eq!(entry["meta"], entry["metadata"]);
            assert!(entry["meta"].is_object() && entry["details"].is_object());
        }
    }
    let query = "/api/v1/audit/logs?agent=one&action=write:file&limit=1";
    let (_, found) = answer(server.admin(Method::GET, query)).await;
    assert_eq!(found["entries"].as_array().unwrap().len(), 1);
    let entry = &found["entries"][0];
    assert_eq!((&entry["decision"], &entry["policyName"]), (&json!("deny"), &json!("dev")), "{entry}");
    let (_, none) = answer(server.admin(Method::GET, "/api/v1/audit/logs?agent=two&action=write:file")).await;
    assert_eq!(none["entries"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_says_what_it_is() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    server.agent("one", "verified", &["dev"]).await;
    for path in ["/health", "/api/v1/health"] {
        let (status, health) = answer(server.request(Method::GET, path)).await;
        assert_eq!((status, &health["status"]), (StatusCode::OK, &json!("healthy")));
        assert!(is_time(&health["timestamp"]) && is_text(&health["version"]) && is_text(&health["mode"]));
    }
    let (status, root) = answer(server.request(Method::GET, "/")).await;
    assert_eq!((status, &root["name"]), (StatusCode::OK, &json!("Placet")));
    for link in root["links"].as_object().unwrap().values() {
        let (status, _) = answer(server.request(Method::GET, link.as_str().unwrap())).await;
        assert_ne!(status, StatusCode::NOT_FOUND, "{link}");
    }
    let (_, info) = answer(server.admin(Method::GET, "/admin/info")).await;
    assert_eq!((&info["agents"]["active"], &info["policies"]), (&json!(1), &json!(1)), "{info}");
    assert!(is_time(&info["startedAt"]) && is_text(&info["mode"]));
}
