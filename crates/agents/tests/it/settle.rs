//! The permission mode's part, as a table.

use placet_agents::claude_code::{actions, settle};
use placet_model::{Action, CallEvent, NoFacts, PermissionMode as Mode, Verdict};
use serde_json::json;

use crate::support::call;

fn read() -> Vec<Action> {
    actions(&call("Read", json!({"file_path": "a"})), &NoFacts)
}

fn write() -> Vec<Action> {
    actions(&call("Write", json!({"file_path": "a"})), &NoFacts)
}

#[test]
fn table() {
    use CallEvent::{PermissionRequest as Dialog, PreToolUse as Before};
    use Verdict::{Abstain, Allow, Ask, Deny};
    let cases = [
        (Abstain, Mode::Default, Before, write(), Abstain),
        (Abstain, Mode::Plan, Before, write(), Abstain),
        (Abstain, Mode::DontAsk, Before, write(), Abstain),
        (Abstain, Mode::Auto, Before, read(), Ask),
        (Abstain, Mode::BypassPermissions, Before, read(), Ask),
        (Abstain, Mode::Unknown, Before, read(), Ask),
        (Abstain, Mode::AcceptEdits, Before, write(), Ask),
        (Abstain, Mode::AcceptEdits, Before, read(), Abstain),
        (Abstain, Mode::Auto, Dialog, write(), Abstain),
        (Ask, Mode::DontAsk, Before, write(), Ask),
        (Ask, Mode::BypassPermissions, Before, write(), Ask),
        (Allow, Mode::Plan, Before, write(), Allow),
        (Allow, Mode::Plan, Dialog, write(), Abstain),
        (Allow, Mode::Plan, Dialog, read(), Allow),
        (Allow, Mode::Plan, Dialog, Vec::new(), Abstain),
        (Allow, Mode::Unknown, Dialog, write(), Abstain),
        (Allow, Mode::Default, Dialog, write(), Allow),
        (Deny, Mode::Plan, Dialog, write(), Deny),
    ];
    for (verdict, mode, event, actions, want) in cases {
        assert_eq!(settle(verdict, mode, event, &actions), want, "{verdict:?} {mode:?} {event:?}");
    }
}

#[test]
fn nothing_is_ever_loosened() {
    for verdict in crate::support::VERDICTS {
        for mode in [
            Mode::Default,
            Mode::AcceptEdits,
            Mode::Plan,
            Mode::DontAsk,
            Mode::BypassPermissions,
            Mode::Auto,
            Mode::Unknown,
        ] {
            for event in [CallEvent::PreToolUse, CallEvent::PermissionRequest] {
                for actions in [read(), write(), Vec::new()] {
                    assert!(settle(verdict, mode, event, &actions) >= verdict);
                }
            }
        }
    }
}
