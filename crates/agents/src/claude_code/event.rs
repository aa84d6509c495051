//! Names of hook events, and what each needs from an answer.

use placet_model::CallEvent;

/// Which event an input is about, as far as that could be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// One that waits for a decision on a tool call.
    Call(CallEvent),
    /// Any other, by its name on the wire.
    Notice(String),
    /// The input did not say, or could not be read so far. Answers take the form that denies on every
    /// event that can deny.
    Unclear,
}

/// Every event that is not a question about a tool call. A name outside this list may be a newer question; how
/// that one would be denied is not known, so with a tool call it is refused in the form that denies most.
const NOTICES: [&str; 31] = [
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

impl Event {
    /// The event of a name, given whether the input carries a tool call.
    pub(super) fn named(name: &str, carries_call: bool) -> Self {
        match name {
            "PreToolUse" => Self::Call(CallEvent::PreToolUse),
            "PermissionRequest" => Self::Call(CallEvent::PermissionRequest),
            known if NOTICES.contains(&known) => Self::Notice(known.to_owned()),
            _ if carries_call => Self::Unclear,
            other => Self::Notice(other.to_owned()),
        }
    }

    /// The event of a name found in an input that could not be read: only known names count.
    pub(super) fn of_unreadable(name: Option<&str>) -> Self {
        match name {
            Some("PreToolUse") => Self::Call(CallEvent::PreToolUse),
            Some("PermissionRequest") => Self::Call(CallEvent::PermissionRequest),
            Some(known) if NOTICES.contains(&known) => Self::Notice(known.to_owned()),
            _ => Self::Unclear,
        }
    }

    /// Name on the wire; `PreToolUse` when unclear.
    pub fn name(&self) -> &str {
        match self {
            Self::Call(event) => call_event_name(*event),
            Self::Notice(name) => name,
            Self::Unclear => "PreToolUse",
        }
    }
}

/// Name on the wire of an event that asks about a tool call.
pub(super) fn call_event_name(event: CallEvent) -> &'static str {
    match event {
        CallEvent::PreToolUse => "PreToolUse",
        CallEvent::PermissionRequest => "PermissionRequest",
    }
}
