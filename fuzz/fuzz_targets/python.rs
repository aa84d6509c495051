//! Any text as Python: no panic, and every span within the text.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let effects = placet_code::python(text);
    assert!(effects.uses.iter().all(|done| done.span.start <= done.span.end && done.span.end <= text.len()));
});
