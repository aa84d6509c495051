//! Where the command runs: folders, project, variables.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use placet_client::Locations;
use placet_model::visible::visible_line;

use crate::claude_code::ClaudeFiles;
use crate::failure::Failure;

/// What a command knows about the place it was started in.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// Current directory. Absolute.
    pub(crate) cwd: PathBuf,
    /// Project root: what the agent says, else the nearest folder with `.git`, `.placet` or `.claude`, else
    /// the current directory.
    pub(crate) project: PathBuf,
    /// The operator's home directory.
    pub(crate) home: Option<PathBuf>,
    /// `/`, or the folder tests put in its place for files of the machine.
    machine_root: PathBuf,
    /// `--config`, made absolute.
    pub(crate) config: Option<PathBuf>,
}

impl Surroundings {
    /// Looks around.
    ///
    /// # Errors
    /// When the current directory is gone.
    pub(crate) fn look(config: Option<&Path>, machine_root: Option<&Path>) -> Result<Self, Failure> {
        let cwd = std::env::current_dir()
            .map_err(|error| Failure::new(format!("the current directory cannot be read: {error}")))?;
        let home = variable("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
        let project = variable("CLAUDE_PROJECT_DIR")
            .map(PathBuf::from)
            .filter(|project| project.is_absolute())
            .unwrap_or_else(|| project_of(&cwd, home.as_deref()));
        Ok(Self {
            project,
            home,
            machine_root: machine_root.map_or_else(|| PathBuf::from("/"), |root| cwd.join(root)),
            config: config.map(|config| cwd.join(config)),
            cwd,
        })
    }

    /// A place that need not exist, for tests inside policies.
    pub(crate) fn made_up(cwd: &str, project: &str, home: &str) -> Self {
        Self {
            cwd: PathBuf::from(cwd),
            project: PathBuf::from(project),
            home: Some(PathBuf::from(home)),
            machine_root: PathBuf::from("/"),
            config: None,
        }
    }

    /// Placet's folders.
    ///
    /// # Errors
    /// When neither `--config` nor the environment says where the user's folder is.
    pub(crate) fn locations(&self) -> Result<Locations, Failure> {
        let mut locations = Locations::find(self.config.as_deref(), &variable)?;
        if let Ok(inside) = locations.machine.strip_prefix("/") {
            locations.machine = self.machine_root.join(inside);
        }
        Ok(locations)
    }

    /// Claude Code's folders.
    ///
    /// # Errors
    /// When there is neither a home directory nor `CLAUDE_CONFIG_DIR`.
    pub(crate) fn claude_files(&self) -> Result<ClaudeFiles, Failure> {
        let user = variable("CLAUDE_CONFIG_DIR")
            .filter(|dir| !dir.is_empty())
            .map(|dir| self.cwd.join(dir))
            .or_else(|| self.home.as_ref().map(|home| home.join(".claude")))
            .ok_or_else(|| Failure::new("no home directory: HOME is not set"))?;
        Ok(ClaudeFiles {
            managed: self.machine_root.join("etc/claude-code"),
            user,
            project: self.project.clone(),
            home: self.home.clone(),
        })
    }

    /// A path as people read it: `~` for the home directory, relative inside the project.
    pub(crate) fn show(&self, path: &Path) -> String {
        if let Some(inside) = self.home.as_deref().and_then(|home| path.strip_prefix(home).ok()) {
            return if inside.as_os_str().is_empty() {
                "~".to_owned()
            } else {
                format!("~/{}", shown(inside))
            };
        }
        shown(path)
    }
}

/// A path as a person may see it: on one line, without the `.` parts that joining leaves.
pub(crate) fn shown(path: &Path) -> String {
    let clean: PathBuf = path.components().collect();
    let clean = if clean.as_os_str().is_empty() { path } else { &clean };
    visible_line(&clean.display().to_string()).into_owned()
}

/// An environment variable.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn project_of(cwd: &Path, home: Option<&Path>) -> PathBuf {
    cwd.ancestors()
        // `~/.claude` holds the user's settings and makes no project of the home directory.
        .take_while(|dir| Some(*dir) != home)
        .find(|dir| [".git", ".placet", ".claude"].iter().any(|mark| dir.join(mark).exists()))
        .unwrap_or(cwd)
        .to_path_buf()
}
