//! Tasks of the repository, run as `cargo xtask TASK`.
//!
//! Owns: the order of checks, the layer list, generated files, the end-to-end suite with the real agent,
//! the benchmark runner. Does not own: anything that ships; no crate may depend on this one.
//!
//! Start reading at [`suite`] (what `cargo xtask test` does) and [`layers`] (who may know whom).
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person who started it")]

mod bench;
mod dependencies;
mod e2e;
mod generate;
mod layers;
mod links;
mod picture;
mod purity;
mod reference;
mod suite;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

  test [--allow-missing] [--without e2e]   every check and every test of the repository
  layers [--check]                         allowed edges, pure ring 0; draws the picture in ARCHITECTURE.md
  generate [--check]                       generated files: write them, or fail if one is out of date
  e2e [FILTER] [--jobs N] [--keep] [--list] [--programs FOLDER]
                                           scenarios with the real agent
  bench [ARGUMENTS]                        whole-process timings against /bin/true";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((task, rest)) = arguments.split_first() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let outcome = match task.as_str() {
        "test" => suite::run(rest),
        "layers" => layers::run(rest),
        "generate" => generate::run(rest),
        "e2e" => e2e::run(rest),
        "bench" => bench::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("unknown task `{other}`\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
