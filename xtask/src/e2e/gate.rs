//! The gate of one run: copies of the programs, policy, installation, and what a scenario breaks afterwards.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::scenario::{Fault, Run};
use super::world::World;
use crate::tools;

/// The programs under test.
pub(crate) struct Programs {
    pub(crate) placet: PathBuf,
    hook: PathBuf,
}

impl Programs {
    /// The release build of this repository, made now; or the programs in `folder`, as they are.
    pub(crate) fn find(folder: Option<&Path>) -> Result<Self, String> {
        if let Some(folder) = folder {
            return Ok(Self { placet: folder.join("placet"), hook: folder.join("placet-hook") });
        }
        let packages =
            ["build", "--release", "--locked", "--package", "placet", "--package", "placet-hook-bin"];
        tools::must_run(tools::cargo().args(packages))?;
        Ok(Self { placet: tools::built("release", "placet")?, hook: tools::built("release", "placet-hook")? })
    }
}

/// Installs the gate in the run's project and applies the scenario's fault.
pub(crate) fn install(world: &World, run: &Run, programs: &Programs) -> Result<(), String> {
    for (name, from) in [("placet", &programs.placet), ("placet-hook", &programs.hook)] {
        std::fs::copy(from, world.programs.join(name))
            .map_err(|error| format!("`{}`: {error}", from.display()))?;
    }
    let settings = world.gate_settings();
    let chosen = match run.scenario.policy.strip_prefix("shipped:") {
        Some(name) => name.to_owned(),
        None => {
            let policy = tools::root().join(format!("xtask/e2e/policies/{}.yaml", run.scenario.policy));
            tools::write(&settings.join("policies/e2e.yaml"), tools::read(&policy)?.as_bytes())?;
            "./policies/e2e.yaml".to_owned()
        }
    };
    tools::write(&settings.join("placet.yaml"), format!("policies: [{chosen}]\n").as_bytes())?;
    placet(world, &["init", "claude-code", "--project", "--yes"])?;
    apply(world, &run.scenario.fault)
}

/// Runs the placet command in the run's world, silently unless it fails.
pub(crate) fn placet(world: &World, arguments: &[&str]) -> Result<(), String> {
    let output = world
        .command(&world.programs.join("placet"))
        .args(arguments)
        .output()
        .map_err(|error| format!("`placet` could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("`placet {}` ended with {}: {said}", arguments.join(" "), output.status))
}

fn apply(world: &World, fault: &Fault) -> Result<(), String> {
    let hook = world.programs.join("placet-hook");
    if let Some(seconds) = fault.timeout {
        set_timeouts(&world.project.join(".claude/settings.json"), seconds)?;
    }
    if let Some(text) = &fault.policy {
        tools::write(&world.gate_settings().join("policies/e2e.yaml"), text.as_bytes())?;
    }
    if fault.ledger_blocked {
        let ledger = world.gate_settings().join("state/ledger");
        let _ = std::fs::remove_dir_all(&ledger);
        tools::write(&ledger, b"in the way\n")?;
    }
    if let Some(script) = &fault.script {
        break_hook(&hook, script, fault.only.as_deref())?;
    }
    if fault.not_executable {
        std::fs::set_permissions(&hook, Permissions::from_mode(0o644))
            .map_err(|error| format!("`{}`: {error}", hook.display()))?;
    }
    if fault.removed {
        std::fs::remove_file(&hook).map_err(|error| format!("`{}`: {error}", hook.display()))?;
    }
    Ok(())
}

/// Puts a script in the hook's place; with `only`, other events still reach the real one, so that a
/// session gets as far as the event in question.
fn break_hook(hook: &Path, script: &str, only: Option<&str>) -> Result<(), String> {
    let real: PathBuf = hook.with_file_name("placet-hook.real");
    std::fs::rename(hook, &real).map_err(|error| format!("`{}`: {error}", hook.display()))?;
    let text = match only {
        None => script.to_owned(),
        Some(event) => format!(
            "#!/bin/sh\nREAL='{}'\ninput=$(cat)\ncase $input in *'\"hook_event_name\":\"{event}\"'*)\n{script}\n;; *)\n\
             printf '%s\\n' \"$input\" | \"$REAL\" \"$@\"\n;; esac\n",
            real.display()
        ),
    };
    tools::write(hook, text.as_bytes())?;
    std::fs::set_permissions(hook, Permissions::from_mode(0o755))
        .map_err(|error| format!("`{}`: {error}", hook.display()))
}

fn set_timeouts(path: &Path, seconds: u32) -> Result<(), String> {
    let mut settings: Value = serde_json::from_str(&tools::read(path)?)
        .map_err(|error| format!("`{}`: {error}", path.display()))?;
    change_timeouts(&mut settings, seconds);
    tools::write(path, settings.to_string().as_bytes())
}

fn change_timeouts(value: &mut Value, seconds: u32) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| change_timeouts(item, seconds)),
        Value::Object(fields) => {
            if fields.contains_key("command") {
                fields.insert("timeout".to_owned(), seconds.into());
            }
            fields.values_mut().for_each(|field| change_timeouts(field, seconds));
        }
        _ => {}
    }
}
