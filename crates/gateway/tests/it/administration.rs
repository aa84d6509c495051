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

#[tokio::test(flavor = "multi_thread")]
async fn an_older_text_comes_back_as_a_new_version() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let other = POLICY.replace("push --force", "push --mirror");
    server.apply(&other).await;
    let back = |body: serde_json::Value| {
        answer(server.admin(Method::POST, "/admin/policies/dev/rollback").json(&body))
    };
    let text = || async {
        let (_, shown) = answer(server.admin(Method::GET, "/admin/policies/dev")).await;
        (shown["version"].as_i64(), shown["yaml"].as_str().map(str::to_owned))
    };
    let (status, done) = back(json!({})).await;
    assert_eq!((status, &done["version"], &done["textOf"]), (StatusCode::OK, &json!(3), &json!(1)));
    assert_eq!(text().await, (Some(3), Some(POLICY.to_owned())));
    // Seen at another version: nothing is done, and the answer says what to do.
    let (status, refused) = back(json!({"version": 2, "expectedVersion": 2})).await;
    assert_eq!((status, &refused["error"]), (StatusCode::CONFLICT, &json!("stale")));
    assert_eq!(refused["remedy"], "read it again and repeat the change");
    assert_eq!(text().await.0, Some(3));
    let (status, _) = answer(server.admin(Method::DELETE, "/admin/policies/dev")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, done) = back(json!({"version": 2, "expectedVersion": 4})).await;
    assert_eq!((status, &done["version"]), (StatusCode::OK, &json!(5)));
    assert_eq!(text().await, (Some(5), Some(other.clone())));
    for (body, want) in [
        (json!({"version": 4}), StatusCode::BAD_REQUEST),
        (json!({"version": 9}), StatusCode::NOT_FOUND),
        (json!({"versoin": 1}), StatusCode::BAD_REQUEST),
        (json!({"version": "1"}), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(back(body.clone()).await.0, want, "{body}");
    }
    let (_, records) = answer(server.admin(Method::GET, "/admin/audit?action=rollback:policy")).await;
    let told: Vec<_> = records["entries"].as_array().unwrap().iter().map(|one| &one["change"]).collect();
    let want = [json!({"to_version": 2, "from_version": 4}), json!({"to_version": 1, "from_version": 2})];
    assert_eq!(told, want.iter().collect::<Vec<_>>(), "what is refused is no change");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_may_ask_for_the_version_that_was_seen() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let shown = server.admin(Method::GET, "/admin/policies/dev").send().await.unwrap();
    assert_eq!(shown.headers()["etag"], "\"1\"");
    let other = POLICY.replace("push --force", "push --mirror");
    for (method, path, seen, want) in [
        (Method::POST, "/admin/policies", "\"0\"", StatusCode::CONFLICT),
        (Method::POST, "/admin/policies", "soon", StatusCode::BAD_REQUEST),
        (Method::POST, "/admin/policies", "-1", StatusCode::BAD_REQUEST),
        (Method::DELETE, "/admin/policies/dev", "\"7\"", StatusCode::CONFLICT),
        (Method::PUT, "/admin/policies/dev", "\"1\"", StatusCode::OK),
        (Method::PUT, "/admin/policies/dev", "\"1\"", StatusCode::CONFLICT),
        (Method::DELETE, "/admin/policies/dev", "2", StatusCode::OK),
    ] {
        let request = server.admin(method.clone(), path).header("If-Match", seen).body(other.clone());
        let (status, said) = answer(request).await;
        assert_eq!(status, want, "{method} {path} {seen}: {said}");
    }
}
