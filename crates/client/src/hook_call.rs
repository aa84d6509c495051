//! Answering a tool call.

use std::path::Path;

use placet_agents::claude_code::{self, Answer, Event};
use placet_hook::{Decided, Deciding};
use placet_model::{AgentIdentity, CallEvent, DenialKind, Enforcement, Facts as _, ToolCall, Verdict};
use placet_policy::PolicySet;

use crate::cache;
use crate::debug::Debug;
use crate::memory::{Denials, digest};
use crate::record::Recorder;
use crate::session::SessionFiles;
use crate::settings::{LedgerFailure, Mode};
use crate::{Loaded, Locations, MachineFacts};

/// Decides `call`, keeps the record and gives the answer.
pub(crate) fn answer_call(
    call: &ToolCall,
    loaded: &Loaded,
    recorder: &Recorder<'_>,
    locations: &Locations,
    debug: &mut Debug,
) -> Answer {
    let set = match PolicySet::open(loaded.policy.bytes()) {
        Ok(set) => set,
        Err(error) => return damaged(call, recorder, locations, &error.to_string()),
    };
    let session = || SessionFiles::of(recorder.state(), &call.session.0);
    let facts = MachineFacts::of_session(session()).with_programs(&loaded.programs);
    let variable = |name: &str| facts.variable(name).filter(|value| !value.is_empty());
    let (autonomy, environment) = (variable("CLAUDE_AUTONOMY"), variable("ENVIRONMENT"));
    let enforcement = match loaded.settings.effective_mode(&variable) {
        Mode::Enforce => Enforcement::Enforce,
        Mode::Audit => Enforcement::Audit,
    };
    let mut call = call.clone();
    call.agent = AgentIdentity {
        subagent: call.agent.subagent.take(),
        subagent_type: call.agent.subagent_type.take(),
        ..loaded.settings.identity()
    };
    let mut decided = placet_hook::decide(
        &call,
        &Deciding {
            set: &set,
            facts: &facts,
            enforcement,
            autonomy: autonomy.as_deref(),
            environment: environment.as_deref(),
            unix_seconds: recorder.unix_seconds(),
        },
    );
    if set.is_damaged() {
        return damaged(&call, recorder, locations, "the compiled policy file is damaged");
    }
    if let Some(terms) = &loaded.settings.organisation {
        terms.weigh(&mut decided.decision, recorder.unix_seconds().saturating_mul(1000));
    }
    if debug.is_on() {
        debug.note("actions", &format!("{:#?}", decided.actions));
        debug.note("decision", &format!("{:#?}", decided.decision));
    }
    // What a person changes, policies, mode or autonomy, makes another decision of it, and forgets.
    let state = [
        recorder.policy_digest(),
        call.mode.name(),
        autonomy.as_deref().unwrap_or_default(),
        environment.as_deref().unwrap_or_default(),
    ];
    let denials = Denials::of(recorder.state(), &call.session.0, &state.join(" "));
    if let Err(error) = recall(&mut decided, &denials, recorder) {
        debug.note("memory", &error);
        without_record(&mut decided, loaded.settings.on_ledger_failure, &error);
    }
    let kept = recorder.call(&call, &decided).and_then(|id| {
        remember(&call, &decided, &session())?;
        remember_denial(&call, &decided, &denials, recorder, id.as_str())
    });
    if let Err(error) = kept {
        debug.note("ledger", &error);
        without_record(&mut decided, loaded.settings.on_ledger_failure, &error);
    }
    claude_code::answer(&call, &decided.decision)
}

/// The denial of a call whose policies cannot be trusted. Compiled policies are made anew from their sources, so
/// the damaged file goes and the next call is decided again.
fn damaged(call: &ToolCall, recorder: &Recorder<'_>, locations: &Locations, why: &str) -> Answer {
    cache::discard(&locations.cache(), &locations.config, Path::new(&call.project));
    recorder.failed_call(call, why);
    let remedy =
        "it was removed, and the next call compiles the policies anew (if it lasts: `placet doctor`)";
    claude_code::failure(&Event::Call(call.event), &format!("{why}; {remedy}"))
}

/// Keeps the list of files the session writes. A call that was asked about may still run.
fn remember(call: &ToolCall, decided: &Decided, session: &SessionFiles) -> Result<(), String> {
    if decided.decision.verdict == Verdict::Deny || call.event != CallEvent::PreToolUse {
        return Ok(());
    }
    let files = claude_code::planted::written_files(call, &decided.actions);
    session.add(&files).map_err(|error| format!("the session's list of files: {error}"))
}

/// Recognises an attempt that was denied before in the session. Nothing is read for a call that is allowed.
fn recall(decided: &mut Decided, denials: &Denials, recorder: &Recorder<'_>) -> Result<(), String> {
    let decision = &decided.decision;
    if decision.verdict == Verdict::Allow || decision.enforcement == Enforcement::Audit {
        return Ok(());
    }
    let earlier = denials.earlier().map_err(|error| format!("the session's denials: {error}"))?;
    if earlier.is_empty() {
        return Ok(());
    }
    let redactor = recorder.redactor()?;
    let found = placet_hook::marks_of_call(&decided.actions)
        .into_iter()
        .find_map(|(at, mark)| Some((at, earlier.get(&digest(&redactor, &mark))?.clone())));
    if let Some((at, record)) = found {
        placet_hook::repeated(decided, at, &record);
    }
    Ok(())
}

/// Keeps what a denial was for. A repeated attempt is known already.
fn remember_denial(
    call: &ToolCall,
    decided: &Decided,
    denials: &Denials,
    recorder: &Recorder<'_>,
    record: &str,
) -> Result<(), String> {
    if decided.linked_to.is_some() || call.session.0.is_empty() {
        return Ok(());
    }
    let marks = placet_hook::marks_of_denial(decided, &call.project);
    if marks.is_empty() {
        return Ok(());
    }
    denials
        .add(record, &marks, &recorder.redactor()?)
        .map_err(|error| format!("the session's denials: {error}"))
}

/// What becomes of a decision that could not be recorded.
fn without_record(decided: &mut Decided, rule: LedgerFailure, error: &str) {
    let stricter = match rule {
        LedgerFailure::Deny => Verdict::Deny,
        LedgerFailure::Ask => Verdict::Ask,
        LedgerFailure::Ignore => return,
    };
    let decision = &mut decided.decision;
    if decision.verdict >= stricter {
        return;
    }
    decision.verdict = stricter;
    // Audit mode promises never to block on what a rule says; a gate that cannot keep evidence is no rule.
    decision.enforcement = Enforcement::Enforce;
    // Trying again would not help: a full disk, a file in the wrong place, missing rights.
    decision.denial = Some(DenialKind::NeedsPerson);
    decision.rule = None;
    decision.rewrite = None;
    decision.reason = format!("the decision cannot be recorded: {error}");
}
