//! What agent keys are for, and nothing else: one attack for each line of the threat model about them.

use placet_store::RecordQuery;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::People;
use crate::server::{POLICY, Server, answer};

/// What an agent wants, and the body it sends.
fn attacks() -> Vec<(&'static str, Method, &'static str, String)> {
    let open = "name: dev\nrules:\n  - {effect: allow, actions: ['*']}\n";
    let json = |value: Value| value.to_string();
    vec![
        ("apply a policy", Method::POST, "/admin/policies", open.to_owned()),
        ("apply a policy by name", Method::PUT, "/api/v1/admin/policies/dev", open.to_owned()),
        ("take a policy away", Method::DELETE, "/admin/policies/dev", String::new()),
        ("roll a policy back", Method::POST, "/admin/policies/dev/rollback", json(json!({"version": 1}))),
        ("read the policies", Method::GET, "/admin/policies/dev", String::new()),
        (
            "try policies out",
            Method::POST,
            "/admin/policies/test",
            json(json!({"agent": "other", "action": "a:b"})),
        ),
        ("read other agents", Method::GET, "/admin/agents", String::new()),
        ("read another agent", Method::GET, "/api/v1/agents/other", String::new()),
        ("read itself", Method::GET, "/admin/agents/one", String::new()),
        ("raise its tier", Method::PATCH, "/admin/agents/one", json(json!({"trustTier": "privileged"}))),
        ("get a new key", Method::POST, "/admin/agents/one/token", String::new()),
        ("make an agent", Method::POST, "/admin/agents", json(json!({"name": "mine"}))),
        ("end another agent", Method::DELETE, "/admin/agents/other", String::new()),
        ("read records", Method::GET, "/admin/audit", String::new()),
        ("count records", Method::GET, "/admin/audit/stats", String::new()),
        (
            "make a token",
            Method::POST,
            "/admin/tokens",
            json(json!({"name": "t", "rights": ["agents:read"]})),
        ),
        ("see tokens", Method::GET, "/admin/tokens", String::new()),
        ("end a token", Method::DELETE, "/admin/tokens/ci", String::new()),
        (
            "make an operator",
            Method::POST,
            "/admin/operators",
            json(json!({"name": "me", "role": "owner", "password": "correct horse battery"})),
        ),
        ("change an operator", Method::PATCH, "/admin/operators/ann", json(json!({"role": "viewer"}))),
        (
            "change a password",
            Method::POST,
            "/admin/operators/ann/password",
            json(json!({"password": "correct horse battery"})),
        ),
        ("see operators", Method::GET, "/admin/operators", String::new()),
        ("step up", Method::POST, "/admin/session/step-up", json(json!({"password": "x"}))),
        ("see who it is", Method::GET, "/admin/session", String::new()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_administers_nothing() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (_, key) = server.agent("one", "basic", &["dev"]).await;
    server.agent("other", "verified", &[]).await;
    let people = People::of(&server).await;
    people.operator("ann", "owner").await;
    people.token("ci", &["agents:read"], 60).await;
    let (_, made) = answer(server.request(Method::POST, "/v1/token").bearer_auth(&key)).await;
    let before = state(&people).await;
    for (what, method, path, body) in attacks() {
        for credential in [key.as_str(), made["token"].as_str().unwrap()] {
            let request = || server.request(method.clone(), path).body(body.clone());
            let bearer = format!("Bearer {credential}");
            let requests = [
                request().header("Authorization", &bearer),
                request().header("X-Admin-Token", credential),
                request().header("X-MeshGuard-API-Key", credential),
                request().header("Authorization", &bearer).header("X-Placet-Act-As", "ann"),
                request().header("X-Admin-Token", credential).header("X-Placet-Act-As", "ann"),
            ];
            for request in requests {
                let (status, answered) = answer(request).await;
                assert!(
                    [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status),
                    "an agent could {what}: {status} {answered}"
                );
            }
        }
    }
    assert_eq!(state(&people).await, before, "nothing changed");
}

/// All that an agent must not change.
async fn state(people: &People) -> Vec<String> {
    let (store, organisation) = (&people.store, &people.organisation);
    let all = RecordQuery { limit: 1000, ..RecordQuery::default() };
    vec![
        format!("{:?}", store.agents(organisation).await.unwrap()),
        format!("{:?}", store.policy_versions(organisation, "dev").await.unwrap()),
        format!("{:?}", store.admin_tokens(organisation).await.unwrap()),
        format!("{:?}", store.operators(organisation).await.unwrap()),
        store.records(organisation, &all).await.unwrap().records.len().to_string(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_asks_and_reports_for_its_agent_alone() {
    let server = Server::start().await;
    server.apply(POLICY).await;
    let (id, key) = server.agent("one", "basic", &[]).await;
    server.agent("other", "basic", &["dev"]).await;
    let post = |path: &str, body: Value| server.request(Method::POST, path).bearer_auth(&key).json(&body);
    let asked = json!({"agentId": "other", "action": "read:file", "resource": "/x"});
    assert_eq!(answer(post("/api/v1/evaluate", asked)).await.0, StatusCode::FORBIDDEN);
    // What it calls itself changes neither who is decided on nor of whom the report is.
    let own = post("/v1/decide", json!({"action": "read:file", "resource": "/x"}));
    let (status, decided) = answer(own.header("X-MeshGuard-Agent-ID", "other")).await;
    assert_ne!((status, &decided["decision"]), (StatusCode::OK, &json!("allow")), "{decided}");
    let report = json!({"agentId": "other", "action": "read:file", "decision": "allow"});
    assert_eq!(answer(post("/api/v1/audit", report)).await.0, StatusCode::OK);
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?decision=reported")).await;
    assert_eq!(found["entries"][0]["agentId"], json!(id));
    for path in ["/v1/decide", "/v1/token", "/api/v1/evaluate", "/api/v1/audit", "/proxy/audit"] {
        let request = post(path, json!({"action": "read:file"})).header("X-Placet-Act-As", "other");
        let (status, refused) = answer(request).await;
        assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")), "{path}");
    }
}

/// There is no route yet by which a request is answered; a new one has to be put here.
#[test]
fn nothing_answers_requests_for_agents() {
    for route in placet_gateway::routes() {
        let agents = matches!(route.needs, placet_gateway::Needs::Agent | placet_gateway::Needs::AgentOr(_));
        let answers = ["answer", "approve", "respond"].iter().any(|word| route.path.contains(word));
        assert!(!(agents && answers), "{}", route.path);
    }
}
