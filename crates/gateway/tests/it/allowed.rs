//! What an agent may do, asked before it does anything.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::server::{POLICY, Server, answer};

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_standing_is_told_with_conditions_and_default() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (id, _) = server.agent("one", "basic", &["dev"]).await;
    server.agent("stranger", "basic", &[]).await;
    let ask = async |wanted: &str| {
        answer(server.admin(Method::GET, &format!("/admin/policies/allowed?agent={wanted}"))).await
    };
    let (status, told) = ask("one").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(told["default"], json!({"effect": "deny", "policy": "dev", "rule": "default-deny"}));
    assert_eq!((&told["agent"], &told["tags"]), (&json!("one"), &json!(["dev"])));
    let actions = told["actions"].as_array().unwrap();
    let names: Vec<_> = actions.iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(names, ["deploy:*", "execute:shell", "read:*"]);
    // What the one allows the other may forbid after all, though the default denies anyway.
    assert_eq!(
        actions[1],
        json!({"action": "execute:shell", "effect": "deny", "policy": "dev", "rule": "default-deny", "when": [
            {"effect": "allow", "policy": "dev", "rule": "git", "conditions": {"resource": {"startsWith": "git "}}},
            {"effect": "deny", "policy": "dev", "rule": "no-force", "conditions": {"resource": {"contains": "push --force"}}},
        ]})
    );
    assert_eq!((&actions[2]["effect"], &actions[2]["rule"]), (&json!("allow"), &json!("reads")));
    assert_eq!(ask(&id).await.1["actions"], told["actions"], "an id is as good as a name");
    assert_eq!(ask("stranger").await.1["actions"], json!([]));
    assert_eq!(ask("nobody").await.0, StatusCode::NOT_FOUND);
}
