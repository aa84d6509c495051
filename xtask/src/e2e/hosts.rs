//! The real agent, pinned: which versions, and how they get here.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::tools;

/// Versions of the agent that the scenarios run with.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Host {
    /// The version whose behaviour is documented field by field.
    Current,
    /// A version that knows neither `onFailure` nor PermissionRequest in `-p`.
    Old,
}

impl Host {
    /// All of them.
    pub(crate) const ALL: [Host; 2] = [Host::Current, Host::Old];

    /// The pinned version.
    pub(crate) fn version(self) -> &'static str {
        match self {
            Self::Current => "2.1.329",
            Self::Old => "2.1.197",
        }
    }

    /// The agent's program. Installed by [`Host::install`].
    pub(crate) fn program(self) -> PathBuf {
        self.folder().join("node_modules/@anthropic-ai/claude-code/bin/claude.exe")
    }

    /// Outside the run folders, so that it is fetched once.
    fn folder(self) -> PathBuf {
        tools::target_folder().join("e2e/hosts").join(self.version())
    }

    /// Fetches the pinned package unless it is there and answers with its version.
    pub(crate) fn install(self) -> Result<(), String> {
        if self.answers() {
            return Ok(());
        }
        let folder = self.folder();
        println!("e2e: fetching the agent {} (about 370 MB unpacked)", self.version());
        tools::write(&folder.join("package.json"), b"{\"private\": true}\n")?;
        let package = format!("@anthropic-ai/claude-code@{}", self.version());
        tools::must_run(
            Command::new("npm")
                .args([
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                    "--fetch-retries=2",
                    &package,
                ])
                .current_dir(&folder),
        )
        .map_err(|error| format!("{error}; the end-to-end suite needs npm and its registry"))?;
        if self.answers() {
            return Ok(());
        }
        Err(format!(
            "`{}` was installed but does not answer with {}",
            self.program().display(),
            self.version()
        ))
    }

    fn answers(self) -> bool {
        let program = self.program();
        program.is_file() && version_of(&program).is_some_and(|text| text.starts_with(self.version()))
    }
}

fn version_of(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()
}

/// Why the scenarios cannot be played here; nothing if they can.
pub(crate) fn missing() -> Option<String> {
    if !cfg!(unix) {
        return Some("the scenarios need a POSIX shell".to_owned());
    }
    if let Some(program) = [("git", "--version"), ("tmux", "-V")]
        .iter()
        .find(|(program, flag)| !tools::present(program, &[flag]))
    {
        return Some(format!("{} is not installed", program.0));
    }
    if Host::ALL.iter().all(|host| host.answers()) || tools::present("npm", &["--version"]) {
        return super::meshguard::missing();
    }
    Some("npm is not installed".to_owned())
}
