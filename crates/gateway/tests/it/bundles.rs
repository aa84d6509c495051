//! Bundles: who gets what, when, and how it changes.

use std::time::{Duration, Instant};

use placet_bundle::{Bundle, BundledMode, PublicKey};
use placet_gateway::EnforcementMode;
use reqwest::{Method, StatusCode};

use crate::server::{POLICY, Server, answer};

const REVIEWERS: &str = "name: reviewers\nversion: '1'\nappliesTo: {tags: [review]}\ndefaultEffect: abstain\nrules: [{effect: deny, actions: ['write:*']}]\n";

async fn fetch(server: &Server, key: &str, known: Option<&str>, wait: u64) -> (StatusCode, String, Vec<u8>) {
    let mut request = server.request(Method::GET, &format!("/v1/bundle?wait={wait}")).bearer_auth(key);
    if let Some(known) = known {
        request = request.header("if-none-match", known);
    }
    let response = request.send().await.unwrap();
    let tag = response.headers().get("etag").map_or("", |tag| tag.to_str().unwrap()).to_owned();
    (response.status(), tag, response.bytes().await.unwrap().to_vec())
}

async fn public(server: &Server, key: &str) -> PublicKey {
    let (status, said) = answer(server.request(Method::GET, "/v1/bundle/key").bearer_auth(key)).await;
    assert_eq!(status, StatusCode::OK);
    let public = PublicKey::parse(said["key"].as_str().unwrap()).unwrap();
    assert_eq!(said["fingerprint"], public.fingerprint());
    public
}

fn names(bundle: &Bundle) -> Vec<&str> {
    bundle.policies.iter().map(|policy| policy.name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_agent_gets_what_is_for_it() {
    let server = Server::start().await;
    let (id, builder) = server.agent("builder", "verified", &["dev"]).await;
    let (_, reviewer) = server.agent("reviewer", "basic", &["review"]).await;
    server.apply(POLICY).await;
    server.apply(REVIEWERS).await;
    let public = public(&server, &builder).await;
    let (status, tag, bytes) = fetch(&server, &builder, None, 0).await;
    assert_eq!(status, StatusCode::OK);
    let bundle = public.open(&bytes).unwrap();
    assert_eq!(
        (bundle.agent.id.as_str(), bundle.agent.tags.as_slice()),
        (id.as_str(), ["dev".to_owned()].as_slice())
    );
    assert_eq!((names(&bundle), bundle.mode), (vec!["dev"], BundledMode::Enforce));
    assert_eq!(bundle.policies[0].yaml, POLICY);
    assert_eq!(bundle.expires_ms - bundle.issued_ms, 3_600_000);
    let other = public.open(&fetch(&server, &reviewer, None, 0).await.2).unwrap();
    assert_eq!(names(&other), ["reviewers"]);
    assert!(other.is_for(&bundle.agent.id, &bundle.organisation).is_err());
    // Nothing changed.
    let (status, same, bytes) = fetch(&server, &builder, Some(&tag), 0).await;
    assert_eq!((status, same, bytes.len()), (StatusCode::NOT_MODIFIED, tag.clone(), 0));
    // Each change makes it newer, and the tier counts at once.
    let changed = server
        .admin(Method::PATCH, &format!("/admin/agents/{id}"))
        .json(&serde_json::json!({"tags": ["review"]}));
    assert_eq!(answer(changed).await.0, StatusCode::OK);
    let (status, _, bytes) = fetch(&server, &builder, Some(&tag), 0).await;
    let newer = public.open(&bytes).unwrap();
    assert_eq!((status, names(&newer)), (StatusCode::OK, vec!["reviewers"]));
    assert!(newer.version > bundle.version);
    assert!(bundle.follows(newer.issue()).is_err() && newer.follows(bundle.issue()).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_hears_of_a_change_at_once() {
    let server = Server::in_mode(EnforcementMode::Audit).await;
    let (id, key) = server.agent("builder", "verified", &["dev"]).await;
    let public = public(&server, &key).await;
    let (_, tag, bytes) = fetch(&server, &key, None, 0).await;
    assert_eq!(public.open(&bytes).unwrap().mode, BundledMode::Audit);
    let started = Instant::now();
    assert_eq!(fetch(&server, &key, Some(&tag), 1).await.0, StatusCode::NOT_MODIFIED);
    assert!(started.elapsed() >= Duration::from_secs(1));
    let ((status, tag, bytes), ()) = tokio::join!(fetch(&server, &key, Some(&tag), 25), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.apply(POLICY).await;
    });
    assert_eq!((status, names(&public.open(&bytes).unwrap())), (StatusCode::OK, vec!["dev"]));
    assert!(started.elapsed() < Duration::from_secs(20));
    // Revoked while it waits.
    let ((status, ..), ()) = tokio::join!(fetch(&server, &key, Some(&tag), 25), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let done = answer(server.admin(Method::DELETE, &format!("/admin/agents/{id}"))).await;
        assert_eq!(done.0, StatusCode::OK);
    });
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(started.elapsed() < Duration::from_secs(20));
}
