//! `cargo xtask test`: every check and every test, in the order that fails soonest.
//!
//! A suite that could not run is never silent: it is named at the end, and the task fails unless the caller
//! said `--allow-missing`.

use std::time::Instant;

use crate::{dependencies, e2e, generate, layers, links, tools};

/// A suite: its name, and what runs it.
type Suite = (&'static str, fn() -> Result<Outcome, String>);

/// How a suite ended, when it did not fail.
enum Outcome {
    /// It ran and passed.
    Passed,
    /// It could not run here, for this reason.
    LeftOut(String),
}

const SUITES: &[Suite] = &[
    ("formatting", formatting),
    ("layers", || layers::run(&["--check".to_owned()]).map(passed)),
    ("dependencies", || dependencies::check().map(passed)),
    ("links", || links::check().map(passed)),
    ("clippy", clippy),
    ("tests", tests),
    ("generated files", || generate::run(&["--check".to_owned()]).map(passed)),
    ("e2e", end_to_end),
];

/// `cargo xtask test [--allow-missing] [--without SUITE]...`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (allow_missing, without) = read_arguments(arguments)?;
    let started = Instant::now();
    let mut failed = Vec::new();
    let mut left_out = Vec::new();
    for (name, suite) in SUITES {
        if without.iter().any(|unwanted| unwanted == name) {
            left_out.push(format!("{name} (told to go without)"));
            continue;
        }
        println!("\n== {name}");
        match suite() {
            Ok(Outcome::Passed) => {}
            Ok(Outcome::LeftOut(reason)) => left_out.push(format!("{name} ({reason})")),
            Err(message) => {
                eprintln!("xtask: {name} failed: {message}");
                failed.push(*name);
            }
        }
    }
    println!("\n== result after {} s", started.elapsed().as_secs());
    if !left_out.is_empty() {
        println!("left out: {}", left_out.join(", "));
    }
    if !failed.is_empty() {
        return Err(format!("failed: {}", failed.join(", ")));
    }
    if !left_out.is_empty() && !allow_missing {
        return Err("suites were left out; `--allow-missing` accepts that".to_owned());
    }
    println!("every suite that ran has passed");
    Ok(())
}

fn read_arguments(arguments: &[String]) -> Result<(bool, Vec<String>), String> {
    let mut allow_missing = false;
    let mut without = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--allow-missing" => allow_missing = true,
            "--without" => {
                let name = rest.next().ok_or("`--without` needs the name of a suite")?;
                if !SUITES.iter().any(|(known, _)| known == name) {
                    let known: Vec<&str> = SUITES.iter().map(|(known, _)| *known).collect();
                    return Err(format!("unknown suite `{name}`; known: {}", known.join(", ")));
                }
                without.push(name.clone());
            }
            other => return Err(format!("unknown argument `{other}`")),
        }
    }
    Ok((allow_missing, without))
}

fn passed((): ()) -> Outcome {
    Outcome::Passed
}

fn formatting() -> Result<Outcome, String> {
    tools::must_run(tools::cargo().args(["fmt", "--all", "--check", "--", "--files-with-diff"])).map(passed)
}

fn clippy() -> Result<Outcome, String> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    tools::must_run(tools::cargo().args(arguments)).map(passed)
}

/// Programs that judge what we say of their languages; without one its tests pass over.
const JUDGES: &[&str] = &["python3", "node", "sqlite3", "npm"];

/// All tests, the output of the runner unaltered.
fn tests() -> Result<Outcome, String> {
    run_tests()?;
    let mut missing: Vec<&str> =
        JUDGES.iter().copied().filter(|name| !tools::present(name, &["--version"])).collect();
    if !postgresql() {
        missing.push("PostgreSQL");
    }
    if missing.is_empty() {
        return Ok(Outcome::Passed);
    }
    Ok(Outcome::LeftOut(format!("tests that ask {}, which is not installed", missing.join(", "))))
}

/// Whether a server can be started; Debian keeps its programs off the search path.
fn postgresql() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|entry| entry.path().join("bin/initdb")).any(|program| program.exists())
        || tools::present("initdb", &["--version"])
}

fn run_tests() -> Result<(), String> {
    if tools::present("cargo-nextest", &["nextest", "--version"]) {
        let arguments = ["nextest", "run", "--workspace", "--locked", "--no-fail-fast"];
        tools::must_run(tools::cargo().args(arguments))?;
        // nextest does not run the examples in the documentation.
        return tools::must_run(tools::cargo().args(["test", "--workspace", "--locked", "--doc"]));
    }
    tools::must_run(tools::cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]))
}

fn end_to_end() -> Result<Outcome, String> {
    match e2e::missing() {
        Some(reason) => Ok(Outcome::LeftOut(reason)),
        None => e2e::run(&[]).map(passed),
    }
}

#[cfg(test)]
mod tests_of_arguments {
    use super::*;

    #[test]
    fn unknown_words_are_refused() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(read_arguments(&words("--allow-missing --without e2e")).is_ok());
        assert!(read_arguments(&words("--without nonsense")).is_err());
        assert!(read_arguments(&words("--allow-mising")).is_err());
    }
}
