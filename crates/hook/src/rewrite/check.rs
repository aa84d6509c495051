//! Whether a rewritten line differs from the one it came from only as it should.

use placet_model::{Action, ActionKind, Arg, Command, Location, Resource};

use super::remove;

/// Whether `after` is `before` with the command `before[at]` exchanged for one of exactly these `words`.
pub(super) fn differs_only(before: &[Action], after: &[Action], at: usize, words: &[String]) -> bool {
    let commands = |actions: &[Action]| -> Vec<usize> {
        let is_command = |(index, action): (usize, &Action)| command(action).map(|_| index);
        actions.iter().enumerate().filter_map(is_command).collect()
    };
    let (old, new) = (commands(before), commands(after));
    let same_commands = old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| match (before.get(*old), after.get(*new)) {
            (Some(was), Some(is)) if *old == at => is_exchanged(was, is, words),
            (Some(was), Some(is)) => is_same(was, is),
            _ => false,
        });
    // Everything else was there before: effects, hosts, things that are not known.
    same_commands
        && after
            .iter()
            .filter(|action| command(action).is_none())
            .all(|action| before.iter().any(|was| is_same(was, action)))
}

fn command(action: &Action) -> Option<&Command> {
    match &action.resource {
        Resource::Command(command) => Some(command),
        _ => None,
    }
}

/// The same thing at whatever place of the text.
fn is_same(was: &Action, is: &Action) -> bool {
    was.kind == is.kind && was.resource == is.resource && was.chain == is.chain && was.origin == is.origin
}

fn is_exchanged(was: &Action, is: &Action, words: &[String]) -> bool {
    let (Some(old), Some(new)) = (command(was), command(is)) else { return false };
    let as_written = new.argv.len() == words.len()
        && new.argv.iter().zip(words).all(|(argument, word)| argument.known() == Some(word));
    let certain = is.kind == ActionKind::ExecuteShell
        && new.understood
        && new.location != Location::Elsewhere
        && is.chain == was.chain
        && is.origin == was.origin
        && new.streams == old.streams;
    let no_worse = new.does.iter().all(|does| old.does.contains(does));
    as_written && certain && no_worse && has_the_same_meaning(old, new)
}

/// What the rewrites may change: options of one name, marks at refspecs, `rm` for the trash.
fn has_the_same_meaning(old: &Command, new: &Command) -> bool {
    if old.program == "rm" {
        return new.program == "placet" && remove::is_same(old, new);
    }
    let flag = |name: &str| matches!(name, "force" | "force-with-lease" | "ignore-scripts" | "verbose");
    let others = |command: &Command| {
        let mut flags: Vec<_> = command
            .flags
            .iter()
            .filter(|own| !flag(&own.name))
            .map(|own| (own.name.clone(), own.value.clone()))
            .collect();
        flags.sort_by(|one, other| one.0.cmp(&other.0));
        flags
    };
    let operand = |operand: &Arg| operand.known().map(|text| text.trim_start_matches('+').to_owned());
    let operands = |command: &Command| -> Vec<_> { command.operands.iter().map(operand).collect() };
    let forced = new.program == "git" && new.flag("force").is_some();
    (&old.program, &old.subcommand, old.location) == (&new.program, &new.subcommand, new.location)
        && others(old) == others(new)
        && operands(old) == operands(new)
        && !forced
}
