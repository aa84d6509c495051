//! `placet audit verify --remote`: the ledger of a gateway, checked by somebody who kept its head.

use std::time::{Duration, Instant};

use super::gateway::{Gateway, assert_fits};
use crate::world::Ran;

const POLICY: &str =
    "name: p\nversion: '1'\ndefaultEffect: deny\nrules:\n  - {effect: allow, actions: ['read:*']}\n";

fn apply(gateway: &Gateway, version: u32) {
    let text = POLICY.replace("'1'", &format!("'{version}'"));
    let path = gateway.world.write("home/policy.yaml", &text).display().to_string();
    assert_eq!(gateway.run(&["policy", "apply", &path]).code, 0);
}

/// Checks until so many records are sealed.
fn verified(gateway: &Gateway, records: u64) -> Ran {
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        let told = gateway.raw(&["audit", "verify", "--remote", "--json"]);
        if told.code != 0 || told.json()["records"].as_u64() >= Some(records) {
            return gateway.run(&["audit", "verify", "--remote"]);
        }
        assert!(Instant::now() < patience, "{}", told.whole());
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_ledger_that_grows_is_sound_and_one_that_is_another_is_not() {
    let mut gateway = Gateway::start();
    let empty = gateway.run(&["audit", "verify", "--remote"]);
    assert_eq!((empty.code, empty.stdout.as_str()), (0, "no record is sealed yet\n"), "{}", empty.whole());
    apply(&gateway, 1);
    let first = verified(&gateway, 1);
    assert_eq!(first.code, 0, "{}", first.whole());
    assert!(first.stdout.starts_with("sound: records 1\n"), "{}", first.whole());
    for version in 2..5 {
        apply(&gateway, version);
    }
    let grown = verified(&gateway, 4);
    assert_eq!(grown.code, 0, "{}", grown.whole());
    assert!(grown.stdout.contains("as it was when it was checked last, at line 5"), "{}", grown.whole());
    assert_fits(&grown);
    // Somebody puts another database in its place: with fewer records first, then with more.
    gateway.stop();
    for file in ["placet.db", "placet.db-wal", "placet.db-shm"] {
        let _ = std::fs::remove_file(gateway.world.path(&format!("home/data/{file}")));
    }
    gateway.start_again(&[]);
    let cut = gateway.run(&["audit", "verify", "--remote"]);
    assert_eq!(cut.code, 1, "{}", cut.whole());
    assert!(cut.stdout.contains("the end was cut off"), "{}", cut.whole());
    for version in 5..10 {
        apply(&gateway, version);
    }
    let patience = Instant::now() + Duration::from_secs(20);
    let anew = loop {
        let told = gateway.run(&["audit", "verify", "--remote"]);
        assert_eq!(told.code, 1, "{}", told.whole());
        if told.stdout.contains("written anew") {
            break told;
        }
        assert!(Instant::now() < patience, "{}", told.whole());
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_fits(&anew);
    // Nothing was kept of it.
    let kept = gateway.world.read("home/.config/placet/witness.toml");
    assert!(kept.contains("seq = 4"), "{kept}");
    gateway.world.write("home/.config/placet/witness.toml", "heads = 1");
    let broken = gateway.run(&["audit", "verify", "--remote"]);
    assert_eq!(broken.code, 1, "{}", broken.whole());
    assert!(broken.stderr.contains("witness.toml` cannot be used"), "{}", broken.whole());
}
