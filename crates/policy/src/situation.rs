//! What is known about a tool call beside its actions.

use placet_model::{AgentIdentity, Facts, PermissionMode};
use serde_json::Value;

/// What rules may ask about besides the action itself.
#[derive(Clone, Copy)]
pub struct Situation<'a> {
    /// Who acts.
    pub agent: &'a AgentIdentity,
    /// The host's permission mode.
    pub mode: PermissionMode,
    /// Tool name in the host's spelling.
    pub tool: &'a str,
    /// The tool's complete input; `Null` when there is none.
    pub input: &'a Value,
    /// Absolute current directory.
    pub cwd: &'a str,
    /// Absolute project root.
    pub project: &'a str,
    /// Absolute home directory, when known.
    pub home: Option<&'a str>,
    /// Autonomy level, when somebody says which.
    pub autonomy: Option<&'a str>,
    /// Environment (`production`), when somebody says which.
    pub environment: Option<&'a str>,
    /// Now, in seconds since 1970.
    pub unix_seconds: i64,
    /// What a client says about the call, a JSON object or `Null`.
    pub context: &'a Value,
    /// The machine.
    pub facts: &'a dyn Facts,
}
