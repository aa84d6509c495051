//! Why a bundle is not taken.

use std::fmt;

/// Why a bundle is not taken. The one before stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Larger than any may be.
    TooLarge,
    /// Not of the form at all.
    NoBundle,
    /// Its end is missing.
    CutOff,
    /// Signed by another key, or changed after it was signed.
    Signature,
    /// Signed, and not understood: with what is wrong.
    Unknown(String),
    /// For somebody else.
    OtherAgent {
        /// Whom.
        named: String,
    },
    /// One that was accepted is newer.
    Older {
        /// Its version.
        version: i64,
        /// The accepted one's.
        accepted: i64,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("it is larger than any bundle may be"),
            Self::NoBundle => f.write_str("it is no bundle of policies"),
            Self::CutOff => f.write_str("it is cut off"),
            Self::Signature => {
                f.write_str("it is not signed by the key that was pinned, or was changed afterwards")
            }
            Self::Unknown(why) => write!(f, "it is signed, and this version does not understand it: {why}"),
            Self::OtherAgent { named } => write!(f, "it is for another agent, `{named}`"),
            Self::Older { version, accepted } if version == accepted => {
                write!(f, "it is an earlier copy of version {version}")
            }
            Self::Older { version, accepted } => {
                write!(f, "it is version {version}, and version {accepted} was accepted before")
            }
        }
    }
}

impl std::error::Error for Refused {}
