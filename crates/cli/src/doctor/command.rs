//! The programs hooks start: there, executable, in a place that does not depend on where the agent is.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::Examined;
use super::examined::SettingsFile;
use super::finding::{Finding, Fix, Severity};
use crate::claude_code::Handler;
use crate::surroundings::variable;

pub(super) fn check(world: &Examined<'_>) -> Vec<Finding> {
    let guarded = world.is_guarded();
    let mut findings = Vec::new();
    for (file, handler) in world.handlers() {
        let decides = matches!(handler.event.as_str(), "PreToolUse" | "PermissionRequest");
        let grave = match (handler.is_ours(), decides && !guarded) {
            // Ours fails closed, so a missing program stops all work instead of letting calls through.
            (true, _) if handler.blocks_on_failure() => Severity::Broken,
            (true, _) | (_, true) => Severity::Open,
            _ => Severity::Warning,
        };
        findings.extend(look(world, file, handler, grave));
    }
    // The same program stands behind every event; once is enough.
    findings.dedup_by(|one, other| one.id == other.id && one.why == other.why && one.path == other.path);
    findings
}

fn look(world: &Examined<'_>, file: &SettingsFile, handler: &Handler, grave: Severity) -> Vec<Finding> {
    let Some(line) = handler.command_line() else { return Vec::new() };
    let mut findings = Vec::new();
    for (index, word) in line.words.iter().take(2).enumerate() {
        let is_program = index == 0;
        // The second word is looked at when it can only be a script: `python3 .claude/hooks/gate.py`.
        if !is_program && !looks_like_script(word) {
            continue;
        }
        let report = |id, severity, why: String, remedy: &str| {
            let finding = file.finding(id, severity, &handler.node.span, why, remedy);
            if handler.is_ours() { finding.fixed_by(Fix::Install(file.scope)) } else { finding }
        };
        let path = expand(world, word);
        if is_program && !word.contains('/') {
            if is_shell_word(word) {
                break;
            }
            match on_path(word) {
                None => findings.push(report(
                    "hook-command-missing",
                    grave,
                    format!("`{word}` is not on PATH"),
                    "write the absolute path of a program that exists",
                )),
                Some(_) if handler.is_ours() => findings.push(report(
                    "hook-command-relative",
                    Severity::Warning,
                    format!("`{word}` is looked up on PATH, which a project's settings can change"),
                    "run `placet init claude-code` again; it writes the absolute path",
                )),
                Some(_) => {}
            }
            continue;
        }
        let Some(path) = path else { continue };
        if !path.is_absolute() {
            findings.push(report(
                "hook-command-relative",
                grave,
                format!("`{word}` is relative: after the agent's first `cd` it is not found any more"),
                "write an absolute path, or start it with `\"$CLAUDE_PROJECT_DIR\"/`",
            ));
        } else if !path.exists() {
            findings.push(report(
                "hook-command-missing",
                grave,
                format!("`{}` does not exist", world.place.show(&path)),
                "write the path of a program that exists",
            ));
        } else if is_program && !is_executable(&path) {
            findings.push(report(
                "hook-command-not-executable",
                grave,
                format!("`{}` is not executable", world.place.show(&path)),
                "make it executable: `chmod +x`",
            ));
        }
    }
    findings
}

/// The path a word stands for; `None` when it holds variables that are not known here.
fn expand(world: &Examined<'_>, word: &str) -> Option<PathBuf> {
    let project = world.place.project.display().to_string();
    let mut text = word.replace("${CLAUDE_PROJECT_DIR}", &project).replace("$CLAUDE_PROJECT_DIR", &project);
    if let Some(home) = &world.place.home {
        let home = home.display().to_string();
        text = text.replace("${HOME}", &home).replace("$HOME", &home);
        if let Some(rest) = text.strip_prefix("~/") {
            text = format!("{home}/{rest}");
        }
    }
    (!text.contains('$')).then(|| PathBuf::from(text))
}

fn looks_like_script(word: &str) -> bool {
    !word.starts_with('-')
        && [".py", ".sh", ".js", ".ts", ".rb", ".pl", ".mjs", ".cjs", ".bash"]
            .iter()
            .any(|end| word.ends_with(end))
}

fn is_shell_word(word: &str) -> bool {
    ["if", "for", "while", "case", "{", "[", "[[", "test", "echo", "cd", "exec", "true", "false", "exit", "."]
        .contains(&word)
}

/// Where a bare program name is found.
pub(super) fn on_path(name: &str) -> Option<PathBuf> {
    let path = variable("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
