//! Compiled bytes that are not what was written.

use placet_policy::{OpenError, PolicySet, decide};
use proptest::prelude::*;

use crate::support::{agent, compiled, path, situation, source};

const POLICY: &str = "name: p\nversion: 1\ndefaultEffect: allow\nrules:\n  - {effect: deny, actions: ['read:file'], conditions: {resource: {matches: ['**/.env*', './a/**']}}}\n  - {effect: ask, actions: ['*'], regex: 'x+', unless: {path: {inside: home}}}\n";

proptest! {
    #[test]
    fn never_a_panic_and_never_opened(flips in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..4), cut in any::<Option<prop::sample::Index>>()) {
        let good = compiled(&[source(POLICY)]);
        let mut bytes = good.clone();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        prop_assume!(bytes != good);
        prop_assert!(PolicySet::open(&bytes).is_err());
    }

    /// A file that somebody damaged and gave a new checksum opens; it must not panic, whatever it answers.
    #[test]
    fn forged_checksums_do_not_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = compiled(&[source(POLICY)]);
        for (at, value) in flips {
            let at = 24 + at.index(bytes.len() - 24);
            bytes[at] = value;
        }
        placet_policy::forge_checksum(&mut bytes);
        if let Ok(set) = PolicySet::open(&bytes) {
            let agent = agent();
            for raw in [".env", "a/b", "x"] {
                decide(&set, &situation(&agent), &[path("read:file", raw)]);
            }
        }
    }
}

#[test]
fn errors_tell_what_is_wrong() {
    let good = compiled(&[source(POLICY)]);
    assert_eq!(PolicySet::open(b"").unwrap_err(), OpenError::Format);
    assert_eq!(PolicySet::open(&good[..good.len() - 1]).unwrap_err(), OpenError::Length);
    let mut bytes = good;
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert_eq!(PolicySet::open(&bytes).unwrap_err(), OpenError::Damaged);
}
