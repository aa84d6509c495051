//! Runs the tests of a policy. The policy is judged alone.

use placet_model::path::Base;
use placet_model::{
    Action, ActionKind, AgentIdentity, NoFacts, PathCertainty, PathRef, PermissionMode, Reach, Resource,
    UrlRef, Verdict,
};
use serde_json::Value;

use super::{Case, CaseCall};
use crate::compile::compile_loaded;
use crate::decide::{self, Basis, Which};
use crate::matching::Scratch;
use crate::source::load;
use crate::{CompileError, Options, PolicySet, Situation, Source};

/// Where tests happen unless they say otherwise.
pub const TEST_PROJECT: &str = "/home/dev/project";
/// Home directory of tests.
pub const TEST_HOME: &str = "/home/dev";

/// Turns a tool call or a shell line into actions; the crates that know how lie outside of this one.
/// The second argument is the current directory.
pub type ToActions<'a> = dyn Fn(&CaseCall, &str) -> Vec<Action> + 'a;

/// How a test went.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseResult {
    /// The test.
    pub case: Case,
    /// What the policy said; `None`: nothing.
    pub verdict: Option<Verdict>,
    /// Rule (or `default-…`) that decided.
    pub rule: Option<String>,
    /// Why, in words.
    pub reason: String,
    /// Whether both are as expected.
    pub passed: bool,
}

/// Runs the tests of one source. Calls of `action` and `resource` need no `to_actions`.
///
/// # Errors
/// When the source does not compile.
pub fn run_tests(
    source: &Source,
    options: &Options<'_>,
    to_actions: &ToActions<'_>,
) -> Result<Vec<CaseResult>, CompileError> {
    let mut loaded = load::load(std::slice::from_ref(source), options)?;
    let cases: Vec<Case> =
        loaded.policies.iter_mut().flat_map(|policy| std::mem::take(&mut policy.tests)).collect();
    // A policy in trial is tested as if it bound, and for every agent.
    for loaded in &mut loaded.policies {
        loaded.policy.dry_run = false;
        loaded.policy.applies_to = None;
        loaded.policy.trusted = true;
    }
    let compiled = compile_loaded(loaded)?;
    let Ok(set) = PolicySet::open(&compiled.bytes) else { return Ok(Vec::new()) };
    Ok(cases.into_iter().map(|case| run(&set, case, to_actions)).collect())
}

fn run(set: &PolicySet<'_>, case: Case, to_actions: &ToActions<'_>) -> CaseResult {
    let cwd = case.cwd.clone().unwrap_or_else(|| TEST_PROJECT.to_owned());
    let actions = match &case.call {
        CaseCall::Action { action, resource } => vec![action_on(action, resource.as_deref(), &cwd)],
        call => to_actions(call, &cwd),
    };
    let agent =
        AgentIdentity { name: "test".to_owned(), tier: "verified".to_owned(), ..AgentIdentity::default() };
    let (tool, input) = match &case.call {
        CaseCall::Tool { tool, input } => (tool.as_str(), input.clone()),
        CaseCall::Command(command) => ("Bash", serde_json::json!({ "command": command })),
        CaseCall::Action { .. } => ("", Value::Null),
    };
    let situation = Situation {
        agent: &agent,
        mode: case.mode.as_deref().map_or(PermissionMode::Default, PermissionMode::parse),
        tool,
        input: &input,
        cwd: &cwd,
        project: TEST_PROJECT,
        home: Some(TEST_HOME),
        autonomy: case.env.get("autonomy").map(String::as_str),
        environment: case.env.get("environment").map(String::as_str),
        unix_seconds: 0,
        context: &case.context,
        facts: &NoFacts,
    };
    let call = decide::strongest(set, &situation, &actions, &Scratch::default(), Which::Enforced);
    let decision = decide::decide(set, &situation, &actions);
    // `execute:unknown` asks by itself where the policy is silent.
    let silent = call.is_none_or(|call| call.outcome.basis == Basis::Unknown && case.expect.is_none());
    let verdict = if silent { None } else { call.map(|call| call.outcome.verdict) };
    let rule = decision.rule.map(|rule| rule.rule);
    let passed =
        verdict == case.expect && case.rule.as_ref().is_none_or(|wanted| rule.as_ref() == Some(wanted));
    CaseResult { case, verdict, rule, reason: decision.reason, passed }
}

/// An action and a resource given as texts, read by the kind of action.
pub fn action_on(action: &str, resource: Option<&str>, cwd: &str) -> Action {
    let kind = ActionKind::parse(action);
    let text = resource.unwrap_or_default();
    let base = Base { cwd, project: TEST_PROJECT, home: Some(TEST_HOME) };
    let resource = match &kind {
        ActionKind::ReadFile | ActionKind::WriteFile | ActionKind::DeleteFile | ActionKind::MentionFile
            if resource.is_some() =>
        {
            Resource::Path(PathRef::new(text, PathCertainty::Exact, Reach::Entry, base, &NoFacts))
        }
        ActionKind::WebFetch | ActionKind::WebBrowse | ActionKind::WebSend if resource.is_some() => {
            Resource::Url(UrlRef::parse(text))
        }
        ActionKind::ConnectHost => Resource::Host(resource.map(str::to_lowercase)),
        _ => Resource::Text(text.to_owned()),
    };
    Action::direct(kind, resource)
}
