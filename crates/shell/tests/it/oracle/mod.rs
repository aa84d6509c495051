//! The reader against Bash itself: every execution of `PWN` that Bash does must be in the tree.
//!
//! `PLACET_ORACLE_CASES` sets the number of generated texts, `PLACET_ORACLE_SEED` the first seed.

mod bash;
mod corpus;
mod generate;
mod tree;

use bash::Sandbox;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What comparing some texts gave.
#[derive(Default)]
struct Outcome {
    texts: usize,
    accepted: usize,
    executed: usize,
    executed_refused: usize,
    late: usize,
    /// Texts with an execution that the tree does not show.
    misses: Vec<String>,
    /// Texts that were read though `bash -n` rejects them.
    overaccepted: Vec<String>,
    /// Why executed texts were refused.
    refusals: std::collections::BTreeMap<&'static str, usize>,
}

/// Whether each text runs `PWN`, and whether the tree shows it.
fn compare(texts: &[String]) -> Outcome {
    let next = AtomicUsize::new(0);
    let total = Mutex::new(Outcome::default());
    let workers = std::thread::available_parallelism().map_or(2, usize::from).min(8);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut sandbox = Sandbox::new();
                while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    judge(&mut sandbox, text, &total);
                }
            });
        }
    });
    total.into_inner().unwrap()
}

fn judge(sandbox: &mut Sandbox, text: &str, total: &Mutex<Outcome>) {
    let read = placet_shell::read(text);
    let truth = sandbox.run(text);
    let asked = read.is_ok() || !truth.executed.is_empty();
    let objection = if asked { sandbox.objection(text) } else { None };
    let valid = asked && objection.is_none();
    let mut total = total.lock().unwrap();
    if truth.late && std::env::var_os("PLACET_ORACLE_SHOW").is_some_and(|shown| shown == "late") {
        eprintln!("late {text:?}");
    }
    total.texts += 1;
    total.late += usize::from(truth.late);
    total.executed += usize::from(valid && !truth.executed.is_empty());
    if let (Ok(_), Some(objection)) = (&read, objection) {
        total.overaccepted.push(format!("{text:?}: {objection}"));
    }
    match read {
        Ok(list) => {
            total.accepted += 1;
            let found = tree::commands(&list);
            if let Some(missed) = truth.executed.iter().find(|arguments| !tree::explains(&found, arguments)) {
                total.misses.push(format!("{text:?} ran PWN with {missed:?}"));
            }
        }
        // Bash runs the lines before a syntax error; refusing such a text is right.
        Err(refusal) if valid && !truth.executed.is_empty() => {
            total.executed_refused += 1;
            *total.refusals.entry(refusal.why).or_default() += 1;
            if std::env::var_os("PLACET_ORACLE_SHOW").is_some_and(|shown| shown == *refusal.why) {
                eprintln!("{} {text:?}", refusal.at);
            }
        }
        Err(_) => {}
    }
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

#[test]
fn generated_texts_hide_nothing() {
    let first = setting("PLACET_ORACLE_SEED", 1);
    let cases = setting("PLACET_ORACLE_CASES", 5_000);
    let texts: Vec<String> = (first..first + cases).map(generate::line).collect();
    let outcome = compare(&texts);
    report(&outcome);
    assert!(outcome.misses.is_empty(), "hidden commands:\n{}", outcome.misses.join("\n"));
    // Reading what Bash rejects hides nothing, but shows where the reader's grammar is not Bash's.
    let most = outcome.texts / 1_000;
    assert!(outcome.overaccepted.len() <= most, "not Bash, yet read:\n{}", outcome.overaccepted.join("\n"));
}

fn report(outcome: &Outcome) {
    println!(
        "{} texts, {} read; {} ran PWN, {} of these refused; {} misses, {} not Bash, {} late",
        outcome.texts,
        outcome.accepted,
        outcome.executed,
        outcome.executed_refused,
        outcome.misses.len(),
        outcome.overaccepted.len(),
        outcome.late
    );
    let mut refusals: Vec<_> = outcome.refusals.iter().collect();
    refusals.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (why, count) in refusals {
        println!("  {count:5} {why}");
    }
}
