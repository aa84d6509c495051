//! Regular expressions, limited in size.

use regex_lite::{Regex, RegexBuilder};

/// Bytes a compiled expression may take.
const SIZE_BYTES_MAX: usize = 1 << 20;

/// Compiles `text`.
///
/// # Errors
/// With the reason, when it is no expression or too large.
pub(crate) fn compile(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text).size_limit(SIZE_BYTES_MAX).nest_limit(64).build().map_err(|error| error.to_string())
}
