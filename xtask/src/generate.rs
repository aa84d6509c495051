//! Generated files: one table of what is made from what; `--check` fails when a file is out of date.

use std::process::Command;
use std::sync::OnceLock;

use crate::{picture, reference, tools};

/// Write the files, or only compare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Bring files up to date.
    Write,
    /// Leave files alone; a difference is an error.
    Check,
}

/// Which part of a file is generated.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// All of it.
    Whole,
    /// What stands between two lines.
    Between(&'static str, &'static str),
}

/// One generated file.
pub(crate) struct Artefact {
    /// Path below the repository root.
    pub(crate) path: &'static str,
    /// Which part of it.
    pub(crate) place: Place,
    /// Makes the text.
    pub(crate) make: fn() -> Result<String, String>,
}

/// Every generated file. To add one: a line here, and a function that makes its text.
const ARTEFACTS: &[Artefact] = &[
    picture::ARTEFACT,
    reference::ARTEFACT,
    Artefact {
        path: "docs/src/policy/policy.schema.json",
        place: Place::Whole,
        make: || placet(&["policy", "schema"]),
    },
];

/// `cargo xtask generate [--check]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    tools::only(arguments, &["--check"])?;
    let mode = if arguments.is_empty() { Mode::Write } else { Mode::Check };
    let faults: Vec<String> = ARTEFACTS.iter().filter_map(|artefact| settle(artefact, mode).err()).collect();
    if faults.is_empty() {
        println!("generate: {} files up to date", ARTEFACTS.len());
        return Ok(());
    }
    Err(faults.join("\n       "))
}

/// Brings one file up to date, or compares it.
pub(crate) fn settle(artefact: &Artefact, mode: Mode) -> Result<(), String> {
    let path = tools::root().join(artefact.path);
    let made = (artefact.make)().map_err(|error| format!("`{}`: {error}", artefact.path))?;
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    let wanted = match artefact.place {
        Place::Whole => made,
        Place::Between(begin, end) => between(&present, begin, end, &made)
            .ok_or_else(|| format!("`{}` lacks the lines `{begin}` and `{end}`", artefact.path))?,
    };
    if wanted == present {
        return Ok(());
    }
    match mode {
        Mode::Write => {
            println!("generate: writing `{}`", artefact.path);
            tools::write(&path, wanted.as_bytes())
        }
        Mode::Check => Err(format!("`{}` is out of date; run `cargo xtask generate`", artefact.path)),
    }
}

/// `text` with what stands between the two marks replaced; nothing if a mark is missing.
pub(crate) fn between(text: &str, begin: &str, end: &str, made: &str) -> Option<String> {
    let (head, rest) = text.split_once(begin)?;
    let (_, tail) = rest.split_once(end)?;
    Some(format!("{head}{begin}\n{made}{end}{tail}"))
}

/// What the placet command prints for `arguments`, built once per run.
pub(crate) fn placet(arguments: &[&str]) -> Result<String, String> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            tools::must_run(tools::cargo().args(["build", "--quiet", "--locked", "--package", "placet"]))
        })
        .clone()?;
    let program = tools::built("debug", "placet")?;
    tools::output_of(Command::new(program).args(arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_marked_part_changes() {
        let text = "a\n<b>\nold\n<e>\nz\n";
        assert_eq!(between(text, "<b>", "<e>", "new\n").as_deref(), Some("a\n<b>\nnew\n<e>\nz\n"));
        assert_eq!(between("no marks", "<b>", "<e>", "new\n"), None);
    }
}
