//! The steps of one decision.

use placet_agents::claude_code;
use placet_model::path::project_root;
use placet_model::{Action, Decision, DenialKind, Enforcement, Facts, Layer, ToolCall, Verdict};
use placet_policy::{PolicySet, Situation};
use serde_json::Value;

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
    /// The answer, after permission mode and audit mode were weighed.
    pub decision: Decision,
    /// The answer policy alone gave.
    pub by_policy: Verdict,
    /// What would have been decided had everything bound: in audit mode the decision itself, and what policies
    /// in `dry_run` say where that is stricter. For the record; `None` when nothing was spared.
    pub would: Option<Decision>,
}

/// Said when the agent was started where nothing can count as a project.
const NO_PROJECT_NOTE: &str = " (The agent was started in the home directory or a folder around it, so nothing \
                               counts as inside a project. Start it in the project's own folder.)";

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
    let (actions, mut decision, trial) = understand_and_decide(call, &call.input, with);
    let (actions, by_policy, trial) = match decision.rewrite.take() {
        Some(rewrite) if decision.verdict != Verdict::Deny => {
            let (actions, second, trial) = understand_and_decide(call, &rewrite.input, with);
            let by_policy = decision.verdict.max(second.verdict);
            if second.verdict > decision.verdict {
                decision = second;
            }
            // The second round may match the same rewriting rule: one rewrite is enough, so it must not
            // change what was decided.
            decision.rewrite = (by_policy != Verdict::Deny).then_some(rewrite);
            (actions, by_policy, trial)
        }
        _ => (actions, decision.verdict, trial),
    };
    // What a damaged floor would have said nobody knows, so audit mode does not lift a denial for damage.
    let enforcement = if with.set.is_damaged() { Enforcement::Enforce } else { with.enforcement };
    settle(call, &actions, &mut decision, enforcement);
    let spared = (decision.enforcement == Enforcement::Audit).then(|| decision.clone());
    let would = match (spared, trial) {
        (Some(spared), Some(trial)) if trial.verdict > spared.verdict => Some(trial),
        (Some(spared), _) => Some(spared),
        (None, trial) => trial,
    };
    Decided { actions, decision, by_policy, would }
}

/// The actions, the decision on them, and that of policies in `dry_run`.
fn understand_and_decide(
    call: &ToolCall,
    input: &Value,
    with: &Deciding<'_>,
) -> (Vec<Action>, Decision, Option<Decision>) {
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
    (actions, decision, trial)
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
