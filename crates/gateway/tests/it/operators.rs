//! Operators: signing in, giving the password again, roles, acting as others, and what records say of all that.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::People;
use crate::server::{POLICY, Server, answer};

const PASSWORD: &str = "correct horse battery";

/// Makes an operator with a password; gives its id.
async fn made(server: &Server, name: &str, role: &str) -> String {
    let body = json!({"name": name, "role": role, "password": PASSWORD});
    let (status, made) = answer(server.admin(Method::POST, "/admin/operators").json(&body)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert!(!made.to_string().contains("argon2") && !made.to_string().contains(PASSWORD), "{made}");
    made["id"].as_str().unwrap().to_owned()
}

async fn sign_in(server: &Server, name: &str, password: &str) -> (StatusCode, Value) {
    let body = json!({"name": name, "password": password});
    answer(server.request(Method::POST, "/admin/session").json(&body)).await
}

async fn session(server: &Server, name: &str) -> String {
    let (status, opened) = sign_in(server, name, PASSWORD).await;
    assert_eq!(status, StatusCode::CREATED, "{opened}");
    opened["session"].as_str().unwrap().to_owned()
}

/// Changes on record, the newest first: who, what, to what.
async fn changes(server: &Server) -> Vec<(String, String, Value)> {
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?decision=change&limit=100")).await;
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    found["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (text(entry, "by"), text(entry, "action"), entry["actor"].clone()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_begins_and_ends() {
    let server = Server::start().await;
    let id = made(&server, "ann", "editor").await;
    let shown = session(&server, "ann").await;
    assert!(shown.starts_with("plc_session_"));
    let (_, who) = answer(server.as_holder(&shown, Method::GET, "/admin/session")).await;
    assert_eq!((&who["name"], &who["role"]), (&json!("operator:ann"), &json!("editor")));
    assert_eq!(who["actor"], json!({"kind": "operator", "id": id, "name": "ann"}));
    assert!(who["rights"].as_array().unwrap().contains(&json!("policies:apply")), "{who}");
    let (status, _) = answer(server.as_holder(&shown, Method::DELETE, "/admin/session")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, over) = answer(server.as_holder(&shown, Method::GET, "/admin/session")).await;
    assert_eq!((status, &over["message"]), (StatusCode::UNAUTHORIZED, &json!("The session is over")));
    let told: Vec<String> = changes(&server).await.into_iter().map(|(_, action, _)| action).collect();
    assert_eq!(told, ["end:session", "open:session", "create:operator"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_tells_nothing_and_is_counted() {
    let server = Server::start().await;
    made(&server, "ann", "owner").await;
    let (status, wrong) = sign_in(&server, "ann", "wrong").await;
    let (other_status, unknown) = sign_in(&server, "nobody", "wrong").await;
    assert_eq!((status, &wrong), (other_status, &unknown), "an unknown name looks like a wrong password");
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    for name in ["ann", "nobody"] {
        for _ in 0..4 {
            assert_eq!(sign_in(&server, name, "wrong").await.0, StatusCode::UNAUTHORIZED);
        }
        let (status, refused) = sign_in(&server, name, PASSWORD).await;
        assert_eq!((status, &refused["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("too_many")), "{name}");
    }
    let told = changes(&server).await;
    assert_eq!(told.iter().filter(|(_, action, _)| action == "refuse:session").count(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let server = Server::start().await;
    made(&server, "ann", "owner").await;
    let quickest = async |name: &str| {
        let mut quickest = Duration::MAX;
        for _ in 0..4 {
            let started = Instant::now();
            sign_in(&server, name, "wrong").await;
            quickest = quickest.min(started.elapsed());
        }
        quickest
    };
    let (known, unknown) = (quickest("ann").await, quickest("nobody").await);
    assert!(unknown * 3 > known && known * 3 > unknown, "{known:?} and {unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_the_password_again() {
    let server = Server::start().await;
    made(&server, "ann", "owner").await;
    let people = People::of(&server).await;
    let ann = people.store.operator(&people.organisation, "ann").await.unwrap().unwrap();
    let shown = people.session(&ann, 11).await;
    let apply = || server.as_holder(&shown, Method::POST, "/admin/policies").body(POLICY);
    let (status, refused) = answer(apply()).await;
    assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("step_up_required")));
    assert!(refused["remedy"].as_str().unwrap().contains("/admin/session/step-up"), "{refused}");
    assert_eq!(answer(server.as_holder(&shown, Method::GET, "/admin/policies")).await.0, StatusCode::OK);
    let again = async |password: &str| {
        let body = json!({"password": password});
        answer(server.as_holder(&shown, Method::POST, "/admin/session/step-up").json(&body)).await.0
    };
    assert_eq!(again("wrong").await, StatusCode::UNAUTHORIZED);
    assert_eq!(answer(apply()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(again(PASSWORD).await, StatusCode::OK);
    let (status, applied) = answer(apply()).await;
    assert_eq!(status, StatusCode::OK, "{applied}");
    let (_, versions) = answer(server.admin(Method::GET, "/admin/policies/dev/versions")).await;
    assert_eq!(versions["versions"][0]["appliedBy"], "operator:ann");
    // Guessing at signing in does not keep somebody from going on in a session.
    for _ in 0..6 {
        sign_in(&server, "ann", "wrong").await;
    }
    assert_eq!(again(PASSWORD).await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_somebody_who_may_more() {
    let server = Server::start().await;
    for (name, role) in [("ann", "owner"), ("bea", "admin"), ("cleo", "viewer")] {
        made(&server, name, role).await;
    }
    let bea = session(&server, "bea").await;
    let ask = async |method: Method, path: &str, body: Value| {
        answer(server.as_holder(&bea, method, path).json(&body)).await
    };
    let new = |role: &str| json!({"name": format!("new-{role}"), "role": role, "password": PASSWORD});
    for (method, path, body) in [
        (Method::POST, "/admin/operators", new("owner")),
        (Method::PATCH, "/admin/operators/ann", json!({"role": "viewer"})),
        (Method::PATCH, "/admin/operators/cleo", json!({"role": "owner"})),
        (Method::PATCH, "/admin/operators/bea", json!({"role": "owner"})),
        (Method::DELETE, "/admin/operators/ann", json!({})),
        (Method::POST, "/admin/operators/ann/password", json!({"password": "another password"})),
    ] {
        let (status, refused) = ask(method.clone(), path, body).await;
        assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("right_missing")), "{path}");
    }
    assert_eq!(ask(Method::POST, "/admin/operators", new("admin")).await.0, StatusCode::CREATED);
    let (status, changed) = ask(Method::PATCH, "/admin/operators/cleo", json!({"role": "editor"})).await;
    assert_eq!((status, &changed["role"]), (StatusCode::OK, &json!("editor")));
    let (status, _) =
        ask(Method::POST, "/admin/operators", json!({"name": "x", "role": "god", "password": PASSWORD}))
            .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    for name in ["", "two words", "a:b", "operator:ann", &"x".repeat(65)] {
        let body = json!({"name": name, "role": "viewer", "password": PASSWORD});
        assert_eq!(ask(Method::POST, "/admin/operators", body).await.0, StatusCode::BAD_REQUEST, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_stays() {
    let server = Server::start().await;
    made(&server, "ann", "owner").await;
    let ann = session(&server, "ann").await;
    for (method, body) in [(Method::DELETE, json!({})), (Method::PATCH, json!({"role": "admin"}))] {
        for credential in [ann.as_str(), crate::server::ADMIN] {
            let request = server.as_holder(credential, method.clone(), "/admin/operators/ann").json(&body);
            let (status, refused) = answer(request).await;
            assert_eq!((status, &refused["code"]), (StatusCode::CONFLICT, &json!("last_owner")), "{refused}");
        }
    }
    made(&server, "bea", "owner").await;
    let (status, _) = answer(server.as_holder(&ann, Method::DELETE, "/admin/operators/ann")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = answer(server.as_holder(&ann, Method::GET, "/admin/session")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "who is disabled has no session");
    assert_eq!(sign_in(&server, "ann", PASSWORD).await.0, StatusCode::UNAUTHORIZED);
    let (_, list) = answer(server.admin(Method::GET, "/admin/operators?status=all")).await;
    assert_eq!(list["operators"][0]["status"], "disabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_count_at_once() {
    let server = Server::start().await;
    made(&server, "ann", "editor").await;
    let ann = session(&server, "ann").await;
    let make = async |name: &str| {
        answer(server.as_holder(&ann, Method::POST, "/admin/agents").json(&json!({"name": name}))).await.0
    };
    assert_eq!(make("one").await, StatusCode::CREATED);
    let demote = json!({"role": "viewer"});
    answer(server.admin(Method::PATCH, "/admin/operators/ann").json(&demote)).await;
    assert_eq!(make("two").await, StatusCode::FORBIDDEN);
    let change = |old: &str| {
        let body = json!({"old": old, "new": "another password"});
        server.as_holder(&ann, Method::POST, "/admin/session/password").json(&body)
    };
    assert_eq!(answer(change("wrong")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(answer(change(PASSWORD)).await.0, StatusCode::OK);
    assert_eq!(make("three").await, StatusCode::UNAUTHORIZED, "sessions end with the password");
    assert_eq!(sign_in(&server, "ann", PASSWORD).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&server, "ann", "another password").await.0, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acts_as_somebody_else_is_named_beside() {
    let server = Server::start().await;
    let (ann_id, bea_id) = (made(&server, "ann", "owner").await, made(&server, "bea", "editor").await);
    made(&server, "cleo", "viewer").await;
    let (ann, bea) = (session(&server, "ann").await, session(&server, "bea").await);
    let make = async |credential: &str, other: &str, name: &str| {
        let request = server.as_holder(credential, Method::POST, "/admin/agents");
        answer(request.header("X-Placet-Act-As", other).json(&json!({"name": name}))).await
    };
    assert_eq!(make(&ann, "bea", "one").await.0, StatusCode::CREATED);
    let told = changes(&server).await;
    let (by, action, actor) = &told[0];
    assert_eq!((by.as_str(), action.as_str()), ("operator:ann as operator:bea", "create:agent"));
    assert_eq!(actor["id"], json!(ann_id));
    assert_eq!(actor["actingAs"], json!({"id": bea_id, "name": "bea"}));
    // With what both may.
    assert_eq!(make(&ann, "cleo", "two").await.0, StatusCode::FORBIDDEN);
    assert_eq!(make(&ann, "nobody", "three").await.0, StatusCode::NOT_FOUND);
    let (status, refused) = make(&bea, "ann", "four").await;
    assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("right_missing")));
    assert_eq!(make(&bea, "bea", "five").await.0, StatusCode::FORBIDDEN, "as oneself neither");
    let request = server.as_holder(&ann, Method::DELETE, "/admin/session").header("X-Placet-Act-As", "bea");
    assert_eq!(answer(request).await.0, StatusCode::FORBIDDEN, "a session is nobody else's");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_names_who_made_it() {
    let server = Server::start().await;
    made(&server, "ann", "owner").await;
    let ann = session(&server, "ann").await;
    let body = json!({"name": "ci", "rights": ["agents:write", "agents:read", "policies:apply"]});
    let (_, token) = answer(server.as_holder(&ann, Method::POST, "/admin/tokens").json(&body)).await;
    let token = token["token"].as_str().unwrap().to_owned();
    let mut expected = Vec::new();
    for (credential, by) in [(ann.as_str(), "operator:ann"), (token.as_str(), "token:ci")] {
        let agent = json!({"name": format!("agent-of-{}", by.replace(':', "-"))});
        let path = format!("/admin/agents/{}", agent["name"].as_str().unwrap());
        let policy = POLICY.replace("name: dev", &format!("name: {}", by.replace(':', "-")));
        let policy_path = format!("/admin/policies/{}", by.replace(':', "-"));
        let requests = [
            ("create:agent", server.as_holder(credential, Method::POST, "/admin/agents").json(&agent)),
            (
                "change:agent",
                server.as_holder(credential, Method::PATCH, &path).json(&json!({"tags": ["x"]})),
            ),
            ("rotate:agent", server.as_holder(credential, Method::POST, &format!("{path}/token"))),
            ("revoke:agent", server.as_holder(credential, Method::DELETE, &path)),
            ("apply:policy", server.as_holder(credential, Method::POST, "/admin/policies").body(policy)),
            ("delete:policy", server.as_holder(credential, Method::DELETE, &policy_path)),
        ];
        for (action, request) in requests {
            let (status, answered) = answer(request).await;
            assert!(status.is_success(), "{action} by {by}: {status} {answered}");
            expected.insert(0, (by.to_owned(), action.to_owned()));
        }
    }
    let told: Vec<(String, String)> =
        changes(&server).await.into_iter().take(expected.len()).map(|(by, action, _)| (by, action)).collect();
    assert_eq!(told, expected);
    let (_, found) = answer(server.admin(Method::GET, "/admin/audit?decision=change&limit=1")).await;
    let entry = &found["entries"][0];
    assert_eq!((&entry["agentName"], &entry["actor"]["kind"]), (&json!("token:ci"), &json!("token")));
    assert_eq!(entry["agentId"], entry["actor"]["id"]);
}
