//! Any text: the analysis must not panic and must never find nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_model::NoFacts;
use placet_shell::{Context, analyse};

fuzz_target!(|text: &str| {
    let context = Context { cwd: "/p", project: "/p", home: Some("/home/dev"), facts: &NoFacts };
    assert!(!analyse(text, &context).actions.is_empty());
});
