//! The engine against an evaluator that was written from `docs/src/policy/specification.md` alone, without
//! indexes and without looking at the engine: random policies, random calls, the same answers.

mod calls;
mod command_lines;
mod commands;
mod conditions;
mod data;
mod found;
mod glob;
mod meets;
mod modes;
mod oracle;
mod paths;
mod patterns;
mod policies;
mod random;
mod shrink;
mod sure;
mod vocabulary;
mod web;
mod words;
mod world;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use placet_policy::{Options, PolicySet, Source, compile_with, decide};

use calls::{Call, Worlds};
use data::Policy;
use oracle::Answer;
use random::Random;

const CALLS_PER_SET: usize = 200;
const PAIRS: usize = 200_000;
const MOST_REPORTED: usize = 8;

/// `PLACET_POLICY_PAIRS` says how many pairs of policies and call, `PLACET_POLICY_SEED` where to start.
#[test]
fn same_answers() {
    let sets = number("PLACET_POLICY_PAIRS").unwrap_or(PAIRS).div_ceil(CALLS_PER_SET);
    let first = number("PLACET_POLICY_SEED").unwrap_or(0);
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut differences = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= sets || differences.len() >= MOST_REPORTED {
                return differences;
            }
            if at > 0 && at.is_multiple_of(5_000) {
                eprintln!("  {} pairs", at * CALLS_PER_SET);
            }
            differences.extend(one_set(first + at));
        }
    };
    let differences: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    println!("\nfigure policy-pairs {0} - {0}", sets * CALLS_PER_SET);
    println!("figure policy-differences {} - 0", differences.len());
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// The first difference of one set of policies, described.
fn one_set(seed: usize) -> Option<String> {
    let mut random = Random::new(seed as u64);
    let worlds = Worlds::new();
    let policies = policies::policies(&mut random);
    let bytes = match compiled(&policies) {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("--- seed {seed}\n{error}\n{}", yaml(&policies))),
    };
    let set = PolicySet::open(&bytes).unwrap();
    let calls = (0..CALLS_PER_SET).map(|_| Call::new(&mut random, &worlds));
    let differing = calls
        .into_iter()
        .find(|call| by_engine(&set, call, &worlds) != by_oracle(&policies, call, &worlds))?;
    let differs = |policies: &[Policy], call: &Call| {
        answers(policies, call, &worlds).is_some_and(|(engine, oracle)| engine != oracle)
    };
    let (policies, call) = shrink::shrink(policies, differing, &differs);
    Some(described(seed, &policies, &call, &worlds))
}

fn described(seed: usize, policies: &[Policy], call: &Call, worlds: &Worlds) -> String {
    let (engine, oracle) = answers(policies, call, worlds).unwrap();
    format!("--- seed {seed}\n{}{call:?}\nengine: {engine:?}\noracle: {oracle:?}\n", yaml(policies))
}

fn yaml(policies: &[Policy]) -> String {
    let one = |policy: &Policy| {
        format!("# {:?} layer, trusted: {}\n{}", policy.layer, policy.trusted, policy.yaml())
    };
    policies.iter().map(one).collect()
}

/// Both answers; `None` when the policies cannot be compiled.
fn answers(policies: &[Policy], call: &Call, worlds: &Worlds) -> Option<(Answer, Answer)> {
    let bytes = compiled(policies).ok()?;
    let set = PolicySet::open(&bytes).ok()?;
    Some((by_engine(&set, call, worlds), by_oracle(policies, call, worlds)))
}

fn by_oracle(policies: &[Policy], call: &Call, worlds: &Worlds) -> Answer {
    oracle::decide(policies, &call.situation(worlds), &call.actions)
}

fn by_engine(set: &PolicySet<'_>, call: &Call, worlds: &Worlds) -> Answer {
    let decision = decide(set, &call.situation(worlds), &call.actions);
    Answer {
        verdict: decision.verdict,
        enforcement: decision.enforcement,
        by: decision.rule.map(|rule| (rule.policy, rule.rule)),
        denial: decision.denial,
        action: decision.action,
    }
}

fn compiled(policies: &[Policy]) -> Result<Vec<u8>, String> {
    let sources: Vec<Source> = policies.iter().map(Policy::source).collect();
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let variables: BTreeMap<String, Vec<String>> =
        patterns::VARIABLES.into_iter().map(|(name, all)| (name.to_owned(), values(all))).collect();
    let options = Options { variables: Some(&variables), read: None, on_trial: None };
    compile_with(&sources, &options).map(|compiled| compiled.bytes).map_err(|error| error.to_string())
}
