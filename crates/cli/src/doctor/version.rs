//! The version of Claude Code: what it honours.

use std::fmt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Examined;
use super::command::on_path;
use super::finding::{Finding, Severity};
use crate::surroundings::variable;

/// `major.minor.patch`
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u32, u32, u32);

impl Version {
    /// The first version known to honour `onFailure`. An older one, 2.1.197, is known not to.
    const HONOURS_ON_FAILURE: Self = Self(2, 1, 329);

    /// Whether `onFailure: "block"` is known to work.
    pub(crate) fn honours_on_failure(self) -> bool {
        self >= Self::HONOURS_ON_FAILURE
    }

    /// Reads the first three numbers of a text that are joined by `separator`.
    fn read(text: &str, separator: char) -> Option<Self> {
        text.split(|c: char| !(c.is_ascii_digit() || c == separator)).find_map(|word| {
            let mut numbers = word.split(separator).filter_map(|number| number.parse().ok());
            Some(Self(numbers.next()?, numbers.next()?, numbers.next()?))
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// Longest wait for `claude --version`.
const WAIT: Duration = Duration::from_secs(5);

/// The version, from the session this runs in, else from the program itself.
pub(super) fn find() -> Option<Version> {
    let from_session = variable("AI_AGENT")
        .and_then(|agent| agent.into_string().ok())
        .filter(|agent| agent.starts_with("claude-code"))
        .and_then(|agent| Version::read(&agent, '-'));
    from_session.or_else(ask)
}

fn ask() -> Option<Version> {
    let mut child = Command::new(on_path("claude")?)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(_)) => break,
            Ok(None) if start.elapsed() < WAIT => std::thread::sleep(Duration::from_millis(20)),
            _ => {
                let _ = child.kill();
                return None;
            }
        }
    }
    let output = child.wait_with_output().ok()?;
    Version::read(&String::from_utf8_lossy(&output.stdout), '.')
}

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    match world.version {
        Some(version) if version.honours_on_failure() => Vec::new(),
        Some(version) => vec![Finding::new(
            "claude-code-old",
            Severity::Warning,
            format!(
                "Claude Code {version} may not know `onFailure`: a hook that hangs until its time-out lets the call through"
            ),
            format!("update Claude Code to {} or newer", Version::HONOURS_ON_FAILURE),
        )],
        None => vec![Finding::new(
            "claude-code-unknown",
            Severity::Info,
            "the version of Claude Code could not be found out: `claude --version` gave no answer",
            format!("make sure it is {} or newer", Version::HONOURS_ON_FAILURE),
        )],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(Version::read("2.1.329 (Claude Code)", '.'), Some(Version(2, 1, 329)));
        assert_eq!(Version::read("claude-code_2-1-197_harness", '-'), Some(Version(2, 1, 197)));
        assert_eq!(Version::read("no", '.'), None);
        assert!(Version(2, 2, 0).honours_on_failure());
        assert!(!Version(2, 1, 197).honours_on_failure());
    }
}
