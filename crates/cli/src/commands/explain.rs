//! `placet explain`

use placet_model::{Action, Decision, Origin, ToolCall, Verdict};
use serde_json::{Value, json};

use super::Session;
use super::check::{actions_json, call, decision_json, each, field, headline, judge};
use crate::args::CallArgs;
use crate::diagnostics::excerpt;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::{Circumstances, Judge};
use crate::printer::WIDTH;
use crate::style::{self, paint, shorten, wrap};

/// Shows how the decision came about.
pub(super) fn run(session: &Session<'_>, args: &CallArgs) -> Outcome {
    let call = call(session, args)?;
    let judge = judge(session, args)?;
    let decided = judge.call(&call)?;
    let verdicts = each(&judge, &call, &decided.actions)?;
    let flips = flips(&judge, &call, &decided.actions, &verdicts, decided.decision.verdict)?;
    if session.printer.is_json() {
        session.printer.document(&json!({
            "tool": call.tool, "input": call.input, "decision": decision_json(&decided.decision),
            "actions": actions_json(&decided.actions, &verdicts), "flips": flips,
        }));
        return Ok(Exit::of(decided.decision.verdict));
    }
    headline(session, &call, &decided.decision);
    session.printer.data("");
    let text = call.input.get("command").and_then(Value::as_str).unwrap_or_default();
    for (index, (action, decision)) in decided.actions.iter().zip(&verdicts).enumerate() {
        show_action(session, text, index, action, decision, decided.decision.action == Some(index));
    }
    if decided.decision.verdict != decided.by_policy {
        field(
            session,
            "mode",
            &format!(
                "the policies say {}; permission mode `{}` makes it {}",
                decided.by_policy.name(),
                call.mode.name(),
                decided.decision.verdict.name()
            ),
        );
    }
    if !flips.is_empty() {
        session.printer.data(paint(style::HEADING, "what would change the answer"));
        for line in flips.iter().flat_map(|flip| wrap(flip, WIDTH - 4)) {
            session.printer.data(format_args!("  {line}"));
        }
    }
    Ok(Exit::of(decided.decision.verdict))
}

fn show_action(session: &Session<'_>, text: &str, index: usize, action: &Action, decision: &Decision, decided: bool) {
    let printer = session.printer;
    let silent = decision.rule.as_ref().is_none_or(|rule| rule.rule.starts_with("default-"));
    let (word, color) = match action.origin {
        Origin::Effect if silent => ("no rule", style::DIM),
        _ => (decision.verdict.name(), style::verdict(decision.verdict)),
    };
    let mark = if decided { paint(color, ">") } else { " ".to_owned() };
    let resource = shorten(&action.resource.text(), WIDTH.saturating_sub(12 + action.kind.name().len()));
    printer.data(format_args!(
        "{mark} {}. {} {}  {resource}",
        index + 1,
        paint(color, format_args!("{word:<7}")),
        paint(style::HEADING, action.kind.name()),
    ));
    if let Some(span) = action.span.as_ref().filter(|_| decided || action.origin != Origin::Effect) {
        for line in excerpt(text, span, color) {
            printer.data(format_args!("     {line}"));
        }
    }
    let mut facts: Vec<String> = Vec::new();
    if !action.chain.is_empty() {
        facts.push(format!("reached through {}", action.chain.join(" > ")));
    }
    if action.origin == Origin::Effect {
        facts.push("touched by a command; only rules that name it count".to_owned());
    }
    facts.extend(action.why.as_ref().map(|why| why.to_string()));
    if let Some(rule) = decision.rule.as_ref().filter(|_| word != "no rule") {
        let place = if rule.line > 0 { format!("{}:{}", rule.file, rule.line) } else { rule.file.clone() };
        facts.push(format!("{}/{} ({place})", rule.policy, rule.rule));
    }
    for line in facts.iter().flat_map(|fact| wrap(fact, WIDTH - 5)) {
        printer.data(format_args!("     {}", paint(style::DIM, line)));
    }
}

/// The smallest changes of the call after which the answer is milder.
fn flips(
    judge: &Judge,
    call: &ToolCall,
    actions: &[Action],
    verdicts: &[Decision],
    verdict: Verdict,
) -> Result<Vec<String>, Failure> {
    if verdict == Verdict::Allow {
        return Ok(Vec::new());
    }
    let (strict, rest): (Vec<_>, Vec<_>) =
        actions.iter().zip(verdicts).partition(|(_, decision)| decision.verdict >= verdict);
    let mut flips = Vec::new();
    if !rest.is_empty() && !strict.is_empty() {
        let left: Vec<Action> = rest.iter().map(|(action, _)| (*action).clone()).collect();
        let milder = judge.actions(&left, &Circumstances::of(call))?.verdict;
        if milder < verdict {
            let mut names: Vec<String> =
                strict.iter().map(|(action, _)| format!("`{}`", shorten(&action.resource.text(), 48))).collect();
            names.dedup();
            flips.push(format!("without {}: {}", names.join(" and "), milder.name()));
        }
    }
    if let Some(decision) = strict.first().map(|(_, decision)| decision) {
        if let Some(rule) = &decision.rule {
            flips.push(match rule.rule.starts_with("default-") {
                true => format!("a rule of `{}` that names this; now only its default speaks", rule.policy),
                false if rule.line > 0 => format!("rule `{}` in {}:{}", rule.rule, rule.file, rule.line),
                false => format!("rule `{}` of policy `{}`", rule.rule, rule.policy),
            });
        }
    }
    Ok(flips)
}
