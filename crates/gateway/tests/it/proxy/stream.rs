//! Bodies, and upstreams that are large, slow or gone.

use std::time::{Duration, Instant};

use placet_gateway::{Config, ProxyTarget};
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::upstream::{front, front_with, pieces};
use crate::server::{Server, answer, config};

const OPEN: &str =
    "name: open\nappliesTo: { tags: [dev] }\nrules: [{ name: all, effect: allow, actions: ['*'] }]\n";

#[tokio::test(flavor = "multi_thread")]
async fn bodies_pass_in_both_directions() {
    let (server, _upstream, key) = front(OPEN).await;
    let post =
        |body: reqwest::Body| server.request(Method::POST, "/proxy/contacts").bearer_auth(&key).body(body);
    // Larger than any body the gateway itself reads.
    let (status, seen) = answer(post(vec![b'x'; 12 * 1024 * 1024].into())).await;
    assert_eq!((status, &seen["length"]), (StatusCode::OK, &json!(12 * 1024 * 1024)), "{}", seen["headers"]);
    assert_eq!(seen["headers"]["content-length"], json!(["12582912"]), "told once");
    assert!(seen["headers"].get("transfer-encoding").is_none());
    let (status, seen) = answer(post("".into())).await;
    assert_eq!((status, &seen["length"]), (StatusCode::OK, &json!(0)));
    // Of unknown length.
    let (status, seen) = answer(post(reqwest::Body::wrap_stream(pieces(3, 1000)))).await;
    assert_eq!((status, &seen["length"]), (StatusCode::OK, &json!(3000)), "{seen}");
    let large = server.request(Method::GET, "/proxy/contacts/large").bearer_auth(&key).send().await.unwrap();
    assert_eq!(large.bytes().await.unwrap().len(), 4 * 1024 * 1024);
    let head = server.request(Method::HEAD, "/proxy/contacts/large").bearer_auth(&key).send().await.unwrap();
    assert_eq!((head.status(), head.bytes().await.unwrap().len()), (StatusCode::OK, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_stopped() {
    let bounds = |target: &mut ProxyTarget| {
        target.largest_request = 1000;
        target.largest_answer = 1_000_000;
    };
    let (server, upstream, key) = front_with(OPEN, bounds).await;
    let post =
        |body: reqwest::Body| server.request(Method::POST, "/proxy/contacts").bearer_auth(&key).body(body);
    assert_eq!(answer(post(vec![b'x'; 1000].into())).await.0, StatusCode::OK);
    assert_eq!(answer(post(vec![b'x'; 1001].into())).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(upstream.all(), 1, "said too long, never sent");
    let (status, _) = answer(post(reqwest::Body::wrap_stream(pieces(1000, 100)))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "grew too long");
    let (status, body) = answer(server.request(Method::GET, "/proxy/contacts/large").bearer_auth(&key)).await;
    assert_eq!((status, &body["error"]), (StatusCode::BAD_GATEWAY, &json!("bad_gateway")));
    let head = server.request(Method::HEAD, "/proxy/contacts/large").bearer_auth(&key).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], "4194304", "nothing of it is sent");
    let large =
        server.request(Method::GET, "/proxy/contacts/growing").bearer_auth(&key).send().await.unwrap();
    assert_eq!(large.status(), StatusCode::OK);
    assert!(large.bytes().await.is_err(), "breaks off");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_is_slow_or_gone_is_told() {
    let (server, _upstream, key) = front_with(OPEN, |target| target.wait = Duration::from_millis(300)).await;
    let started = Instant::now();
    let (status, body) = answer(server.request(Method::GET, "/proxy/contacts/slow").bearer_auth(&key)).await;
    assert_eq!((status, &body["error"]), (StatusCode::GATEWAY_TIMEOUT, &json!("gateway_timeout")));
    assert!(started.elapsed() < Duration::from_secs(5));
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let target = ProxyTarget::new(format!("http://127.0.0.1:{port}/secret-base"));
    let settings = Config { proxy: Some(target), ..config(folder.path()) };
    let server = Server::with(folder, settings).await;
    server.apply(OPEN).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    let (status, body) = answer(server.request(Method::GET, "/proxy/contacts?k=v").bearer_auth(&key)).await;
    assert_eq!((status, &body["error"]), (StatusCode::BAD_GATEWAY, &json!("bad_gateway")));
    assert!(!body.to_string().contains("secret-base"), "{body}");
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?agentId=one")).await;
    assert_eq!(found["entries"][0]["decision"], "allow", "on record before it was sent: {found}");
}
