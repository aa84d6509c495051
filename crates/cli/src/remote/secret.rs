//! A token or key, and where it came from.

use std::fmt;
use std::path::Path;

use crate::failure::Failure;
use crate::file;
use crate::surroundings::{shown, variable};

/// Something nobody should read over a shoulder or in a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    text: String,
    /// Where it came from, as it may be told.
    origin: String,
}

impl Secret {
    /// What a person or a file gave.
    ///
    /// # Errors
    /// When it cannot be a token: empty, several lines, blanks or other characters that no header takes.
    pub(crate) fn new(text: &str, origin: &str) -> Result<Self, Failure> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Failure::arguments(format!("the token in {origin} is empty")));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.len() > 8192 {
            return Err(Failure::arguments(format!("what is in {origin} is no token"))
                .hint("a token is one word of letters, digits and signs"));
        }
        Ok(Self { text: text.to_owned(), origin: origin.to_owned() })
    }

    /// The first of these variables that is set.
    pub(crate) fn from_variables(names: &[&str]) -> Result<Option<Self>, Failure> {
        let set = names
            .iter()
            .find_map(|name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value)));
        set.map(|(name, value)| Self::new(&value.to_string_lossy(), name)).transpose()
    }

    /// What stands in a file that the person named, which may be a pipe.
    pub(crate) fn from_file(path: &Path) -> Result<Self, Failure> {
        let text = file::read_named(path)?
            .ok_or_else(|| Failure::arguments(format!("token file `{}` does not exist", shown(path))))?;
        Self::new(&text, &format!("`{}`", shown(path)))
    }

    /// For the header it belongs in.
    pub(crate) fn reveal(&self) -> &str {
        &self.text
    }

    /// Where it came from.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Enough to tell it from another.
    pub(crate) fn masked(&self) -> String {
        let tail =
            if self.text.len() >= 16 { self.text.get(self.text.len() - 4..).unwrap_or_default() } else { "" };
        format!("********{tail}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.origin)
    }
}
