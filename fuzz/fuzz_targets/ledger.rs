//! Any bytes as a segment of the ledger: checked and redacted without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_ledger::{Redactor, verify};

fuzz_target!(|bytes: &[u8]| {
    let _ = verify(bytes);
    let text = String::from_utf8_lossy(bytes);
    let redactor = Redactor::new([7; 32]);
    let once = redactor.text(&text);
    assert_eq!(redactor.text(&once), once);
});
