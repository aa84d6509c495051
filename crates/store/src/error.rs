//! Why something could not be stored or read.

use std::fmt;

/// Why a call of the store failed.
#[derive(Debug)]
pub enum StoreError {
    /// The address names no engine that is known.
    Address(String),
    /// The database cannot be opened or brought to this version's tables.
    Open(String),
    /// An active agent, or an organisation, has that name already.
    NameTaken(String),
    /// There is no such row in the organisation.
    Missing(String),
    /// The row changed since it was read.
    Stale(String),
    /// Nobody else could make operators then.
    LastOwner,
    /// The database could not be reached or gave up; the write may be tried again.
    Unavailable(String),
    /// The database answered with something that this version does not understand.
    Corrupt(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => {
                write!(f, "`{address}` is no database; use `sqlite:FILE` or `postgres://USER@HOST/NAME`")
            }
            Self::Open(why) => write!(f, "the database cannot be opened: {why}"),
            Self::NameTaken(name) => write!(f, "the name `{name}` is taken"),
            Self::Missing(what) => write!(f, "there is no `{what}`"),
            Self::Stale(what) => write!(f, "`{what}` was changed by somebody else meanwhile"),
            Self::LastOwner => f.write_str("this is the last owner"),
            Self::Unavailable(why) => write!(f, "the database does not answer: {why}"),
            Self::Corrupt(why) => write!(f, "the database holds something unexpected: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Unavailable(error.to_string()),
        }
    }
}
