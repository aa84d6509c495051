//! The permission mode's part in a decision.

use placet_model::{
    Action, ActionKind, CallEvent, Does, Location, PermissionMode, Resource, Verdict, Visibility,
};

/// The verdict that is answered, given what the host would do with it in this mode.
///
/// * No opinion becomes a question where the call would otherwise run with nobody looking.
/// * A question stays one, also where the host turns it into a denial (`dontAsk`, `-p`).
/// * In plan mode an allow given to PermissionRequest would really run the call, so there only calls that
///   do nothing but read keep theirs; PreToolUse may say allow, the host still blocks writing.
pub fn settle(verdict: Verdict, mode: PermissionMode, event: CallEvent, actions: &[Action]) -> Verdict {
    match (verdict, event) {
        (Verdict::Abstain, CallEvent::PreToolUse) if mode.visibility(actions) == Visibility::Unseen => {
            Verdict::Ask
        }
        (Verdict::Allow, CallEvent::PermissionRequest)
            if matches!(mode, PermissionMode::Plan | PermissionMode::Unknown) && !only_reads(actions) =>
        {
            Verdict::Abstain
        }
        (verdict, _) => verdict,
    }
}

/// Whether every action only looks at things. An empty list proves nothing.
fn only_reads(actions: &[Action]) -> bool {
    !actions.is_empty() && actions.iter().all(reads)
}

fn reads(action: &Action) -> bool {
    match (&action.kind, &action.resource) {
        (ActionKind::ReadFile | ActionKind::WebSearch | ActionKind::WebFetch, _) => true,
        (ActionKind::ExecuteShell, Resource::Command(command)) => {
            command.understood && command.location != Location::Elsewhere && command.does == [Does::Inspect]
        }
        _ => false,
    }
}
