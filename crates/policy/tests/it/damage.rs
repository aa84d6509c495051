//! Compiled bytes that are not what was written.

use placet_model::{Action, Decision, DenialKind, Verdict};
use placet_policy::{OpenError, PolicySet, decide, decide_action, explain};
use proptest::prelude::*;

use crate::support::{agent, command, compiled, path, situation, source, text, url};

const POLICY: &str = "name: p\nversion: 1\ndefaultEffect: allow\nrules:\n  - {effect: deny, actions: ['read:file'], conditions: {resource: {matches: ['**/.env*', './a/**']}}}\n  - {effect: ask, actions: ['*'], regex: 'x+', unless: {path: {inside: home}}}\n  - {effect: deny, actions: ['execute:shell'], conditions: {resource: {contains: 'rm -rf'}}, fix: 'remove single files'}\n  - {effect: allow, actions: ['read:web_fetch'], conditions: {resource: {matches: '*.example.com'}}, reason: 'ours'}\n";

/// Bytes of a block; every other constant of the layout stays unknown here.
const BLOCK: usize = 1024;

fn calls() -> Vec<Action> {
    vec![
        path("read:file", ".env"),
        path("read:file", "a/b"),
        path("read:file", "README.md"),
        path("write:file", "/tmp/x"),
        command("rm -rf build", 0),
        command("ls x", 0),
        url("read:web_fetch", "https://docs.example.com/a"),
        text("deploy:x", "y"),
    ]
}

fn decided(set: &PolicySet<'_>, action: &Action) -> Decision {
    let agent = agent();
    decide(set, &situation(&agent), std::slice::from_ref(action))
}

fn right(bytes: &[u8]) -> Vec<Decision> {
    let set = PolicySet::open(bytes).unwrap();
    calls().iter().map(|call| decided(&set, call)).collect()
}

fn is_damage(decision: &Decision) -> bool {
    decision.verdict == Verdict::Deny
        && decision.denial == Some(DenialKind::Transient)
        && decision.reason.contains("the compiled policy file is damaged")
}

/// Each call gets its right answer or a denial for damage; each from a set that was just opened.
fn right_or_denied(bytes: &[u8], right: &[Decision]) -> Result<(), String> {
    for (call, right) in calls().iter().zip(right) {
        let Ok(set) = PolicySet::open(bytes) else { return Ok(()) };
        let found = decided(&set, call);
        if found != *right && !is_damage(&found) {
            return Err(format!("{call:?} got {found:?}"));
        }
        if is_damage(&found) != set.is_damaged() {
            return Err(format!("{call:?} got {found:?}, damage {}", set.is_damaged()));
        }
    }
    Ok(())
}

/// A policy of which no call reads more than a small part.
fn large(rules: usize) -> String {
    let rule = |n: usize| match n % 3 {
        0 => format!(
            "  - {{effect: deny, actions: ['execute:shell'], conditions: {{resource: {{contains: 'danger{n} -rf'}}}}}}\n"
        ),
        1 => format!(
            "  - {{effect: deny, actions: ['read:file'], conditions: {{resource: {{matches: '**/secret{n}/*.pem'}}}}}}\n"
        ),
        _ => format!(
            "  - {{effect: deny, actions: ['read:web_fetch'], conditions: {{resource: {{matches: '*host{n}.example.org*'}}}}}}\n"
        ),
    };
    (0..rules).fold(POLICY.to_owned(), |text, n| text + &rule(n))
}

/// Two bits of each byte; that the checksum notices every bit is a test of its own.
#[test]
fn any_flipped_bit_is_harmless() {
    let good = compiled(&[source(POLICY)]);
    let right = right(&good);
    assert!(right.iter().any(|decision| decision.verdict == Verdict::Allow));
    let mut bytes = good.clone();
    for at in 0..good.len() {
        for bit in [at % 8, (at + 3) % 8] {
            bytes[at] ^= 1 << bit;
            right_or_denied(&bytes, &right).unwrap_or_else(|why| panic!("bit {bit} of byte {at}: {why}"));
            bytes[at] = good[at];
        }
    }
}

#[test]
fn any_byte_of_a_large_file_may_be_wrong() {
    let good = compiled(&[source(&large(100))]);
    let right = right(&good);
    let mut bytes = good.clone();
    for at in (0..good.len()).step_by(3) {
        bytes[at] ^= 0x41;
        right_or_denied(&bytes, &right).unwrap_or_else(|why| panic!("byte {at}: {why}"));
        bytes[at] = good[at];
    }
}

#[test]
fn blocks_that_moved_or_are_empty_do_not_fit() {
    let good = compiled(&[source(&large(100))]);
    let right = right(&good);
    // Where the data begins is not known here, so blocks are taken at every place a word may stand.
    for from in (0..good.len() - 2 * BLOCK).step_by(8) {
        let mut moved = good.clone();
        moved.copy_within(from..from + BLOCK, from + BLOCK);
        let mut empty = good.clone();
        empty[from..from + BLOCK].fill(0);
        for bytes in [moved, empty] {
            right_or_denied(&bytes, &right).unwrap_or_else(|why| panic!("block at {from}: {why}"));
        }
    }
}

#[test]
fn damage_stays() {
    let good = compiled(&[source(POLICY)]);
    let mut bytes = good.clone();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let set = PolicySet::open(&bytes).unwrap();
    assert!(!set.is_damaged(), "opening reads the header alone");
    for call in calls() {
        assert!(is_damage(&decided(&set, &call)));
        let agent = agent();
        let one = decide_action(&set, &situation(&agent), &call).unwrap();
        assert_eq!((one.verdict, one.rule), (Verdict::Deny, None));
        assert!(is_damage(&explain(&set, &situation(&agent), &[call]).decision));
    }
    assert!(set.is_damaged());
}

#[test]
fn what_nobody_reads_changes_nothing() {
    let mut bytes = compiled(&[source(&large(400))]);
    // The last rule is about hosts.
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let set = PolicySet::open(&bytes).unwrap();
    assert_eq!(decided(&set, &path("read:file", "README.md")).verdict, Verdict::Allow);
    assert!(!set.is_damaged());
    let host = url("read:web_fetch", "https://host398.example.org/");
    assert!(is_damage(&decided(&set, &host)));
}

#[test]
fn a_decision_reads_little_of_many_rules() {
    let bytes = compiled(&[source(&large(3_000))]);
    for call in calls() {
        let set = PolicySet::open(&bytes).unwrap();
        assert_eq!(set.bytes_read(), 0);
        decided(&set, &call);
        assert!(set.bytes_read() <= 48 << 10, "{} of {} bytes: {call:?}", set.bytes_read(), bytes.len());
    }
}

proptest! {
    #[test]
    fn several_flips_and_a_cut(flips in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..4), cut in any::<Option<prop::sample::Index>>()) {
        let good = compiled(&[source(POLICY)]);
        let mut bytes = good.clone();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
            prop_assert!(PolicySet::open(&bytes).is_err());
        }
        prop_assert_eq!(right_or_denied(&bytes, &right(&good)), Ok(()));
    }

    /// A file that somebody damaged and gave new checksums opens; it must not panic, whatever it answers.
    #[test]
    fn forged_checksums_do_not_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = compiled(&[source(POLICY)]);
        for (at, value) in flips {
            let at = 24 + at.index(bytes.len() - 24);
            bytes[at] = value;
        }
        placet_policy::forge_checksums(&mut bytes);
        if let Ok(set) = PolicySet::open(&bytes) {
            for call in calls() {
                decided(&set, &call);
            }
        }
    }
}

#[test]
fn errors_tell_what_is_wrong() {
    let good = compiled(&[source(POLICY)]);
    assert_eq!(PolicySet::open(b"").unwrap_err(), OpenError::Format);
    assert_eq!(PolicySet::open(&good[..good.len() - 1]).unwrap_err(), OpenError::Length);
    let mut longer = good.clone();
    longer.push(0);
    assert_eq!(PolicySet::open(&longer).unwrap_err(), OpenError::Length);
    // The header of another set of the same length.
    let mut other = compiled(&[source(&POLICY.replace("'x+'", "'y+'"))]);
    assert_eq!(other.len(), good.len());
    other[..64].copy_from_slice(&good[..64]);
    assert_eq!(PolicySet::open(&other).unwrap_err(), OpenError::Damaged);
    let mut bytes = good;
    bytes[40] ^= 1;
    assert_eq!(PolicySet::open(&bytes).unwrap_err(), OpenError::Damaged);
}
