//! `placet up`

use placet_agents::claude_code::{self, Incoming, ProcessFacts};
use serde_json::json;

use super::Session;
use super::check::decision_json;
use super::init;
use super::test_hook::subject;
use crate::args::{Agent, InitArgs};
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::Judge;
use crate::style::{self, fold, paint, shorten};
use crate::table;

macro_rules! recorded {
    ($($name:literal),* $(,)?) => { [$(include_str!(concat!("../../recorded/", $name, ".json"))),*] };
}

/// Tool calls as Claude Code really sent them.
const RECORDED: [&str; 14] = recorded![
    "bash",
    "bash_after_cd",
    "bash_in_subagent",
    "auto_mode",
    "bash_rm",
    "read",
    "read_outside",
    "write",
    "edit",
    "webfetch",
    "websearch",
    "mcp",
    "agent",
    "ask_rule",
];

/// Shows the starter policy at work, then how to put it before an agent.
pub(super) fn run(session: &Session<'_>) -> Outcome {
    let judge = Judge::shipped(session, "starter")?;
    // Where the recordings were made.
    let process = ProcessFacts {
        cwd: "/home/dev/project".to_owned(),
        project_dir: Some("/home/dev/project".to_owned()),
        home: Some("/home/dev".to_owned()),
        ai_agent: None,
    };
    let mut rows = Vec::new();
    let mut list = Vec::new();
    for input in RECORDED {
        let call = match claude_code::parse(input.as_bytes(), &process) {
            Ok(Incoming::Call(call)) => call,
            _ => return Err(Failure::new("a recording that came with this build cannot be read")),
        };
        let decision = judge.call(&call)?.decision;
        let subject = subject(&call.input);
        rows.push(vec![
            table::cell(decision.verdict.name(), style::verdict(decision.verdict)),
            table::cell(shorten(&call.tool, 16), style::HEADING),
            table::cell(shorten(&subject, 40), anstyle::Style::new()),
            table::cell(decision.rule.as_ref().map_or("-", |rule| &rule.rule), style::DIM),
        ]);
        list.push(json!({ "tool": call.tool, "subject": subject, "decision": decision_json(&decision) }));
    }
    if session.printer.is_json() {
        session.printer.document(&json!({ "policy": "starter", "calls": list }));
        return Ok(Exit::Ok);
    }
    session
        .printer
        .data(paint(style::HEADING, "What the starter policy says to tool calls Claude Code really made:"));
    session.printer.data("");
    session.printer.data(table::render(&["ANSWER", "TOOL", "SUBJECT", "RULE"], rows, &[0, 1]));
    session.printer.data("");
    for line in fold(
        "allow runs at once, ask waits for a person, deny never runs, abstain leaves it to the agent's own dialog.",
        80,
    ) {
        session.printer.data(line);
    }
    next(session)
}

fn next(session: &Session<'_>) -> Outcome {
    let printer = session.printer;
    printer.data("");
    printer.data(paint(style::HEADING, "To guard Claude Code with it:"));
    printer.data("  $ placet init claude-code        every project of this user");
    printer.data("  $ placet doctor                  is the gate really closed?");
    printer.data("  $ placet explain 'rm -rf build'  why a call is answered as it is");
    if !printer.is_interactive() {
        return Ok(Exit::Ok);
    }
    printer.note("");
    if printer.confirm("Guard Claude Code now, for every project of this user?") != Some(true) {
        return Ok(Exit::Ok);
    }
    let args = InitArgs {
        agent: Agent::ClaudeCode,
        user: true,
        project: false,
        managed: false,
        dry_run: false,
        diff: false,
        yes: false,
    };
    init::run(session, &args)
}
