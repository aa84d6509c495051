//! What `placet config` keeps: `cli.toml` in the user's folder, for its owner alone.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::file;
use crate::surroundings::{Surroundings, shown};

/// What is kept.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Kept {
    /// The gateway of every command that has to do with one.
    pub(crate) gateway: Option<String>,
    /// The token for administration of that gateway, and of no other.
    pub(crate) admin_token: Option<String>,
    /// The session that an operator opened at that gateway, and at no other. It comes before the token.
    pub(crate) session: Option<String>,
    /// Who signed in there last.
    pub(crate) operator: Option<String>,
    /// How answers are written.
    pub(crate) output_format: Option<OutputFormat>,
}

/// `output-format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OutputFormat {
    /// For people.
    Text,
    /// As with `--json`.
    Json,
}

/// Where it lies.
///
/// # Errors
/// When nothing tells the user's folder.
pub(crate) fn file_of(place: &Surroundings) -> Result<PathBuf, Failure> {
    Ok(place.locations()?.config.join("cli.toml"))
}

impl Kept {
    /// Reads it; nothing when there is no such file.
    ///
    /// # Errors
    /// When it is not what `placet config` writes, or others may read the token in it.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let Some(text) = file::read(path)? else { return Ok(Self::default()) };
        let kept: Self = toml::from_str(&text).map_err(|error| {
            // The whole error quotes the line, which may hold the token.
            Failure::new(format!("`{}` cannot be used: {}", shown(path), error.message()))
                .hint("`placet config` writes this file; mend it, or remove it and set everything again")
        })?;
        let mode = std::fs::metadata(path).map_or(0, |data| data.mode());
        if kept.holds_secret() && mode & 0o077 != 0 {
            return Err(Failure::new(format!("`{}` holds a token and others may read it", shown(path)))
                .hint(format!("run `chmod 600 {}`, and have the gateway's token changed", shown(path))));
        }
        Ok(kept)
    }

    fn holds_secret(&self) -> bool {
        self.admin_token.is_some() || self.session.is_some()
    }

    /// Forgets what is for one gateway alone; whether there was something.
    pub(crate) fn forget(&mut self) -> bool {
        let held = self.holds_secret();
        (self.admin_token, self.session, self.operator) = (None, None, None);
        held
    }

    /// Writes it, readable for its owner alone.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = toml::to_string(self).map_err(Failure::new)?;
        file::replace_private(path, &format!("# Kept by `placet config`.\n{text}"))?;
        Ok(())
    }
}
