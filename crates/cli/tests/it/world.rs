//! A home directory, a project and a machine of one test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Folders of one test; they go when it ends.
pub(crate) struct World {
    root: tempfile::TempDir,
    claude_version: Option<&'static str>,
}

/// What a command wrote and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self { root: tempfile::tempdir().unwrap(), claude_version: Some("2.1.329") };
        for folder in ["home", "home/project/.git", "home/project/src", "machine", "bin"] {
            std::fs::create_dir_all(world.path(folder)).unwrap();
        }
        world
    }

    /// With another version of Claude Code on PATH, or none.
    pub(crate) fn with_claude(mut self, version: Option<&'static str>) -> Self {
        self.claude_version = version;
        self
    }

    /// A path below the world.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs `placet` in the project.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("home/project", arguments)
    }

    /// Runs `placet` in the project with these variables and this input.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str], input: &str) -> Ran {
        use std::io::Write as _;
        let mut command = self.command_with(variables, arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Who refuses an argument need not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        self.ran(&child.wait_with_output().unwrap())
    }

    /// The command itself, not started.
    pub(crate) fn command_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Command {
        let mut command = self.command(&self.path("home/project"), arguments);
        command.envs(variables.iter().copied());
        command
    }

    /// Runs a line as somebody would type it, `placet` being on PATH.
    pub(crate) fn run_line(&self, line: &str) -> Ran {
        let placet = self.command(&self.path("home/project"), &[]);
        let (program, machine) = (env!("CARGO_BIN_EXE_placet"), self.path("machine"));
        let script =
            format!("placet() {{ '{program}' --machine-root '{}' \"$@\"; }}\n{line}", machine.display());
        let mut shell = Command::new("sh");
        shell.env_clear().envs(placet.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = shell
            .args(["-c", &script])
            .current_dir(self.path("home/project"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        self.ran(&output)
    }

    pub(crate) fn run_in(&self, cwd: &str, arguments: &[&str]) -> Ran {
        let output = self.command(&self.path(cwd), arguments).output().unwrap();
        self.ran(&output)
    }

    /// Runs `placet hook` with an input.
    pub(crate) fn hook(&self, arguments: &[&str], input: &str) -> Ran {
        self.hook_in("home/project", arguments, input)
    }

    /// The same in another project.
    pub(crate) fn hook_in(&self, project: &str, arguments: &[&str], input: &str) -> Ran {
        use std::io::Write as _;
        let mut child = Command::new(env!("CARGO_BIN_EXE_placet"))
            .env_clear()
            .env("HOME", self.path("home"))
            .env("CLAUDE_PROJECT_DIR", self.path(project))
            .arg("hook")
            .args(arguments)
            .current_dir(self.path(project))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Who refuses an argument need not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        self.ran(&child.wait_with_output().unwrap())
    }

    fn command(&self, cwd: &Path, arguments: &[&str]) -> Command {
        if let Some(version) = self.claude_version {
            let script = self.write("bin/claude", &format!("#!/bin/sh\necho '{version} (Claude Code)'\n"));
            make_executable(&script);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_placet"));
        command
            .env_clear()
            .env("HOME", self.path("home"))
            .env("TZ", "UTC")
            .env("PATH", format!("{}:/usr/bin:/bin", self.path("bin").display()))
            .args(["--machine-root"])
            .arg(self.path("machine"))
            .args(arguments)
            .current_dir(cwd)
            .stdin(Stdio::null());
        command
    }

    fn ran(&self, output: &Output) -> Ran {
        let text = |bytes: &[u8]| self.filter(std::str::from_utf8(bytes).unwrap());
        Ran {
            code: output.status.code().unwrap(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Text with the paths of this run replaced.
    pub(crate) fn filter(&self, text: &str) -> String {
        let binary = Path::new(env!("CARGO_BIN_EXE_placet")).canonicalize().unwrap();
        // Which of the two programs init writes depends on whether the other one was built as well.
        let beside = format!("'{}'", binary.with_file_name("placet-hook").display());
        text.replace(&beside, "'[PLACET]' hook")
            .replace(&binary.display().to_string(), "[PLACET]")
            .replace(&self.path("").display().to_string(), "[ROOT]/")
            .replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
    }
}

impl Ran {
    /// Everything in one text, for snapshots.
    pub(crate) fn whole(&self) -> String {
        format!("exit: {}\n----- stdout\n{}----- stderr\n{}", self.code, self.stdout, self.stderr)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.whole()))
    }
}

pub(crate) fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
