//! The comparisons with Bash and with the second evaluator of policies at their large size.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::{Figure, figure_of, verdict};
use crate::tools;

/// One comparison: package, tests, and how many cases of each.
const RUNS: [(&str, &str, &str, u64); 3] = [
    // Half a million texts of each of the two profiles.
    ("placet-shell", "oracle", "PLACET_ORACLE_CASES", 500_000),
    ("placet-shell", "argv", "PLACET_ORACLE_CASES", 200_000),
    ("placet-policy", "naive", "PLACET_POLICY_PAIRS", 10_000_000),
];

/// Runs them one after the other and shows their figures together. The first takes about half an hour on two quiet
/// cores; `PLACET_ORACLE_SEED` and `PLACET_POLICY_SEED` give other cases. `part`: how many times fewer cases.
pub(super) fn run(part: u64) -> Result<(), String> {
    let mut figures = Vec::new();
    let mut failed = Vec::new();
    for (package, tests, variable, cases) in RUNS {
        let began = std::time::Instant::now();
        let cases = cases / part.max(1);
        println!("{package}, {tests}: {cases} cases");
        let (found, good) = one(package, tests, variable, cases)?;
        println!("{package}, {tests}: {:.0} minutes", began.elapsed().as_secs_f64() / 60.0);
        figures.extend(found);
        if !good {
            failed.push(tests);
        }
    }
    let figures = verdict(&figures);
    if failed.is_empty() { figures } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// The figures that the tests print, and whether they passed. Progress goes to standard error as it comes.
fn one(package: &str, tests: &str, variable: &str, cases: u64) -> Result<(Vec<Figure>, bool), String> {
    let mut command = tools::cargo();
    command.args(["test", "--release", "--locked", "--package", package, "--test", "it", "--", tests]);
    // One after the other: each uses every core.
    command.args(["--nocapture", "--test-threads=1"]).env(variable, cases.to_string());
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cargo test: {error}"))?;
    let mut figures = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| format!("cargo test: {error}"))?;
            println!("{line}");
            figures.extend(figure_of(&line));
        }
    }
    let status = child.wait().map_err(|error| format!("cargo test: {error}"))?;
    Ok((figures, status.success()))
}
