//! The governed proxy: what reaches the upstream, what does not, and what comes back.

mod paths;
mod stream;
mod upstream;

use placet_gateway::{EnforcementMode, Gateway, ProxyTarget, StartError};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::server::{Server, answer, config};
use upstream::{Upstream, front};

/// Contacts may be read and written, and nothing may be deleted, whatever it is called.
const POLICY: &str = "
name: proxy
appliesTo: { tags: [dev] }
rules:
  - { name: contacts, effect: allow, actions: ['read:contacts*', 'write:contacts', 'read:any'] }
  - { name: no-deletes, effect: deny, actions: ['delete:*'], reason: Nothing is deleted here. }
  - { name: no-secrets, effect: deny, actions: ['read:secrets', 'read:contacts/secret'] }
  - { name: ask-payments, effect: ask, actions: ['write:payments'] }
";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_allowed_arrives_and_comes_back_as_it_is() {
    let (server, upstream, key) = front(POLICY).await;
    let request = server
        .request(Method::GET, "/proxy/contacts/1%20a?x=1&y=%2F..")
        .bearer_auth(&key)
        .header("X-Own", "kept")
        .header("X-MeshGuard-Trace-ID", "t-1");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let told = [("decision", "allow"), ("policy", "proxy"), ("trace-id", "t-1")];
    for (name, value) in told {
        assert_eq!(response.headers()[format!("x-meshguard-{name}")], value);
    }
    assert_eq!(response.headers()["x-from"], "upstream");
    let seen: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!((&seen["method"], &seen["path"]), (&json!("GET"), &json!("/base/contacts/1%20a?x=1&y=%2F..")));
    assert_eq!(seen["headers"]["x-own"], json!(["kept"]));
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?traceId=t-1")).await;
    let entry = &found["entries"][0];
    assert_eq!(
        (&entry["action"], &entry["resource"]),
        (&json!("read:contacts/1 a"), &json!("/contacts/1 a")),
        "{entry}"
    );
    assert_eq!((&entry["meta"]["method"], &entry["decision"]), (&json!("GET"), &json!("allow")));
    // Bodies, and answers that are no success.
    let request = server.request(Method::POST, "/proxy/contacts").bearer_auth(&key).body("a=b\u{0}c");
    let (status, seen) = answer(request).await;
    assert_eq!((status, &seen["body"]), (StatusCode::OK, &json!("a=b\u{0}c")), "{seen}");
    for (path, status) in [("status/404", 404), ("status/403", 403), ("status/500", 500), ("status/204", 204)]
    {
        let path = format!("/proxy/contacts/{path}");
        let response = server.request(Method::GET, &path).bearer_auth(&key).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let url = format!("http://{}/proxy/contacts/redirect", server.address);
    let moved = client.get(url).bearer_auth(&key).send().await.unwrap();
    assert_eq!(moved.status(), StatusCode::FOUND);
    assert_eq!(moved.headers()["location"], "/base/secrets");
    assert_eq!(upstream.seen("/base/secrets"), 0, "never followed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_denied_never_arrives() {
    let (server, upstream, key) = front(POLICY).await;
    let rows = [
        ("GET", "other", "", "default-deny"),
        ("GET", "secrets", "", "no-secrets"),
        ("GET", "secrets/", "", "default-deny"),
        ("GET", "secrets/", "read:contacts", "no-secrets"),
        ("DELETE", "contacts/1", "", "no-deletes"),
        ("PUT", "payments", "", "ask-payments"),
        ("GET", "contacts/1", "write:other", "default-deny"),
        // An action that is allowed does not make another request of it.
        ("DELETE", "contacts/1", "read:contacts", "no-deletes"),
        ("GET", "secrets", "read:contacts", "no-secrets"),
        ("GET", "%73ecrets", "read:contacts", "no-secrets"),
        ("GET", "contacts/secret/", "read:contacts", "no-secrets"),
        ("POST", "payments", "write:contacts", "ask-payments"),
    ];
    for (method, path, action, rule) in rows {
        let mut request = server
            .request(method.parse().unwrap(), &format!("/proxy/{path}"))
            .bearer_auth(&key)
            .body("never");
        if !action.is_empty() {
            request = request.header("X-MeshGuard-Action", action);
        }
        let (status, body) = answer(request).await;
        assert_eq!(
            (status, &body["rule"]),
            (StatusCode::FORBIDDEN, &json!(rule)),
            "{method} {path} {action}: {body}"
        );
        assert!(body["message"].is_string() && body["record"].is_string());
    }
    let request = server.request(Method::GET, "/proxy/contacts").bearer_auth("no key");
    assert_eq!(answer(request).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(upstream.all(), 0, "not a byte went there");
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?agentId=one&limit=100")).await;
    assert_eq!(found["entries"].as_array().unwrap().len(), rows.len(), "each is on record once");
    // A name for it is enough where no rule speaks against the path.
    let named = server
        .request(Method::GET, "/proxy/api/v2/list")
        .bearer_auth(&key)
        .header("X-MeshGuard-Action", "read:any");
    assert_eq!(answer(named).await.0, StatusCode::OK);
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?agentId=one&action=read:any")).await;
    assert_eq!(found["entries"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_words_of_the_gateway_stay_here() {
    let (server, _upstream, key) = front(POLICY).await;
    let request = server
        .request(Method::GET, "/proxy/contacts/answer")
        .bearer_auth(&key)
        .header("X-MeshGuard-API-Key", "k1")
        .header("X-MeshGuard-Meta", "{\"resource\":\"/other\",\"path\":\"/lie\",\"a\":1}")
        .header("X-Admin-Token", "k2")
        .header("X_Admin_Token", "k3")
        .header("x-placet-anything", "k4")
        .header("X-Forwarded-For", "10.0.0.1")
        .header("Forwarded", "for=10.0.0.1")
        .header("Proxy-Authorization", "Basic k5")
        .header("Connection", "close, X-Named")
        .header("X-Named", "k6")
        .header("Keep-Alive", "timeout=5")
        .header("TE", "trailers")
        .header("Cookie", "mine=1");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers().clone();
    for name in ["x-named-back", "alt-svc", "x-meshguard-rule", "keep-alive"] {
        assert!(!headers.contains_key(name), "{name}");
    }
    assert_eq!(headers["x-meshguard-decision"], "allow", "its own word, not the upstream's");
    assert_eq!(headers["set-cookie"], "a=b");
    let seen: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let names: Vec<&str> = seen["headers"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["accept", "cookie", "host"], "{seen}");
    assert!(!seen.to_string().contains(&key));
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?agentId=one")).await;
    assert_eq!(found["entries"][0]["meta"]["path"], "/contacts/answer", "nobody else names the path");
}

#[tokio::test(flavor = "multi_thread")]
async fn audit_mode_sends_on_what_the_floor_allows() {
    let upstream = Upstream::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut settings = config(folder.path());
    settings.mode = EnforcementMode::Audit;
    settings.proxy = Some(ProxyTarget::new(upstream.url()));
    let server = Server::with(folder, settings).await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    let request = server.request(Method::DELETE, "/proxy/contacts/1").bearer_auth(&key);
    assert_eq!(answer(request).await.0, StatusCode::OK);
    assert_eq!(upstream.all(), 1);
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?decision=deny")).await;
    assert_eq!(found["entries"][0]["enforced"], false, "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_target_nothing_is_sent() {
    let server = Server::start().await;
    let (_, key) = server.agent("one", "verified", &["dev"]).await;
    for method in ["GET", "POST", "DELETE"] {
        let (status, body) =
            answer(server.request(method.parse().unwrap(), "/proxy/contacts").bearer_auth(&key)).await;
        assert_eq!((status, &body["error"]), (StatusCode::NOT_FOUND, &json!("no_proxy_target")), "{body}");
    }
    let targets = [
        "",
        "example.org",
        "ftp://x",
        "http://u:p@x",
        "http://x/?a=b",
        "http://x/#a",
        "file:///etc",
        "http://",
    ];
    for target in targets {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = config(folder.path());
        settings.proxy = Some(ProxyTarget::new(target.to_owned()));
        assert!(matches!(Gateway::start(&settings).await, Err(StartError::Proxy(_))), "{target}");
    }
}
