//! A machine of the organisation: how long until its hook decides by what was applied at the gateway.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::served::Served;
use crate::tools;

/// Rules of the policy that is applied.
const RULES: usize = 10_000;

/// Longest that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Times that it is measured; the longest counts.
const TIMES: usize = 5;

/// `placet sync`, which ends with this.
struct Syncing(Child);

impl Drop for Syncing {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The longest time from the answer to an apply until the hook of an enrolled machine decides by it.
pub(super) fn effective(gateway: &Served, key: &str, scratch: &Path) -> Result<Duration, String> {
    let home = scratch.join("home");
    let file = home.join("key");
    tools::write(&file, key.as_bytes())?;
    let address = gateway.address();
    let file = file.display().to_string();
    let enrol = ["agent", "enroll", "--gateway", &address, "--token-file", &file];
    tools::output_of(placet(&home)?.args(enrol))?;
    let mut sync = placet(&home)?;
    sync.arg("sync").stdin(Stdio::null()).stdout(Stdio::null());
    let _sync = Syncing(sync.spawn().map_err(|error| format!("`placet sync`: {error}"))?);
    let mut longest = Duration::ZERO;
    for turn in 0..TIMES {
        let effect = if turn % 2 == 0 { "deny" } else { "allow" };
        gateway.apply(&policy(effect))?;
        let applied = Instant::now();
        while verdict(&home)? != effect {
            if applied.elapsed() > PATIENCE {
                return Err(format!("after {PATIENCE:?} the hook does not `{effect}` yet"));
            }
        }
        longest = longest.max(applied.elapsed());
    }
    Ok(longest)
}

/// As many rules as that, and one more that says something else from time to time.
fn policy(effect: &str) -> String {
    let mut yaml = "name: many\nversion: \"1\"\ndefaultEffect: none\nrules:\n".to_owned();
    for number in 1..RULES {
        let _ = writeln!(
            yaml,
            "  - {{ effect: deny, actions: ['write:file'], conditions: {{ resource: {{ matches: '/srv/{number}/**' }} }} }}"
        );
    }
    let _ = writeln!(
        yaml,
        "  - {{ effect: {effect}, actions: ['execute:shell'], conditions: {{ command: {{ program: echo }} }} }}"
    );
    yaml
}

/// What the hook says to a line of the shell.
fn verdict(home: &Path) -> Result<String, String> {
    let input = serde_json::json!({
        "session_id": "bench", "hook_event_name": "PreToolUse", "tool_name": "Bash",
        "tool_input": {"command": "echo hello"}, "tool_use_id": "toolu_1", "cwd": home, "permission_mode": "default",
    });
    let mut hook = placet(home)?;
    hook.arg("hook").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let failed = |error: std::io::Error| format!("`placet hook`: {error}");
    let mut child = hook.spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.to_string().as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let said = answer.pointer("/hookSpecificOutput/permissionDecision").and_then(|said| said.as_str());
    Ok(said.unwrap_or("abstain").to_owned())
}

fn placet(home: &Path) -> Result<Command, String> {
    let program: PathBuf = tools::built("release", "placet")?;
    let mut command = Command::new(program);
    command.env_clear().env("HOME", home).current_dir(home);
    Ok(command)
}
