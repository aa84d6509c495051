//! Events that ask for no decision on a tool call: recorded, and answered where the gate itself is at stake.

use std::path::{Path, PathBuf};

use placet_agents::claude_code::config_change::{
    ConfigVerdict, ExpectedHooks, SettingsFile, SettingsOwner, Unlisted, judge,
};
use placet_agents::claude_code::{Answer, Notice, notice};
use placet_ledger::Outcome;
use placet_model::visible::visible_line;
use serde_json::Value;

use crate::Locations;
use crate::record::Recorder;
use crate::regular_file::read_text;
use crate::settings_snapshot::Snapshot;
use crate::sources::FILE_BYTES_MAX;

/// Events on which the gate must run to be one.
const NEEDED: [&str; 4] = ["PreToolUse", "PermissionRequest", "PostToolUse", "ConfigChange"];

/// Whether the policies in force could be loaded.
pub(crate) type PoliciesLoad = bool;

/// Answers a notice and records it.
pub(crate) fn answer_notice(
    event: &Notice,
    locations: &Locations,
    policies_load: PoliciesLoad,
    recorder: &Recorder<'_>,
) -> Answer {
    let answer = match event.event.as_str() {
        "PostToolUse" | "PostToolUseFailure" => after_call(event, recorder),
        "ConfigChange" => config_change(event, locations, recorder),
        "SessionStart" => session_start(event, locations, policies_load, recorder),
        _ => {
            recorder.notice(event, None, None);
            notice::quiet()
        }
    };
    // Behind the record, so that it goes along.
    if matches!(event.event.as_str(), "SessionStart" | "SessionEnd") {
        crate::organisation::wake(locations);
    }
    answer
}

/// Compares what ran with what was decided.
fn after_call(event: &Notice, recorder: &Recorder<'_>) -> Answer {
    let decided = event.tool_use.as_ref().and_then(|id| recorder.decided_digest(&event.session.0, &id.0));
    let ran = match (&event.tool, &event.input) {
        (Some(tool), Some(input)) => recorder.digest(tool, input),
        _ => None,
    };
    let as_decided = match (&decided, &ran) {
        (Some(decided), Some(ran)) => Some(decided == ran),
        _ => None,
    };
    let field = |name: &str| event.payload.get(name);
    let outcome = Outcome {
        ok: event.event == "PostToolUse",
        error: field("error").and_then(Value::as_str).map(str::to_owned),
        duration_ms: field("duration_ms").and_then(Value::as_u64),
        as_decided,
    };
    let tool = event.tool.as_deref().unwrap_or("the tool");
    if as_decided == Some(false) {
        let alert = format!(
            "Placet: `{tool}` ran with an input other than the one that was decided; another hook or program \
             changed it. The turn ends here; a person should look at the hooks in force (`placet doctor`)."
        );
        recorder.notice(
            event,
            Some(outcome),
            Some("alert: the input that ran is not the one decided".to_owned()),
        );
        return notice::end_turn(&visible_line(&alert));
    }
    if decided.is_none() && event.tool_use.is_some() {
        // A long call's record may have scrolled out of reach, so this is told and not punished.
        recorder.notice(
            event,
            Some(outcome),
            Some("alert: no decision on this call is on record".to_owned()),
        );
        return notice::tell_person(&visible_line(&format!(
            "Placet: `{tool}` ran and no decision on it is on record; the gate may have been killed or left out \
             (`placet doctor`)."
        )));
    }
    recorder.notice(event, Some(outcome), None);
    notice::quiet()
}

/// Refuses a change of settings that removes or weakens the gate.
fn config_change(event: &Notice, locations: &Locations, recorder: &Recorder<'_>) -> Answer {
    let now = read_settings(locations, Path::new(&event.project));
    let snapshot = Snapshot::of(recorder.state(), &event.session.0);
    let before = snapshot.read();
    let commands = own_commands(locations);
    match judged(before.as_deref(), &now, &commands) {
        ConfigVerdict::Refuse { reason } => {
            recorder.notice(event, None, Some(format!("alert: settings change refused: {reason}")));
            notice::refuse_change(&visible_line(&format!("Placet refuses this change of settings: {reason}")))
        }
        ConfigVerdict::Accept { unlisted } => {
            snapshot.write(&now);
            let note =
                (!unlisted.is_empty()).then(|| format!("hooks beside the gate: {}", unlisted.join("; ")));
            recorder.notice(event, None, note);
            notice::quiet()
        }
    }
}

/// Remembers the settings a session starts with and tells of hooks beside the gate.
fn session_start(
    event: &Notice,
    locations: &Locations,
    policies_load: PoliciesLoad,
    recorder: &Recorder<'_>,
) -> Answer {
    let now = read_settings(locations, Path::new(&event.project));
    Snapshot::of(recorder.state(), &event.session.0).write(&now);
    let commands = own_commands(locations);
    let mut told = Vec::new();
    if !policies_load {
        told.push(
            "policies cannot be loaded, so every tool call is denied until `placet doctor` is content"
                .to_owned(),
        );
    }
    match judged(None, &now, &commands) {
        ConfigVerdict::Accept { unlisted } if unlisted.is_empty() => {}
        ConfigVerdict::Accept { unlisted } => {
            told.push(format!("other hooks can change what was decided: {}", unlisted.join("; ")));
        }
        // The gate may be set up in a place that is not read here (a flag, a plug-in); it runs, as this shows.
        ConfigVerdict::Refuse { reason } => told.push(format!("the gate is not complete: {reason}")),
    }
    let note = (!told.is_empty()).then(|| told.join("; "));
    recorder.notice(event, None, note.clone());
    note.map_or_else(notice::quiet, |text| notice::tell_person(&visible_line(&format!("Placet: {text}"))))
}

/// A settings file as it was read: whose, where, and its text.
pub(crate) type ReadFile = (SettingsOwner, String, Option<String>);

fn judged(before: Option<&[ReadFile]>, after: &[ReadFile], commands: &[String]) -> ConfigVerdict {
    let before = before.map(borrowed);
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let expected =
        ExpectedHooks { commands: &commands, events: &NEEDED, listed: &[], unlisted: Unlisted::Report };
    judge(before.as_deref(), &borrowed(after), &expected)
}

fn borrowed(files: &[ReadFile]) -> Vec<SettingsFile<'_>> {
    files
        .iter()
        .map(|(owner, path, text)| SettingsFile { owner: *owner, path, text: text.as_deref() })
        .collect()
}

/// Command lines under which the gate is entered in settings: this program with this folder, in the form for
/// hosts that know `onFailure` and in the one for those that do not.
fn own_commands(locations: &Locations) -> Vec<String> {
    let Ok(own) = std::env::current_exe() else { return Vec::new() };
    let mut commands = Vec::new();
    for (name, word) in [("placet-hook", ""), ("placet", " hook")] {
        let line = hook_command(&own.with_file_name(name), word, &locations.config);
        commands.push(format!("{line} || exit 2"));
        commands.push(line);
    }
    commands
}

/// The command of a hook entry: program and folder, quoted for a POSIX shell. `word` is ` hook` for the big
/// binary.
pub fn hook_command(program: &Path, word: &str, config: &Path) -> String {
    format!("{}{word} --config {}", quoted(program), quoted(config))
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

/// Settings files of Claude Code that count for `project`.
fn read_settings(locations: &Locations, project: &Path) -> Vec<ReadFile> {
    let claude = std::env::var_os("CLAUDE_CONFIG_DIR")
        .map(PathBuf::from)
        .or_else(|| locations.home.as_ref().map(|home| home.join(".claude")));
    let mut managed = vec![PathBuf::from("/etc/claude-code/managed-settings.json")];
    let mut more: Vec<PathBuf> = std::fs::read_dir("/etc/claude-code/managed-settings.d")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .collect();
    more.sort();
    managed.extend(more);
    let others = claude
        .map(|folder| folder.join("settings.json"))
        .into_iter()
        .chain([project.join(".claude/settings.json"), project.join(".claude/settings.local.json")]);
    let read = |owner: SettingsOwner, path: PathBuf| {
        let text = read_text(&path, FILE_BYTES_MAX).ok().flatten();
        (owner, path.display().to_string(), text)
    };
    managed
        .into_iter()
        .map(|path| read(SettingsOwner::Managed, path))
        .chain(others.map(|path| read(SettingsOwner::Other, path)))
        .collect()
}
