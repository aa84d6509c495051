//! Tool calls given on the command line.

use std::path::Path;

use placet_agents::claude_code::{self, Incoming, ProcessFacts};
use placet_model::ToolCall;
use placet_model::path::project_root;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::surroundings::Surroundings;

/// A tool call as Claude Code would send it, read by the same reader.
///
/// # Errors
/// When the input is not what the tool needs.
pub(crate) fn tool_call(
    place: &Surroundings,
    tool: &str,
    input: &Value,
    mode: &str,
    cwd: Option<&Path>,
) -> Result<ToolCall, Failure> {
    let cwd = cwd.map_or_else(|| place.cwd.clone(), |cwd| place.cwd.join(cwd));
    let payload = json!({
        "hook_event_name": "PreToolUse", "session_id": "", "cwd": cwd, "permission_mode": mode,
        "tool_name": tool, "tool_input": input,
    });
    match claude_code::parse(payload.to_string().as_bytes(), &process_facts(place)) {
        Ok(Incoming::Call(mut call)) => {
            // As the hook sees it: a home directory is no project.
            let facts = placet_client::MachineFacts::new();
            call.project = project_root(&call.project, call.home.as_deref(), &facts).to_owned();
            Ok(call)
        }
        Ok(Incoming::Notice(_)) => Err(Failure::new("this is not a tool call")),
        Err(malformed) => Err(Failure::arguments(malformed)),
    }
}

/// What the hook process would know about itself here.
pub(crate) fn process_facts(place: &Surroundings) -> ProcessFacts {
    ProcessFacts {
        cwd: place.cwd.display().to_string(),
        project_dir: Some(place.project.display().to_string()),
        home: place.home.as_ref().map(|home| home.display().to_string()),
        ai_agent: None,
    }
}
