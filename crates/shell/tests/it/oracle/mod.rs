//! The reader against Bash itself: every execution of `PWN` that Bash does must be in the tree.
//!
//! Texts come from two profiles: *hostile* ones put every odd construct into every other one and are broken in
//! places; *plain* ones are what people write. `PLACET_ORACLE_CASES` sets the number of texts of each,
//! `PLACET_ORACLE_SEED` the first seed, `PLACET_ORACLE_SHOW` a reason whose refused texts are shown (`all`: every reason).

mod bash;
mod corpus;
mod hostile;
mod plain;
mod random;
mod tree;

use bash::{Manner, Sandbox};
use placet_model::Dialect;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Most plain texts that may be refused though Bash runs them, in per cent.
const PLAIN_REFUSED: f64 = 3.0;

/// The same of hostile texts, each of which holds several constructs at once. No promise, but it should not grow.
const HOSTILE_REFUSED: f64 = 40.0;

/// The same of plain texts where zsh may be the shell.
const ZSH_REFUSED: f64 = 10.0;

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

/// Whether each text of a profile runs `PWN`, and whether the tree shows it.
fn compare(line: fn(u64) -> String, shell: Dialect, first: u64, cases: u64) -> Outcome {
    let next = AtomicU64::new(first);
    let total = Mutex::new(Outcome::default());
    // Most of the time a worker waits for its Bash.
    let workers = 2 * std::thread::available_parallelism().map_or(2, usize::from).min(8);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut sandbox = Sandbox::new();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + cases {
                        return;
                    }
                    let manner = match shell {
                        Dialect::Zsh => Manner::Zsh,
                        Dialect::Bash if seed.is_multiple_of(16) => Manner::Programs,
                        Dialect::Bash => Manner::Handler,
                    };
                    judge(&mut sandbox, &line(seed), manner, &total);
                }
            });
        }
    });
    total.into_inner().unwrap()
}

fn judge(sandbox: &mut Sandbox, text: &str, manner: Manner, total: &Mutex<Outcome>) {
    let read = placet_shell::read_as(text, manner.shell());
    let truth = sandbox.run(text, manner);
    let asked = read.is_ok() || !truth.executed.is_empty();
    let objection = if asked && manner != Manner::Zsh { sandbox.objection(text) } else { None };
    let valid = asked && objection.is_none();
    let mut total = total.lock().unwrap();
    if truth.late && std::env::var_os("PLACET_ORACLE_SHOW").is_some_and(|shown| shown == "late") {
        eprintln!("late {text:?}");
    }
    total.texts += 1;
    if total.texts.is_multiple_of(20_000) {
        eprintln!(
            "  {} texts, {} ran PWN, {} of these refused, {} misses",
            total.texts,
            total.executed,
            total.executed_refused,
            total.misses.len()
        );
    }
    total.late += usize::from(truth.late);
    total.executed += usize::from(valid && !truth.executed.is_empty());
    if let (Ok(_), Some(objection)) = (&read, objection) {
        total.overaccepted.push(format!("{text:?}: {objection}"));
    }
    match read {
        Ok(list) => {
            total.accepted += 1;
            if let Some(missed) = missed(&list, &truth) {
                let miss = format!("{text:?} ran PWN with {missed:?}");
                // At once: a long run may be stopped.
                if total.misses.len() < 20 {
                    let shorter = crate::shrink::shrink(text, |part| is_miss(sandbox, part, manner));
                    eprintln!("miss: {shorter:?}\n  made from {miss}");
                }
                total.misses.push(miss);
            }
        }
        // Bash runs the lines before a syntax error; refusing such a text is right.
        Err(refusal) if valid && !truth.executed.is_empty() => {
            total.executed_refused += 1;
            *total.refusals.entry(refusal.why).or_default() += 1;
            let shown = std::env::var("PLACET_ORACLE_SHOW").unwrap_or_default();
            if shown == refusal.why || shown == "all" {
                eprintln!("{} at {}: {text:?}", refusal.why, refusal.at);
            }
        }
        Err(_) => {}
    }
}

/// An execution that the tree does not show.
fn missed<'t>(list: &placet_shell::syntax::List, truth: &'t bash::Truth) -> Option<&'t Vec<String>> {
    let found = tree::commands(list);
    truth.executed.iter().find(|arguments| !tree::explains(&found, arguments))
}

/// Whether a text is read, and runs what the tree does not show.
fn is_miss(sandbox: &mut Sandbox, text: &str, manner: Manner) -> bool {
    placet_shell::read_as(text, manner.shell())
        .is_ok_and(|list| missed(&list, &sandbox.run(text, manner)).is_some())
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

impl Outcome {
    /// Texts that were refused among those that ran `PWN`, in per cent.
    fn refused_share(&self) -> f64 {
        self.executed_refused as f64 * 100.0 / self.executed.max(1) as f64
    }
}

/// Compares a profile, prints its figures; fails on a miss, or when more than `most` per cent are refused.
fn check(profile: &str, line: fn(u64) -> String, shell: Dialect, most: f64) {
    let first = setting("PLACET_ORACLE_SEED", 1);
    // For zsh a fifth: the reader is the same, but for what it refuses.
    let share = if shell == Dialect::Zsh { 5 } else { 1 };
    let cases = setting("PLACET_ORACLE_CASES", 5_000) / share;
    let outcome = compare(line, shell, first, cases);
    report(profile, &outcome, most);
    let some = |texts: &[String]| texts.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(outcome.misses.is_empty(), "hidden commands:\n{}", some(&outcome.misses));
    // Reading what Bash rejects hides nothing, but shows where the reader's grammar is not Bash's.
    let few = outcome.texts / 1_000;
    assert!(outcome.overaccepted.len() <= few, "not Bash, yet read:\n{}", some(&outcome.overaccepted));
    assert!(outcome.refused_share() <= most, "{:.2} per cent refused", outcome.refused_share());
}

#[test]
fn generated_hostile_texts_hide_nothing() {
    check("hostile", hostile::line, Dialect::Bash, HOSTILE_REFUSED);
}

#[test]
fn generated_plain_texts_hide_nothing_and_are_read() {
    check("plain", plain::line, Dialect::Bash, PLAIN_REFUSED);
}

#[test]
fn generated_plain_texts_hide_nothing_from_zsh() {
    check("zsh-plain", plain::line, Dialect::Zsh, ZSH_REFUSED);
}

#[test]
fn generated_hostile_texts_hide_nothing_from_zsh() {
    check("zsh-hostile", hostile::line, Dialect::Zsh, HOSTILE_REFUSED + 20.0);
}

fn report(profile: &str, outcome: &Outcome, most: f64) {
    println!(
        "\n{profile}: {} texts, {} read; {} ran PWN, {} of these refused; {} misses, {} not Bash, {} late",
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
    println!("figure reader-{profile}-texts {} - {}", outcome.texts, outcome.texts);
    println!("figure reader-{profile}-misses {} - 0", outcome.misses.len());
    println!("figure reader-{profile}-refused {:.2} % {most}", outcome.refused_share());
}
