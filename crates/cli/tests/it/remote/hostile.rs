//! Servers that are no gateway, or a bad one.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::world::{Ran, World};

/// A server that gives every caller the same bytes and remembers what it was told.
struct Server {
    url: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    fn saying(answer: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&heard);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 65536];
                let length = stream.read(&mut request).unwrap_or(0);
                notes.lock().unwrap().extend_from_slice(&request[..length]);
                let _ = stream.write_all(&answer);
            }
        });
        Self { url, heard }
    }

    fn json(body: &str) -> Self {
        Self::saying(answer("200 OK", "application/json", body))
    }
}

fn answer(status: &str, kind: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn run(server: &Server, arguments: &[&str]) -> Ran {
    let world = World::new();
    world.write("home/project/p.yaml", "name: p\nrules: []\n");
    let known = [
        ("PLACET_GATEWAY", server.url.as_str()),
        ("PLACET_ADMIN_TOKEN", "the-token"),
        ("PLACET_AGENT_KEY", "the-key"),
    ];
    world.run_with(&known, arguments, "")
}

const COMMANDS: &[&[&str]] = &[
    &["agent", "list"],
    &["agent", "list", "--json"],
    &["agent", "create", "x"],
    &["agent", "show", "x"],
    &["agent", "update", "x", "--trust", "basic"],
    &["agent", "revoke", "x", "--yes"],
    &["agent", "token", "x"],
    &["agent", "ping"],
    &["policy", "list", "--remote"],
    &["policy", "show", "x", "--remote"],
    &["policy", "apply", "p.yaml"],
    &["policy", "delete", "x", "--yes"],
    &["policy", "versions", "x"],
    &["policy", "rollback", "x", "--to", "1"],
    &["audit", "tail", "--remote"],
    &["audit", "tail", "-f", "--remote"],
    &["audit", "query", "--remote"],
    &["audit", "trace", "x", "--remote"],
    &["audit", "stats", "--remote"],
    &["audit", "export", "--remote"],
    &["operator", "list"],
    &["operator", "whoami"],
    &["operator", "set-role", "x", "viewer"],
    &["operator", "disable", "x", "--yes"],
    &["token", "list"],
    &["token", "list", "--json"],
    &["token", "create", "x", "--rights", "agents:read"],
    &["token", "revoke", "x", "--yes"],
    &["status"],
];

#[test]
fn what_is_no_gateway() {
    let elsewhere = Server::json("{}");
    let redirect = |to: &str| {
        format!("HTTP/1.1 307 T\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .into_bytes()
    };
    let html = "<!DOCTYPE html><title>\u{1b}[2JLogin</title>";
    for (name, bytes, code) in [
        ("redirect", redirect(&elsewhere.url), 5),
        ("redirect with codes", redirect(&format!("{}/\u{1b}[8m", elsewhere.url)), 5),
        ("html", answer("200 OK", "text/html", html), 5),
        ("no object", answer("200 OK", "application/json", "[]"), 5),
        ("cut off", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"agents\": [".to_vec(), 5),
        ("no HTTP", b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(), 5),
        ("nothing", Vec::new(), 5),
        ("bad gateway", answer("502 Bad Gateway", "text/html", html), 5),
        ("html refusal", answer("401 Unauthorized", "text/html", html), 3),
        ("no content", b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(), 5),
    ] {
        let server = Server::saying(bytes);
        for arguments in COMMANDS {
            let ran = run(&server, arguments);
            let want = if arguments[0] == "status" && code == 3 { 3 } else { code };
            assert_eq!(ran.code, want, "{name}: {arguments:?}: {}", ran.whole());
            assert_plain(name, &ran);
        }
    }
    assert_eq!(elsewhere.heard.lock().unwrap().len(), 0, "a redirect was followed");
}

#[test]
fn answers_are_bounded() {
    let body = format!("{{\"agents\": [\"{}\"]}}", "x".repeat(33 << 20));
    let server = Server::saying(answer("200 OK", "application/json", &body));
    let ran = run(&server, &["agent", "list"]);
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stderr.contains("larger than 32 MiB"), "{}", ran.stderr);
    let long = "very long ".repeat(100_000);
    let server = Server::saying(answer(
        "400 Bad Request",
        "application/json",
        &format!("{{\"message\": \"{long}\", \"remedy\": \"{long}\"}}"),
    ));
    let ran = run(&server, &["agent", "list"]);
    assert!(ran.code == 1 && ran.stderr.len() < 2000, "{}", ran.stderr.len());
}

/// Whatever a gateway says, it cannot move the cursor or hide a text.
#[test]
fn texts_of_a_gateway() {
    let tricks = "\\u001b[2K\\u001b[1A\\r\\u0007\\u009b31m\\u202e\\u200b\\u0085\\n\\u001b]0;t\\u0007";
    let one = format!(
        "\"id\": \"i{tricks}\", \"name\": \"n{tricks}\", \"trustTier\": \"t{tricks}\", \"tags\": [\"{tricks}\"], \
         \"capabilities\": [\"{tricks}\"], \"status\": \"s{tricks}\", \"createdAt\": \"{tricks}\", \
         \"updatedAt\": \"{tricks}\", \"token\": \"{tricks}\", \"version\": \"{tricks}\", \"appliedAt\": \"{tricks}\", \
         \"appliedBy\": \"{tricks}\", \"yaml\": \"name: {tricks}\", \"mode\": \"{tricks}\", \"timestamp\": \"{tricks}\", \
         \"agentName\": \"{tricks}\", \"agentId\": \"{tricks}\", \"action\": \"{tricks}\", \"resource\": \"{tricks}\", \
         \"decision\": \"deny\", \"rule\": \"{tricks}\", \"policy\": \"{tricks}\", \"reason\": \"{tricks}\", \
         \"traceId\": \"{tricks}\", \"message\": \"{tricks}\", \"remedy\": \"{tricks}\", \"defaultEffect\": \"{tricks}\""
    );
    let body = format!(
        "{{{one}, \"agents\": [{{{one}}}], \"operators\": [{{{one}}}], \"role\": \"{tricks}\", \"rights\": [\"{tricks}\"], \"endsAt\": \"{tricks}\", \
         \"tokens\": [{{{one}, \"rights\": [\"{tricks}\"]}}], \"policies\": [{{{one}}}], \"versions\": [{{{one}, \"version\": 1}}], \
         \"entries\": [{{{one}}}], \"topDenied\": [{{{one}, \"count\": 1}}], \"metadata\": {{\"description\": \"{tricks}\"}}}}"
    );
    let follows = |arguments: &&&[&str]| !arguments.contains(&"-f");
    for status in ["200 OK", "400 Bad Request", "401 Unauthorized"] {
        let server = Server::saying(answer(status, "application/json", &body));
        for arguments in COMMANDS.iter().filter(follows) {
            let ran = run(&server, arguments);
            assert_plain(status, &ran);
            assert!(!arguments.contains(&"--json") || !ran.stdout.is_empty());
        }
    }
}

/// Pages that never end do end.
#[test]
fn a_page_that_leads_to_itself() {
    let server =
        Server::json("{\"entries\": [{\"id\": \"rec_1\", \"decision\": \"allow\"}], \"next\": \"1.rec_1\"}");
    let ran = run(&server, &["audit", "query", "--remote", "--json"]);
    assert_eq!((ran.code, ran.json().as_array().unwrap().len()), (0, 2), "{}", ran.whole());
}

#[test]
fn names_stay_in_their_place() {
    let server = Server::json("{}");
    run(&server, &["agent", "show", "../policies?x=1#y\r\nX-Evil: 1"]);
    let heard = String::from_utf8(server.heard.lock().unwrap().clone()).unwrap();
    let first = heard.lines().next().unwrap();
    assert_eq!(first, "GET /admin/agents/..%2Fpolicies%3Fx%3D1%23y%0D%0AX-Evil%3A%201 HTTP/1.1");
    assert!(heard.contains("the-token") && !heard.contains("the-key"), "{heard}");
}

fn assert_plain(what: &str, ran: &Ran) {
    for text in [&ran.stdout, &ran.stderr] {
        let text = text.replace("\r\n", "\n");
        let bad = text.chars().find(|c| !matches!(c, '\n' | '\t') && placet_model::visible::is_deceptive(*c));
        assert!(bad.is_none(), "{what}: {bad:?} in {text:?}");
    }
}
