//! Redirections of a command, as far as policies look at them.

use crate::Arg;

/// One redirection to or from a file (duplications of descriptors are left out).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// `< file`
    Read(Arg),
    /// `> file`, `>| file`, `&> file`
    Write(Arg),
    /// `>> file`, `&>> file`
    Append(Arg),
    /// `<> file`
    ReadWrite(Arg),
}

impl Stream {
    /// The file word.
    pub fn target(&self) -> &Arg {
        match self {
            Self::Read(arg) | Self::Write(arg) | Self::Append(arg) | Self::ReadWrite(arg) => arg,
        }
    }
}
