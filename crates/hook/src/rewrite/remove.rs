//! Files that are moved aside instead of deleted.

use placet_model::{Arg, Command};

/// `rm` becomes `placet trash`.
pub(super) fn to_trash(command: &Command, _argv: &[&str]) -> Option<Vec<String>> {
    let plain = command.flags.iter().all(|flag| matches!(flag.name.as_str(), "recursive" | "force"));
    if command.program != "rm" || !plain || command.operands.is_empty() {
        return None;
    }
    let mut words = vec!["placet".to_owned(), "trash".to_owned()];
    for (flag, letter) in [("recursive", "-r"), ("force", "-f")] {
        words.extend(command.flag(flag).map(|_| letter.to_owned()));
    }
    words.push("--".to_owned());
    for operand in &command.operands {
        words.push(operand.known().map(str::to_owned)?);
    }
    Some(words)
}

/// Whether `after` puts away what `before` would have removed.
pub(super) fn is_same(before: &Command, after: &Command) -> bool {
    let names = |command: &Command| {
        let mut names: Vec<&str> = command.flags.iter().map(|flag| flag.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.join(" ")
    };
    let known = |operands: &[Arg]| operands.iter().all(|operand| operand.known().is_some());
    after.subcommand == ["trash"]
        && known(&after.operands)
        && before.operands == after.operands
        && names(before) == names(after)
}
