//! A file of cases: `tests: [{name, agent, action, resource?, context?, expect}]`.

use serde_json::{Value, json};

use super::single::{decide, judge};
use crate::args::TestArgs;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::named_verdict::verdict;
use crate::outline::Outline;
use crate::style::{self, paint};

/// How one case ended.
pub(super) struct Tested {
    /// Its name.
    pub(super) name: String,
    /// Whether it came out as written.
    pub(super) passed: bool,
    /// The answer.
    pub(super) decision: String,
    /// What was written.
    pub(super) expected: String,
    /// Deciding policy.
    pub(super) policy: Option<String>,
    /// Deciding rule.
    pub(super) rule: Option<String>,
    /// The rule that was written, when it was another one.
    pub(super) expected_rule: Option<String>,
    /// Why.
    pub(super) reason: String,
}

/// Runs all cases of a file.
///
/// # Errors
/// When a case is incomplete or the policies cannot be used.
pub(super) fn run(
    session: &Session<'_>,
    args: &TestArgs,
    file: &str,
    outline: &Outline,
) -> Result<Vec<Tested>, Failure> {
    if outline.tests().is_empty() {
        return Err(Failure::new(format!("`{file}` holds neither a policy nor `tests`")));
    }
    outline.tests().iter().enumerate().map(|(index, case)| one(session, args, file, index, case)).collect()
}

fn one(
    session: &Session<'_>,
    args: &TestArgs,
    file: &str,
    index: usize,
    case: &Value,
) -> Result<Tested, Failure> {
    let text = |key: &str| case.get(key).and_then(Value::as_str);
    let name = text("name").map_or_else(|| format!("test {}", index + 1), str::to_owned);
    let missing = |key: &str| Failure::new(format!("`{file}`: case `{name}` has no `{key}`"));
    let action = text("action").ok_or_else(|| missing("action"))?;
    let agent = text("agent").ok_or_else(|| missing("agent"))?;
    let expect = text("expect").ok_or_else(|| missing("expect"))?;
    let expected = verdict(expect).ok_or_else(|| {
        Failure::new(format!("`{file}`: case `{name}` expects `{expect}`"))
            .hint("allow, ask, deny or abstain is meant")
    })?;
    let context = case.get("context").cloned().unwrap_or(Value::Null);
    let resource = text("resource").or_else(|| context.get("resource").and_then(Value::as_str));
    let judge = judge(session, args)?.for_agent(agent);
    let single = decide(session, args, &judge, action, resource, &context)?;
    let rule = single.decision.rule;
    Ok(Tested {
        passed: single.decision.verdict == expected,
        decision: single.decision.verdict.name().to_owned(),
        expected: expected.name().to_owned(),
        policy: rule.as_ref().map(|rule| rule.policy.clone()),
        rule: rule.map(|rule| rule.rule),
        expected_rule: None,
        reason: single.decision.reason,
        name,
    })
}

/// Shows how the cases ended.
pub(super) fn report(session: &Session<'_>, verbose: bool, results: &[Tested]) -> Exit {
    let passed = results.iter().filter(|tested| tested.passed).count();
    let failed = results.len() - passed;
    let printer = session.printer;
    if printer.is_json() {
        let list: Vec<Value> = results
            .iter()
            .map(|tested| {
                json!({
                    "name": tested.name, "passed": tested.passed, "decision": tested.decision,
                    "expected": tested.expected, "policy": tested.policy, "rule": tested.rule,
                    "expectedRule": tested.expected_rule, "reason": tested.reason,
                })
            })
            .collect();
        let summary = json!({ "total": results.len(), "passed": passed, "failed": failed });
        printer.document(&json!({ "summary": summary, "results": list }));
    } else {
        for tested in results.iter().filter(|tested| verbose || !tested.passed) {
            show(session, tested);
        }
        let style = if failed == 0 { style::GOOD } else { style::BAD };
        printer.data(paint(style, format_args!("{passed} passed, {failed} failed")));
    }
    if failed == 0 { Exit::Ok } else { Exit::General }
}

fn show(session: &Session<'_>, tested: &Tested) {
    let word = if tested.passed { paint(style::GOOD, "pass") } else { paint(style::BAD, "FAIL") };
    session.printer.data(format_args!("{word}  {}", tested.name));
    if tested.passed {
        return;
    }
    let by = |rule: &Option<String>| rule.as_ref().map_or_else(String::new, |rule| format!(" by {rule}"));
    session.printer.data(format_args!("      expected {}{}", tested.expected, by(&tested.expected_rule)));
    session.printer.data(format_args!("      got      {}{}", tested.decision, by(&tested.rule)));
}
