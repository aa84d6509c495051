//! Searches of a tree that are told which files to look into: `grep --include`, `rg -g`.

use placet_model::{Arg, path};

use super::options::Used;

/// How the paths of all files end that are looked into; empty when that is not certain.
pub(super) fn endings(program: &str, flags: &[Used]) -> Vec<String> {
    let found = match program {
        "grep" | "egrep" | "fgrep" | "ggrep" => included(flags),
        "rg" | "ripgrep" => chosen(flags),
        _ => None,
    };
    found.unwrap_or_default()
}

/// The value of the option, which may have been meant for the shell as well (`--include=*.rs`).
fn glob(used: &Used) -> Option<&str> {
    match &used.value.as_ref()?.arg {
        Arg::Known(text) | Arg::Glob(text) => Some(text),
        Arg::Partly { .. } => None,
    }
}

/// With `--exclude` in front of the first `--include`, other files are looked into as well.
fn included(flags: &[Used]) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for used in flags.iter().filter(|used| matches!(used.name(), "include" | "exclude")) {
        match used.name() {
            "include" => found.extend(path::endings(glob(used)?, false)?),
            _ if found.is_empty() => return None,
            _ => {}
        }
    }
    Some(found)
}

/// One glob without `!` is enough for the others to be left out.
fn chosen(flags: &[Used]) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for used in flags {
        match used.name() {
            "iglob" | "glob-case-insensitive" => return None,
            "glob" => {
                let text = glob(used)?;
                if !text.starts_with('!') {
                    found.extend(path::endings(text, true)?);
                }
            }
            _ => {}
        }
    }
    Some(found)
}
