//! The compiled form of the program models: flat arrays of small integers, so that the tables need no
//! relocation and cost nothing before they are touched. Shared with the build script.
//!
//! Every row names the book its stretches lie in: 0 for the built-in models, others for models people added.

use super::role::Role;

/// A stretch of the strings of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) at: u32,
    pub(crate) len: u16,
    pub(crate) book: u16,
}

/// A stretch of one of the other tables; which one is told by the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) at: u16,
    pub(crate) len: u16,
    pub(crate) book: u16,
}

/// How words are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Gnu,
    Posix,
    Words,
    Bare,
}

/// A program name; `level` is its root level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) name: Text,
    pub(crate) level: u16,
    /// Version numbers behind the name do not count.
    pub(crate) versioned: bool,
}

/// A program or a subcommand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) does: u32,
    pub(crate) style: Style,
    pub(crate) inherit: bool,
    pub(crate) lenient: bool,
    pub(crate) bare_cluster: bool,
    pub(crate) stdin: Role,
    /// Into `options`, sorted by spelling.
    pub(crate) options: Run,
    /// Into `options`: spellings that end in `*`, and `-#`.
    pub(crate) patterns: Run,
    /// Into `slots`.
    pub(crate) operands: Run,
    pub(crate) default_operand: Text,
    /// Into `texts`, like the following.
    pub(crate) reads: Run,
    pub(crate) writes: Run,
    pub(crate) deletes: Run,
    pub(crate) hosts: Run,
    pub(crate) also: Run,
    pub(crate) why: Text,
    /// Into `keys`.
    pub(crate) keys: Run,
    /// Into `whens`.
    pub(crate) whens: Run,
    /// Into `subs`, sorted by name.
    pub(crate) subs: Run,
}

/// One spelling of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opt {
    pub(crate) spelling: Text,
    pub(crate) name: Text,
    /// First single-letter spelling, 0 for none.
    pub(crate) letter: u8,
    pub(crate) value: Role,
    pub(crate) optional: bool,
    pub(crate) ends: bool,
    pub(crate) opaque: bool,
    pub(crate) does: u32,
    pub(crate) also: Run,
}

/// How often an operand role may occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    One,
    Maybe,
    Many,
}

/// One entry of a list of operand roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) role: Role,
    pub(crate) count: Count,
}

/// One entry of `[keys]` or of `values` in a `when`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pattern: Text,
    pub(crate) role: Role,
}

/// A subcommand's name and level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sub {
    pub(crate) name: Text,
    pub(crate) level: u16,
}

/// A correction. `u16::MAX` in a length means "not given".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct When {
    pub(crate) flags: Run,
    pub(crate) all_flags: Run,
    pub(crate) no_flags: Run,
    pub(crate) min_operands: u8,
    pub(crate) max_operands: u8,
    pub(crate) operand: Run,
    pub(crate) first: Run,
    pub(crate) does: u32,
    /// `u32::MAX`: not given.
    pub(crate) instead: u32,
    pub(crate) operands: Run,
    pub(crate) values: Run,
    pub(crate) stdin: Role,
    pub(crate) reads: Run,
    pub(crate) writes: Run,
    pub(crate) deletes: Run,
    pub(crate) hosts: Run,
    pub(crate) default_operand: Text,
    pub(crate) also: Run,
    pub(crate) why: Text,
    pub(crate) opaque: bool,
}

/// The rows of one book, in which stretches lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) strings: String,
    /// Sorted by name.
    pub(crate) names: Vec<Name>,
    pub(crate) levels: Vec<Level>,
    pub(crate) options: Vec<Opt>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) texts: Vec<Text>,
    pub(crate) keys: Vec<Key>,
    pub(crate) subs: Vec<Sub>,
    pub(crate) whens: Vec<When>,
}

impl Run {
    /// Whether the key was written at all.
    pub(crate) fn given(self) -> bool {
        self.len != u16::MAX
    }
}
