//! Conditions on commands.

/// `command:`; an empty list or `None` is a key that is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommandCond {
    pub(crate) program: Vec<String>,
    /// Each entry is one or more words separated by blanks.
    pub(crate) subcommand: Vec<String>,
    pub(crate) flags_any: Vec<String>,
    pub(crate) flags_all: Vec<String>,
    pub(crate) flags_none: Vec<String>,
    pub(crate) arguments: Vec<String>,
    /// Bit n: `Does::ALL[n]`.
    pub(crate) does: u32,
    pub(crate) understood: Option<bool>,
    /// Bit 0 path, 1 system, 2 elsewhere.
    pub(crate) location: u32,
    pub(crate) wrapped_by: Vec<String>,
    /// Whether there are operands.
    pub(crate) operands: Option<bool>,
}

/// A `contains:` text as it is compared with a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) kind: WordsKind,
    /// Program, redirect target or the text without blanks; empty when the first word is an option.
    pub(crate) head: String,
    /// Option words with their dashes.
    pub(crate) flags: Vec<String>,
    /// Words that are neither.
    pub(crate) plain: Vec<String>,
    /// The text does not end in a blank, so its last word is a beginning.
    pub(crate) open: bool,
}

/// What sort of text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WordsKind {
    /// Program and words.
    Command,
    /// `> target`
    Write,
    /// `< target`
    Read,
    /// Has shell operators: compared as text without blanks.
    Operators,
}
