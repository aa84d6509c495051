//! Agents and policies as administrators and the published clients see them.

use placet_gateway::{Gateway, StartError};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::server::{POLICY, Server, answer, config};

#[tokio::test(flavor = "multi_thread")]
async fn agents_come_and_go() {
    let server = Server::start().await;
    let body = json!({"name": "one", "trustTier": "basic", "tags": ["a"], "description": "builds", "capabilities": ["c"]});
    let (status, made) = answer(server.admin(Method::POST, "/admin/agents").json(&body)).await;
    assert_eq!(status, StatusCode::CREATED);
    let id = made["id"].as_str().unwrap();
    assert!(made["api_key"].as_str().unwrap().starts_with("plc_live_"));
    let (_, list) = answer(server.admin(Method::GET, "/admin/agents")).await;
    let agent = &list["agents"][0];
    assert_eq!(
        (&agent["id"], &agent["name"], &agent["trustTier"], &agent["tags"], &agent["status"]),
        (&made["id"], &json!("one"), &json!("basic"), &json!(["a"]), &json!("active"))
    );
    assert_eq!(agent["metadata"], json!({"description": "builds"}));
    assert!(agent.get("token").is_none(), "a key is shown once");
    let (_, same) = answer(server.admin(Method::GET, "/admin/agents/one")).await;
    assert_eq!(&same, agent);
    let (status, taken) = answer(server.admin(Method::POST, "/admin/agents").json(&body)).await;
    assert_eq!((status, &taken["error"]), (StatusCode::CONFLICT, &json!("name_taken")));
    let (_, changed) = answer(
        server
            .admin(Method::PUT, &format!("/admin/agents/{id}"))
            .json(&json!({"name": "", "trustTier": "trusted"})),
    )
    .await;
    assert_eq!(
        (&changed["name"], &changed["trustTier"], &changed["tags"]),
        (&json!("one"), &json!("trusted"), &json!(["a"]))
    );
    let (status, _) = answer(server.admin(Method::DELETE, &format!("/admin/agents/{id}"))).await;
    assert_eq!(status, StatusCode::OK);
    let (_, list) = answer(server.admin(Method::GET, "/admin/agents")).await;
    assert_eq!(list, json!({"agents": []}));
    let (_, list) = answer(server.admin(Method::GET, "/admin/agents?status=revoked")).await;
    assert_eq!(list["agents"][0]["status"], "revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_are_applied_shown_and_deleted() {
    let server = Server::start().await;
    let applied = server.apply(POLICY).await;
    assert_eq!((&applied["name"], &applied["version"]), (&json!("dev"), &json!(1)));
    let (_, list) = answer(server.admin(Method::GET, "/admin/policies")).await;
    let policy = &list["policies"][0];
    assert_eq!((&policy["id"], &policy["defaultEffect"]), (&json!("dev"), &json!("deny")));
    let rules: Vec<_> =
        policy["rules"].as_array().unwrap().iter().map(|rule| (&rule["id"], &rule["effect"])).collect();
    assert_eq!(rules[2], (&json!("no-force"), &json!("deny")));
    let (_, shown) = answer(server.admin(Method::GET, "/admin/policies/dev")).await;
    assert_eq!(shown["yaml"], POLICY);
    // A JSON policy, under a path that must be its name.
    let body = json!({"name": "more", "rules": [{"effect": "allow", "actions": ["x:y"]}]});
    let (status, _) = answer(server.admin(Method::PUT, "/admin/policies/more").json(&body)).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = answer(server.admin(Method::PUT, "/admin/policies/other").json(&body)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _) = answer(server.admin(Method::DELETE, "/admin/policies/more")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = answer(server.admin(Method::DELETE, "/admin/policies/more")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (_, versions) = answer(server.admin(Method::GET, "/admin/policies/more/versions")).await;
    assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_policy_changes_nothing() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let wrong = POLICY.replace("effect: deny", "efect: deny");
    for path in ["/admin/policies", "/admin/policies/validate"] {
        let (status, refused) = answer(server.admin(Method::POST, path).body(wrong.clone())).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(refused["message"].as_str().unwrap().contains("efect"), "{refused}");
    }
    let (_, shown) = answer(server.admin(Method::GET, "/admin/policies/dev")).await;
    assert_eq!((&shown["version"], shown["yaml"].as_str()), (&json!(1), Some(POLICY)));
    let (status, valid) = answer(server.admin(Method::POST, "/admin/policies/validate").body(POLICY)).await;
    assert_eq!((status, &valid["name"]), (StatusCode::OK, &json!("dev")));
}

#[tokio::test(flavor = "multi_thread")]
async fn health_tells_mode_and_version() {
    let server = Server::start().await;
    let (status, health) = answer(server.request(Method::GET, "/health")).await;
    assert_eq!(
        (status, &health["status"], &health["mode"]),
        (StatusCode::OK, &json!("healthy"), &json!("enforce"))
    );
    assert_eq!(answer(server.request(Method::GET, "/ready")).await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_right_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let usual = config(folder.path());
    let first = Gateway::start(&usual).await.unwrap();
    assert!(matches!(Gateway::start(&usual).await, Err(StartError::Taken(_))), "two in one folder");
    drop(first);
    let policies = folder.path().join("policies");
    std::fs::create_dir(&policies).unwrap();
    std::fs::write(policies.join("good.yaml"), POLICY).unwrap();
    let mut wanted = config(&folder.path().join("other"));
    wanted.policies = Some(policies.clone());
    drop(Gateway::start(&wanted).await.unwrap());
    std::fs::write(policies.join("typo.yaml"), POLICY.replace("effect: deny", "efect: deny")).unwrap();
    wanted = config(&folder.path().join("third"));
    wanted.policies = Some(policies);
    let refused = Gateway::start(&wanted).await.err().unwrap().to_string();
    assert!(refused.contains("typo.yaml") && refused.contains("efect"), "{refused}");
    let mut short = config(&folder.path().join("fourth"));
    short.admin_token = "secret".to_owned();
    assert!(matches!(Gateway::start(&short).await, Err(StartError::AdminToken)));
}
