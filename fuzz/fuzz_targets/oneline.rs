//! Any text as Perl and as Ruby: no panic, and nothing found in a text that is known.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for effects in [placet_code::perl(text), placet_code::ruby(text)] {
        assert!(effects.unknown.is_some() || effects.uses.is_empty());
    }
});
