//! A machine in an organisation: policies come from the gateway, records go there. Real gateway, real hook.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gateway::{Gateway, assert_fits};
use crate::world::Ran;

const NO_PUSH: &str = "name: ours\nversion: '1'\nappliesTo: {tags: [ci]}\ndefaultEffect: none\nrules:\n  - name: no-echo\n    effect: deny\n    \
    actions: ['execute:shell']\n    conditions: {command: {program: echo}}\n    reason: Nobody echoes here.\n";

/// A machine that is enrolled as `builder`, tagged `ci`.
fn enrolled() -> Gateway {
    let gateway = Gateway::start();
    let key = agent(&gateway, "builder");
    let ran = enroll(&gateway, &key);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    gateway
}

/// Makes an agent tagged `ci`; gives its key.
fn agent(gateway: &Gateway, name: &str) -> String {
    let ran = gateway.raw(&["agent", "create", name, "--tags", "ci", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    ran.json()["api_key"].as_str().unwrap().to_owned()
}

fn enroll(gateway: &Gateway, key: &str) -> Ran {
    gateway.world.write("home/key", key);
    let path = gateway.world.path("home/key").display().to_string();
    gateway.run_as(&[], &["agent", "enroll", "--gateway", &gateway.url, "--token-file", &path])
}

fn apply(gateway: &Gateway, yaml: &str) {
    let path = gateway.world.write("home/policy.yaml", yaml).display().to_string();
    let ran = gateway.run(&["policy", "apply", &path]);
    assert_eq!(ran.code, 0, "{}", ran.whole());
}

fn sync(gateway: &Gateway) -> Ran {
    gateway.run_as(&[], &["sync", "--once"])
}

/// What the hook says to a line of the shell.
fn hook(gateway: &Gateway, command: &str) -> Value {
    let input = json!({
        "session_id": "s1", "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": command},
        "tool_use_id": "toolu_1", "cwd": gateway.world.path("home/project"), "permission_mode": "default",
    });
    gateway.world.hook(&[], &input.to_string()).json()
}

fn verdict(gateway: &Gateway, command: &str) -> String {
    let answer = hook(gateway, command);
    answer["hookSpecificOutput"]["permissionDecision"].as_str().unwrap_or("abstain").to_owned()
}

/// Records of the hook at the gateway.
fn remote(gateway: &Gateway, filter: &[&str]) -> Vec<Value> {
    let words = [&["audit", "query", "--remote", "--json", "--limit", "500"], filter].concat();
    let ran = gateway.raw(&words);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    let answer = ran.json();
    let list =
        answer.as_array().or_else(|| answer["records"].as_array()).or_else(|| answer["entries"].as_array());
    list.unwrap_or_else(|| panic!("{answer}"))
        .iter()
        .filter(|record| record["origin"] == "hook")
        .cloned()
        .collect()
}

#[test]
fn from_the_gateway_to_the_hook_and_back() {
    let gateway = enrolled();
    assert_eq!(verdict(&gateway, "echo hello"), "allow");
    apply(&gateway, NO_PUSH);
    assert_eq!(verdict(&gateway, "echo hello"), "allow", "not fetched yet");
    let ran = sync(&gateway);
    assert_eq!(ran.code, 0, "{}", ran.whole());
    assert!(ran.stdout.contains("policies: ours"), "{}", ran.whole());
    assert!(ran.stdout.contains("2 sent"), "{}", ran.whole());
    assert_fits(&ran);
    let answer = hook(&gateway, "echo hello");
    let said = answer["hookSpecificOutput"]["permissionDecisionReason"].as_str().unwrap();
    assert!(said.contains("Nobody echoes here."), "{answer}");
    assert!(remote(&gateway, &["--decision", "deny"]).is_empty(), "not sent yet");
    let ran = sync(&gateway);
    assert!(
        ran.stdout.contains("policies: as they were") && ran.stdout.contains("1 sent"),
        "{}",
        ran.whole()
    );
    let denied = remote(&gateway, &["--decision", "deny"]);
    assert_eq!(denied.len(), 1, "{denied:?}");
    assert_eq!((&denied[0]["policy"], &denied[0]["agent"]), (&json!("ours"), &json!("builder")));
    assert_eq!(sync(&gateway).stdout, "policies: as they were\nrecords:  nothing new\n");
    // What the person's own settings say does not lift it.
    gateway.world.write("home/.config/placet/placet.yaml", "mode: audit\nagent: {tags: [other]}\n");
    assert_eq!(verdict(&gateway, "echo hello"), "deny");
}

#[test]
fn enrolling_twice_and_leaving() {
    let gateway = enrolled();
    let again = enroll(&gateway, &agent(&gateway, "other"));
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("enrolled already, as `builder`"), "{}", again.whole());
    apply(&gateway, NO_PUSH);
    sync(&gateway);
    assert_eq!(verdict(&gateway, "echo hello"), "deny");
    let key = gateway.world.path("home/.config/placet/enrolment/agent.key");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&key).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let left = gateway.run_as(&[], &["agent", "unenroll", "--yes"]);
    assert_eq!(left.code, 0, "{}", left.whole());
    assert!(!key.exists());
    assert_eq!(verdict(&gateway, "echo hello"), "allow");
    assert_eq!(sync(&gateway).code, 1, "there is nothing to sync with");
}

#[test]
fn a_key_that_is_none_and_a_gateway_that_is_another_enroll_nothing() {
    let gateway = Gateway::start();
    let ran = enroll(&gateway, "plc_live_00000000000000000000000000000000");
    assert_eq!(ran.code, 3, "{}", ran.whole());
    let key = agent(&gateway, "builder");
    gateway.world.write("home/key", &key);
    let path = gateway.world.path("home/key").display().to_string();
    let words =
        ["agent", "enroll", "--gateway", &gateway.url, "--token-file", &path, "--fingerprint", "SHA256:x"];
    let ran = gateway.run_as(&[], &words);
    assert!(ran.code == 1 && ran.stderr.contains("another key than the one expected"), "{}", ran.whole());
    assert!(!gateway.world.path("home/.config/placet/enrolment").exists());
}

#[test]
fn a_revoked_agent_is_told_so_and_goes_on_until_its_bundle_expires() {
    let gateway = enrolled();
    apply(&gateway, NO_PUSH);
    sync(&gateway);
    assert_eq!(gateway.run(&["agent", "revoke", "builder", "--yes"]).code, 0);
    let ran = sync(&gateway);
    assert_eq!(ran.code, 3, "{}", ran.whole());
    assert!(ran.stderr.contains("takes the key of agent `builder` no longer"), "{}", ran.whole());
    assert_eq!(verdict(&gateway, "echo hello"), "deny");
    assert_eq!(verdict(&gateway, "ls"), "allow");
    let found = gateway.run_as(&[], &["doctor"]);
    assert!(found.stdout.contains("sync-trouble"), "{}", found.whole());
}

#[test]
fn a_damaged_bundle_denies_until_it_is_fetched_anew() {
    let gateway = enrolled();
    apply(&gateway, NO_PUSH);
    sync(&gateway);
    let bundle = gateway.world.path("home/.config/placet/enrolment/bundle");
    let text = std::fs::read_to_string(&bundle).unwrap();
    std::fs::write(&bundle, text.replace("deny", "DENY")).unwrap();
    let answer = hook(&gateway, "ls");
    assert_eq!(answer["hookSpecificOutput"]["permissionDecision"], "deny", "{answer}");
    let said = answer["hookSpecificOutput"]["permissionDecisionReason"].as_str().unwrap();
    assert!(said.contains("not signed by the key that was pinned"), "{said}");
    let found = gateway.run_as(&[], &["doctor"]);
    assert!(found.stdout.contains("organisation-broken"), "{}", found.whole());
    assert_eq!(sync(&gateway).code, 0);
    assert_eq!(verdict(&gateway, "ls"), "allow");
}

#[test]
fn what_happens_while_the_gateway_is_gone_arrives_later_once() {
    let mut gateway = enrolled();
    apply(&gateway, NO_PUSH);
    sync(&gateway);
    gateway.stop();
    for _ in 0..5 {
        assert_eq!(verdict(&gateway, "echo hello"), "deny", "decisions go on");
    }
    let ran = sync(&gateway);
    assert_eq!(ran.code, 5, "{}", ran.whole());
    gateway.start_again(&[]);
    let ran = sync(&gateway);
    assert!(ran.code == 0 && ran.stdout.contains("5 sent"), "{}", ran.whole());
    assert_eq!(remote(&gateway, &["--decision", "deny"]).len(), 5);
    // The cursor is lost: everything is sent again, and nothing is stored twice.
    std::fs::remove_file(gateway.world.path("home/.config/placet/enrolment/cursor.json")).unwrap();
    let ran = sync(&gateway);
    assert!(ran.code == 0 && ran.stdout.contains("nothing new"), "{}", ran.whole());
    assert_eq!(remote(&gateway, &["--decision", "deny"]).len(), 5);
}

/// `placet sync` in the background; killed when it goes.
struct Running(std::process::Child);

impl Running {
    fn start(gateway: &Gateway) -> Self {
        let mut command = gateway.world.command_with(&[], &["sync"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }

    /// As `kill -9`.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something is so.
fn eventually(what: &str, mut test: impl FnMut() -> bool) {
    let started = Instant::now();
    while !test() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn with_a_sync_running_nobody_has_to_do_anything() {
    let gateway = enrolled();
    let mut running = Running::start(&gateway);
    apply(&gateway, NO_PUSH);
    eventually("the policy arrives", || verdict(&gateway, "echo hello") == "deny");
    eventually("the record arrives", || !remote(&gateway, &["--decision", "deny"]).is_empty());
    assert_eq!(gateway.run(&["policy", "delete", "ours", "--yes"]).code, 0);
    eventually("the policy goes", || verdict(&gateway, "echo hello") == "allow");
    let second = sync(&gateway);
    assert!(second.code == 0 && second.stderr.contains("another `placet sync`"), "{}", second.whole());
    // It ends by itself with the enrolment.
    assert_eq!(gateway.run_as(&[], &["agent", "unenroll", "--yes"]).code, 0);
    eventually("it ends", || running.0.try_wait().unwrap().is_some());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}

#[test]
fn killed_at_any_moment_it_loses_nothing_and_sends_nothing_twice() {
    let gateway = enrolled();
    apply(&gateway, NO_PUSH);
    assert_eq!(sync(&gateway).code, 0);
    for round in 0..12_u64 {
        let mut running = Running::start(&gateway);
        for _ in 0..3 {
            assert_eq!(verdict(&gateway, "echo hello"), "deny");
        }
        std::thread::sleep(Duration::from_millis(round * 37 % 300));
        running.kill();
    }
    assert_eq!(sync(&gateway).code, 0);
    let mut ids: Vec<String> =
        remote(&gateway, &["--decision", "deny"]).iter().map(|one| one["id"].to_string()).collect();
    assert_eq!(ids.len(), 36);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 36);
    let alerts = gateway.raw(&["audit", "query", "--remote", "--json", "--action", "alert:ledger"]);
    assert!(!alerts.stdout.contains("\"alert:ledger\""), "{}", alerts.whole());
}

#[test]
fn service_files_start_this_program_with_this_folder() {
    let gateway = Gateway::start();
    for (kind, parts) in [
        (
            "--systemd",
            [
                "ExecStart=\"[PLACET]\" --config \"[ROOT]/home/.config/placet\" sync\n",
                "WantedBy=default.target",
            ],
        ),
        ("--launchd", ["<string>[ROOT]/home/.config/placet</string>", "<string>placet.sync</string>"]),
    ] {
        let ran = gateway.world.run(&["sync", "install", kind, "--print"]);
        assert_eq!(ran.code, 0, "{}", ran.whole());
        assert!(parts.iter().all(|part| ran.stdout.contains(part)), "{}", ran.whole());
    }
    let ran = gateway.world.run(&["sync", "install", "--systemd"]);
    assert!(ran.stdout.contains("~/.config/systemd/user/placet-sync.service"), "{}", ran.whole());
    assert!(gateway.world.read("home/.config/systemd/user/placet-sync.service").contains("Restart=always"));
}

#[test]
fn a_session_that_starts_brings_the_policies() {
    let gateway = enrolled();
    apply(&gateway, NO_PUSH);
    let project = gateway.world.path("home/project");
    let input =
        json!({"session_id": "s1", "hook_event_name": "SessionStart", "cwd": project, "source": "startup"});
    gateway.world.hook(&[], &input.to_string());
    eventually("the policy arrives", || verdict(&gateway, "echo hello") == "deny");
}
