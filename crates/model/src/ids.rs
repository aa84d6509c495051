//! Ids are types: one kind cannot be passed for another.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdError {
    /// Prefix the kind of id starts with.
    pub expected_prefix: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "id must start with `{}`", self.expected_prefix)
    }
}

impl std::error::Error for IdError {}

macro_rules! foreign_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

foreign_id! {
    /// One run of an agent, as the host names it. Any text.
    SessionId
}
foreign_id! {
    /// One tool call within a session, as the host names it. Absent on PermissionRequest.
    ToolUseId
}

macro_rules! own_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            const PREFIX: &'static str = $prefix;

            /// Makes an id from a time in milliseconds since 1970 (48 bits are kept) and 80 random bits.
            pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
                Self(sorted_text(Self::PREFIX, unix_ms, random))
            }

            /// Reads an id back.
            ///
            /// # Errors
            /// When the text does not start with the prefix of this kind of id.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if text.starts_with(Self::PREFIX) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { expected_prefix: Self::PREFIX })
                }
            }

            /// An id as it was stored: by whoever stored it, not checked again.
            pub fn stored(text: String) -> Self {
                Self(text)
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

own_id! {
    /// One entry of the audit ledger: `rec_` and 26 characters that sort by time.
    RecordId, "rec_"
}
own_id! {
    /// A registered identity that acts: `agt_` and 26 characters that sort by time.
    AgentId, "agt_"
}
own_id! {
    /// An organisation, to which everything else on a gateway belongs: `org_` and 26 characters that sort by time.
    OrganisationId, "org_"
}
own_id! {
    /// A person who looks after a gateway: `opr_` and 26 characters that sort by time.
    OperatorId, "opr_"
}
own_id! {
    /// A token for administration (not the token itself): `tok_` and 26 characters that sort by time.
    AdminTokenId, "tok_"
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn sorted_text(prefix: &str, unix_ms: u64, random: [u8; 10]) -> String {
    let mut wide = u128::from(unix_ms & 0xffff_ffff_ffff);
    for byte in random {
        wide = (wide << 8) | u128::from(byte);
    }
    let mut text = String::with_capacity(prefix.len() + 26);
    text.push_str(prefix);
    for place in (0..26).rev() {
        let index = usize::try_from((wide >> (place * 5)) & 31).unwrap_or(0);
        text.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'0')));
    }
    text
}
