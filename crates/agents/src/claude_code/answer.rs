//! Decisions to hook output, in the form that really allows, asks or denies on each event.
//!
//! Facts behind the forms: stdout that is not exactly one JSON document counts as no opinion. Exit code 2
//! denies on PreToolUse whatever stdout says; on PermissionRequest it denies nothing and the JSON counts.
//! So a denial is JSON with exit 0, and a failure on PreToolUse is both.

use placet_model::{CallEvent, Decision, Enforcement, PermissionMode, ToolCall, Verdict};
use serde_json::{Map, Value, json};

use super::{Event, PermissionUpdate, event::call_event_name, message};

/// What the hook process writes and how it exits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// One JSON document and a newline.
    pub stdout: Vec<u8>,
    /// A line for people and, with exit code 2, for the model. May be empty.
    pub stderr: String,
    /// 0, or 2 where that strengthens a denial.
    pub exit: u8,
}

impl Answer {
    pub(super) fn json(document: &Value) -> Self {
        let mut stdout = document.to_string().into_bytes();
        stdout.push(b'\n');
        Self { stdout, stderr: String::new(), exit: 0 }
    }

    /// No opinion.
    pub fn none() -> Self {
        Self::json(&json!({}))
    }
}

/// What an answer may carry beside the decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Text the model gets beside the tool's result (PreToolUse only).
    pub additional_context: Option<String>,
    /// What the host shall remember (PermissionRequest allow only).
    pub updated_permissions: Vec<PermissionUpdate>,
}

/// The answer to a call. The verdict must have gone through [`super::settle()`] before.
pub fn answer(call: &ToolCall, decision: &Decision) -> Answer {
    answer_with(call, decision, &Extras::default())
}

/// [`answer`], with more than the decision.
pub fn answer_with(call: &ToolCall, decision: &Decision, extras: &Extras) -> Answer {
    // In audit mode nothing is said at all, not even a context: the host must behave as if alone.
    if decision.enforcement == Enforcement::Audit {
        return Answer::none();
    }
    if let (Some(rewrite), true) = (&decision.rewrite, decision.verdict != Verdict::Deny) {
        // An empty object means "as asked" to the host, so a broken rewrite would run the unchanged call.
        if rewrite.input.as_object().is_none_or(Map::is_empty)
            || super::fields::check(&call.tool, &rewrite.input).is_err()
        {
            return failure(
                &Event::Call(call.event),
                &format!("the rewrite `{}` gives no valid input", rewrite.name),
            );
        }
    }
    match call.event {
        CallEvent::PreToolUse => pre_tool_use(call, decision, extras),
        CallEvent::PermissionRequest => permission_request(call, decision, extras),
    }
}

fn pre_tool_use(call: &ToolCall, decision: &Decision, extras: &Extras) -> Answer {
    let mut own = Map::new();
    let mut document = Map::new();
    let mut decide = |word: &str, reason: String| {
        own.insert("permissionDecision".to_owned(), word.into());
        own.insert("permissionDecisionReason".to_owned(), reason.into());
    };
    match decision.verdict {
        Verdict::Allow => decide("allow", message::permit(decision)),
        Verdict::Ask => decide("ask", message::question(decision)),
        Verdict::Abstain => {}
        Verdict::Deny => {
            let text = message::denial(call, decision);
            if decision.interrupt {
                document.insert("continue".to_owned(), false.into());
                document.insert("stopReason".to_owned(), text.clone().into());
            }
            decide("deny", text);
        }
    }
    // A rewrite takes effect with allow or without a decision; with ask the person sees the original.
    if let (Verdict::Allow | Verdict::Abstain, Some(rewrite)) = (decision.verdict, &decision.rewrite) {
        own.insert("updatedInput".to_owned(), rewrite.input.clone());
    }
    let changed = own.contains_key("updatedInput").then(|| message::changed(decision)).flatten();
    let context: Vec<&str> =
        [extras.additional_context.as_deref(), changed.as_deref()].into_iter().flatten().collect();
    if !context.is_empty() {
        own.insert("additionalContext".to_owned(), context.join("\n").into());
    }
    if !own.is_empty() {
        own.insert("hookEventName".to_owned(), call_event_name(call.event).into());
        document.insert("hookSpecificOutput".to_owned(), Value::Object(own));
    }
    Answer::json(&Value::Object(document))
}

fn permission_request(call: &ToolCall, decision: &Decision, extras: &Extras) -> Answer {
    let decided = match decision.verdict {
        Verdict::Allow if writes_in_plan_mode(call) => return Answer::none(),
        Verdict::Allow => {
            let mut decided = Map::new();
            decided.insert("behavior".to_owned(), "allow".into());
            if let Some(rewrite) = &decision.rewrite {
                decided.insert("updatedInput".to_owned(), rewrite.input.clone());
            }
            if !extras.updated_permissions.is_empty() {
                let updates = extras.updated_permissions.iter().map(PermissionUpdate::to_json).collect();
                decided.insert("updatedPermissions".to_owned(), Value::Array(updates));
            }
            decided
        }
        Verdict::Deny => {
            let mut decided = Map::new();
            decided.insert("behavior".to_owned(), "deny".into());
            decided.insert("message".to_owned(), message::denial(call, decision).into());
            if decision.interrupt {
                decided.insert("interrupt".to_owned(), true.into());
            }
            decided
        }
        // There is no word for "ask" here: saying nothing leaves the dialog to the person.
        Verdict::Ask | Verdict::Abstain => return Answer::none(),
    };
    Answer::json(&json!({"hookSpecificOutput": {
        "hookEventName": call_event_name(call.event), "decision": decided,
    }}))
}

/// Second line behind [`super::settle()`]: here an allow would really write.
fn writes_in_plan_mode(call: &ToolCall) -> bool {
    call.mode == PermissionMode::Plan
        && matches!(call.tool.as_str(), "Write" | "Edit" | "MultiEdit" | "NotebookEdit")
}

/// Ends a headless session with the call pending; resuming it asks again. Nothing on PermissionRequest,
/// which has no such word, and no opinion in an interactive session.
pub fn defer(call: &ToolCall, reason: &str) -> Answer {
    match call.event {
        CallEvent::PermissionRequest => Answer::none(),
        CallEvent::PreToolUse => Answer::json(&json!({"hookSpecificOutput": {
            "hookEventName": "PreToolUse", "permissionDecision": "defer", "permissionDecisionReason": reason,
        }})),
    }
}

/// The answer when no decision could be made: the strongest form of "no" the event has.
///
/// `why` is a phrase in lower case without a full stop.
pub fn failure(event: &Event, why: &str) -> Answer {
    let text = message::failure(why);
    match event {
        Event::Call(CallEvent::PreToolUse) => {
            let document = json!({"hookSpecificOutput": {
                "hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": text,
            }});
            Answer { stderr: text, exit: 2, ..Answer::json(&document) }
        }
        Event::Call(CallEvent::PermissionRequest) => {
            Answer { stderr: text.clone(), ..permission_denied(&text) }
        }
        // PreToolUse heeds the exit code, PermissionRequest the document: together they deny on both.
        Event::Unclear => Answer { exit: 2, stderr: text.clone(), ..permission_denied(&text) },
        Event::Notice(name) => super::notice::failure(name, why),
    }
}

fn permission_denied(text: &str) -> Answer {
    Answer::json(&json!({"hookSpecificOutput": {
        "hookEventName": "PermissionRequest", "decision": {"behavior": "deny", "message": text},
    }}))
}
