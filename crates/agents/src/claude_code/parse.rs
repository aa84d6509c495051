//! Hook input: bytes from stdin to a tool call, a notice, or a refusal.

use placet_model::{AgentIdentity, CallEvent, PermissionMode, SessionId, ToolCall, ToolUseId};
use serde_json::{Map, Value};

use super::{Event, INPUT_LIMIT_BYTES, fields, json};

/// What the hook process knows about itself. The hook passes it in; nothing is looked up here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessFacts {
    /// Current directory. Absolute.
    pub cwd: String,
    /// `CLAUDE_PROJECT_DIR`.
    pub project_dir: Option<String>,
    /// Home directory of the operator.
    pub home: Option<String>,
    /// `AI_AGENT`: name and version of the host, for records.
    pub ai_agent: Option<String>,
}

/// An input that was understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// The host waits for a decision.
    Call(ToolCall),
    /// The host tells of something.
    Notice(Notice),
}

/// An event that asks for no decision on a tool call.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Name on the wire.
    pub event: String,
    /// Which run of the agent.
    pub session: SessionId,
    /// Which call, on events that are about one.
    pub tool_use: Option<ToolUseId>,
    /// Tool of that call, in the host's current spelling.
    pub tool: Option<String>,
    /// Input of that call: what really ran, for comparison with what was decided.
    pub input: Option<Value>,
    /// Who acts.
    pub agent: AgentIdentity,
    /// Directory the agent is in. Absolute.
    pub cwd: String,
    /// Root of the project. Absolute.
    pub project: String,
    /// The host's permission mode; default when the event carries none.
    pub mode: PermissionMode,
    /// The whole input.
    pub payload: Value,
}

/// An input that is refused: the tool call it may stand for must not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Event it belongs to, as far as known: it decides which form denies.
    pub event: Event,
    /// Which run of the agent, when that much could be read.
    pub session: Option<SessionId>,
    /// What is wrong, in lower case, input in backticks.
    pub reason: String,
    /// What to do about it.
    pub help: &'static str,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Malformed {}

const HELP_HOST: &str =
    "the host sent something this version does not understand; `placet doctor` tells which versions fit";
const HELP_SIZE: &str = "write large files in several steps";

/// Reads one hook input.
///
/// A missing event name means PreToolUse; an unknown one that carries a tool call is refused.
///
/// # Errors
/// [`Malformed`] for everything that is not certainly understood: broken or ambiguous JSON, wrong types, a
/// tool call without the input its tool needs, more than [`INPUT_LIMIT_BYTES`].
pub fn parse(stdin: &[u8], process: &ProcessFacts) -> Result<Incoming, Malformed> {
    if stdin.len() > INPUT_LIMIT_BYTES {
        let reason = format!("the input is longer than {} MiB", INPUT_LIMIT_BYTES >> 20);
        return Err(Malformed { help: HELP_SIZE, ..unreadable(stdin, reason) });
    }
    match json::read(stdin) {
        Err(reason) => Err(unreadable(stdin, reason)),
        Ok(Value::Object(payload)) => document(payload, process),
        Ok(_) => Err(unreadable(b"", "the input is not a JSON object".to_owned())),
    }
}

/// The identity under which calls of a local Claude Code are judged.
pub fn local_agent() -> AgentIdentity {
    AgentIdentity {
        name: "claude-code".to_owned(),
        tags: ["claude-code", "dev-agent", "dev-assistant"].map(str::to_owned).to_vec(),
        tier: "verified".to_owned(),
        subagent: None,
        subagent_type: None,
        registered: None,
    }
}

fn unreadable(stdin: &[u8], reason: String) -> Malformed {
    let event = Event::of_unreadable(json::event_name_of_unreadable(stdin));
    Malformed { event, session: None, reason, help: HELP_HOST }
}

fn document(payload: Map<String, Value>, process: &ProcessFacts) -> Result<Incoming, Malformed> {
    let carries_call = payload.contains_key("tool_name") && payload.contains_key("tool_input");
    let event = match payload.get("hook_event_name") {
        None => Event::Call(CallEvent::PreToolUse),
        Some(Value::String(name)) => Event::named(name, carries_call),
        Some(_) => Event::Unclear,
    };
    let session = payload.get("session_id").and_then(Value::as_str).map(|id| SessionId(id.to_owned()));
    // Who does not say which event it is gets the form that denies on both.
    let told = if payload.contains_key("hook_event_name") { event.clone() } else { Event::Unclear };
    let refuse =
        |reason: String| Malformed { event: told.clone(), session: session.clone(), reason, help: HELP_HOST };
    let common = Common::read(&payload, process).map_err(refuse)?;
    match &event {
        Event::Call(at) => {
            let at = *at;
            call(payload, common, at, process).map(Incoming::Call).map_err(refuse)
        }
        Event::Notice(name) => notice(name.clone(), payload, common).map(Incoming::Notice).map_err(refuse),
        Event::Unclear => {
            Err(refuse("`hook_event_name` names no event that is known, and there is a tool call".to_owned()))
        }
    }
}

/// What every event may carry.
struct Common {
    session: SessionId,
    tool_use: Option<ToolUseId>,
    agent: AgentIdentity,
    cwd: String,
    project: String,
    mode: PermissionMode,
}

impl Common {
    fn read(payload: &Map<String, Value>, process: &ProcessFacts) -> Result<Self, String> {
        let cwd = match fields::optional_text(payload, "cwd")? {
            Some(cwd) if !cwd.starts_with('/') => return Err("`cwd` is not an absolute path".to_owned()),
            Some(cwd) if cwd.contains('\0') => return Err("`cwd` contains a NUL character".to_owned()),
            Some(cwd) => cwd.to_owned(),
            None => process.cwd.clone(),
        };
        let project =
            process.project_dir.clone().filter(|path| path.starts_with('/')).unwrap_or_else(|| cwd.clone());
        let mut agent = local_agent();
        agent.subagent = fields::optional_text(payload, "agent_id")?.map(str::to_owned);
        agent.subagent_type = fields::optional_text(payload, "agent_type")?.map(str::to_owned);
        Ok(Self {
            session: SessionId(fields::optional_text(payload, "session_id")?.unwrap_or_default().to_owned()),
            tool_use: fields::optional_text(payload, "tool_use_id")?.map(|id| ToolUseId(id.to_owned())),
            agent,
            cwd,
            project,
            mode: fields::optional_text(payload, "permission_mode")?
                .map(PermissionMode::parse)
                .unwrap_or_default(),
        })
    }
}

fn call(
    mut payload: Map<String, Value>,
    common: Common,
    event: CallEvent,
    process: &ProcessFacts,
) -> Result<ToolCall, String> {
    let tool = match payload.get("tool_name") {
        None => return Err("the tool call has no `tool_name`".to_owned()),
        Some(Value::String(name)) if name.trim().is_empty() => return Err("`tool_name` is empty".to_owned()),
        Some(Value::String(name)) if name.chars().any(char::is_control) => {
            return Err("`tool_name` contains control characters".to_owned());
        }
        Some(Value::String(name)) => current_tool_name(name).to_owned(),
        Some(_) => return Err("`tool_name` is not text".to_owned()),
    };
    let input = match payload.remove("tool_input") {
        None => return Err(format!("the call of `{tool}` has no `tool_input`")),
        Some(input @ Value::Object(_)) => input,
        Some(_) => return Err(format!("`tool_input` of `{tool}` is not an object")),
    };
    fields::check(&tool, &input)?;
    let Common { session, tool_use, agent, cwd, project, mode } = common;
    let home = process.home.clone().filter(|home| home.starts_with('/'));
    Ok(ToolCall { event, agent, session, tool_use, tool, input, cwd, project, home, mode })
}

fn notice(event: String, payload: Map<String, Value>, common: Common) -> Result<Notice, String> {
    let tool = fields::optional_text(&payload, "tool_name")?.map(|name| current_tool_name(name).to_owned());
    let input = payload.get("tool_input").cloned();
    let Common { session, tool_use, agent, cwd, project, mode } = common;
    Ok(Notice {
        event,
        session,
        tool_use,
        tool,
        input,
        agent,
        cwd,
        project,
        mode,
        payload: Value::Object(payload),
    })
}

/// Earlier spellings of tools that people still write in policies, tests and scripts.
fn current_tool_name(name: &str) -> &str {
    match name {
        "exec" => "Bash",
        "web_search" => "WebSearch",
        "web_fetch" => "WebFetch",
        other => other,
    }
}
