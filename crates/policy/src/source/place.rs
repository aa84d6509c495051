//! Positions in a source text.

/// Where something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Line, from 1; 0 when unknown.
    pub(crate) line: u32,
    /// Column in characters, from 1; 0 when unknown.
    pub(crate) column: u32,
    /// Characters.
    pub(crate) len: u32,
}
