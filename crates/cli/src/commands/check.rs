//! `placet check`

use placet_hook::Decided;
use placet_ledger::InputFile;
use placet_model::{Action, Decision, DenialKind, Enforcement, Origin, ToolCall, Verdict};
use serde_json::{Value, json};

use super::Session;
use crate::args::CallArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::judge::{Circumstances, Judge, tool_call};
use crate::printer::WIDTH;
use crate::style::{self, paint, shorten, wrap};
use crate::table;

/// Decides the call and lists its actions.
pub(super) fn run(session: &Session<'_>, args: &CallArgs) -> Outcome {
    let call = call(session, args)?;
    let judge = judge(session, args)?;
    let decided = judge.call(&call)?;
    session.printer.debug("call", format_args!("{call:#?}"));
    session.printer.debug("decided", format_args!("{decided:#?}"));
    let verdicts = each(&judge, &call, &decided.actions)?;
    if session.printer.is_json() {
        session.printer.document(&json!({
            "tool": call.tool, "input": call.input,
            "decision": decision_json(&decided.decision),
            "actions": actions_json(&decided.actions, &verdicts), "inputs": inputs_json(&decided),
        }));
    } else {
        headline(session, &call, &decided.decision);
        session.printer.data("");
        session.printer.data(actions_table(session, &decided.actions, &verdicts));
        if decided.decision.verdict != Verdict::Allow {
            session
                .printer
                .hint(format_args!("`placet explain` with the same words shows how this came about"));
        }
    }
    Ok(Exit::of(decided.decision.verdict))
}

/// The call the arguments describe.
///
/// # Errors
/// When the input is no JSON or not what the tool needs.
pub(super) fn call(session: &Session<'_>, args: &CallArgs) -> Result<ToolCall, Failure> {
    let (tool, input) = match (&args.command, &args.tool, &args.input) {
        (Some(command), ..) => ("Bash", json!({ "command": command })),
        (None, Some(tool), Some(input)) => {
            let input: Value = serde_json::from_str(input)
                .map_err(|error| Failure::arguments(format!("`--input` is no JSON: {error}")))?;
            (tool.as_str(), input)
        }
        _ => return Err(Failure::arguments("a command, or `--tool` and `--input`, is needed")),
    };
    if placet_model::PermissionMode::parse(&args.mode) == placet_model::PermissionMode::Unknown {
        return Err(Failure::arguments(format!("`{}` is no permission mode", args.mode))
            .hint("the modes are default, acceptEdits, plan, auto, dontAsk, bypassPermissions"));
    }
    tool_call(&session.place, tool, &input, &args.mode, args.cwd.as_deref())
}

/// The policies the arguments name, else those in force.
///
/// # Errors
/// When they cannot be used.
pub(super) fn judge(session: &Session<'_>, args: &CallArgs) -> Result<Judge, Failure> {
    if args.file.is_empty() {
        Judge::installed(session)
    } else {
        Ok(Judge::alone(session, &args.file)?.on_this_machine())
    }
}

/// What each action would be answered by itself.
///
/// # Errors
/// When the compiled policies are damaged.
pub(super) fn each(judge: &Judge, call: &ToolCall, actions: &[Action]) -> Result<Vec<Decision>, Failure> {
    let with = Circumstances::of(call);
    actions.iter().map(|action| judge.actions(std::slice::from_ref(action), &with)).collect()
}

/// Verdict, rule, reason.
pub(super) fn headline(session: &Session<'_>, call: &ToolCall, decision: &Decision) {
    let printer = session.printer;
    let subject = match call.input.get("command").and_then(Value::as_str) {
        Some(command) if call.tool == "Bash" => command.to_owned(),
        _ => format!("{} {}", call.tool, call.input),
    };
    let word = decision.verdict.name();
    let shown = shorten(&subject, WIDTH - word.len() - 2);
    printer.data(format_args!("{}  {shown}", paint(style::verdict(decision.verdict), word)));
    if decision.enforcement == Enforcement::Audit {
        printer.data("  (audit mode: recorded, not enforced)");
    }
    if let Some(rule) = &decision.rule {
        field(session, "rule", &format!("{} of policy {}", rule.rule, rule.policy));
        let place = if rule.line > 0 { format!("{}:{}", rule.file, rule.line) } else { rule.file.clone() };
        field(session, "from", &format!("{} layer, {place}", rule.layer.name()));
    }
    field(session, "reason", &decision.reason);
    if let Some(denial) = decision.denial {
        field(session, "next", denial_text(denial));
    }
    if let Some(rewrite) = &decision.rewrite {
        field(session, "rewrite", &format!("{}: {}", rewrite.name, rewrite.input));
    }
}

fn denial_text(denial: DenialKind) -> &'static str {
    match denial {
        DenialKind::Final => "final: no form of it passes",
        DenialKind::NeedsPerson => "a person may allow it",
        DenialKind::Transient => "may pass later",
        DenialKind::Fixable => "passes in another form",
    }
}

pub(super) fn field(session: &Session<'_>, name: &str, text: &str) {
    for (index, line) in wrap(text, WIDTH - 10).into_iter().enumerate() {
        let label = if index == 0 { name } else { "" };
        session.printer.data(format_args!("  {} {line}", paint(style::DIM, format_args!("{label:<7}"))));
    }
}

/// One row an action.
pub(super) fn actions_table(session: &Session<'_>, actions: &[Action], verdicts: &[Decision]) -> String {
    let rows = actions
        .iter()
        .zip(verdicts)
        .map(|(action, decision)| {
            let (word, style) = word_of(action, decision);
            vec![
                table::cell(word, style),
                table::cell(action.kind.name(), style::HEADING),
                table::cell(shorten(&resource(session, action), 120), anstyle::Style::new()),
                table::cell(rule_of(decision), style::DIM),
            ]
        })
        .collect();
    table::render(&["ANSWER", "ACTION", "RESOURCE", "RULE"], rows, &[0, 1])
}

/// The answer's word; a file or host a command touches has none unless a rule names it.
fn word_of(action: &Action, decision: &Decision) -> (&'static str, anstyle::Style) {
    let silent = decision.rule.as_ref().is_none_or(|rule| rule.rule.starts_with("default-"));
    match action.origin {
        Origin::Effect if silent => ("-", style::DIM),
        _ => (decision.verdict.name(), style::verdict(decision.verdict)),
    }
}

fn resource(session: &Session<'_>, action: &Action) -> String {
    let text = action.resource.text().into_owned();
    let home = session.place.home.as_ref().map(|home| home.display().to_string()).unwrap_or_default();
    match text.strip_prefix(&home) {
        Some(rest) if !home.is_empty() && rest.starts_with('/') => format!("~{rest}"),
        _ => text,
    }
}

fn rule_of(decision: &Decision) -> String {
    decision.rule.as_ref().map_or_else(|| "-".to_owned(), |rule| rule.rule.clone())
}

/// A decision for `--json`.
pub(super) fn decision_json(decision: &Decision) -> Value {
    let rule = decision.rule.as_ref();
    json!({
        "decision": decision.verdict.name(),
        "policy": rule.map(|rule| &rule.policy), "rule": rule.map(|rule| &rule.rule),
        "layer": rule.map(|rule| rule.layer), "file": rule.map(|rule| &rule.file),
        "line": rule.map(|rule| rule.line).filter(|line| *line > 0),
        "reason": decision.reason, "denial": decision.denial, "fix": decision.fix, "enforcement": decision.enforcement,
        "rewrite": decision.rewrite, "action": decision.action,
    })
}

/// Files whose content the decision rests on, for `--json`.
pub(super) fn inputs_json(decided: &Decided) -> Vec<Value> {
    let of = |file: &InputFile| json!({"path": file.path, "sha256": file.sha256.to_string()});
    decided.inputs.iter().map(of).collect()
}

/// Actions with what each would be answered alone, for `--json`.
pub(super) fn actions_json(actions: &[Action], verdicts: &[Decision]) -> Vec<Value> {
    actions
        .iter()
        .zip(verdicts)
        .map(|(action, decision)| {
            json!({
                "action": action.kind.name(), "resource": action.resource.text(),
                "origin": match action.origin {
                    Origin::Call => "call",
                    Origin::Command => "command",
                    Origin::Effect => "effect",
                },
                "span": action.span.as_ref().map(|span| [span.start, span.end]),
                "chain": action.chain, "why": action.why, "decision": decision.verdict.name(),
                "rule": decision.rule.as_ref().map(|rule| &rule.rule),
            })
        })
        .collect()
}
