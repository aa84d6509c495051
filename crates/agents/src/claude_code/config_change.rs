//! Whether a change of the host's settings would remove or weaken the gate.
//!
//! Settings are live: a file edited in mid-session takes effect at once, unless a ConfigChange hook refuses
//! it. The judgement is on all files together, since a switch in one can stop the hooks of another.

use super::hook_entries::{self, HookEntry, HookSettings};

/// Whose settings a file holds; decides what its switches reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsOwner {
    /// The administrator's files: nobody else's switches stop their hooks.
    Managed,
    /// User, project, local files and the command line.
    Other,
}

/// One settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingsFile<'a> {
    /// Whose it is.
    pub owner: SettingsOwner,
    /// Path as shown to people.
    pub path: &'a str,
    /// Its text; `None` when it does not exist.
    pub text: Option<&'a str>,
}

/// What the gate expects to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedHooks<'a> {
    /// Command lines of the gate, compared as a whole.
    pub commands: &'a [&'a str],
    /// Events on which it must run.
    pub events: &'a [&'a str],
    /// Command lines of other hooks that were agreed to.
    pub listed: &'a [&'a str],
    /// What to do about hooks nobody agreed to.
    pub unlisted: Unlisted,
}

/// What to do about unlisted hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// Let them in and name them.
    Report,
    /// Refuse a change that brings one.
    Refuse,
}

/// The judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigVerdict {
    /// The gate stays as strong as it was.
    Accept {
        /// Hooks on deciding events that nobody agreed to.
        unlisted: Vec<String>,
    },
    /// The change would remove or weaken it.
    Refuse {
        /// A sentence for the person and the agent.
        reason: String,
    },
}

/// Events on which another hook can change what was decided.
const DECIDING: [&str; 2] = ["PreToolUse", "PermissionRequest"];
/// Variables that, set for a hook, could make it another program or another policy.
const DANGEROUS_VARIABLES: [&str; 7] =
    ["PLACET_", "LD_", "DYLD_", "CLAUDE_PROJECT_DIR", "HOME", "XDG_CONFIG_HOME", "PATH"];

/// Judges `after` against `before` (all files at their last known good state; `None` when not known: then
/// the gate must be fully there).
pub fn judge(
    before: Option<&[SettingsFile<'_>]>,
    after: &[SettingsFile<'_>],
    expected: &ExpectedHooks<'_>,
) -> ConfigVerdict {
    match weakness(before, after, expected) {
        Some(reason) => ConfigVerdict::Refuse { reason },
        None => ConfigVerdict::Accept { unlisted: unlisted(after, expected) },
    }
}

/// Hooks on deciding events that are neither the gate's own nor agreed to, as `path: event: command`.
pub fn unlisted(files: &[SettingsFile<'_>], expected: &ExpectedHooks<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let settings = file.text.and_then(|text| hook_entries::read(text).ok()).unwrap_or_default();
        for entry in settings.entries.iter().filter(|entry| DECIDING.contains(&entry.event.as_str())) {
            let known = expected.commands.iter().chain(expected.listed).any(|known| *known == entry.command);
            if !known {
                found.push(format!("{}: {}: {}", file.path, entry.event, entry.command));
            }
        }
    }
    found
}

fn weakness(
    before: Option<&[SettingsFile<'_>]>,
    after: &[SettingsFile<'_>],
    expected: &ExpectedHooks<'_>,
) -> Option<String> {
    for file in after {
        if let Some(Err(why)) = file.text.map(hook_entries::read) {
            return Some(format!(
                "`{}` would be dropped as a whole, with every rule in it: {why}",
                file.path
            ));
        }
    }
    let now = Effective::of(after);
    let then = before.map(Effective::of);
    if let Some(switch) = now.switch.filter(|_| then.as_ref().is_none_or(|then| then.switch.is_none())) {
        return Some(format!("{switch} and with it the gate"));
    }
    for event in expected.events {
        let had = then.as_ref().is_none_or(|then| then.gate(event, expected).is_some());
        match now.gate(event, expected) {
            None if had => {
                return Some(format!(
                    "the gate's entry for {event} would be gone, or no longer see every call"
                ));
            }
            Some(blocks)
                if !blocks && then.as_ref().and_then(|then| then.gate(event, expected)) == Some(true) =>
            {
                return Some(format!("the gate's entry for {event} would lose `onFailure: block`"));
            }
            _ => {}
        }
    }
    if let Some(name) = dangerous_variable(before, after) {
        return Some(format!("`env.{name}` would reach the gate's own process"));
    }
    if expected.unlisted == Unlisted::Refuse {
        let old = before.map(|files| unlisted(files, expected)).unwrap_or_default();
        if let Some(new) = unlisted(after, expected).into_iter().find(|hook| !old.contains(hook)) {
            return Some(format!("a hook that nobody agreed to would be added: `{new}`"));
        }
    }
    None
}

/// The entries that would run, over all files.
struct Effective {
    entries: Vec<HookEntry>,
    /// The switch that stops hooks, when there is one.
    switch: Option<&'static str>,
}

impl Effective {
    fn of(files: &[SettingsFile<'_>]) -> Self {
        let read: Vec<(SettingsOwner, HookSettings)> = files
            .iter()
            .filter_map(|file| Some((file.owner, hook_entries::read(file.text?).ok()?)))
            .collect();
        let any = |owner: SettingsOwner, test: fn(&HookSettings) -> bool| {
            read.iter().any(|(of, settings)| *of == owner && test(settings))
        };
        let managed_off = any(SettingsOwner::Managed, |settings| settings.all_off);
        let others_off = any(SettingsOwner::Other, |settings| settings.all_off);
        let managed_only = any(SettingsOwner::Managed, |settings| settings.managed_only);
        let entries: Vec<HookEntry> = read
            .into_iter()
            .filter(|(owner, _)| match owner {
                SettingsOwner::Managed => !managed_off,
                SettingsOwner::Other => !managed_off && !others_off && !managed_only,
            })
            .flat_map(|(_, settings)| settings.entries)
            .collect();
        // A switch that leaves hooks running (the managed ones) is not the end of the gate.
        let switch = (entries.is_empty() && (managed_off || others_off))
            .then_some("`disableAllHooks` would stop every hook");
        Self { entries, switch }
    }

    /// Whether the gate sees every call of `event`, and if so whether its failure blocks.
    fn gate(&self, event: &str, expected: &ExpectedHooks<'_>) -> Option<bool> {
        self.entries
            .iter()
            .filter(|entry| {
                entry.event == event
                    && entry.sees_everything
                    && expected.commands.contains(&entry.command.as_str())
            })
            .map(|entry| entry.blocks_on_failure)
            .max()
    }
}

fn dangerous_variable(before: Option<&[SettingsFile<'_>]>, after: &[SettingsFile<'_>]) -> Option<String> {
    let of = |files: &[SettingsFile<'_>]| -> Vec<(String, String)> {
        files
            .iter()
            .filter(|file| file.owner == SettingsOwner::Other)
            .filter_map(|file| hook_entries::read(file.text?).ok())
            .flat_map(|settings| settings.environment)
            .filter(|(name, _)| DANGEROUS_VARIABLES.iter().any(|start| name.starts_with(start)))
            .map(|(name, value)| (name, value.to_string()))
            .collect()
    };
    let old = before.map(of).unwrap_or_default();
    of(after).into_iter().find(|pair| !old.contains(pair)).map(|(name, _)| name)
}
