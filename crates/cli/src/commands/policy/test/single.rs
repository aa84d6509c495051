//! `placet policy test AGENT ACTION --resource R`

use placet_model::{Action, Decision, PermissionMode};
use placet_policy::{ActionTrace, Trace};
use serde_json::{Value, json};

use super::named::{Ground, alternatives, input_of, tool_of};
use crate::args::TestArgs;
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::{Circumstances, Judge};
use crate::printer::WIDTH;
use crate::style::{self, paint, shorten, wrap};
use crate::trace;

/// One decided action.
pub(super) struct Single {
    /// What it was read as.
    pub(super) actions: Vec<Action>,
    /// The answer.
    pub(super) decision: Decision,
    /// How each action was decided.
    pub(super) trace: Trace,
}

/// Asks for one decision and shows it.
pub(super) fn run(session: &Session<'_>, args: &TestArgs, agent: &str, action: &str) -> Outcome {
    let judge = judge(session, args)?.for_agent(agent);
    let context = context(args.context.as_deref())?;
    let single = decide(session, args, &judge, action, args.resource.as_deref(), &context)?;
    if session.printer.is_json() {
        session.printer.document(&document(&single));
    } else {
        show(session, args, agent, action, &single);
    }
    Ok(Exit::of(single.decision.verdict))
}

/// The policies to judge by.
///
/// # Errors
/// When they cannot be used.
pub(super) fn judge(session: &Session<'_>, args: &TestArgs) -> Result<Judge, Failure> {
    if args.file.is_empty() { Judge::installed(session) } else { Judge::alone(session, &args.file) }
}

fn context(text: Option<&str>) -> Result<Value, Failure> {
    let Some(text) = text else { return Ok(Value::Null) };
    match serde_json::from_str(text) {
        Ok(context @ Value::Object(_)) => Ok(context),
        Ok(_) => Err(Failure::arguments("`--context` is not a JSON object")),
        Err(error) => Err(Failure::arguments(format!("`--context` is no JSON: {error}"))),
    }
}

/// Decides one named action. A pattern is answered as strictly as the strictest action of its form.
///
/// # Errors
/// When the name is no action, or the policies are damaged.
pub(super) fn decide(
    session: &Session<'_>,
    args: &TestArgs,
    judge: &Judge,
    action: &str,
    resource: Option<&str>,
    context: &Value,
) -> Result<Single, Failure> {
    let ground = ground(session, args);
    let mut strictest: Option<Single> = None;
    for actions in alternatives(&session.place, action, resource, &ground, judge.facts())? {
        let name = actions.first().map_or_else(String::new, |action| action.kind.name().into_owned());
        let input = input_of(&name, resource);
        let with = Circumstances {
            tool: tool_of(&name),
            input: &input,
            cwd: &ground.cwd,
            project: &ground.project,
            home: ground.home.as_deref(),
            mode: PermissionMode::Default,
            context,
        };
        let decision = judge.actions(&actions, &with)?;
        let stricter = strictest.as_ref().is_none_or(|single| decision.verdict > single.decision.verdict);
        if stricter {
            strictest = Some(Single { trace: judge.explain(&actions, &with)?, actions, decision });
        }
    }
    strictest.ok_or_else(|| Failure::arguments(format!("`{action}` stands for no action")))
}

/// Relative paths start at the current directory. A policy judged alone has no project but that.
fn ground(session: &Session<'_>, args: &TestArgs) -> Ground {
    let text = |path: &std::path::Path| path.display().to_string();
    let cwd = text(&session.place.cwd);
    let project = if args.file.is_empty() { text(&session.place.project) } else { cwd.clone() };
    Ground { cwd, project, home: session.place.home.as_deref().map(text) }
}

fn document(single: &Single) -> Value {
    let rule = single.decision.rule.as_ref();
    json!({
        "decision": single.decision.verdict.name(), "rule": rule.map(|rule| &rule.rule),
        "policy": rule.map(|rule| &rule.policy), "reason": single.decision.reason, "trace": single.trace.actions,
    })
}

fn show(session: &Session<'_>, args: &TestArgs, agent: &str, action: &str, single: &Single) {
    let printer = session.printer;
    let decision = &single.decision;
    let line = |name: &str, text: &str| {
        for (index, part) in wrap(text, WIDTH - 10).into_iter().enumerate() {
            let label = if index == 0 { format!("{name}:") } else { String::new() };
            printer.data(format_args!("{label:<9} {part}"));
        }
    };
    let word = paint(style::verdict(decision.verdict), decision.verdict.name());
    printer.data(format_args!("{:<9} {word}", "Decision:"));
    if let Some(rule) = &decision.rule {
        line("Policy", &rule.policy);
        line("Rule", &rule.rule);
    }
    line("Reason", &decision.reason);
    if args.verbose {
        line("Agent", agent);
        line("Action", action);
        for (action, trace) in single.actions.iter().zip(&single.trace.actions) {
            verbose(session, action, trace);
        }
    }
}

/// Every rule that names the action, and what came of it.
fn verbose(session: &Session<'_>, action: &Action, trace: &ActionTrace) {
    let printer = session.printer;
    let (word, style) =
        trace.verdict.map_or(("-", style::DIM), |verdict| (verdict.name(), style::verdict(verdict)));
    let text = format!("{} {}", trace.action, trace.resource);
    printer.data("");
    printer.data(format_args!("{} {}", paint(style, format_args!("{word:<7}")), shorten(&text, WIDTH - 8)));
    for why in action.why.iter().flat_map(|why| wrap(why, WIDTH - 8)) {
        printer.data(format_args!("        {}", paint(style::DIM, why)));
    }
    for rule in &trace.rules {
        printer.data(format_args!("  {}", trace::line(rule)));
    }
    if let (Some(rule), false) = (&trace.decided_by, trace.rules.iter().any(|rule| rule.decides)) {
        printer.data(format_args!("  {} of policy {}", rule.rule, rule.policy));
    }
}
