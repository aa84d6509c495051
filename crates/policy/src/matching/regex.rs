//! Regular expressions, limited in size.

use std::cell::Cell;

use regex_lite::{Regex, RegexBuilder};

thread_local! {
    static COMPILED: Cell<usize> = const { Cell::new(0) };
}

/// How many expressions this thread has compiled; for tests of what ordinary calls cost.
#[doc(hidden)]
pub fn regexes_compiled() -> usize {
    COMPILED.get()
}

/// Bytes a compiled expression may take.
const SIZE_BYTES_MAX: usize = 1 << 20;

/// Compiles `text`.
///
/// # Errors
/// With the reason, when it is no expression or too large.
pub(crate) fn compile(text: &str) -> Result<Regex, String> {
    COMPILED.set(COMPILED.get() + 1);
    RegexBuilder::new(text)
        .size_limit(SIZE_BYTES_MAX)
        .nest_limit(64)
        .build()
        .map_err(|error| error.to_string())
}
