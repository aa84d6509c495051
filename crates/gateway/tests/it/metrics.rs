//! `/metrics`, as Prometheus reads it.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use placet_gateway::{Exposure, Socket};
use reqwest::{Method, StatusCode};

use crate::server::{ADMIN, POLICY, Server, config};

/// Samples and the types of their families.
async fn scraped(server: &Server) -> Vec<(String, f64)> {
    let response = server.request(Method::GET, "/metrics").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4");
    let text = response.text().await.unwrap();
    let mut samples = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        samples.push((name.to_owned(), value.parse::<f64>().unwrap_or_else(|_| panic!("{line}"))));
    }
    samples
}

fn of(samples: &[(String, f64)], name: &str) -> f64 {
    samples.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name} in {samples:?}")).1
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_counted() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "trusted", &["dev"]).await;
    server.agent("two", "basic", &[]).await;
    let before = scraped(&server).await;
    assert_eq!(server.check(&key, "read:x", "").await.0, StatusCode::OK);
    assert_eq!(server.check(&key, "write:x", "").await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.check(&key, "write:x", "").await.0, StatusCode::FORBIDDEN);
    assert_eq!(server.check("wrong", "read:x", "").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(server.check(&key, "no-action", "").await.0, StatusCode::BAD_REQUEST);
    let decided = server.request(Method::POST, "/v1/decide").bearer_auth(&key);
    let questions = serde_json::json!({"questions": [{"action": "read:x"}, {"action": "deploy:x"}]});
    assert_eq!(decided.json(&questions).send().await.unwrap().status(), StatusCode::OK);
    let after = scraped(&server).await;
    for (name, grown) in [
        ("placet_decisions_total{door=\"check\",effect=\"allow\"}", 1.0),
        ("placet_decisions_total{door=\"check\",effect=\"deny\"}", 2.0),
        ("placet_decisions_total{door=\"decide\",effect=\"allow\"}", 1.0),
        ("placet_decisions_total{door=\"decide\",effect=\"ask\"}", 1.0),
        ("placet_refused_requests_total{reason=\"unauthorized\"}", 1.0),
        ("placet_refused_requests_total{reason=\"bad_request\"}", 1.0),
        ("placet_request_duration_seconds_count{route=\"check\"}", 5.0),
        ("placet_records_total", 5.0),
    ] {
        assert_eq!(of(&after, name) - of(&before, name), grown, "{name}");
    }
    assert!(of(&after, "placet_commit_writes_count") > of(&before, "placet_commit_writes_count"));
    for (name, value) in [
        ("placet_database_up", 1.0),
        ("placet_policies", 1.0),
        ("placet_waiting_writes", 0.0),
        ("placet_agents{tier=\"trusted\"}", 1.0),
        ("placet_agents{tier=\"basic\"}", 1.0),
    ] {
        assert_eq!(of(&after, name), value, "{name}");
    }
    assert!(of(&after, "process_resident_memory_bytes") > 1e6);
    assert!(of(&after, "process_start_time_seconds") > 1.7e9);
    assert!(after.iter().any(|(name, _)| name.starts_with("placet_build_info{version=")));
}

/// Nothing that a caller chooses makes a series.
#[tokio::test(flavor = "multi_thread")]
async fn callers_make_no_series() {
    let server = Server::start().await;
    let (_, key) = server.agent("one", "basic", &[]).await;
    let names = async || scraped(&server).await.into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>();
    let before = names().await;
    for number in 0..40 {
        server.check(&key, &format!("read:thing{number}"), "x").await;
        server.request(Method::GET, &format!("/nowhere/{number}")).send().await.unwrap();
        server.admin(Method::GET, &format!("/admin/agents/{number}")).send().await.unwrap();
        let method = Method::from_bytes(format!("M{number}").as_bytes()).unwrap();
        server.request(method, "/proxy/check").send().await.unwrap();
    }
    assert_eq!(names().await, before);
    assert!(before.len() < 400, "{}", before.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn from_elsewhere_only_who_administers_sees_them() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let local = Socket::local(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));
    let server = Server::on(folder, config, Socket { exposure: Exposure::Network, ..local }).await;
    let (_, key) = server.agent("one", "privileged", &[]).await;
    let ask = async |key: Option<&str>| {
        let request = server.request(Method::GET, "/metrics");
        let request = key.map(|key| request.try_clone().unwrap().bearer_auth(key)).unwrap_or(request);
        request.send().await.unwrap().status()
    };
    assert_eq!(ask(None).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(Some(&key)).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(Some(ADMIN)).await, StatusCode::OK);
}
