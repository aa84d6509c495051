//! `/admin/policies/test`: a policy is asked, and nothing comes of it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{POLICY, Server, answer};

async fn test(server: &Server, body: Value) -> (StatusCode, Value) {
    answer(server.admin(Method::POST, "/admin/policies/test").json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_judged_alone() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    server.agent("one", "verified", &["dev"]).await;
    let object = json!({"name": "p", "appliesTo": {"tags": ["dev"]}, "rules": [
        {"name": "only", "effect": "allow", "actions": ["x:*"]}, {"effect": "ask", "actions": ["y:*"], "reason": "look"},
    ]});
    let yaml =
        POLICY.replace("name: dev", "name: p").replace("name: reads", "name: only").replace("read:*", "x:*");
    for policy in [object.clone(), json!(yaml)] {
        let ask = |action: &str| test(&server, json!({"policy": policy, "agentId": "one", "action": action}));
        let (status, allowed) = ask("x:y").await;
        assert_eq!(status, StatusCode::OK, "{allowed}");
        let got = (&allowed["decision"], &allowed["policy"], &allowed["rule"], &allowed["allowed"]);
        assert_eq!(got, (&json!("allow"), &json!("p"), &json!("only"), &json!(true)));
        let (_, denied) = ask("read:file").await;
        assert_eq!(
            (&denied["decision"], &denied["rule"]),
            (&json!("deny"), &json!("default-deny")),
            "{denied}"
        );
    }
    let (_, asked) = test(&server, json!({"policy": object, "agent": "one", "action": "y:z"})).await;
    assert_eq!((&asked["decision"], &asked["reason"]), (&json!("ask"), &json!("look")), "{asked}");
    // Never without the floor.
    let open = json!({"name": "open", "appliesTo": {"tags": ["dev"]}, "rules": [{"effect": "allow", "actions": ["*"]}]});
    let settings = json!({"policy": open, "agent": "one", "action": "write:file", "resource": "/etc/placet/placet.yaml"});
    let (_, told) = test(&server, settings).await;
    assert_eq!((&told["decision"], &told["policy"]), (&json!("deny"), &json!("floor")), "{told}");
    // Nothing of it is in force, or on record.
    let (_, list) = answer(server.admin(Method::GET, "/admin/policies")).await;
    assert_eq!(list["policies"].as_array().unwrap().len(), 1);
    let (_, stats) = answer(server.admin(Method::GET, "/admin/audit/stats")).await;
    assert_eq!(stats["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_force_is_asked_for_any_agent() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    server.agent("one", "verified", &["dev"]).await;
    let ask = async |agent: Value| {
        let body = json!({"agent": agent, "action": "execute:shell", "resource": "git status", "context": {"cwd": "/srv"}});
        test(&server, body).await.1["decision"].clone()
    };
    assert_eq!(ask(json!("one")).await, "allow");
    assert_eq!(ask(json!({"tags": ["dev"]})).await, "allow");
    assert_eq!(ask(json!({"name": "one", "tier": "trusted"})).await, "deny", "made up, without its tags");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said() {
    let server = Server::start().await;
    server.agent("one", "verified", &["dev"]).await;
    let good = json!({"name": "p", "rules": [{"effect": "allow", "actions": ["a:b"]}]});
    for (body, status) in [
        (json!({"agent": "nobody", "action": "a:b"}), StatusCode::NOT_FOUND),
        (json!({"action": "a:b"}), StatusCode::BAD_REQUEST),
        (json!({"agent": "one"}), StatusCode::BAD_REQUEST),
        (json!({"agent": "one", "action": "delete:*"}), StatusCode::BAD_REQUEST),
        (json!({"agent": 1, "action": "a:b"}), StatusCode::BAD_REQUEST),
        (json!({"agent": {"tags": "dev"}, "action": "a:b"}), StatusCode::BAD_REQUEST),
        (json!({"agent": {"trustTier": "root"}, "action": "a:b"}), StatusCode::BAD_REQUEST),
        (json!({"agent": "one", "action": "a:b", "policy": 7}), StatusCode::BAD_REQUEST),
        (json!({"agent": "one", "action": "a:b", "policy": {"name": "p"}}), StatusCode::BAD_REQUEST),
        (
            json!({"agent": "one", "action": "a:b", "policy": "name: [", "context": {}}),
            StatusCode::BAD_REQUEST,
        ),
        (json!({"agent": "one", "action": "a:b", "policy": good, "context": []}), StatusCode::BAD_REQUEST),
    ] {
        let (got, told) = test(&server, body.clone()).await;
        assert_eq!(got, status, "{body}: {told}");
        assert!(told.get("decision").is_none() && !told["message"].as_str().unwrap().is_empty(), "{told}");
    }
}
