//! `command:` conditions.

use placet_model::{Arg, Command, Does, Location, Resource};

use super::{Match, Subject, glob, intersect};
use crate::compile::keys::last_component;
use crate::set::{Cursor, Strings};

/// Bit of something a command does, in the order of [`Does::ALL`].
pub(crate) fn does_bit(does: Does) -> u32 {
    does as u32
}

/// `command:`
pub(crate) fn condition(cursor: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let Resource::Command(command) = &subject.action.resource else { return Some(Match::No) };
    let (does, location, understood, operands) =
        (cursor.next()?, cursor.next()?, cursor.next()?, cursor.next()?);
    let program = cursor.strings()?;
    let subcommand = cursor.strings()?;
    let flags = [cursor.strings()?, cursor.strings()?, cursor.strings()?];
    let arguments = cursor.strings()?;
    let wrapped_by = cursor.strings()?;
    let strict = subject.strict;

    let by_model = does != 0
        || !program.is_empty()
        || !subcommand.is_empty()
        || flags.iter().any(|list| !list.is_empty());
    if strict && by_model && location == 0 && command.location == Location::Elsewhere && !names_path(program)?
    {
        return Some(Match::No);
    }
    if location != 0 && location & location_bit(command.location) == 0 {
        return Some(Match::No);
    }
    if understood != 0 && (understood == 2) != command.understood {
        return Some(Match::No);
    }
    if does != 0 && !does_matches(command, does, strict) {
        return Some(Match::No);
    }
    let mut found = Match::Yes;
    for (given, result) in [
        (!program.is_empty(), any(program, |glob| program_matches(command, glob, strict))?),
        (!subcommand.is_empty(), any(subcommand, |words| subcommand_matches(command, words, strict))?),
        (!flags[0].is_empty(), any(flags[0], |flag| option_word(command, flag, strict))?),
        (!flags[1].is_empty(), all(flags[1], |flag| option_word(command, flag, strict))?),
        (!flags[2].is_empty(), all(flags[2], |flag| Match::from(!has_option(command, flag, strict)))?),
        (!arguments.is_empty(), arguments_match(command, arguments, strict)?),
        (!wrapped_by.is_empty(), wrapped(subject, wrapped_by)?),
        (operands != 0, operands_match(command, operands == 2, strict)),
    ] {
        if given {
            found = found.min(result);
        }
    }
    Some(found)
}

fn any(list: Strings<'_>, mut test: impl FnMut(&str) -> Match) -> Option<Match> {
    let mut found = Match::No;
    for text in list {
        found = found.max(test(text?));
    }
    Some(found)
}

fn all(list: Strings<'_>, mut test: impl FnMut(&str) -> Match) -> Option<Match> {
    let mut found = Match::Yes;
    for text in list {
        found = found.min(test(text?));
    }
    Some(found)
}

fn names_path(program: Strings<'_>) -> Option<bool> {
    let mut named = false;
    for glob in program {
        named |= glob?.contains('/');
    }
    Some(named)
}

/// Bit of a location, in the order of `source::conditions::LOCATIONS`.
fn location_bit(location: Location) -> u32 {
    match location {
        Location::Path => 1,
        Location::System => 2,
        Location::Elsewhere => 4,
    }
}

/// Strict: it does something, and nothing that is not listed. Else: something listed.
fn does_matches(command: &Command, mask: u32, strict: bool) -> bool {
    let listed = |does: &Does| mask & (1 << does_bit(*does)) != 0;
    if strict {
        !command.does.is_empty() && command.does.iter().all(listed)
    } else {
        command.does.iter().any(listed)
    }
}

fn program_matches(command: &Command, pattern: &str, strict: bool) -> Match {
    if pattern.contains('/') {
        return Match::from(
            command
                .argv
                .first()
                .and_then(Arg::known)
                .is_some_and(|word| glob::matches(pattern, word, !strict)),
        );
    }
    Match::from(glob::matches(pattern, &command.program, !strict))
}

/// The words of the pattern are the first words of the subcommand.
fn subcommand_matches(command: &Command, words: &str, strict: bool) -> Match {
    let mut wanted = words.split_whitespace();
    if command.subcommand.is_empty() && !command.understood && !strict {
        // Without a model the subcommand is the first operand.
        let mut operands = command.operands.iter();
        let same = wanted.all(|word| operands.next().and_then(Arg::known) == Some(word));
        return Match::from(same);
    }
    let mut given = command.subcommand.iter();
    Match::from(wanted.all(|word| given.next().is_some_and(|given| given == word)))
}

/// Whether an option is given: `-x`, `-xyz` (each of them), `--name`, `name`, `name=value-glob`.
pub(crate) fn option_word(command: &Command, word: &str, strict: bool) -> Match {
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (word, None),
    };
    let bare = name.trim_start_matches('-');
    let mut found = Match::No;
    for flag in &command.flags {
        if is_option(command, flag, bare) {
            found = found
                .max(value.map_or(Match::Yes, |wanted| value_matches(flag.value.as_ref(), wanted, strict)));
        }
    }
    if let Some(letters) = cluster(word)
        && found == Match::No
    {
        found = letters.chars().map(|letter| one_letter(command, letter, strict)).min().unwrap_or(Match::No);
    }
    if strict || found == Match::Yes {
        return found;
    }
    if !command.understood && spelled(command, bare, value) {
        return Match::Yes;
    }
    found.max(Match::from(may_be_option(command)).min(Match::Possible))
}

/// The letters of `-xyz`.
fn cluster(word: &str) -> Option<&str> {
    let letters = word.strip_prefix('-')?;
    (!letters.starts_with('-') && letters.chars().nth(1).is_some() && !letters.contains('='))
        .then_some(letters)
}

fn one_letter(command: &Command, letter: char, strict: bool) -> Match {
    let mut text = [0; 4];
    let text: &str = letter.encode_utf8(&mut text);
    let guessed = !strict && !command.understood && spelled(command, text, None);
    if guessed || command.flags.iter().any(|flag| is_option(command, flag, text)) {
        return Match::Yes;
    }
    Match::from(!strict && may_be_option(command)).min(Match::Possible)
}

fn is_option(command: &Command, flag: &placet_model::Flag, bare: &str) -> bool {
    let mut chars = bare.chars();
    let single = chars.next().filter(|_| chars.as_str().is_empty());
    let letter = single.is_some_and(|letter| {
        flag.letter == Some(letter)
            // `-R` and `-r` are one option of these.
            || (matches!(command.program.as_str(), "rm" | "cp") && matches!((letter, flag.letter), ('R', Some('r')) | ('r', Some('R'))))
    });
    letter || flag.name == bare
}

fn value_matches(value: Option<&Arg>, wanted: &str, strict: bool) -> Match {
    match value {
        Some(Arg::Known(text)) => Match::from(glob::matches(wanted, text, false)),
        Some(Arg::Glob(_) | Arg::Partly { .. }) if !strict => Match::Possible,
        _ => Match::No,
    }
}

/// Whether a word is spelled so, for programs whose options are not understood.
fn spelled(command: &Command, bare: &str, wanted: Option<&str>) -> bool {
    command.argv.iter().skip(1).filter_map(Arg::known).any(|word| {
        let stripped = word.trim_start_matches('-');
        let (name, value) =
            stripped.split_once('=').map_or((stripped, None), |(name, value)| (name, Some(value)));
        let fits = |wanted| value.is_some_and(|value| glob::matches(wanted, value, false));
        stripped.len() < word.len() && name == bare && wanted.is_none_or(fits)
    })
}

/// Whether some word is not known and may be an option.
fn may_be_option(command: &Command) -> bool {
    command.argv.iter().skip(1).any(|word| match word {
        Arg::Partly { prefix, .. } => prefix.is_empty() || prefix.starts_with('-'),
        Arg::Known(_) | Arg::Glob(_) => false,
    })
}

/// For `none`: whether the option is given. Strict: or may be.
fn has_option(command: &Command, word: &str, strict: bool) -> bool {
    let (name, wanted) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    let bare = name.trim_start_matches('-');
    let given = |flag: &placet_model::Flag| {
        let value = wanted.map_or(Match::Yes, |wanted| value_matches(flag.value.as_ref(), wanted, !strict));
        is_option(command, flag, bare) && (value == Match::Yes || strict && value == Match::Possible)
    };
    if command.flags.iter().any(given) || (!command.understood && spelled(command, bare, wanted)) {
        return true;
    }
    if !strict {
        return false;
    }
    let in_cluster = || {
        let mut chars = bare.chars();
        let Some(letter) = chars.next().filter(|_| chars.as_str().is_empty()) else { return false };
        command.argv.iter().skip(1).filter_map(Arg::known).any(|word| {
            word.strip_prefix('-').is_some_and(|rest| !rest.starts_with('-') && rest.contains(letter))
        })
    };
    may_be_option(command) || (!command.understood && in_cluster())
}

/// Strict: there are operands and each is matched. Else: one is matched.
fn arguments_match(command: &Command, globs: Strings<'_>, strict: bool) -> Option<Match> {
    let mut each = Vec::new();
    for operand in &command.operands {
        each.push(any(globs, |glob| argument_matches(operand, glob, strict))?);
    }
    let found = if strict { each.iter().min() } else { each.iter().max() };
    Some(found.copied().unwrap_or(Match::No))
}

fn argument_matches(operand: &Arg, wanted: &str, strict: bool) -> Match {
    match operand {
        Arg::Known(text) => Match::from(glob::matches(wanted, text, false)),
        // The pattern as written counts too, so that `\*` can name it.
        Arg::Glob(pattern) if glob::matches(wanted, pattern, false) => Match::Yes,
        _ if strict => Match::No,
        Arg::Glob(pattern) => Match::from(intersect::texts(pattern, wanted)).min(Match::Possible),
        Arg::Partly { prefix, suffix } => {
            let known = format!("{}*{}", glob::escape(prefix), glob::escape(suffix));
            Match::from(intersect::texts(&known, wanted)).min(Match::Possible)
        }
    }
}

/// Strict: some program runs the command, and each of them is listed. Else: one is.
fn wrapped(subject: &Subject<'_>, globs: Strings<'_>) -> Option<Match> {
    let mut each = Vec::new();
    for element in &subject.action.chain {
        let program = last_component(element.split(' ').next().unwrap_or_default());
        each.push(any(globs, |glob| {
            Match::from(
                glob::matches(glob, program, !subject.strict)
                    || glob::matches(glob, element, !subject.strict),
            )
        })?);
    }
    let found = if subject.strict { each.iter().min() } else { each.iter().max() };
    Some(found.copied().unwrap_or(Match::No))
}

/// Whether there are operands. A word of which nothing is known may be none.
fn operands_match(command: &Command, some: bool, strict: bool) -> Match {
    let vague = |operand: &Arg| matches!(operand, Arg::Partly { prefix, suffix } if prefix.is_empty() && suffix.is_empty());
    let certain = command.operands.iter().any(|operand| !vague(operand));
    let none = command.operands.is_empty();
    match (some, certain, none) {
        (true, true, _) | (false, _, true) => Match::Yes,
        (true, _, true) | (false, true, _) => Match::No,
        _ => {
            if strict {
                Match::No
            } else {
                Match::Possible
            }
        }
    }
}
