//! A tool call, whatever agent it came from.

use serde_json::Value;

use crate::{Layer, PermissionMode, SessionId, ToolUseId};

/// What an agent wants to do, before it is understood.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolCall {
    /// At which point the host asks.
    pub event: CallEvent,
    /// Who acts.
    pub agent: AgentIdentity,
    /// Which run of the agent.
    pub session: SessionId,
    /// Which call within it, where the host says.
    pub tool_use: Option<ToolUseId>,
    /// Tool name in the host's current spelling (`Bash`, `Read`, `mcp__srv__tool`).
    pub tool: String,
    /// The complete input, unknown fields kept.
    pub input: Value,
    /// Directory the agent is in. Absolute.
    pub cwd: String,
    /// Root of the project; equal to `cwd` when the host does not say. Absolute.
    pub project: String,
    /// Home directory of the operator, when known. Absolute.
    pub home: Option<String>,
    /// The host's permission mode.
    pub mode: PermissionMode,
}

/// At which point the host asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallEvent {
    /// Before the tool runs; a deny is final.
    PreToolUse,
    /// A dialog is about to be shown; first answer wins.
    PermissionRequest,
}

/// Who acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentIdentity {
    /// Registered or default name, e.g. `claude-code`.
    pub name: String,
    /// Tags policies use in `appliesTo`.
    pub tags: Vec<String>,
    /// Trust tier, e.g. `verified`.
    pub tier: String,
    /// Id of the sub-agent inside the host, when the call comes from one.
    pub subagent: Option<String>,
    /// Type of that sub-agent.
    pub subagent_type: Option<String>,
    /// Who it is to its organisation, where that knows it: policies of the organisation look at this name, these tags and this
    /// tier, and at nothing that a machine's own settings say.
    pub registered: Option<Box<AgentIdentity>>,
}

impl AgentIdentity {
    /// Who it is to policies of a layer.
    pub fn to_layer(&self, layer: Layer) -> &Self {
        match (layer, &self.registered) {
            (Layer::Organisation, Some(registered)) => registered,
            _ => self,
        }
    }
}
