//! From an action and a resource, as clients name them, to a decision. The same engine as the hook's.

use std::sync::Arc;

use placet_agents::claude_code::{Incoming, ProcessFacts, parse};
use placet_hook::{Deciding, decide};
use placet_model::{Action, AgentIdentity, Decision, Enforcement, Layer, NoFacts, PermissionMode, ToolCall};
use placet_policy::{PolicySet, Situation, action_on};
use placet_store::Agent;
use serde_json::{Value, json};

use crate::config::EnforcementMode;
use crate::error::ApiError;
use crate::machine::{aside, unix_ms};
use crate::policies::InForce;

/// What a client asks about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// `verb:object`.
    pub(crate) action: String,
    /// What it is done to.
    pub(crate) resource: Option<String>,
    /// What the client says about the call, an object or null.
    pub(crate) context: Value,
}

/// A decision with what it was made on.
pub(crate) struct Answer {
    pub(crate) decision: Decision,
    pub(crate) actions: Vec<Action>,
}

/// Folder that relative paths are taken from when the client names none. Nothing lies in it.
const NOWHERE: &str = "/nowhere";

/// Longest resource that is decided upon before anybody else could be served, in bytes.
const QUICK_BYTES: usize = 4096;

/// Decides a question.
///
/// # Errors
/// When the question is none: no `verb:object`, a `*`, a resource that is no text.
pub(crate) fn answer(
    question: &Question,
    agent: &Agent,
    policies: &InForce,
    mode: EnforcementMode,
) -> Result<Answer, ApiError> {
    check(question)?;
    let bytes = Arc::clone(&policies.bytes);
    let set = PolicySet::open(&bytes).map_err(|error| ApiError::internal(&error))?;
    let identity = AgentIdentity {
        name: agent.name.clone(),
        tags: agent.tags.clone(),
        tier: agent.trust_tier.clone(),
        ..AgentIdentity::default()
    };
    let text = |name: &str| question.context.get(name).and_then(Value::as_str);
    let cwd = text("working_directory").or(text("cwd")).filter(|cwd| cwd.starts_with('/')).unwrap_or(NOWHERE);
    let enforcement = match mode {
        EnforcementMode::Enforce => Enforcement::Enforce,
        EnforcementMode::Audit => Enforcement::Audit,
    };
    let work = || match tool_call(question, cwd, &identity) {
        Some(call) => {
            let decided = decide(
                &call,
                &Deciding {
                    set: &set,
                    facts: &NoFacts,
                    enforcement,
                    autonomy: text("autonomy"),
                    environment: text("environment"),
                    unix_seconds: unix_ms() / 1000,
                },
            );
            Answer { decision: decided.decision, actions: decided.actions }
        }
        None => plain(question, cwd, &identity, &set, enforcement),
    };
    let long = question.resource.as_ref().is_some_and(|resource| resource.len() > QUICK_BYTES);
    let answer = if long { aside(work) } else { work() };
    if set.is_damaged() {
        return Err(ApiError::internal(&"the compiled policies are damaged"));
    }
    Ok(answer)
}

/// An action that no tool of an agent stands for.
fn plain(
    question: &Question,
    cwd: &str,
    agent: &AgentIdentity,
    set: &PolicySet<'_>,
    enforcement: Enforcement,
) -> Answer {
    let actions = vec![action_on(&question.action, question.resource.as_deref(), cwd)];
    let situation = Situation {
        agent,
        mode: PermissionMode::Default,
        tool: question.action.strip_prefix("invoke:").unwrap_or_default(),
        input: &Value::Null,
        cwd,
        project: cwd,
        home: None,
        autonomy: None,
        environment: None,
        unix_seconds: unix_ms() / 1000,
        context: &question.context,
        facts: &NoFacts,
    };
    let mut decision = placet_policy::decide(set, &situation, &actions);
    // The floor binds in audit mode too.
    if decision.rule.as_ref().is_none_or(|rule| rule.layer != Layer::Floor) {
        decision.enforcement = enforcement;
    }
    Answer { decision, actions }
}

/// The tool call that an action stands for, so that shell texts, paths and URLs are understood as in the hook.
fn tool_call(question: &Question, cwd: &str, agent: &AgentIdentity) -> Option<ToolCall> {
    let resource = question.resource.as_deref()?;
    let (tool, input) = match question.action.as_str() {
        "execute:shell" => ("Bash", json!({"command": resource})),
        "read:file" => ("Read", json!({"file_path": resource})),
        "write:file" => ("Write", json!({"file_path": resource, "content": ""})),
        "read:web_fetch" => ("WebFetch", json!({"url": resource, "prompt": ""})),
        "read:web_search" => ("WebSearch", json!({"query": resource})),
        _ => return None,
    };
    let payload = json!({
        "hook_event_name": "PreToolUse", "session_id": "", "cwd": cwd, "permission_mode": "default",
        "tool_name": tool, "tool_input": input,
    });
    let facts =
        ProcessFacts { cwd: cwd.to_owned(), project_dir: Some(cwd.to_owned()), home: None, ai_agent: None };
    match parse(payload.to_string().as_bytes(), &facts) {
        Ok(Incoming::Call(mut call)) => {
            call.agent = agent.clone();
            Some(call)
        }
        _ => None,
    }
}

fn check(question: &Question) -> Result<(), ApiError> {
    let action = question.action.as_str();
    let wrong = |why: &str| {
        Err(ApiError::bad_request(format!("action `{action}` {why}"), "name one action as `verb:object`"))
    };
    match action.split_once(':') {
        None => return wrong("has no `:`"),
        Some((verb, object)) if verb.is_empty() || object.is_empty() => {
            return wrong("lacks its verb or its object");
        }
        Some(_) => {}
    }
    if action.contains('*') {
        return wrong("is a pattern");
    }
    if action.chars().any(char::is_control) {
        return wrong("holds control characters");
    }
    if question.resource.as_deref() == Some("[object Object]") {
        return Err(ApiError::bad_request(
            "the resource is `[object Object]`: an object where a text belongs",
            "pass the resource as a text, and the rest as context",
        ));
    }
    Ok(())
}
