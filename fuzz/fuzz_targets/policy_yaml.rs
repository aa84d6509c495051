//! Any text as a policy file: an error or a set that opens, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_policy::{Layer, PolicySet, Source, compile};

fuzz_target!(|text: &str| {
    let source = Source { name: "fuzz.yaml".into(), text: text.into(), layer: Layer::User, trusted: true };
    if let Ok(compiled) = compile(&[source]) {
        assert!(PolicySet::open(&compiled.bytes).is_ok());
    }
});
