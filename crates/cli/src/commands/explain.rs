//! `placet explain`

use placet_hook::Decided;
use placet_model::{Action, Origin, ToolCall, Verdict};
use placet_policy::{ActionTrace, Trace};
use serde_json::{Value, json};

use super::Session;
use super::check::{actions_json, call, decision_json, each, field, headline, inputs_json, judge};
use crate::args::CallArgs;
use crate::diagnostics::excerpt;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::{Circumstances, Judge};
use crate::printer::WIDTH;
use crate::style::{self, paint, shorten, wrap};
use crate::trace;

/// Shows how the decision came about.
pub(super) fn run(session: &Session<'_>, args: &CallArgs) -> Outcome {
    let call = call(session, args)?;
    let judge = judge(session, args)?;
    let decided = judge.call(&call)?;
    session.printer.debug("call", format_args!("{call:#?}"));
    session.printer.debug("decided", format_args!("{decided:#?}"));
    let trace = judge.explain(&decided.actions, &Circumstances::of(&call))?;
    let changes = changes(&judge, &call, &decided, &trace)?;
    if session.printer.is_json() {
        let verdicts = each(&judge, &call, &decided.actions)?;
        session.printer.document(&json!({
            "tool": call.tool, "input": call.input, "decision": decision_json(&decided.decision),
            "actions": actions_json(&decided.actions, &verdicts), "trace": trace.actions, "changes": changes,
            "inputs": inputs_json(&decided),
        }));
        return Ok(Exit::of(decided.decision.verdict));
    }
    headline(session, &call, &decided.decision);
    if decided.decision.verdict != decided.by_policy {
        let (policy, mode) = (decided.by_policy.name(), call.mode.name());
        let text = format!(
            "policy says {policy}; permission mode `{mode}` makes it {}",
            decided.decision.verdict.name()
        );
        field(session, "mode", &text);
    }
    for input in &decided.inputs {
        field(session, "read", &format!("{}, sha256 {}", input.path, input.sha256));
    }
    session.printer.data("");
    let text = call.input.get("command").and_then(Value::as_str).unwrap_or_default();
    for (index, (action, trace)) in decided.actions.iter().zip(&trace.actions).enumerate() {
        show_action(session, text, index, action, trace, decided.decision.action == Some(index));
    }
    if !changes.is_empty() {
        session.printer.data("");
        session.printer.data(paint(style::HEADING, "What would change the answer"));
        for change in &changes {
            bullet(session, change);
        }
    }
    Ok(Exit::of(decided.decision.verdict))
}

fn show_action(
    session: &Session<'_>,
    text: &str,
    index: usize,
    action: &Action,
    trace: &ActionTrace,
    decides: bool,
) {
    let printer = session.printer;
    let (word, color) = match trace.verdict {
        Some(verdict) => (verdict.name(), style::verdict(verdict)),
        None => ("-", style::DIM),
    };
    let mark = if decides { paint(color, ">") } else { " ".to_owned() };
    let number = format!("{}.", index + 1);
    let kind = action.kind.name();
    let resource = shorten(&action.resource.text(), WIDTH.saturating_sub(17 + kind.len()));
    printer.data(format_args!(
        "{mark} {number:<3} {} {}  {resource}",
        paint(color, format_args!("{word:<7}")),
        paint(style::HEADING, &kind),
    ));
    if let Some(span) = action.span.as_ref().filter(|_| decides || action.origin != Origin::Effect) {
        for line in excerpt(text, span, color, WIDTH - 6) {
            printer.data(format_args!("      {line}"));
        }
    }
    let mut facts: Vec<String> = Vec::new();
    if !action.chain.is_empty() {
        facts.push(format!("reached through {}", action.chain.join(" > ")));
    }
    facts.extend(action.why.as_ref().map(|why| why.to_string()));
    if let (Some(rule), false) = (&trace.decided_by, trace.rules.iter().any(|rule| rule.decides)) {
        facts.push(format!("{} of policy {}, {}", rule.rule, rule.policy, trace::place(rule)));
    }
    for line in facts.iter().flat_map(|fact| wrap(fact, WIDTH - 6)) {
        printer.data(format_args!("      {}", paint(style::DIM, line)));
    }
    for rule in trace::telling(trace) {
        printer.data(format_args!("      {}", trace::line(rule)));
        if rule.decides {
            for line in
                wrap(&format!("policy {}, {}", rule.rule.policy, trace::place(&rule.rule)), WIDTH - 19)
            {
                printer.data(format_args!("                   {}", paint(style::PLACE, line)));
            }
        }
    }
}

fn bullet(session: &Session<'_>, text: &str) {
    for (index, line) in wrap(text, WIDTH - 4).into_iter().enumerate() {
        let mark = if index == 0 { "-" } else { " " };
        session.printer.data(format_args!("  {mark} {line}"));
    }
}

/// The smallest changes after which the answer is milder: first of the call, then of the policies.
fn changes(judge: &Judge, call: &ToolCall, decided: &Decided, trace: &Trace) -> Result<Vec<String>, Failure> {
    let verdict = decided.by_policy;
    if verdict == Verdict::Allow {
        return Ok(Vec::new());
    }
    let mut changes = Vec::new();
    // A silent effect is decided by nobody; it goes with the command it belongs to.
    let is_strict = |trace: &ActionTrace| trace.verdict.is_some_and(|own| own >= verdict);
    let (strict, rest): (Vec<_>, Vec<_>) =
        decided.actions.iter().zip(&trace.actions).partition(|(_, trace)| is_strict(trace));
    let left: Vec<Action> = rest.iter().map(|(action, _)| (*action).clone()).collect();
    if left.iter().any(|action| action.origin != Origin::Effect) && !strict.is_empty() {
        let milder = judge.actions(&left, &Circumstances::of(call))?.verdict;
        if milder < verdict {
            let mut names: Vec<String> = strict
                .iter()
                .map(|(action, _)| format!("`{}`", shorten(&action.resource.text(), 48)))
                .collect();
            names.dedup();
            changes.push(format!("the call without {}: {}", names.join(" and "), milder.name()));
        }
    }
    let deciding = decided.decision.action.and_then(|index| trace.actions.get(index));
    changes.extend(
        deciding.and_then(|trace| trace.change.clone()).map(|change| format!("in a policy: {change}")),
    );
    Ok(changes)
}
