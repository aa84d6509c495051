//! One run's world: a scratch folder with a home, a git project, the agent's settings and the gate.
//!
//! INVARIANT: a run sees nothing of the caller's own home, settings, keys or network; [`World::environment`]
//! starts from nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::scenario::Run;
use crate::tools;

/// The folders of one run. Removed by [`World::remove`].
pub(crate) struct World {
    /// Everything is below it.
    pub(crate) root: PathBuf,
    /// The operator's home.
    pub(crate) home: PathBuf,
    /// The git project that the agent works in.
    pub(crate) project: PathBuf,
    /// Where this run's copies of the programs lie.
    pub(crate) programs: PathBuf,
}

/// A key that is none; the scripted model takes any.
const KEY: &str = "sk-ant-e2e-not-a-key-only-a-dummy";

const GIT: &[&[&str]] = &[
    &["init", "--quiet", "--initial-branch=main"],
    &["config", "user.name", "e2e"],
    &["config", "user.email", "e2e@example.org"],
    &["commit", "--quiet", "--allow-empty", "--message=start"],
];

impl World {
    /// Makes the folders, the project and the agent's own settings.
    pub(crate) fn make(base: &Path, run: &Run) -> Result<Self, String> {
        let root = base.join(run.name.replace('/', "-"));
        // A left-over of an earlier run that was kept.
        let _ = std::fs::remove_dir_all(&root);
        let home = root.join("home");
        let world = Self { project: home.join("project"), programs: root.join("bin"), home, root };
        for folder in [&world.project, &world.programs, &world.root.join("tmp")] {
            std::fs::create_dir_all(folder).map_err(|error| format!("`{}`: {error}", folder.display()))?;
        }
        world.write("build/output.txt", "built\n")?;
        world.write("notes.txt", "original\n")?;
        for (path, text) in &run.scenario.files {
            world.write(path, text)?;
        }
        for arguments in GIT {
            tools::output_of(world.command(Path::new("git")).args(*arguments).current_dir(&world.project))?;
        }
        let trusted = json!({
            "hasCompletedOnboarding": true, "theme": "dark",
            // Spares a terminal session the question whether this key may be used.
            "customApiKeyResponses": {"approved": [KEY.chars().skip(KEY.len().saturating_sub(20)).collect::<String>()]},
            "projects": {world.project.to_string_lossy(): {"hasTrustDialogAccepted": true}},
        });
        tools::write(&world.agent_settings().join(".claude.json"), trusted.to_string().as_bytes())?;
        Ok(world)
    }

    /// Writes a file of the project; `{WORLD}` in its text stands for the run's folder.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<(), String> {
        let text = text.replace("{WORLD}", &self.root.to_string_lossy());
        tools::write(&self.project.join(path), text.as_bytes())
    }

    /// The agent's own settings folder.
    pub(crate) fn agent_settings(&self) -> PathBuf {
        self.root.join("claude")
    }

    /// The gate's folder of the user.
    pub(crate) fn gate_settings(&self) -> PathBuf {
        self.home.join(".config/placet")
    }

    /// A command in the project with this world's environment and no input.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment()).current_dir(&self.project).stdin(Stdio::null());
        command
    }

    /// The whole environment, without the address of the Messages API.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let closed = "http://127.0.0.1:9".to_owned();
        vec![
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned()),
            ("HOME", text(self.home.clone())),
            ("TMPDIR", text(self.root.join("tmp"))),
            ("CLAUDE_CONFIG_DIR", text(self.agent_settings())),
            ("ANTHROPIC_API_KEY", KEY.to_owned()),
            ("DISABLE_AUTOUPDATER", "1".to_owned()),
            ("DISABLE_TELEMETRY", "1".to_owned()),
            ("DISABLE_ERROR_REPORTING", "1".to_owned()),
            ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1".to_owned()),
            ("IS_SANDBOX", "1".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "dumb".to_owned()),
            ("SHELL", "/bin/sh".to_owned()),
            ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
            ("HTTP_PROXY", closed.clone()),
            ("HTTPS_PROXY", closed),
        ]
    }

    /// The payload of every record that the gate wrote, file by file.
    pub(crate) fn records(&self) -> Vec<Value> {
        let ledger = self.gate_settings().join("state/ledger");
        let Ok(files) = tools::files_below(&ledger, "", &[]) else { return Vec::new() };
        let texts = files.iter().filter_map(|path| std::fs::read_to_string(path).ok());
        let lines: Vec<Value> = texts
            .flat_map(|text| {
                text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect::<Vec<_>>()
            })
            .collect();
        lines.into_iter().filter_map(|line| line.get("payload").cloned()).collect()
    }

    /// Removes the folder.
    pub(crate) fn remove(self) {
        // What is left behind in a temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.root);
    }
}
