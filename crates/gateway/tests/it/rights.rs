//! Every route, with who may call it.

use reqwest::{Method, StatusCode};

use crate::server::Server;

/// Who a route is for.
#[derive(Clone, Copy, PartialEq)]
enum For {
    Anybody,
    Agents,
    Administration,
    /// Agents for themselves, the administration for any of them.
    Either,
}

const ROUTES: &[(&str, &str, For)] = &[
    ("GET", "/", For::Anybody),
    ("GET", "/health", For::Anybody),
    ("GET", "/api/v1/health", For::Anybody),
    ("GET", "/ready", For::Anybody),
    ("GET", "/metrics", For::Anybody),
    ("GET", "/proxy/check", For::Agents),
    ("POST", "/proxy/check", For::Agents),
    ("POST", "/proxy/audit", For::Agents),
    ("GET", "/proxy/x", For::Agents),
    ("POST", "/proxy/x", For::Agents),
    ("PUT", "/proxy/x/y", For::Agents),
    ("DELETE", "/proxy/x", For::Agents),
    ("POST", "/v1/decide", For::Agents),
    ("POST", "/v1/token", For::Agents),
    ("POST", "/api/v1/evaluate", For::Either),
    ("POST", "/api/v1/audit", For::Either),
    ("POST", "/api/v1/audit/batch", For::Either),
    ("GET", "/admin/agents", For::Administration),
    ("POST", "/admin/agents", For::Administration),
    ("GET", "/admin/agents/one", For::Administration),
    ("PATCH", "/admin/agents/one", For::Administration),
    ("PUT", "/admin/agents/one", For::Administration),
    ("DELETE", "/admin/agents/nobody", For::Administration),
    ("POST", "/admin/agents/nobody/token", For::Administration),
    ("GET", "/admin/policies", For::Administration),
    ("POST", "/admin/policies", For::Administration),
    ("GET", "/admin/policies/allowed?agent=one", For::Administration),
    ("POST", "/admin/policies/validate", For::Administration),
    ("POST", "/admin/policies/test", For::Administration),
    ("GET", "/admin/policies/p", For::Administration),
    ("PUT", "/admin/policies/p", For::Administration),
    ("DELETE", "/admin/policies/p", For::Administration),
    ("GET", "/admin/policies/p/versions", For::Administration),
    ("GET", "/admin/audit", For::Administration),
    ("GET", "/admin/audit/stats", For::Administration),
    ("GET", "/admin/audit/stream", For::Administration),
    ("GET", "/admin/info", For::Administration),
    ("GET", "/api/v1/agents", For::Administration),
    ("POST", "/api/v1/agents", For::Administration),
    ("GET", "/api/v1/agents/one", For::Administration),
    ("PATCH", "/api/v1/agents/one", For::Administration),
    ("PUT", "/api/v1/agents/one", For::Administration),
    ("DELETE", "/api/v1/agents/nobody", For::Administration),
    ("POST", "/api/v1/agents/nobody/token", For::Administration),
    ("GET", "/api/v1/policies", For::Administration),
    ("POST", "/api/v1/policies", For::Administration),
    ("GET", "/api/v1/policies/allowed?agent=one", For::Administration),
    ("POST", "/api/v1/policies/validate", For::Administration),
    ("POST", "/api/v1/policies/test", For::Administration),
    ("GET", "/api/v1/policies/p", For::Administration),
    ("PUT", "/api/v1/policies/p", For::Administration),
    ("DELETE", "/api/v1/policies/p", For::Administration),
    ("GET", "/api/v1/policies/p/versions", For::Administration),
    ("GET", "/api/v1/audit/logs", For::Administration),
    ("GET", "/api/v1/admin/info", For::Administration),
    ("GET", "/api/v1/admin/agents", For::Administration),
    ("POST", "/api/v1/admin/policies", For::Administration),
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_passes_a_route_that_is_not_theirs() {
    let server = Server::start().await;
    let (_, key) = server.agent("one", "privileged", &["dev"]).await;
    let (_, revoked) = server.agent("gone", "privileged", &["dev"]).await;
    server.admin(Method::DELETE, "/admin/agents/gone").send().await.unwrap();
    let admin = crate::server::ADMIN;
    let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    for (method, path, whose) in ROUTES {
        let method: Method = method.parse().unwrap();
        let status = async |token: Option<&str>, header: &str| {
            let mut request = server.request(method.clone(), path);
            match (token, header) {
                (Some(token), "bearer") => request = request.bearer_auth(token),
                (Some(token), header) => request = request.header(header, token),
                (None, _) => {}
            }
            request.send().await.unwrap().status()
        };
        let passes = |status: StatusCode| {
            !refused.contains(&status) || status == StatusCode::FORBIDDEN && *whose == For::Agents
        };
        if *whose == For::Either {
            let by_key = status(Some(&key), "x-meshguard-api-key").await;
            assert!(passes(by_key), "{method} {path} with an agent's key as API key: {by_key}");
        }
        let nobody = status(None, "").await;
        assert_eq!(passes(nobody), *whose == For::Anybody, "{method} {path} without a key: {nobody}");
        for (token, header) in [
            (revoked.as_str(), "bearer"),
            ("plc_live_wrong", "bearer"),
            ("", "bearer"),
            ("wrong", "x-admin-token"),
        ] {
            let other = status(Some(token), header).await;
            assert_eq!(passes(other), *whose == For::Anybody, "{method} {path} with `{token}`: {other}");
        }
        let agent = status(Some(&key), "bearer").await;
        assert_eq!(
            passes(agent),
            *whose != For::Administration,
            "{method} {path} with an agent's key: {agent}"
        );
        let posing = status(Some(&key), "x-admin-token").await;
        assert_eq!(
            passes(posing),
            *whose == For::Anybody,
            "{method} {path} with an agent's key as admin token: {posing}"
        );
        if matches!(whose, For::Administration | For::Either) {
            for header in ["bearer", "x-admin-token"] {
                let status = status(Some(admin), header).await;
                assert!(
                    !refused.contains(&status),
                    "{method} {path} with the admin token as {header}: {status}"
                );
            }
        }
    }
}
