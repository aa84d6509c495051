//! Small helpers that every task needs: the repository root, running commands, reading arguments.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The repository root: the folder above this crate.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder cargo builds into, wherever the caller has put it.
pub(crate) fn target_folder() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => root().join(folder),
        _ => root().join("target"),
    }
}

/// The cargo that started this task, so that toolchain overrides hold.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Runs a command with the caller's own output; an error names what was run and how it ended.
pub(crate) fn must_run(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    println!("$ {shown}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("`{shown}` could not be started: {error}")),
    }
}

/// Runs a command and hands back its stdout; stderr goes to the caller's.
pub(crate) fn output_of(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("`{shown}` could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{shown}` printed bytes that are not UTF-8"))
}

/// Whether a program can be started at all (`PROGRAM --version` ends well).
pub(crate) fn present(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Reads a text file; the error names the path.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}

/// Writes a file, making its folder first; the error names the path.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("cannot make folder `{}`: {error}", folder.display()))?;
    }
    std::fs::write(path, bytes).map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

/// Every file below `folder` whose name ends in `suffix`, sorted; folders named in `skip` are not entered.
pub(crate) fn files_below(folder: &Path, suffix: &str, skip: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| format!("cannot list `{}`: {error}", folder.display()))?;
        for entry in entries {
            let entry = entry.map_err(|error| format!("cannot list `{}`: {error}", folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && skip.contains(&name.as_str()) => {}
                Ok(kind) if kind.is_dir() => waiting.push(path),
                Ok(_) if name.ends_with(suffix) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `cargo metadata` of the workspace.
pub(crate) fn metadata(with_dependencies: bool) -> Result<serde_json::Value, String> {
    let mut command = cargo();
    command.args(["metadata", "--format-version", "1", "--locked"]);
    if !with_dependencies {
        command.arg("--no-deps");
    }
    serde_json::from_str(&output_of(&mut command)?).map_err(|error| format!("cargo metadata: {error}"))
}

/// Refuses flags that a task does not know, so that a typing error does not pass for a check.
pub(crate) fn only(arguments: &[String], known: &[&str]) -> Result<(), String> {
    match arguments.iter().find(|argument| !known.contains(&argument.as_str())) {
        Some(argument) => Err(format!("unknown argument `{argument}`; known: {}", known.join(", "))),
        None => Ok(()),
    }
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    std::iter::once(name)
        .chain(command.get_args().map(|argument| argument.to_string_lossy().into_owned()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The path of a built program. With a target named in `.cargo/config.toml` cargo puts a folder with the
/// target's name in between; without one it does not, so both are looked at, the newest wins.
pub(crate) fn built(profile: &str, program: &str) -> Result<PathBuf, String> {
    let target = target_folder();
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let mut candidates = vec![target.join(profile).join(&file)];
    if let Ok(entries) = std::fs::read_dir(&target) {
        candidates.extend(entries.flatten().map(|entry| entry.path().join(profile).join(&file)));
    }
    let age = |path: &PathBuf| path.metadata().and_then(|facts| facts.modified()).ok();
    candidates.retain(|path| path.is_file());
    candidates
        .into_iter()
        .max_by_key(age)
        .ok_or_else(|| format!("`{program}` ({profile}) is not built below `{}`", target.display()))
}
