//! Every route, with every kind of caller. The routes come from the gateway's own table, which is shown in a snapshot.

use placet_gateway::{Needs, Right, Role, routes};
use reqwest::{Method, StatusCode};

use crate::people::People;
use crate::server::{ADMIN, Server};

/// How a credential is shown.
const HEADERS: [&str; 2] = ["bearer", "x-admin-token"];

struct Callers {
    server: Server,
    people: People,
    owner: placet_store::Operator,
    /// Credentials that are worth nothing anywhere.
    worthless: Vec<String>,
    key: String,
    jwt: String,
}

impl Callers {
    async fn gather() -> Self {
        let server = Server::start().await;
        let people = People::of(&server).await;
        let all: Vec<&str> = Right::ALL.iter().map(|(_, name)| *name).collect();
        let (_, key) = server.agent("one", "privileged", &["dev"]).await;
        let (_, revoked) = server.agent("gone", "privileged", &["dev"]).await;
        server.admin(Method::DELETE, "/admin/agents/gone").send().await.unwrap();
        let made = server.request(Method::POST, "/v1/token").bearer_auth(&key).send().await.unwrap();
        let jwt = serde_json::from_str::<serde_json::Value>(&made.text().await.unwrap()).unwrap();
        let jwt = jwt["token"].as_str().unwrap().to_owned();
        let owner = people.operator("owner", "owner").await;
        let gone = people.operator("disabled", "owner").await;
        let of_gone = people.session(&gone, 0).await;
        let disable = placet_store::OperatorChange { disable: true, ..Default::default() };
        people.change(&gone, disable).await;
        let token_revoked = people.token("revoked", &all, 60).await;
        server.admin(Method::DELETE, "/admin/tokens/revoked").send().await.unwrap();
        let worthless = vec![
            String::new(),
            "wrong".to_owned(),
            "plc_live_wrong".to_owned(),
            "plc_session_wrong".to_owned(),
            "plc_token_wrong".to_owned(),
            revoked,
            token_revoked,
            people.token("expired", &all, 0).await,
            people.session_of(&owner, 90, 61, 600).await,
            people.session_of(&owner, 90, 0, 0).await,
            of_gone,
        ];
        for (right, name) in Right::ALL {
            let others: Vec<&str> = all.iter().copied().filter(|other| other != name).collect();
            people.token(&format!("only-{}", right.name().replace(':', "-")), &[name], 60).await;
            people.token(&format!("not-{}", right.name().replace(':', "-")), &others, 60).await;
        }
        Self { server, people, owner, worthless, key, jwt }
    }

    async fn status(&self, method: &Method, path: &str, header: &str, credential: &str) -> StatusCode {
        let request = self.server.request(method.clone(), path);
        let request = match header {
            "bearer" => request.bearer_auth(credential),
            header => request.header(header, credential),
        };
        request.send().await.unwrap().status()
    }
}

fn token(kind: &str, right: Right) -> String {
    format!("plc_token_of_the_test_{kind}-{}", right.name().replace(':', "-"))
}

/// A path that a pattern stands for. What it names is not there, so that nothing happens to what is.
fn concrete(pattern: &str) -> String {
    pattern.replace("{id}", "nobody").replace("{name}", "p").replace("{*path}", "x/y")
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_passes_a_route_that_is_not_theirs() {
    let callers = Callers::gather().await;
    let mut fresh = callers.people.session(&callers.owner, 0).await;
    let mut stale = callers.people.session(&callers.owner, 11).await;
    for route in routes() {
        let any = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let methods = route.method.clone().map_or(any.to_vec(), |method| vec![method]);
        for method in methods {
            let path = concrete(&route.path);
            let agents = matches!(route.needs, Needs::Agent | Needs::AgentKey | Needs::AgentOr(_));
            let check = async |who: &str, header: &str, credential: &str, may: bool| {
                let status = callers.status(&method, &path, header, credential).await;
                // An agent may be told no by a policy.
                let passes = match status {
                    StatusCode::UNAUTHORIZED => false,
                    StatusCode::FORBIDDEN => who == "agent" && agents && may,
                    _ => true,
                };
                assert_eq!(passes, may, "{method} {path} ({:?}) by {who} in {header}: {status}", route.needs);
            };
            let open = matches!(route.needs, Needs::Nothing | Needs::OpenHere(_));
            let nobody = callers.server.request(method.clone(), &path).send().await.unwrap().status();
            assert_eq!(nobody != StatusCode::UNAUTHORIZED, open, "{method} {path} by nobody: {nobody}");
            check("agent", "bearer", &callers.key, open || agents).await;
            check("agent", "bearer", &callers.jwt, open || agents && route.needs != Needs::AgentKey).await;
            for credential in [&callers.key, &callers.jwt] {
                check("posing agent", "x-admin-token", credential, open).await;
            }
            let as_key = open || matches!(route.needs, Needs::AgentOr(_));
            check("agent", "x-meshguard-api-key", &callers.key, as_key).await;
            for (number, credential) in callers.worthless.iter().enumerate() {
                check("nobody any more", HEADERS[number % 2], credential, open).await;
            }
            let asked = match route.needs {
                Needs::Right(right) | Needs::Sure(right) | Needs::AgentOr(right) => Some(right),
                _ => None,
            };
            for header in HEADERS {
                let any = open || route.needs == Needs::Administration;
                check("bootstrap", header, ADMIN, any || asked.is_some()).await;
                let right = asked.unwrap_or(Right::AgentsRead);
                check("only this", header, &token("only", right), any || asked.is_some()).await;
                check("all but this", header, &token("not", right), any).await;
                let own = route.needs == Needs::Session;
                if own {
                    // A route of the session may have ended it.
                    fresh = callers.people.session(&callers.owner, 0).await;
                    stale = callers.people.session(&callers.owner, 11).await;
                }
                check("owner", header, &fresh, any || own || asked.is_some()).await;
                let sure = matches!(route.needs, Needs::Sure(_));
                check("owner of long ago", header, &stale, any || own || asked.is_some() && !sure).await;
            }
        }
    }
}

#[test]
fn the_table_is_as_it_was_agreed() {
    let lines: Vec<String> = routes()
        .iter()
        .map(|route| {
            let method = route.method.as_ref().map_or("ANY", Method::as_str);
            let needs = match route.needs {
                Needs::Right(right) => right.name().to_owned(),
                Needs::Sure(right) => format!("{}, sure", right.name()),
                Needs::OpenHere(right) => format!("nothing here, else {}", right.name()),
                Needs::AgentOr(right) => format!("agent, or {}", right.name()),
                other => format!("{other:?}").to_lowercase(),
            };
            format!("{method:<7} {:<38} {needs}", route.path)
        })
        .collect();
    insta::assert_snapshot!("routes", lines.join("\n"));
}

/// A route that is added in another way would be in no table.
#[test]
fn routes_are_added_in_one_place() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![folder];
    let mut seen = 0;
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let adds = [".route(", ".nest(", ".route_service(", ".nest_service(", ".fallback_service("]
                .iter()
                .any(|word| text.contains(word));
            assert_eq!(adds, path.ends_with("api/routes.rs"), "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn the_manual_shows_every_right_and_role() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/gateway.md");
    let page = std::fs::read_to_string(page).unwrap();
    for (right, name) in Right::ALL {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("`{name}` has no row"));
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        // Behind what it allows: one column for each role.
        for ((role, role_name), cell) in Role::ALL.iter().zip(&cells[3..]) {
            let expected = if role.rights().has(*right) { "yes" } else { "" };
            assert_eq!(*cell, expected, "`{name}` of {role_name}");
        }
    }
    let heading = "| right | allows | owner | admin | editor | approver | viewer |";
    assert!(page.contains(heading), "the columns are the roles");
}
