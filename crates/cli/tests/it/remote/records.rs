//! `placet audit … --remote` and `placet status`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::gateway::{Gateway, assert_fits};

const POLICY: &str = "name: house\nversion: \"1\"\ndefaultEffect: allow\nrules:\n  - name: no-env\n    effect: deny\n    \
    actions: [\"read:file\"]\n    reason: Not that one.\n";

/// Asks the gateway as an agent would.
fn ask(gateway: &Gateway, key: &str, body: &str) {
    let host = gateway.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!(
        "POST /v1/decide HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

fn with_records() -> Gateway {
    let gateway = Gateway::start();
    gateway.world.write("home/project/house.yaml", POLICY);
    assert_eq!(gateway.run(&["policy", "apply", "house.yaml"]).code, 0);
    let (one, two) = (gateway.agent("builder"), gateway.agent("writer"));
    for (key, body) in [
        (&one, r#"{"action": "execute:shell", "resource": "ls -l", "trace": "trace-1"}"#),
        (&one, r#"{"action": "read:file", "resource": "./.env", "trace": "trace-1"}"#),
        (&two, r#"{"action": "read:file", "resource": "a \u001b[31mred\rname"}"#),
        (
            &two,
            r#"{"action": "fetch:url", "resource": "https://example.com/a/path/that/goes/on/and/on/and/on/for/long"}"#,
        ),
    ] {
        ask(&gateway, key, body);
        // Two records of one millisecond have no order.
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
    gateway
}

#[test]
fn records_of_a_gateway() {
    let gateway = with_records();
    let mut shown = String::new();
    for arguments in [
        &["audit", "tail", "--remote"][..],
        &["audit", "tail", "--remote", "-n", "2"],
        &["audit", "query", "--remote", "--decision", "deny"],
        &["audit", "query", "--remote", "--agent", "writer", "--limit", "1"],
        &["audit", "query", "--remote", "--action", "read:*"],
        &["audit", "query", "--remote", "--from", "2999-01-01"],
        &["audit", "query", "--remote", "--decision", "deny", "--agent", "builder", "--json"],
        &["audit", "trace", "trace-1", "--remote"],
        &["audit", "trace", "nowhere", "--remote"],
        &["audit", "stats", "--remote"],
        &["audit", "stats", "--remote", "--agent", "builder", "--json"],
        &["audit", "export", "--remote", "--action", "read:file"],
        &["audit", "export", "--remote", "--from", "2999-01-01", "--format", "json"],
    ] {
        let ran = gateway.run(arguments);
        if arguments[1] != "export" {
            assert_fits(&ran);
        }
        shown.push_str(&format!("$ placet {}\n{}\n", arguments.join(" "), ran.whole()));
    }
    insta::assert_snapshot!("records-of-a-gateway", shown);
}

#[test]
fn exports_agree_with_each_other() {
    let gateway = with_records();
    let token = gateway.world.read("home/data/admin-token");
    let known = [("PLACET_GATEWAY", gateway.url.as_str()), ("PLACET_ADMIN_TOKEN", token.trim())];
    let export = |format: &str| {
        let ran = gateway.world.run_with(&known, &["audit", "export", "--remote", "--format", format], "");
        assert_eq!(ran.code, 0, "{}", ran.whole());
        ran
    };
    let json = export("json").json();
    let lines: Vec<serde_json::Value> =
        export("ndjson").stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json.as_array().unwrap(), &lines);
    assert_eq!(export("csv").stdout.lines().count(), lines.len() + 1);
    let ran = gateway.run(&["audit", "export", "--remote", "--format", "ndjson", "--output", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert_eq!(gateway.world.read("home/project/out"), export("ndjson").stdout);
    // A record is found by its id alone.
    for line in &lines {
        let id = line["id"].as_str().unwrap();
        let found = gateway.world.run_with(&known, &["audit", "trace", id, "--remote", "--json"], "").json();
        assert_eq!(found, serde_json::json!([line]), "{id}");
    }
}

/// `audit tail -f` of the gateway, once it has begun.
fn follow(gateway: &Gateway, arguments: &[&str]) -> std::process::Child {
    let token = gateway.world.read("home/data/admin-token");
    let known = [("PLACET_GATEWAY", gateway.url.as_str()), ("PLACET_ADMIN_TOKEN", token.trim())];
    let child = gateway
        .world
        .command_with(&known, &[&["audit", "tail", "-f", "--remote"], arguments].concat())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    child
}

#[test]
fn following() {
    let gateway = with_records();
    let key = gateway.agent("late");
    let mut child = follow(&gateway, &["-n", "0", "--decision", "deny"]);
    for resource in ["one", "two"] {
        ask(&gateway, &key, &format!(r#"{{"action": "read:file", "resource": "{resource}"}}"#));
        ask(&gateway, &key, r#"{"action": "execute:shell", "resource": "ls"}"#);
    }
    std::thread::sleep(std::time::Duration::from_millis(3500));
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let resources: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().nth(5)).collect();
    assert_eq!(resources, ["one", "two"], "{text}");
}

/// A gateway that ends and comes back: what was stored meanwhile is not passed over.
#[test]
fn following_goes_on_when_the_gateway_comes_back() {
    let mut gateway = with_records();
    let key = gateway.agent("late");
    let mut child = follow(&gateway, &["-n", "1", "--action", "read:*"]);
    ask(&gateway, &key, r#"{"action": "read:file", "resource": "before"}"#);
    std::thread::sleep(std::time::Duration::from_millis(500));
    gateway.start_again(&[]);
    for resource in ["meanwhile", "later"] {
        ask(&gateway, &key, &format!(r#"{{"action": "read:file", "resource": "{resource}"}}"#));
    }
    std::thread::sleep(std::time::Duration::from_millis(4000));
    ask(&gateway, &key, r#"{"action": "read:file", "resource": "live"}"#);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let _ = child.kill();
    let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let resources: Vec<&str> =
        text.lines().filter_map(|line| line.split_whitespace().nth(5)).skip(1).collect();
    assert_eq!(resources, ["before", "meanwhile", "later", "live"], "{text}");
}

#[test]
fn status() {
    let gateway = Gateway::start_with(&["--mode", "audit"]);
    let ran = gateway.run(&["status"]);
    assert_fits(&ran);
    let json = gateway.run(&["status", "--json"]).json();
    assert_eq!(json["gateway"]["health"]["mode"], "audit");
    let gone = gateway.run(&["status", "--gateway", "http://127.0.0.1:1"]);
    let none = gateway.run_as(&[], &["status"]);
    insta::assert_snapshot!("status", [ran.whole(), gone.whole(), none.whole()].join("\n"));
}
