//! `/api/v1/evaluate`: 200 with an effect, or an error; and what is on record then.

use placet_gateway::EnforcementMode;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{POLICY, Server, answer};

async fn ask(server: &Server, key: &str, body: Value) -> (StatusCode, Value) {
    answer(server.request(Method::POST, "/api/v1/evaluate").bearer_auth(key).json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_is_always_there() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (id, key) = server.agent("one", "verified", &["dev"]).await;
    let rows = [
        ("read:file", "/srv/x", "allow", "reads"),
        ("tool:exec", "", "deny", "default-deny"),
        ("execute:shell", "git push \\\n  --force", "deny", "no-force"),
        ("deploy:app", "", "deny", "deploys"),
    ];
    for (action, resource, effect, rule) in rows {
        let mut body =
            json!({"agentId": id, "action": action, "context": {"params": {"a": "b"}}, "timestamp": "now"});
        if !resource.is_empty() {
            body["resource"] = resource.into();
        }
        let (status, told) = ask(&server, &key, body).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        let decision = &told["decision"];
        assert_eq!(
            (&decision["effect"], &decision["rule"]),
            (&json!(effect), &json!(rule)),
            "{action}: {told}"
        );
        assert!(!decision["reason"].as_str().unwrap().is_empty());
        assert!(told["evaluatedAt"].as_str().unwrap().ends_with('Z'));
        let path = "/admin/audit?limit=1";
        let (_, found) = answer(server.admin(Method::GET, path)).await;
        assert_eq!(found["entries"][0]["id"], told["evaluationId"], "on record before it is told");
    }
    // Nobody's policy has an opinion: that is no yes.
    let (_, other) = server.agent("other", "verified", &["ops"]).await;
    let (status, told) = ask(&server, &other, json!({"action": "read:file", "resource": "/x"})).await;
    assert_eq!((status, &told["decision"]["effect"]), (StatusCode::OK, &json!("deny")), "{told}");
    server.apply("name: open\nappliesTo: {tags: [ops]}\nrules: [{effect: allow, actions: ['a:b']}]\ndefaultEffect: abstain\n").await;
    let (_, told) = ask(&server, &other, json!({"action": "read:file", "resource": "/x"})).await;
    assert_eq!(told["decision"]["effect"], "deny", "abstains: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_must_allow_is_denied_to_those_who_do_not_wait() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    let (_, told) = ask(&server, &key, json!({"action": "deploy:app"})).await;
    assert_eq!(
        (&told["decision"]["effect"], &told["decision"]["approvalRequired"]),
        (&json!("deny"), &json!(true)),
        "{told}"
    );
    let (_, told) = ask(&server, &key, json!({"action": "deploy:app", "awaitsApproval": true})).await;
    assert_eq!(told["decision"]["effect"], "approval_required", "{told}");
    let (_, told) = ask(&server, &key, json!({"action": "delete:x", "awaitsApproval": true})).await;
    assert_eq!(told["decision"]["effect"], "deny", "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_ask_for_themselves_and_administrators_for_any() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (id, key) = server.agent("one", "verified", &["dev"]).await;
    let (other, _) = server.agent("other", "verified", &["ops"]).await;
    let body = |agent: &str| json!({"agentId": agent, "action": "read:file", "resource": "/x"});
    for name in [id.as_str(), "one"] {
        assert_eq!(ask(&server, &key, body(name)).await.0, StatusCode::OK, "{name}");
    }
    for name in [other.as_str(), "other", "nobody", "", "ONE", "one "] {
        assert_eq!(ask(&server, &key, body(name)).await.0, StatusCode::FORBIDDEN, "{name}");
    }
    let with = |name: &'static str, value: &str| {
        server.request(Method::POST, "/api/v1/evaluate").header(name, value)
    };
    let as_key = |agent: &str| with("X-MeshGuard-API-Key", &key).header("X-MeshGuard-Agent-Id", agent);
    let nameless = json!({"action": "read:file", "resource": "/x"});
    assert_eq!(answer(as_key("one").json(&nameless)).await.0, StatusCode::OK);
    assert_eq!(answer(as_key("other").json(&nameless)).await.0, StatusCode::FORBIDDEN);
    assert_eq!(answer(as_key("one").json(&body("other"))).await.0, StatusCode::BAD_REQUEST, "two agents");
    let admin = |body: Value| answer(server.admin(Method::POST, "/api/v1/evaluate").json(&body));
    let effect = async |name: &str| admin(body(name)).await.1["decision"]["effect"].clone();
    assert_eq!((effect("one").await, effect("other").await), (json!("allow"), json!("deny")));
    assert_eq!(admin(body("nobody")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(admin(nameless).await.0, StatusCode::BAD_REQUEST);
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?limit=1")).await;
    assert_eq!(
        (&found["entries"][0]["agentId"], &found["entries"][0]["by"]),
        (&json!(other), &json!("admin"))
    );
    answer(server.admin(Method::DELETE, "/admin/agents/one")).await;
    assert_eq!(ask(&server, &key, body("one")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(admin(body(&id)).await.0, StatusCode::NOT_FOUND, "revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_questions_get_no_effect() {
    let server = Server::in_mode(EnforcementMode::Audit).await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    for body in [
        json!({}),
        json!([]),
        json!({"action": 1}),
        json!({"action": "read"}),
        json!({"action": "tool:*"}),
        json!({"action": "read:file", "resource": ["/x"]}),
        json!({"action": "read:file", "resource": "[object Object]"}),
        json!({"action": "read:file", "context": "x"}),
        json!({"action": "read:file", "agentId": 1}),
        json!({"action": "read:file", "awaitsApproval": "yes"}),
    ] {
        let (status, told) = ask(&server, &key, body.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}: {told}");
        assert!(told.get("decision").is_none());
    }
    let raw: [&[u8]; 3] = [b"{\"action\":\"read:\xff\"}", b"", b"{\"action\":\"a:b\",\"action\":\"c:d\"}"];
    for body in raw {
        let request = server.request(Method::POST, "/api/v1/evaluate").bearer_auth(&key).body(body);
        assert_eq!(answer(request).await.0, StatusCode::BAD_REQUEST);
    }
    let (status, told) = ask(&server, &key, json!({"action": "write:file", "resource": "/x"})).await;
    assert_eq!(
        (status, &told["decision"]["effect"], &told["decision"]["wouldDeny"]),
        (StatusCode::OK, &json!("allow"), &json!(true)),
        "audit mode: {told}"
    );
}
