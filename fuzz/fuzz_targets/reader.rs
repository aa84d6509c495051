//! Any text: the reader must not panic, and must stay within its budget of steps.

#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_shell::{STEPS_PER_BYTE, read_counting};

fuzz_target!(|text: &str| {
    let (_, steps) = read_counting(text);
    assert!(steps <= STEPS_PER_BYTE * text.len() as u64 + 200_000);
});
