//! The steps of one decision.

use placet_agents::claude_code;
use placet_ledger::InputFile;
use placet_model::path::project_root;
use placet_model::{
    Action, CallEvent, Decision, DenialKind, Enforcement, Facts, Layer, Rewrite, ToolCall, Verdict,
};
use placet_policy::{NamedRewrite, PolicySet, Situation, named_rewrite};
use serde_json::Value;

use crate::reading::Reading;
use crate::rewrite::rewrite;

/// What a decision is made with, besides the call.
#[derive(Clone, Copy)]
pub struct Deciding<'a> {
    /// Policies in force.
    pub set: &'a PolicySet<'a>,
    /// The machine.
    pub facts: &'a dyn Facts,
    /// Whether decisions bind. The floor binds in either case.
    pub enforcement: Enforcement,
    /// Autonomy level (`CLAUDE_AUTONOMY`), when set.
    pub autonomy: Option<&'a str>,
    /// Environment (`ENVIRONMENT`), when set.
    pub environment: Option<&'a str>,
    /// Now, in seconds since 1970.
    pub unix_seconds: i64,
}

/// A decision with the actions it was made on.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// What the call would do; of the rewritten call when there is a rewrite.
    pub actions: Vec<Action>,
    /// Files whose content was read to find that out, with the hash of what was read.
    pub inputs: Vec<InputFile>,
    /// The answer, after permission mode and audit mode were weighed.
    pub decision: Decision,
    /// Positions of the actions that policy denies by a rule of which no other form passes; empty unless the call is
    /// denied.
    pub denied: Vec<usize>,
    /// The record of an earlier denial of the same attempt.
    pub linked_to: Option<String>,
    /// The answer policy alone gave.
    pub by_policy: Verdict,
    /// What would have been decided had everything bound: in audit mode the decision itself, and what policies
    /// in `dry_run` say where that is stricter. For the record; `None` when nothing was spared.
    pub would: Option<Decision>,
}

/// Said when the agent was started where nothing can count as a project.
const NO_PROJECT_NOTE: &str = " (The agent was started in the home directory or a folder around it, so nothing \
                               counts as inside a project. Start it in the project's own folder.)";

/// Actions of a denied call that are told apart.
const DENIED: usize = 32;

/// Decides a tool call.
pub fn decide(call: &ToolCall, with: &Deciding<'_>) -> Decided {
    let root = project_root(&call.project, call.home.as_deref(), with.facts);
    if root == call.project {
        return decide_in(call, with);
    }
    let rootless = ToolCall { project: root.to_owned(), ..call.clone() };
    let mut decided = decide_in(&rootless, with);
    if matches!(decided.decision.verdict, Verdict::Ask | Verdict::Deny) {
        decided.decision.reason.push_str(NO_PROJECT_NOTE);
    }
    decided
}

fn decide_in(call: &ToolCall, with: &Deciding<'_>) -> Decided {
    let reading = Reading::new(with.facts);
    let mut decided = decide_reading(call, &Deciding { facts: &reading, ..*with });
    decided.inputs = reading.inputs();
    decided
}

fn decide_reading(call: &ToolCall, with: &Deciding<'_>) -> Decided {
    let mut first = understand_and_decide(call, &call.input, with);
    let Understood { actions, mut decision, trial, denied } = match first.decision.rewrite.take() {
        Some(asked) => match named_rewrite(&asked.name) {
            Some(named) => by_name(call, first, named, with),
            None => appended(call, first, asked, with),
        },
        None => first,
    };
    let by_policy = decision.verdict;
    // What a damaged floor would have said nobody knows, so audit mode does not lift a denial for damage.
    let enforcement = if with.set.is_damaged() { Enforcement::Enforce } else { with.enforcement };
    settle(call, &actions, &mut decision, enforcement);
    // Nothing is said in audit mode, and a question shows the call as it came: what is changed is only what the
    // host is told to run.
    let spared = (decision.enforcement == Enforcement::Audit).then(|| decision.clone());
    if spared.is_some() || !is_sent(decision.verdict, call.event) {
        decision.rewrite = None;
    }
    let would = match (spared, trial) {
        (Some(spared), Some(trial)) if trial.verdict > spared.verdict => Some(trial),
        (Some(spared), _) => Some(spared),
        (None, trial) => trial,
    };
    Decided { actions, inputs: Vec::new(), decision, denied, linked_to: None, by_policy, would }
}

/// What a call would do, and what policies say to that.
struct Understood {
    actions: Vec<Action>,
    decision: Decision,
    /// The decision of policies in `dry_run`.
    trial: Option<Decision>,
    /// See [`Decided::denied`].
    denied: Vec<usize>,
}

/// Most commands of one line that are rewritten.
const ROUNDS_MAX: usize = 16;

/// Whether an answer of this verdict can carry a changed input.
fn is_sent(verdict: Verdict, event: CallEvent) -> bool {
    verdict == Verdict::Allow || verdict == Verdict::Abstain && event == CallEvent::PreToolUse
}

/// A call whose rule puts words behind it.
fn appended(call: &ToolCall, first: Understood, asked: Rewrite, with: &Deciding<'_>) -> Understood {
    let mut second = understand_and_decide(call, &asked.input, with);
    // The second round may match the same rewriting rule: one rewrite is enough, so it must not change what was
    // decided.
    if second.decision.verdict <= first.decision.verdict {
        second.decision = first.decision;
        second.denied = first.denied;
    }
    second.decision.rewrite = Some(asked);
    second
}

/// A call whose rule names a rewrite of the catalogue: what runs is the rewritten call, if that may run. Else the
/// answer to the call as it came holds.
fn by_name(call: &ToolCall, first: Understood, named: &NamedRewrite, with: &Deciding<'_>) -> Understood {
    let rewritten = rewritten(call, &first, named, with);
    let runs = |understood: &Understood| {
        let verdict = understood.decision.verdict;
        is_sent(claude_code::settle(verdict, call.mode, call.event, &understood.actions), call.event)
    };
    match rewritten {
        Some(second) if runs(&second) => second,
        other => refused(first, other),
    }
}

/// The call with its rewrites carried out and the decision on it, until no rule asks for another.
fn rewritten(
    call: &ToolCall,
    first: &Understood,
    named: &NamedRewrite,
    with: &Deciding<'_>,
) -> Option<Understood> {
    let mut name = named.name;
    let mut input = call.input.clone();
    let mut seen = (first.actions.clone(), first.decision.action?);
    let told = first.decision.rule.as_ref();
    for _ in 0..ROUNDS_MAX {
        input = rewrite(name, call, &input, (&seen.0, seen.1), with.facts)?;
        let mut next = understand_and_decide(call, &input, with);
        let another = next.decision.rewrite.take().and_then(|asked| named_rewrite(&asked.name));
        // A rule that allows the form it leads to as well asks for nothing more.
        match another.filter(|_| next.decision.verdict != Verdict::Allow) {
            Some(another) if next.decision.action.is_some_and(|at| at != seen.1 || another.name != name) => {
                name = another.name;
                seen = (next.actions, next.decision.action?);
            }
            // The rule still means the form it was to lead away from.
            Some(_) => return None,
            None => {
                if let Some(rule) = told {
                    let reason = &next.decision.reason;
                    next.decision.reason = format!(
                        "rewritten ({}) by rule `{}` of policy `{}`; {reason}",
                        named.name, rule.rule, rule.policy
                    );
                }
                next.decision.rewrite = Some(Rewrite { name: named.name.to_owned(), input });
                return Some(next);
            }
        }
    }
    None
}

/// The answer where a named rewrite was not made, or what it made may not run.
fn refused(mut first: Understood, second: Option<Understood>) -> Understood {
    let denied = second.map(|second| second.decision).filter(|second| second.verdict == Verdict::Deny);
    // What would not pass in the form named either is not called fixable.
    if let (Some(denied), Some(DenialKind::Fixable)) = (denied, first.decision.denial) {
        first.decision.denial = denied.denial;
    }
    first
}

/// The actions, the decision on them, and that of policies in `dry_run`.
fn understand_and_decide(call: &ToolCall, input: &Value, with: &Deciding<'_>) -> Understood {
    let rewritten;
    let seen = if std::ptr::eq(input, &raw const call.input) {
        call
    } else {
        rewritten = ToolCall { input: input.clone(), ..call.clone() };
        &rewritten
    };
    let actions = claude_code::actions(seen, with.facts);
    let situation = Situation {
        agent: &call.agent,
        mode: call.mode,
        tool: &call.tool,
        input,
        cwd: &call.cwd,
        project: &call.project,
        home: call.home.as_deref(),
        autonomy: with.autonomy,
        environment: with.environment,
        unix_seconds: with.unix_seconds,
        context: &Value::Null,
        facts: with.facts,
    };
    let decision = placet_policy::decide(with.set, &situation, &actions);
    let trial = placet_policy::dry_run(with.set, &situation, &actions);
    let denied = if decision.verdict == Verdict::Deny && !with.set.is_damaged() {
        denied_actions(with.set, &situation, &actions)
    } else {
        Vec::new()
    };
    Understood { actions, decision, trial, denied }
}

/// Positions of the actions that are denied for good.
fn denied_actions(set: &PolicySet<'_>, situation: &Situation<'_>, actions: &[Action]) -> Vec<usize> {
    let denied = |action: &Action| {
        let alone = placet_policy::decide_action(set, situation, action);
        alone.is_some_and(|alone| alone.verdict == Verdict::Deny && alone.rule.is_some())
            && placet_policy::decide(set, situation, std::slice::from_ref(action)).denial
                != Some(DenialKind::Fixable)
    };
    actions.iter().enumerate().filter(|(_, action)| denied(action)).map(|(at, _)| at).take(DENIED).collect()
}

/// Weighs the permission mode and audit mode.
fn settle(call: &ToolCall, actions: &[Action], decision: &mut Decision, enforcement: Enforcement) {
    let verdict = claude_code::settle(decision.verdict, call.mode, call.event, actions);
    if verdict == Verdict::Ask && decision.verdict == Verdict::Abstain {
        decision.denial = Some(DenialKind::NeedsPerson);
        decision.reason = format!(
            "no rule has an opinion, and permission mode `{}` would run it with nobody looking",
            call.mode.name()
        );
    }
    decision.verdict = verdict;
    let by_floor = decision.rule.as_ref().is_some_and(|rule| rule.layer == Layer::Floor);
    if enforcement == Enforcement::Audit && !by_floor {
        decision.enforcement = Enforcement::Audit;
    }
}
