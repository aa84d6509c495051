//! Short-lived tokens: worth as much as the key they come from, and no longer.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{POLICY, Server, answer};

/// Makes an agent tagged `dev`; its id, key and token.
async fn made(server: &Server, name: &str) -> (String, String, String) {
    let body = json!({"name": name, "tags": ["dev"]});
    let (_, made) = answer(server.admin(Method::POST, "/admin/agents").json(&body)).await;
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    assert!(text("tokenExpiresAt").ends_with('Z'), "{made}");
    (text("id"), text("api_key"), text("token"))
}

async fn reads(server: &Server, credential: &str) -> StatusCode {
    server.check(credential, "read:file", "/x").await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_stands_for_its_key() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (id, key, token) = made(&server, "one").await;
    assert_eq!(reads(&server, &token).await, StatusCode::OK);
    let (status, other) = answer(server.request(Method::POST, "/v1/token").bearer_auth(&key)).await;
    assert_eq!(
        (status, &other["expiresIn"], &other["tokenType"]),
        (StatusCode::OK, &json!(3600), &json!("Bearer"))
    );
    assert_eq!(reads(&server, other["token"].as_str().unwrap()).await, StatusCode::OK);
    let (status, refused) = answer(server.request(Method::POST, "/v1/token").bearer_auth(&token)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "a token does not prolong itself: {refused}");
    // What the agent is now counts, not what the token says.
    let change = json!({"tags": ["ops"]});
    answer(server.admin(Method::PATCH, &format!("/admin/agents/{id}")).json(&change)).await;
    assert_eq!(reads(&server, &token).await, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_key() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (id, _, token) = made(&server, "one").await;
    let (_, rotated) = answer(server.admin(Method::POST, &format!("/admin/agents/{id}/token"))).await;
    assert_eq!(reads(&server, &token).await, StatusCode::UNAUTHORIZED, "the key was replaced");
    let fresh = rotated["token"].as_str().unwrap();
    assert_eq!(reads(&server, fresh).await, StatusCode::OK);
    answer(server.admin(Method::DELETE, &format!("/admin/agents/{id}"))).await;
    assert_eq!(reads(&server, fresh).await, StatusCode::UNAUTHORIZED, "the agent was revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_elsewhere_is_worth_nothing() {
    let (server, other) = (Server::start().await, Server::start().await);
    server.apply(POLICY).await;
    let (_, _, token) = made(&server, "one").await;
    let (_, _, foreign) = made(&other, "one").await;
    let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
    for worthless in [foreign.as_str(), unsigned.as_str(), "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvbmUifQ."] {
        let (status, body) = server.check(worthless, "read:file", "/x").await;
        assert_eq!((status, &body["message"]), (StatusCode::UNAUTHORIZED, &Value::from("Invalid token")));
    }
    for header in ["x-admin-token", "authorization"] {
        let value = if header == "authorization" { format!("Bearer {token}") } else { token.clone() };
        let request = server.request(Method::GET, "/admin/agents").header(header, value);
        assert_eq!(answer(request).await.0, StatusCode::UNAUTHORIZED, "it administers nothing");
    }
}
