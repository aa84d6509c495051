//! The names of hook events.

/// Every event Claude Code knows.
pub(crate) const EVENTS: [&str; 33] = [
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "PostToolBatch",
    "Notification",
    "UserPromptSubmit",
    "UserPromptExpansion",
    "SessionStart",
    "SessionEnd",
    "Stop",
    "StopFailure",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
    "PostCompact",
    "PreModelSwitch",
    "PostModelSwitch",
    "PermissionRequest",
    "PermissionDenied",
    "Setup",
    "TeammateIdle",
    "TaskCreated",
    "TaskCompleted",
    "Elicitation",
    "ElicitationResult",
    "ConfigChange",
    "WorktreeCreate",
    "WorktreeRemove",
    "InstructionsLoaded",
    "CwdChanged",
    "FileChanged",
    "DirectoryAdded",
    "MessageDisplay",
];

/// Events whose `matcher` is compared with a tool name.
pub(crate) const TOOL_EVENTS: [&str; 5] =
    ["PreToolUse", "PermissionRequest", "PostToolUse", "PostToolUseFailure", "PermissionDenied"];

/// Events `placet init` listens to, and whether a hook that fails there must stop what it was asked about.
///
/// A hook that cannot answer must hold back a tool call or a change of settings. On the other events the
/// same strictness would swallow the person's prompt or keep the agent from ending its turn, and protect
/// nothing.
const GUARDED: [(&str, bool); 13] = [
    ("PreToolUse", true),
    ("PermissionRequest", true),
    ("PostToolUse", true),
    ("PostToolUseFailure", true),
    ("PermissionDenied", false),
    ("SessionStart", false),
    ("SessionEnd", false),
    ("SubagentStart", false),
    ("SubagentStop", false),
    ("UserPromptSubmit", false),
    ("Stop", false),
    ("Notification", false),
    ("ConfigChange", true),
];

/// Events `placet init` listens to.
pub(crate) fn guarded_events() -> impl Iterator<Item = &'static str> {
    GUARDED.iter().map(|(event, _)| *event)
}

/// Whether a hook that fails on `event` must stop what it was asked about.
pub(crate) fn is_strict(event: &str) -> bool {
    GUARDED.iter().any(|(known, strict)| *known == event && *strict)
}

/// Whether Claude Code has this event.
pub(crate) fn is_event(name: &str) -> bool {
    EVENTS.contains(&name)
}

/// The event somebody most likely meant by `name`.
pub(crate) fn closest_event(name: &str) -> Option<&'static str> {
    let squeezed = squeeze(name);
    let exact = EVENTS.into_iter().find(|event| squeeze(event) == squeezed);
    // `pre-tool`, `preTool`, `PreTool`, `PreToolCall` …
    let by_start = || {
        let starts = |event: &&str| squeezed.len() >= 6 && squeeze(event).starts_with(&squeezed);
        EVENTS.into_iter().find(starts)
    };
    let by_prefix = || match squeezed.get(..7) {
        Some("pretool") => Some("PreToolUse"),
        Some("posttoo") => Some("PostToolUse"),
        _ => None,
    };
    exact.or_else(by_start).or_else(by_prefix)
}

fn squeeze(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meant_event_is_found() {
        let cases = [
            ("pre-tool", Some("PreToolUse")),
            ("post-tool", Some("PostToolUse")),
            ("preToolUse", Some("PreToolUse")),
            ("pre_tool_use", Some("PreToolUse")),
            ("PreToolCall", Some("PreToolUse")),
            ("permission-request", Some("PermissionRequest")),
            ("stop", Some("Stop")),
            ("OnSave", None),
        ];
        for (name, want) in cases {
            assert_eq!(closest_event(name), want, "{name}");
        }
    }

    #[test]
    fn every_guarded_event_exists() {
        assert!(guarded_events().all(is_event));
    }
}
