//! Any bytes as compiled policies: refused, or read without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_policy::PolicySet;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(set) = PolicySet::open(bytes) {
        let _ = (set.policy_count(), set.rule_count());
    }
});
