//! The command line as older scripts write it: options of a gateway before the command.

use std::ffi::OsString;

/// The words of a command line, the first of which is the program: a gateway that is named before the command is named behind it, and
/// how much is told (`--quiet`, `--verbose`) before the command is left out.
pub(crate) fn rearranged(words: Vec<OsString>) -> Vec<OsString> {
    let mut words = words.into_iter().peekable();
    let mut first: Vec<OsString> = words.next().into_iter().collect();
    let mut moved = Vec::new();
    while let Some(word) = words.next_if(|word| word.to_string_lossy().starts_with("--")) {
        match word.to_string_lossy().as_ref() {
            "--quiet" | "--verbose" => {}
            "--gateway" => moved.extend([Some(word), words.next()].into_iter().flatten()),
            text if text.starts_with("--gateway=") => moved.push(word),
            "--color" | "--config" | "--machine-root" => {
                first.extend([Some(word), words.next()].into_iter().flatten())
            }
            _ => first.push(word),
        }
    }
    let rest: Vec<OsString> = words.collect();
    // What stands behind `--` are no options.
    let end = rest.iter().position(|word| word == "--").unwrap_or(rest.len());
    let (command, behind) = rest.split_at(end);
    [first.as_slice(), command, moved.as_slice(), behind].concat()
}
