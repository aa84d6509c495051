//! Any text as JavaScript and as TypeScript: no panic, and every span within the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_code::{Dialect, javascript};

fuzz_target!(|text: &str| {
    for dialect in [Dialect::JavaScript, Dialect::TypeScript] {
        let effects = javascript(text, dialect);
        assert!(effects.uses.iter().all(|done| done.span.start <= done.span.end && done.span.end <= text.len()));
    }
});
