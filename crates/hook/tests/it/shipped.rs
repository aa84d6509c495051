//! Shipped policies on whole tool calls: their own tests, and what ordinary calls cost.

use std::fmt::Write as _;

use placet_agents::claude_code;
use placet_model::{Action, NoFacts};
use placet_policy::{CaseCall, FLOOR, Layer, Options, SHIPPED, Source, regexes_compiled, run_tests};
use serde_json::json;

use crate::desk::{Desk, Pretended, bash, call, variables};

/// Lines of an ordinary day.
const ORDINARY: [&str; 9] = [
    "cd crates/shell && cargo test --workspace -- --nocapture 2>&1 | grep -E 'FAILED|error' | head -400 && git status --short",
    "ls",
    "npm test",
    "npm run build",
    "git commit -m x",
    "git diff --stat HEAD~1",
    "make build",
    "python3 -m pytest -q",
    "export RUST_LOG=debug",
];

#[test]
fn an_ordinary_line_compiles_no_regular_expression() {
    let desk = Desk::shipped("starter");
    for line in ORDINARY {
        let before = regexes_compiled();
        desk.decide(&bash(line), &Pretended::default());
        assert_eq!(regexes_compiled() - before, 0, "{line}");
    }
    let before = regexes_compiled();
    desk.decide(&call("Read", json!({"file_path": "/tmp/a.txt"})), &Pretended::default());
    assert_eq!(regexes_compiled() - before, 0);
    desk.decide(&bash("gh auth token"), &Pretended::default());
    assert_ne!(regexes_compiled() - before, 0, "the counter counts");
}

#[test]
fn every_inline_test_passes() {
    let options = Options { variables: Some(&variables()), read: None, on_trial: None };
    let mut failed = String::new();
    for (name, text) in SHIPPED.iter().chain(&[("floor", FLOOR)]) {
        let source = Source { name: (*name).into(), text: (*text).into(), layer: Layer::User, trusted: true };
        for result in run_tests(&source, &options, &actions).unwrap_or_else(|error| panic!("{name}: {error}"))
        {
            if !result.passed {
                let _ = writeln!(
                    failed,
                    "{name}:{} {:?} by {:?}: {}",
                    result.case.line, result.verdict, result.rule, result.reason
                );
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

fn actions(case: &CaseCall, cwd: &str) -> Vec<Action> {
    let mut call = match case {
        CaseCall::Tool { tool, input } => call(tool, input.clone()),
        CaseCall::Command(command) => bash(command),
        CaseCall::Action { .. } => return Vec::new(),
    };
    call.cwd = cwd.to_owned();
    claude_code::actions(&call, &NoFacts)
}
