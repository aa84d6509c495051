//! `placet operator …` and `placet token …` against a real gateway.

use std::os::unix::fs::PermissionsExt as _;

use super::gateway::{Gateway, assert_fits};

const PASSWORD: &str = "correct horse battery\n";

#[test]
fn from_the_first_owner_on() {
    let gateway = Gateway::start();
    let (url, token) = (gateway.url.clone(), gateway.world.read("home/data/admin-token"));
    let known = [("PLACET_GATEWAY", url.as_str())];
    let admin = [known[0], ("PLACET_ADMIN_TOKEN", token.trim())];
    let add = |name, role| ["operator", "add", name, "--role", role, "--password-stdin"];
    let (ann, bea) = (add("ann", "owner"), add("bea", "editor"));
    let mut shown = String::new();
    for (variables, arguments, input) in [
        (&admin[..], &["operator", "list"][..], ""),
        (&admin, &["operator", "add", "ann", "--role", "owner"], PASSWORD),
        (&admin, &ann, ""),
        (&admin, &ann, PASSWORD),
        (&admin, &ann, PASSWORD),
        (&admin, &add("bea", "emperor"), PASSWORD),
        (&admin, &add("two words", "viewer"), PASSWORD),
        (&admin, &bea, "short\n"),
        (&admin, &bea, PASSWORD),
        (&known, &["operator", "whoami"], ""),
        (&known, &["operator", "login", "--password-stdin"], PASSWORD),
        (&known, &["operator", "login", "ann"], PASSWORD),
        (&known, &["operator", "login", "ann", "--password-stdin"], "wrong\n"),
        (&known, &["operator", "login", "ann", "--password-stdin"], PASSWORD),
        (&[], &["operator", "whoami"], ""),
        (&[], &["agent", "create", "builder", "--output", "key"], ""),
        (&[], &["token", "list"], ""),
        (
            &[],
            &["token", "create", "ci", "--rights", "agents:read, policies:apply,", "--output", "ci.token"],
            "",
        ),
        (&[], &["token", "create", "watch", "--rights", "records:read", "--expires", "never"], ""),
        (&[], &["token", "create", "x", "--rights", "everything"], ""),
        (&[], &["token", "create", "x", "--rights", "agents:read", "--expires", "soon"], ""),
        (&[], &["token", "create", "x"], ""),
        (&[], &["tokens", "list"], ""),
        (&[], &["token", "list", "--json"], ""),
        (&[], &["operator", "whoami", "--token-file", "ci.token"], ""),
        (&[], &["operator", "list", "--token-file", "ci.token"], ""),
        (&[], &["token", "revoke", "ci"], ""),
        (&[], &["token", "revoke", "ci", "--yes"], ""),
        (&[], &["token", "revoke", "ci", "--yes"], ""),
        (&[], &["agent", "list", "--token-file", "ci.token"], ""),
        (&[], &["token", "list", "--all"], ""),
        (&[], &["operator", "set-role", "bea", "viewer"], ""),
        (&[], &["operator", "passwd", "bea", "--password-stdin"], "another good password\n"),
        (&[], &["operators", "list"], ""),
        (&[], &["operator", "disable", "ann", "--yes"], ""),
        (&[], &["operator", "disable", "bea"], ""),
        (&[], &["operator", "disable", "bea", "--yes"], ""),
        (&[], &["operator", "list", "--all", "--json"], ""),
        (&[], &["operator", "passwd", "--password-stdin"], PASSWORD),
        (&[], &["operator", "passwd", "--password-stdin"], "correct horse battery\nanother good password\n"),
        (&[], &["operator", "whoami", "--json"], ""),
        (&[], &["operator", "logout"], ""),
        (&[], &["operator", "logout"], ""),
        (&[], &["operator", "whoami"], ""),
        (&[], &["operator", "login", "--password-stdin"], "another good password\n"),
    ] {
        let ran = gateway.steady(gateway.world.run_with(variables, arguments, input));
        assert_fits(&ran);
        let whole = ran.whole();
        assert!(!whole.contains("correct horse") && !whole.contains("good password"), "{whole}");
        shown.push_str(&format!("$ placet {}\n{whole}\n", arguments.join(" ")));
    }
    insta::assert_snapshot!("operators", shown);
    for file in ["home/.config/placet/cli.toml", "home/project/ci.token"] {
        let mode = gateway.world.path(file).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

/// A project can set variables; it must not get the session that way.
#[test]
fn the_session_goes_to_its_gateway_alone() {
    let (gateway, other) = (Gateway::start(), Gateway::start());
    let token = gateway.world.read("home/data/admin-token");
    let admin = [("PLACET_GATEWAY", gateway.url.as_str()), ("PLACET_ADMIN_TOKEN", token.trim())];
    let world = &gateway.world;
    let made =
        world.run_with(&admin, &["operator", "add", "ann", "--role", "owner", "--password-stdin"], PASSWORD);
    assert_eq!(made.code, 0, "{}", made.whole());
    let login = ["operator", "login", "ann", "--password-stdin"];
    assert_eq!(world.run_with(&admin[..1], &login, PASSWORD).code, 0);
    assert_eq!(world.run(&["agent", "list"]).code, 0, "kept with its gateway");
    let elsewhere = [("PLACET_GATEWAY", other.url.as_str())];
    let ran = world.run_with(&elsewhere, &["agent", "list"], "");
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert!(ran.stderr.contains("for the kept gateway only"), "{}", ran.whole());
    let ran = world.run_with(&elsewhere, &login, PASSWORD);
    assert_eq!(ran.code, 2, "one gateway at a time: {}", ran.whole());
    // It comes before a token, and a given token before it.
    let whoami =
        |variables: &[(&str, &str)]| world.run_with(variables, &["operator", "whoami", "--json"], "");
    assert_eq!(whoami(&[]).json()["name"], "operator:ann");
    assert_eq!(whoami(&admin[1..]).json()["name"], "admin");
    assert_eq!(world.run(&["config", "set", "gateway", &other.url]).code, 0);
    assert!(!world.read("home/.config/placet/cli.toml").contains("session"), "the session went with it");
}
