//! Reading the compiled file.

use std::fmt;

/// Compiled policies, read in place.
#[derive(Clone, Copy, Debug)]
pub struct PolicySet<'a> {
    #[expect(dead_code, reason = "read once the format is in")]
    bytes: &'a [u8],
}

/// Why bytes are no compiled policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Not our file, or of another version.
    Format,
    /// Shorter or longer than its header says.
    Length,
    /// Its bytes changed.
    Damaged,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "compiled policies are of another format",
            Self::Length => "compiled policies are cut off",
            Self::Damaged => "compiled policies are damaged",
        })
    }
}

impl std::error::Error for OpenError {}

impl<'a> PolicySet<'a> {
    /// Opens compiled policies.
    ///
    /// # Errors
    /// When the bytes are not what [`crate::compile`] wrote.
    pub fn open(bytes: &'a [u8]) -> Result<Self, OpenError> {
        Ok(Self { bytes })
    }
}
