//! Permission updates an answer may carry: what the host shall remember.

use placet_model::{PermissionMode, Verdict};
use serde_json::{Value, json};

/// One update. Typed, because in a hook one item of a wrong shape voids the whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionUpdate {
    /// Adds rules: tool name and, where wanted, the content in brackets.
    AddRules {
        /// Tool name and rule content.
        rules: Vec<(String, Option<String>)>,
        /// What the rules do. [`Verdict::Abstain`] has no form and is sent as ask.
        behavior: Verdict,
        /// Where the host keeps them.
        destination: Destination,
    },
    /// Changes the permission mode.
    SetMode {
        /// The new mode. [`PermissionMode::Unknown`] is sent as the default mode.
        mode: PermissionMode,
        /// Where the host keeps it.
        destination: Destination,
    },
    /// Adds directories the agent may work in.
    AddDirectories {
        /// Absolute paths.
        directories: Vec<String>,
        /// Where the host keeps them.
        destination: Destination,
    },
}

/// Where the host keeps an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Until the session ends.
    Session,
    /// `.claude/settings.local.json`, written at once.
    Local,
    /// `.claude/settings.json`.
    Project,
    /// The user's settings.
    User,
}

impl Destination {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Local => "localSettings",
            Self::Project => "projectSettings",
            Self::User => "userSettings",
        }
    }
}

impl PermissionUpdate {
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::AddRules { rules, behavior, destination } => {
                let rules: Vec<Value> = rules
                    .iter()
                    .map(|(tool, content)| match content {
                        Some(content) => json!({"toolName": tool, "ruleContent": content}),
                        None => json!({"toolName": tool}),
                    })
                    .collect();
                let behavior = match behavior {
                    Verdict::Allow => "allow",
                    Verdict::Deny => "deny",
                    Verdict::Ask | Verdict::Abstain => "ask",
                };
                json!({"type": "addRules", "rules": rules, "behavior": behavior, "destination": destination.name()})
            }
            Self::SetMode { mode, destination } => {
                let mode = if *mode == PermissionMode::Unknown { PermissionMode::Default } else { *mode };
                json!({"type": "setMode", "mode": mode.name(), "destination": destination.name()})
            }
            Self::AddDirectories { directories, destination } => {
                json!({"type": "addDirectories", "directories": directories, "destination": destination.name()})
            }
        }
    }
}
