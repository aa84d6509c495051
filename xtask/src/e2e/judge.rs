//! Did it come out as promised? Effects only: files, results the model was told, questions, records. What
//! the agent prints changes from release to release and decides nothing here.

use serde_json::Value;

use super::gate;
use super::scenario::{Outcome, Run, Turn};
use super::script::{Stage, call_id};
use super::session::Seen;
use super::world::World;

/// Everything that did not come out as promised.
pub(crate) fn faults(run: &Run, world: &World, stage: &Stage, seen: &Seen) -> Vec<String> {
    let expect = &run.scenario.expect;
    let mut faults = Vec::new();
    if stage.turns_played("main") == 0 {
        faults.push("the agent never asked the model for anything".to_owned());
    }
    call_faults(&mut faults, stage, "main", &run.scenario.turns);
    call_faults(&mut faults, stage, "sub", &run.scenario.subagent);
    for path in expect.present.iter().filter(|path| !world.project.join(path).exists()) {
        faults.push(format!("`{path}` is missing"));
    }
    for path in expect.absent.iter().filter(|path| world.project.join(path).exists()) {
        faults.push(format!("`{path}` exists"));
    }
    for (path, text) in &expect.text {
        let found = std::fs::read_to_string(world.project.join(path)).unwrap_or_default();
        if found != *text {
            faults.push(format!("`{path}` holds {found:?}, not {text:?}"));
        }
    }
    if let Some(asked) = expect.asked.as_ref().filter(|asked| **asked != seen.asked) {
        faults.push(format!("the host was asked for {:?}, not {asked:?}", seen.asked));
    }
    if let Some(turns) = expect.turns_played.filter(|turns| *turns != stage.turns_played("main")) {
        faults.push(format!("{} turns were played, not {turns}", stage.turns_played("main")));
    }
    record_faults(&mut faults, run, world, stage);
    faults
}

fn call_faults(faults: &mut Vec<String>, stage: &Stage, script: &str, turns: &[Turn]) {
    for (number, turn) in turns.iter().enumerate() {
        for (index, call) in turn.calls.iter().enumerate() {
            let id = call_id(script, number, index);
            let found = stage.result(&id);
            if let Some(wanted) = call.result.filter(|wanted: &Outcome| *wanted != found) {
                faults.push(format!("{id}: result {found:?}, not {wanted:?}; told: {}", stage.told(&id)));
            }
        }
    }
}

/// Every call that reached the real hook must be on record with a decision, the records must hang together,
/// and the facts that the scenario names must be among them.
fn record_faults(faults: &mut Vec<String>, run: &Run, world: &World, stage: &Stage) {
    let expect = &run.scenario.expect;
    if expect.no_records {
        return;
    }
    let records = world.records();
    let text = |record: &Value, key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
    let replaced = run.scenario.fault.script.is_some();
    for id in stage.calls_made().into_iter().filter(|_| !replaced) {
        let decided = |record: &Value| {
            text(record, "tool_use").as_deref() == Some(id.as_str())
                && text(record, "event").as_deref() == Some("PreToolUse")
                && record.get("decision").is_some()
        };
        if !records.iter().any(decided) {
            faults.push(format!("{id}: no decision is on record; {} records", records.len()));
        }
    }
    if records.is_empty() {
        faults.push("no record was written".to_owned());
    }
    if let Err(error) = gate::placet(world, &["audit", "verify"]) {
        faults.push(error);
    }
    for wanted in &expect.records {
        let holds = |record: &Value| {
            wanted.iter().all(|(path, value)| {
                let found = path.split('.').try_fold(record, |part, key| part.get(key));
                found.is_some_and(|found| *found == serde_json::json!(value))
            })
        };
        if !records.iter().any(holds) {
            faults.push(format!("no record holds {wanted:?}; {} records", records.len()));
        }
    }
}
