//! Who calls too often waits; who asks for health does not.

use std::num::NonZeroU32;

use reqwest::{Method, StatusCode};

use crate::server::{Server, answer, config};

async fn limited(calls: u32) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.rate_limit = NonZeroU32::new(calls);
    Server::with(folder, config).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_waits_and_the_others_go_on() {
    let server = limited(6).await;
    let (_, one) = server.agent("one", "basic", &[]).await;
    let (_, other) = server.agent("other", "basic", &[]).await;
    for _ in 0..6 {
        assert_eq!(server.check(&one, "read:x", "").await.0, StatusCode::FORBIDDEN, "denied, not refused");
    }
    let request =
        server.request(Method::GET, "/proxy/check").bearer_auth(&one).header("X-MeshGuard-Action", "read:x");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(wait, 10);
    let told: serde_json::Value = response.json().await.unwrap();
    assert_eq!(told["code"], "rate_limited");
    assert!(!told["remedy"].as_str().unwrap().is_empty());
    assert_eq!(server.check(&other, "read:x", "").await.0, StatusCode::FORBIDDEN);
    // Who administers is not counted.
    for _ in 0..10 {
        assert_eq!(answer(server.admin(Method::GET, "/admin/agents")).await.0, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_wait_and_stand_in_nobodys_way() {
    let server = limited(5).await;
    let (_, key) = server.agent("one", "basic", &[]).await;
    for _ in 0..5 {
        assert_eq!(server.check("plc_live_wrong", "read:x", "").await.0, StatusCode::UNAUTHORIZED);
    }
    for _ in 0..3 {
        let (status, told) = server.check("plc_live_wrong", "read:x", "").await;
        assert_eq!((status, &told["code"]), (StatusCode::TOO_MANY_REQUESTS, &"rate_limited".into()));
    }
    for _ in 0..20 {
        for path in ["/health", "/ready", "/metrics"] {
            let response = server.request(Method::GET, path).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{path} is free");
        }
    }
    // A valid key from the same address counts on its own.
    assert_eq!(server.check(&key, "read:x", "").await.0, StatusCode::FORBIDDEN);
}
