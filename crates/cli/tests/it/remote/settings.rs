//! `placet config`, and to whom the token goes that it keeps.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use super::gateway::Gateway;
use crate::world::World;

#[test]
fn what_is_kept() {
    let world = World::new();
    let mut shown = String::new();
    for (arguments, input) in [
        (&["config", "list"][..], ""),
        (&["config", "get", "gateway"], ""),
        (&["config", "set", "admin-token"], "plc_admin_secret_secret_1234"),
        (&["config", "set", "gateway", "gate.example"], ""),
        (&["config", "set", "gateway", "http://gate.example"], ""),
        (&["config", "set", "gateway-url", "https://Gate.example/"], ""),
        (&["config", "set", "admin-token", "plc_admin_secret"], ""),
        (&["config", "set", "admin-token"], "\n"),
        (&["config", "set", "admin-token"], "plc_admin_secret_secret_1234\n"),
        (&["config", "get", "admin-token"], ""),
        (&["config", "set", "output-format", "xml"], ""),
        (&["config", "set", "colour", "red"], ""),
        (&["config", "list"], ""),
        (&["config", "set", "gateway", "https://other.example"], ""),
        (&["config", "set", "output-format", "json"], ""),
        (&["config", "list"], ""),
        (&["config", "get", "admin-token"], ""),
        (&["config", "unset", "output-format"], ""),
        (&["config", "unset", "gateway"], ""),
        (&["config", "list", "--json"], ""),
    ] {
        let ran = world.run_with(&[], arguments, input);
        assert!(!ran.whole().contains("secret_secret"), "{}", ran.whole());
        shown.push_str(&format!("$ placet {}\n{}\n", arguments.join(" "), ran.whole()));
    }
    insta::assert_snapshot!("config", shown);
}

#[test]
fn the_file_is_for_its_owner_alone() {
    let gateway = Gateway::start();
    let world = &gateway.world;
    let file = world.write("home/.config/placet/cli.toml", "");
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    assert_eq!(world.run(&["config", "set", "gateway", &gateway.url]).code, 0);
    let token = world.read("home/data/admin-token");
    assert_eq!(world.run_with(&[], &["config", "set", "admin-token"], &token).code, 0);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(world.run(&["agent", "list"]).code, 0);
    std::fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    let ran = world.run(&["agent", "list"]);
    assert_eq!(ran.code, 1, "{}", ran.whole());
    assert!(ran.stderr.contains("chmod 600"), "{}", ran.whole());
}

/// A project can set variables; it must not get the token that way.
#[test]
fn the_kept_token_goes_to_the_kept_gateway_alone() {
    let gateway = Gateway::start();
    let world = &gateway.world;
    let token = world.read("home/data/admin-token");
    assert_eq!(world.run(&["config", "set", "gateway", "https://gate.example"]).code, 0);
    assert_eq!(world.run_with(&[], &["config", "set", "admin-token"], &token).code, 0);
    for (variables, arguments) in [
        (&[("PLACET_GATEWAY", gateway.url.as_str())][..], &["agent", "list"][..]),
        (&[("MESHGUARD_URL", gateway.url.as_str())], &["policy", "list", "--remote"]),
        (&[], &["agent", "list", "--gateway", &gateway.url]),
    ] {
        let ran = world.run_with(variables, arguments, "");
        assert_eq!(ran.code, 3, "{}", ran.whole());
        assert!(ran.stderr.contains("for the kept gateway only"), "{}", ran.whole());
    }
    assert_eq!(world.run(&["config", "set", "gateway", &gateway.url]).code, 0);
    assert_eq!(world.run(&["agent", "list"]).code, 3, "the token went with its gateway");
}

#[test]
fn in_the_words_of_older_scripts() {
    let world = World::new();
    let program = world.path("bin/meshguard");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_placet"), &program).unwrap();
    world.write("home/project/p.yaml", "name: p\nrules:\n  - {effect: deny, actions: ['read:file']}\n");
    for (line, want) in [
        ("meshguard --version", 0),
        ("meshguard policy validate p.yaml", 0),
        ("meshguard policy test me read:file --resource a --file p.yaml", 1),
        ("placet policy test me read:file --resource a --file p.yaml", 4),
        ("meshguard agents list", 2),
        ("meshguard policies list", 0),
        ("meshguard start --port 70000", 2),
        ("meshguard serve --port 3100 --listen 127.0.0.1:1", 2),
        ("meshguard serve --mode bypass", 2),
        ("meshguard policy lint p.yaml", 0),
        ("meshguard --quiet policy validate p.yaml", 0),
        ("meshguard --json --verbose policies list", 0),
        ("meshguard --gateway http://127.0.0.1:1 agent list --token-file p.yaml", 2),
        ("MESHGUARD_ADMIN_TOKEN=plc_admin_0 meshguard --gateway http://127.0.0.1:1 agent list --revoked", 5),
        ("MESHGUARD_ADMIN_TOKEN=plc_admin_0 meshguard --gateway=http://127.0.0.1:1 policy list", 5),
        ("meshguard agent list --revoked --status active", 2),
        ("meshguard config get api-key", 1),
        ("meshguard config get gateway-url", 1),
        ("meshguard --api-key secret agent list", 2),
        ("placet --gateway http://127.0.0.1:1 agent list", 2),
    ] {
        let ran = world.run_line(line);
        assert_eq!(ran.code, want, "{line}: {}", ran.whole());
    }
    assert!(world.run_line("meshguard agent --help").stdout.contains("Usage: meshguard agent"));
}
