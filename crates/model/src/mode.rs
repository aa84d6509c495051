//! Permission modes of the host.

use crate::Action;

/// The host's permission mode, as its hook input names it (`permission_mode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PermissionMode {
    /// A dialog where the host thinks one is needed. Also `manual`.
    #[default]
    Default,
    /// Edits and simple file commands run without a dialog.
    AcceptEdits,
    /// Planning only.
    Plan,
    /// What no rule allows is denied without a question.
    DontAsk,
    /// Everything runs without a dialog.
    BypassPermissions,
    /// The host's classifier decides; in-tree edits run.
    Auto,
    /// A mode this version does not know. Treated like the one that asks least.
    Unknown,
}

impl PermissionMode {
    /// Reads the host's word.
    pub fn parse(word: &str) -> Self {
        match word {
            "default" | "manual" => Self::Default,
            "acceptEdits" => Self::AcceptEdits,
            "plan" => Self::Plan,
            "dontAsk" => Self::DontAsk,
            "bypassPermissions" => Self::BypassPermissions,
            "auto" => Self::Auto,
            _ => Self::Unknown,
        }
    }

    /// The host's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::AcceptEdits => "acceptEdits",
            Self::Plan => "plan",
            Self::DontAsk => "dontAsk",
            Self::BypassPermissions => "bypassPermissions",
            Self::Auto => "auto",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a call on which the gate has no opinion would be seen by a person, or refused, before it
    /// runs in this mode.
    pub fn visibility(self, actions: &[Action]) -> Visibility {
        use crate::ActionKind as K;
        match self {
            Self::Default | Self::Plan | Self::DontAsk => Visibility::Shown,
            Self::BypassPermissions | Self::Auto | Self::Unknown => Visibility::Unseen,
            Self::AcceptEdits => {
                let touches_files = actions.iter().any(|action| {
                    matches!(action.kind, K::WriteFile | K::DeleteFile | K::ExecuteShell | K::ExecuteUnknown)
                });
                if touches_files { Visibility::Unseen } else { Visibility::Shown }
            }
        }
    }
}

/// Whether a person or a rule of the host stands behind an abstention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// The host shows its dialog or refuses.
    Shown,
    /// The call would run unseen.
    Unseen,
}
