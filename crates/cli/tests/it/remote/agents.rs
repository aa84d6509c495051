//! `placet agent …` against a real gateway.

use std::os::unix::fs::PermissionsExt as _;

use super::gateway::{Gateway, assert_fits};

#[test]
fn from_the_first_to_the_last() {
    let gateway = Gateway::start();
    let mut shown = String::new();
    for arguments in [
        &["agent", "list"][..],
        &["agent", "create", "builder", "--trust", "basic", "--tags", "ci, claude-code,"],
        &["agents", "create", "a name of many words that goes on and on", "--output", "key"],
        &["agent", "create", "builder"],
        &["agent", "create", "x", "--trust", "nobody"],
        &["agent", "list"],
        &["agent", "list", "--trust", "basic"],
        &["agent", "list", "--trust", "privileged"],
        &["agent", "show", "builder"],
        &["agent", "show", "nobody"],
        &["agent", "update", "builder", "--name", "maker", "--trust", "trusted", "--tags", ""],
        &["agent", "update", "maker"],
        &["agent", "token", "maker"],
        &["agent", "ping", "--token-file", "key"],
        &["agent", "revoke", "maker"],
        &["agent", "revoke", "maker", "--yes"],
        &["agent", "list", "--status", "revoked"],
        &["agent", "list", "--status", "all"],
        &["agent", "revoke", "nobody", "--yes"],
        &["agent", "list", "--json"],
        &["agent", "create", "third", "--json"],
        &["agent", "create", "fourth", "--json", "--output", "key4"],
        &["agent", "create", "fifth", "--output", "key4"],
    ] {
        let ran = gateway.run(arguments);
        assert_fits(&ran);
        shown.push_str(&format!("$ placet {}\n{}\n", arguments.join(" "), ran.whole()));
    }
    insta::assert_snapshot!("agents", shown);
    let mode = gateway.world.path("home/project/key").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_key_counts_until_it_is_changed_or_the_agent_revoked() {
    let gateway = Gateway::start();
    let key = gateway.agent("builder");
    let ping = |key: &str| {
        gateway.run_as(&[("PLACET_GATEWAY", &gateway.url), ("MESHGUARD_API_KEY", key)], &["agent", "ping"])
    };
    assert_eq!(ping(&key).code, 0, "{}", ping(&key).whole());
    assert_eq!(gateway.run(&["agent", "token", "builder", "--output", "new"]).code, 0);
    assert_eq!(ping(&key).code, 3, "{}", ping(&key).whole());
    let new = gateway.world.read("home/project/new");
    assert_eq!(ping(new.trim()).code, 0);
    assert_eq!(gateway.run(&["agent", "revoke", "builder", "--yes"]).code, 0);
    assert_eq!(ping(new.trim()).code, 3);
    let nothing = gateway.run(&["audit", "query", "--remote", "--agent", "builder", "--json"]);
    assert_eq!(nothing.json().as_array().unwrap().len(), 0, "a ping leaves no record");
}

/// Variables, arguments, exit code.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], i32);

#[test]
fn exit_codes() {
    let mut gateway = Gateway::start();
    let (url, key) = (gateway.url.clone(), gateway.agent("builder"));
    let token = gateway.world.read("home/data/admin-token");
    let known = ("PLACET_GATEWAY", url.as_str());
    let admin = ("PLACET_ADMIN_TOKEN", token.trim());
    let cases: &[Case<'_>] = &[
        (&[known, admin], &["agent", "list"], 0),
        (&[("MESHGUARD_GATEWAY_URL", &url), ("MESHGUARD_ADMIN_TOKEN", token.trim())], &["agent", "list"], 0),
        (&[("MESHGUARD_URL", &url), admin], &["agents", "list"], 0),
        (&[("PLACET_GATEWAY", "http://127.0.0.1:1"), admin], &["agent", "list", "--gateway", &url], 0),
        (&[known, ("MESHGUARD_URL", "http://127.0.0.1:1"), admin], &["agent", "list"], 0),
        (&[admin], &["agent", "list"], 2),
        (&[("PLACET_GATEWAY", "gate"), admin], &["agent", "list"], 2),
        (&[("PLACET_GATEWAY", "http://192.0.2.1"), admin], &["agent", "list"], 2),
        (&[known, admin], &["agent", "create"], 2),
        (&[known, admin], &["agent", "show", ""], 2),
        (&[known, admin], &["agent", "list", "--token", "x"], 2),
        (&[known, admin], &["agent", "list", "--token-file", "nowhere"], 2),
        (&[known, ("PLACET_ADMIN_TOKEN", "two words")], &["agent", "list"], 2),
        (&[known, admin], &["audit", "query", "--token-file", "x"], 2),
        (&[known, admin], &["audit", "query", "--remote", "--decision", "maybe"], 2),
        (&[known, admin], &["audit", "stats", "--remote", "--action", "read:*"], 2),
        (&[known], &["agent", "list"], 3),
        (&[known, ("PLACET_ADMIN_TOKEN", "wrong")], &["agent", "list"], 3),
        (&[known, ("PLACET_ADMIN_TOKEN", &key)], &["agent", "list"], 3),
        (&[known], &["agent", "ping"], 3),
        (&[known, ("PLACET_AGENT_KEY", "wrong")], &["agent", "ping"], 3),
        (&[known, admin], &["agent", "show", "nobody"], 1),
        (&[("PLACET_GATEWAY", "http://127.0.0.1:1"), admin], &["agent", "list"], 5),
        (&[("PLACET_GATEWAY", "https://nowhere.invalid"), admin], &["agent", "list"], 5),
        (&[("PLACET_GATEWAY", &url.replace("http:", "https:")), admin], &["agent", "list"], 5),
    ];
    for (variables, arguments, want) in cases {
        let ran = gateway.run_as(variables, arguments);
        assert_eq!(ran.code, *want, "{variables:?} {arguments:?}: {}", ran.whole());
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(token.trim()), "{}", ran.whole());
        let json = gateway.run_as(variables, &[*arguments, &["--json"]].concat());
        assert_eq!(json.code, *want, "{arguments:?}: {}", json.whole());
    }
    gateway.stop();
    assert_eq!(gateway.run_as(&[known, admin], &["agent", "list"]).code, 5);
}
