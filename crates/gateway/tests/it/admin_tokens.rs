//! Tokens for administration: what they give, what they can never give, and when they end.

use placet_gateway::Right;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::People;
use crate::server::{Server, answer};

async fn make(server: &Server, credential: &str, body: Value) -> (StatusCode, Value) {
    answer(server.as_holder(credential, Method::POST, "/admin/tokens").json(&body)).await
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

async fn reads(server: &Server, credential: &str) -> StatusCode {
    answer(server.as_holder(credential, Method::GET, "/admin/agents")).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_shown_once_and_listed() {
    let server = Server::start().await;
    let body = json!({"name": "ci", "rights": ["agents:read", "agents:read"], "expiresIn": "30d"});
    let (status, made) = make(&server, crate::server::ADMIN, body.clone()).await;
    assert_eq!((status, &made["rights"]), (StatusCode::CREATED, &json!(["agents:read"])));
    let token = text(&made, "token");
    assert_eq!(reads(&server, &token).await, StatusCode::OK);
    let (_, list) = answer(server.admin(Method::GET, "/admin/tokens")).await;
    assert!(!list.to_string().contains(&token), "{list}");
    let shown = &list["tokens"][0];
    assert_eq!((&shown["status"], &shown["createdBy"]), (&json!("active"), &json!("admin")));
    assert!(token.starts_with(&text(shown, "hint")) && text(shown, "hint").len() == 14, "{shown}");
    let (status, taken) = make(&server, crate::server::ADMIN, body).await;
    assert_eq!((status, &taken["code"]), (StatusCode::CONFLICT, &json!("name_taken")));
    for wrong in [
        json!({"name": "x", "rights": []}),
        json!({"name": "x", "rights": ["everything"]}),
        json!({"name": "x y", "rights": ["agents:read"]}),
        json!({"name": "x", "rights": ["agents:read"], "expiresIn": "soon"}),
        json!({"name": "x", "rights": ["agents:read"], "expiresIn": "0d"}),
        json!({"name": "x", "rights": ["agents:read"], "expiresIn": "4000000000d"}),
        json!({"name": "x", "rights": ["agents:read"], "expires": "30d"}),
    ] {
        let (status, refused) = make(&server, crate::server::ADMIN, wrong.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}: {refused}");
    }
    let (status, _) = answer(server.admin(Method::DELETE, "/admin/tokens/ci")).await;
    assert_eq!(status, StatusCode::OK);
    let gone = answer(server.as_holder(&token, Method::GET, "/admin/agents")).await;
    assert_eq!(
        (gone.0, &gone.1["message"]),
        (StatusCode::UNAUTHORIZED, &json!("The admin token was revoked"))
    );
    assert_eq!(answer(server.admin(Method::GET, "/admin/tokens")).await.1, json!({"tokens": []}));
    let (_, all) = answer(server.admin(Method::GET, "/admin/tokens?status=all")).await;
    assert_eq!(all["tokens"][0]["status"], "revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_what_they_have_not() {
    let server = Server::start().await;
    let people = People::of(&server).await;
    let admin = people.operator("bea", "admin").await;
    let bea = people.session(&admin, 0).await;
    let few = people.token("few", &["tokens:write", "agents:read"], 60).await;
    for (right, name) in Right::ALL {
        let body = |who: &str| json!({"name": format!("{who}-{}", name.replace(':', "-")), "rights": [name]});
        let (status, by_few) = make(&server, &few, body("few")).await;
        let may = matches!(right, Right::TokensWrite | Right::AgentsRead);
        assert_eq!(status == StatusCode::CREATED, may, "{name}: {status} {by_few}");
        let (status, by_bea) = make(&server, &bea, body("bea")).await;
        assert_eq!(status == StatusCode::CREATED, *right != Right::ActAs, "{name}: {status} {by_bea}");
    }
    let stale = people.session(&admin, 11).await;
    let (status, refused) = make(&server, &stale, json!({"name": "x", "rights": ["agents:read"]})).await;
    assert_eq!((status, &refused["code"]), (StatusCode::FORBIDDEN, &json!("step_up_required")));
}

#[tokio::test(flavor = "multi_thread")]
async fn they_never_exceed_the_operator_behind_them() {
    let server = Server::start().await;
    let people = People::of(&server).await;
    people.operator("ann", "owner").await;
    let bea = people.operator("bea", "admin").await;
    let session = people.session(&bea, 0).await;
    let body = json!({"name": "ci", "rights": ["agents:read", "tokens:read", "tokens:write"]});
    let (_, made) = make(&server, &session, body).await;
    let token = text(&made, "token");
    // One that is made with it rests on the same operator.
    let (status, below) = make(&server, &token, json!({"name": "below", "rights": ["tokens:read"]})).await;
    assert_eq!((status, &below["createdBy"]), (StatusCode::CREATED, &json!("token:ci")));
    let below = text(&below, "token");
    let lists =
        async |credential: &str| answer(server.as_holder(credential, Method::GET, "/admin/tokens")).await.0;
    assert_eq!((lists(&token).await, lists(&below).await), (StatusCode::OK, StatusCode::OK));
    let demote = json!({"role": "viewer"});
    answer(server.admin(Method::PATCH, "/admin/operators/bea").json(&demote)).await;
    assert_eq!((lists(&token).await, lists(&below).await), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    assert_eq!(reads(&server, &token).await, StatusCode::OK, "what a viewer may stays");
    let promote = json!({"role": "owner"});
    answer(server.admin(Method::PATCH, "/admin/operators/bea").json(&promote)).await;
    let (_, who) = answer(server.as_holder(&token, Method::GET, "/admin/session")).await;
    assert_eq!(
        who["rights"],
        json!(["agents:read", "tokens:read", "tokens:write"]),
        "nor more than was given"
    );
    answer(server.admin(Method::DELETE, "/admin/operators/bea")).await;
    assert_eq!(
        (reads(&server, &token).await, lists(&below).await),
        (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn they_end_with_the_one_they_were_made_with() {
    let server = Server::start().await;
    let people = People::of(&server).await;
    let first = people.token("first", &["tokens:write", "agents:read"], 60).await;
    let body =
        |name: &str, expires: &str| json!({"name": name, "rights": ["agents:read"], "expiresIn": expires});
    for late in ["2h", "never"] {
        let (status, refused) = make(&server, &first, body("late", late)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{refused}");
    }
    let (_, second) = make(&server, &first, body("second", "30m")).await;
    let (_, usual) = make(&server, &first, json!({"name": "usual", "rights": ["agents:read"]})).await;
    assert!(text(&usual, "expiresAt") > text(&second, "expiresAt"), "{usual}");
    let second = text(&second, "token");
    assert_eq!(reads(&server, &second).await, StatusCode::OK);
    let (_, ended) = answer(server.admin(Method::DELETE, "/admin/tokens/first")).await;
    assert_eq!(ended["revoked"], 3);
    assert_eq!(reads(&server, &second).await, StatusCode::UNAUTHORIZED);
}

/// What a later version knows and this one does not gives nothing.
#[tokio::test(flavor = "multi_thread")]
async fn unknown_rights_and_roles_give_nothing() {
    let server = Server::start().await;
    let people = People::of(&server).await;
    let token = people.token("later", &["agents:all", "*", ""], 60).await;
    assert_eq!(reads(&server, &token).await, StatusCode::FORBIDDEN);
    let operator = people.operator("later", "emperor").await;
    let session = people.session(&operator, 0).await;
    assert_eq!(reads(&server, &session).await, StatusCode::FORBIDDEN);
}
