//! Where Placet keeps its files.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// The folders of one installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locations {
    /// The user's folder: `placet.yaml`, `policies/`, `cache/`, and by default `state/`.
    pub config: PathBuf,
    /// The machine's folder; fixed, so that no variable can point elsewhere.
    pub machine: PathBuf,
    /// The operator's home directory, when known.
    pub home: Option<PathBuf>,
}

/// Why the folders could not be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocationError {
    /// Neither `--config` nor a variable nor a home directory says where to look.
    NoHome,
    /// A folder was given that is not absolute.
    NotAbsolute(PathBuf),
}

impl fmt::Display for LocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHome => {
                f.write_str("no configuration folder: HOME is not set and `--config` was not given")
            }
            Self::NotAbsolute(path) => {
                write!(f, "configuration folder `{}` is not an absolute path", path.display())
            }
        }
    }
}

impl std::error::Error for LocationError {}

impl Locations {
    /// Name of the settings file in the machine's and the user's folder.
    pub const SETTINGS: &'static str = "placet.yaml";

    /// Finds the folders. `pinned` is the `--config` argument of a hook entry; it beats every variable, so
    /// that a project cannot redirect the gate through the `env` block of its settings.
    ///
    /// # Errors
    /// When nothing tells the user's folder, or it is not absolute.
    pub fn find(
        pinned: Option<&Path>,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, LocationError> {
        let home = variable("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
        let given = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let config = match pinned {
            Some(path) => path.to_path_buf(),
            None => given("PLACET_CONFIG_DIR")
                .or_else(|| given("XDG_CONFIG_HOME").map(|base| base.join("placet")))
                .or_else(|| home.as_ref().map(|home| home.join(".config/placet")))
                .ok_or(LocationError::NoHome)?,
        };
        if !config.is_absolute() {
            return Err(LocationError::NotAbsolute(config));
        }
        Ok(Self { config, machine: PathBuf::from("/etc/placet"), home })
    }

    /// The user's settings file.
    pub fn user_settings(&self) -> PathBuf {
        self.config.join(Self::SETTINGS)
    }

    /// The machine's settings file.
    pub fn machine_settings(&self) -> PathBuf {
        self.machine.join(Self::SETTINGS)
    }

    /// Folder of a project's own policies.
    pub fn project_policies(project: &Path) -> PathBuf {
        project.join(".placet")
    }

    /// Folder of ledger and trust, unless settings move it.
    pub fn default_state(&self) -> PathBuf {
        self.config.join("state")
    }

    /// Folder of compiled policies. Fixed, as it is read before any setting.
    pub fn cache(&self) -> PathBuf {
        self.config.join("cache")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pinned: Option<&str>, variables: &[(&str, &str)]) -> Result<PathBuf, LocationError> {
        let lookup = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        };
        Locations::find(pinned.map(Path::new), &lookup).map(|found| found.config)
    }

    #[test]
    fn a_pinned_folder_beats_every_variable() {
        let hostile = [("PLACET_CONFIG_DIR", "/evil"), ("XDG_CONFIG_HOME", "/evil"), ("HOME", "/evil")];
        assert_eq!(find(Some("/good"), &hostile), Ok(PathBuf::from("/good")));
    }

    #[test]
    fn order_of_variables() {
        assert_eq!(find(None, &[("HOME", "/h")]), Ok(PathBuf::from("/h/.config/placet")));
        assert_eq!(find(None, &[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")]), Ok(PathBuf::from("/x/placet")));
        assert_eq!(find(None, &[("HOME", "/h"), ("PLACET_CONFIG_DIR", "/c")]), Ok(PathBuf::from("/c")));
        assert_eq!(find(None, &[]), Err(LocationError::NoHome));
        assert_eq!(find(Some("rel"), &[]), Err(LocationError::NotAbsolute(PathBuf::from("rel"))));
    }
}
