//! A home, a project and a way to run the hook in them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

pub(crate) struct World {
    dir: tempfile::TempDir,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) stdout: String,
    pub(crate) exit: i32,
}

impl Answer {
    /// Stdout as the one JSON document it must be.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {:?}", self.stdout))
    }

    /// `allow`, `ask`, `deny`, or `abstain` when nothing was said.
    pub(crate) fn verdict(&self) -> String {
        let json = self.json();
        let own = &json["hookSpecificOutput"];
        let word = own["permissionDecision"].as_str().or_else(|| own["decision"]["behavior"].as_str());
        word.unwrap_or("abstain").to_owned()
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("project/src")).unwrap();
        std::fs::create_dir_all(dir.path().join("config")).unwrap();
        Self { dir }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.root().join("project")
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.root().join("config")
    }

    pub(crate) fn write(&self, path: impl AsRef<Path>, text: &str) -> PathBuf {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A PreToolUse input for `tool`.
    pub(crate) fn call(&self, tool: &str, input: Value) -> Value {
        json!({
            "session_id": "s1", "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input,
            "tool_use_id": "toolu_1", "cwd": self.project(), "permission_mode": "default",
        })
    }

    pub(crate) fn bash(&self, command: &str) -> Value {
        self.call("Bash", json!({"command": command}))
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_placet-hook"));
        command
            .env_clear()
            .env("HOME", self.root())
            .env("CLAUDE_PROJECT_DIR", self.project())
            .env("PATH", "/usr/bin:/bin")
            .current_dir(self.project());
        command
    }

    pub(crate) fn run_with(&self, mut command: Command, stdin: &[u8]) -> Answer {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A process that answers before it has read everything closes the pipe; that is no failure here.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        Answer { stdout: String::from_utf8(output.stdout).unwrap(), exit: output.status.code().unwrap_or(-1) }
    }

    /// Runs the hook the way a hook entry does.
    pub(crate) fn run(&self, input: &Value) -> Answer {
        let mut command = self.command();
        command.arg("--config").arg(self.config());
        self.run_with(command, input.to_string().as_bytes())
    }

    /// All lines of the ledger's segments, parsed.
    pub(crate) fn ledger(&self) -> Vec<Value> {
        let mut lines = Vec::new();
        let mut folders = vec![self.config().join("state/ledger")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(text) = std::fs::read_to_string(&path) {
                    lines.extend(text.lines().filter_map(|line| serde_json::from_str(line).ok()));
                }
            }
        }
        lines
    }

    /// Payloads of all records.
    pub(crate) fn records(&self) -> Vec<Value> {
        self.ledger()
            .into_iter()
            .filter(|line| line["kind"] == "record")
            .map(|mut line| line["payload"].take())
            .collect()
    }
}
