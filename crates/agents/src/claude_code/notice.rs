//! Answers to events that ask for no decision on a tool call.

use serde_json::json;

use super::{Answer, message};

/// Nothing to say.
pub fn quiet() -> Answer {
    Answer::none()
}

/// Refuses a change of the host's settings: the old ones stay in force (ConfigChange only).
pub fn refuse_change(reason: &str) -> Answer {
    Answer {
        stderr: reason.to_owned(),
        exit: 2,
        ..Answer::json(&json!({"decision": "block", "reason": reason}))
    }
}

/// Ends the turn: what ran is not what was decided (PostToolUse).
pub fn end_turn(reason: &str) -> Answer {
    Answer::json(&json!({
        "continue": false, "stopReason": reason, "decision": "block", "reason": reason, "systemMessage": reason,
    }))
}

/// Text for the model (SessionStart, SubagentStart, PostToolUse, PostToolUseFailure).
pub fn context(event: &str, text: &str) -> Answer {
    Answer::json(&json!({"hookSpecificOutput": {"hookEventName": event, "additionalContext": text}}))
}

/// A line for the person at the screen.
pub fn tell_person(text: &str) -> Answer {
    Answer::json(&json!({"systemMessage": text}))
}

/// When a notice cannot be handled. A settings change is refused, since it may be the one that removes the
/// gate; elsewhere nothing can be blocked any more, so the person is told.
pub(super) fn failure(event: &str, why: &str) -> Answer {
    match event {
        "ConfigChange" => refuse_change(&message::unjudged_change(why)),
        _ => {
            let text = message::notice_failure(event, why);
            Answer { stderr: text.clone(), ..tell_person(&text) }
        }
    }
}
