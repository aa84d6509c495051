//! The `tests:` of a policy, run on that policy alone.

use std::collections::BTreeMap;
use std::path::Path;

use placet_model::{Action, NoFacts};
use placet_policy::{CaseCall, CaseResult, Layer, Options, Source, TEST_HOME, TEST_PROJECT, run_tests};
use serde_json::{Value, json};

use super::batch::Tested;
use crate::commands::Session;
use crate::diagnostics;
use crate::failure::Failure;
use crate::surroundings::Surroundings;

/// Runs them.
///
/// # Errors
/// When the policy does not compile or a test is incomplete.
pub(super) fn run(session: &Session<'_>, path: &Path, text: &str) -> Result<Vec<Tested>, Failure> {
    let source =
        Source { name: path.display().to_string(), text: text.to_owned(), layer: Layer::User, trusted: true };
    let read = |path: &str| crate::file::read(&session.place.cwd.join(path)).ok().flatten();
    let variables = variables();
    let options = Options { variables: Some(&variables), read: Some(&read), on_trial: None };
    let results = run_tests(&source, &options, &actions).map_err(|error| {
        diagnostics::show(session.printer, &error, &|name| {
            (name == source.name).then(|| source.text.clone())
        });
        Failure::new(format!("`{}` does not compile", path.display()))
    })?;
    Ok(results.into_iter().map(|result| tested(path, result)).collect())
}

fn tested(path: &Path, result: CaseResult) -> Tested {
    let word = |verdict: Option<placet_model::Verdict>| {
        verdict.map_or("none", placet_model::Verdict::name).to_owned()
    };
    Tested {
        name: format!("{}:{} {}", path.display(), result.case.line, result.case.name),
        passed: result.passed,
        decision: word(result.verdict),
        expected: word(result.case.expect),
        policy: None,
        expected_rule: result.case.rule.filter(|wanted| result.rule.as_ref() != Some(wanted)),
        rule: result.rule,
        reason: result.reason,
    }
}

/// Calls and shell lines as actions, in the made-up project tests happen in.
fn actions(call: &CaseCall, cwd: &str) -> Vec<Action> {
    let (tool, input): (&str, Value) = match call {
        CaseCall::Tool { tool, input } => (tool, input.clone()),
        CaseCall::Command(command) => ("Bash", json!({ "command": command })),
        CaseCall::Action { .. } => return Vec::new(),
    };
    let place = Surroundings::made_up(cwd, TEST_PROJECT, TEST_HOME);
    match crate::judge::tool_call(&place, tool, &input, "default", None) {
        Ok(call) => placet_agents::claude_code::actions(&call, &NoFacts),
        // No actions at all: no policy has an opinion, and the test shows it.
        Err(_) => Vec::new(),
    }
}

/// What `${…}` stands for in tests.
fn variables() -> BTreeMap<String, Vec<String>> {
    [
        ("placet.config", "/home/dev/.config/placet"),
        ("placet.state", "/home/dev/.local/state/placet"),
        ("placet.cache", "/home/dev/.cache/placet"),
        ("placet.binary", "/usr/local/bin/placet"),
        ("claude.config", "/home/dev/.claude"),
    ]
    .map(|(name, path)| (name.to_owned(), vec![path.to_owned()]))
    .into()
}
