//! Every recorded event: what is read, which actions follow, what each verdict answers.

use std::fmt::Write as _;

use placet_agents::claude_code::{Incoming, actions, answer, parse};
use placet_model::{NoFacts, ToolCall};

use crate::contract;
use crate::support::{VERDICTS, decision, process, recorded};

#[test]
fn recorded_events_are_read() {
    let mut out = String::new();
    for (name, bytes) in recorded() {
        match parse(&bytes, &process()).unwrap_or_else(|error| panic!("{name}: {error}")) {
            Incoming::Call(call) => {
                let ToolCall { event, agent, session, tool_use, tool, input, cwd, project, home, mode } =
                    &call;
                assert!(name.starts_with(if *event == placet_model::CallEvent::PreToolUse {
                    "pre"
                } else {
                    "permission_request"
                }));
                assert_eq!(session.0, "00000000-0000-4000-8000-000000000001");
                assert_eq!(project, "/home/dev/project");
                let _ = writeln!(
                    out,
                    "{name}: {event:?} {tool} {input}\n  mode {mode:?}, cwd {cwd}, home {home:?}, use {:?}, subagent {:?} {:?}",
                    tool_use.as_ref().map(|id| &id.0),
                    agent.subagent,
                    agent.subagent_type
                );
            }
            Incoming::Notice(notice) => {
                assert!(!name.starts_with("pre_tool_use") && !name.starts_with("permission_request"));
                let _ = writeln!(
                    out,
                    "{name}: notice {} tool {:?} use {:?} input {}",
                    notice.event,
                    notice.tool,
                    notice.tool_use.map(|id| id.0),
                    notice.input.map_or("none".to_owned(), |input| input.to_string())
                );
            }
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn recorded_calls_become_actions() {
    let mut out = String::new();
    for (name, bytes) in recorded() {
        // What shell text stands for is the shell crate's own snapshot.
        if let Incoming::Call(call) = parse(&bytes, &process()).unwrap() {
            let actions = actions(&call, &NoFacts);
            assert!(!actions.is_empty(), "{name}");
            if call.tool != "Bash" {
                for action in actions {
                    let _ = writeln!(out, "{name}: {} {:?}", action.kind.name(), action.resource);
                }
            }
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn recorded_calls_are_answered_within_the_contract() {
    for (name, bytes) in recorded() {
        if let Incoming::Call(call) = parse(&bytes, &process()).unwrap() {
            for verdict in VERDICTS {
                let answer = answer(&call, &decision(verdict));
                contract::check(call.event, &answer.stdout)
                    .unwrap_or_else(|fault| panic!("{name} {verdict:?}: {fault}"));
                assert_eq!(answer.exit, 0);
            }
        }
    }
}
