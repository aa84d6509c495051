//! `contains` texts against commands.

use placet_model::path::absolute;
use placet_model::{Arg, Command, Location, Stream};

use super::{Match, Subject, glob};
use crate::compile::keys::last_component;
use crate::set::{Cursor, Strings};

/// A `contains` text as stored; see `ir::Words`.
#[derive(Clone, Copy)]
pub(crate) struct WordsView<'a> {
    kind: u32,
    head: &'a str,
    open: bool,
    flags: Strings<'a>,
    plain: Strings<'a>,
}

impl<'a> WordsView<'a> {
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Option<Self> {
        Some(Self {
            kind: cursor.next()?,
            head: cursor.string()?,
            open: cursor.next()? != 0,
            flags: cursor.strings()?,
            plain: cursor.strings()?,
        })
    }

    /// Compares with a command. `wrapped`: the programs that run it count too.
    pub(crate) fn matches(&self, subject: &Subject<'_>, command: &Command, wrapped: bool) -> Option<Match> {
        match self.kind {
            0 => self.command(subject, command, wrapped),
            1 | 2 => Some(self.stream(subject, command)),
            _ => Some(Match::from(
                !subject.strict
                    && (blankless(&command.text).contains(self.head) || in_input(subject, self.head)),
            )),
        }
    }

    fn command(&self, subject: &Subject<'_>, command: &Command, wrapped: bool) -> Option<Match> {
        let alone = self.flags.is_empty() && self.plain.is_empty();
        if !subject.strict && wrapped && self.in_chain(&subject.action.chain, alone)? {
            return Some(Match::Yes);
        }
        let Some(behind) = self.head(subject, command, alone, wrapped) else { return Some(Match::No) };
        let mut found = Match::Yes;
        for flag in self.flags {
            found = found.min(super::command::option_word(command, flag?, subject.strict));
        }
        Some(found.min(self.words(subject, command, behind)?))
    }

    /// Where the head stands, as the number of subcommand words up to it: 0 for the program. `None`: nowhere.
    fn head(&self, subject: &Subject<'_>, command: &Command, alone: bool, anywhere: bool) -> Option<usize> {
        if self.head.is_empty() || self.program(subject, command, alone) {
            return Some(0);
        }
        if subject.strict || !(anywhere || (alone && self.open)) {
            return None;
        }
        // `push --force` also means `git push --force`.
        let is_head = |word: &String| word.eq_ignore_ascii_case(self.head);
        command.subcommand.iter().position(is_head).map(|at| at + 1)
    }

    /// A program that runs this command, or that program with the very words.
    fn in_chain(&self, chain: &[String], alone: bool) -> Option<bool> {
        if self.head.is_empty() {
            return Some(false);
        }
        for element in chain {
            let mut words = element.split(' ');
            let program = last_component(words.next().unwrap_or_default());
            if !program.eq_ignore_ascii_case(self.head) {
                continue;
            }
            if alone {
                return Some(true);
            }
            let mut all = true;
            for wanted in self.flags.chain(self.plain) {
                let wanted = wanted?;
                all &= words.clone().any(|word| word == wanted);
            }
            if all {
                return Some(true);
            }
        }
        Some(false)
    }

    fn program(&self, subject: &Subject<'_>, command: &Command, alone: bool) -> bool {
        let strict = subject.strict;
        if self.head.contains('/') {
            let Some(word) = command.argv.first().and_then(Arg::known) else { return false };
            return word == self.head || (alone && self.open && word.starts_with(self.head));
        }
        if strict {
            return command.location != Location::Elsewhere && command.program == self.head;
        }
        let same = command.program.eq_ignore_ascii_case(self.head);
        // `mkfs` also names `mkfs.ext4`.
        let variant =
            || command.program.split_once('.').is_some_and(|(stem, _)| stem.eq_ignore_ascii_case(self.head));
        same || (alone && self.open && variant())
    }

    /// The words that are no options: the subcommand `behind` the head, then operands in order.
    fn words(&self, subject: &Subject<'_>, command: &Command, behind: usize) -> Option<Match> {
        let mut left = self.plain;
        let mut subcommand = command.subcommand.iter().skip(behind);
        let mut operands = command.operands.iter();
        let mut found = Match::Yes;
        while let Some(wanted) = left.next() {
            let wanted = wanted?;
            let open = self.open && left.is_empty();
            if let Some(word) = subcommand.next() {
                if !beginning(word, wanted, open) {
                    return Some(Match::No);
                }
                continue;
            }
            let hit = operands.find_map(|operand| {
                let hit = operand_word(command, operand, wanted, open, subject.strict);
                (hit != Match::No).then_some(hit)
            });
            found = found.min(hit.unwrap_or(Match::No));
        }
        Some(found)
    }

    fn stream(&self, subject: &Subject<'_>, command: &Command) -> Match {
        let mut found = Match::No;
        for stream in &command.streams {
            let fits = match stream {
                Stream::Read(_) => self.kind == 2,
                Stream::Write(_) | Stream::Append(_) => self.kind == 1,
                Stream::ReadWrite(_) => true,
            };
            if fits {
                found = found.max(self.target(subject, stream.target()));
            }
        }
        found
    }

    fn target(&self, subject: &Subject<'_>, target: &Arg) -> Match {
        let situation = subject.situation;
        match target {
            Arg::Known(text) => {
                let place = absolute(text, situation.cwd, situation.home);
                if harmless(&place) {
                    return Match::No;
                }
                let written = text.starts_with(self.head);
                Match::from(written || (self.head.starts_with('/') && place.starts_with(self.head)))
            }
            _ if subject.strict => Match::No,
            Arg::Glob(text) => {
                let begin = glob_beginning(text);
                Match::from(begin.starts_with(self.head)).max(if self.head.starts_with(begin) {
                    Match::Possible
                } else {
                    Match::No
                })
            }
            Arg::Partly { prefix, .. } => {
                if prefix.starts_with(self.head) {
                    Match::Yes
                } else {
                    Match::from(self.head.starts_with(prefix.as_str())).min(Match::Possible)
                }
            }
        }
    }
}

/// Devices that only print or swallow.
fn harmless(path: &str) -> bool {
    matches!(path, "/dev/null" | "/dev/stdout" | "/dev/stderr" | "/dev/tty") || path.starts_with("/dev/fd/")
}

/// What stands before the first wildcard.
fn glob_beginning(pattern: &str) -> &str {
    pattern.split(['*', '?', '[']).next().unwrap_or_default()
}

/// `word` equals `wanted`, or begins with it when `open`.
fn beginning(word: &str, wanted: &str, open: bool) -> bool {
    if open { word.starts_with(wanted) } else { word == wanted }
}

fn operand_word(command: &Command, operand: &Arg, wanted: &str, open: bool, strict: bool) -> Match {
    match operand {
        Arg::Known(word) => Match::from(
            beginning(word, wanted, open) || (command.program == "chmod" && same_mode(word, wanted)),
        ),
        _ if strict => Match::No,
        Arg::Glob(pattern) if open && glob_beginning(pattern).starts_with(wanted) => Match::Yes,
        Arg::Glob(pattern) => {
            let wanted = if open { format!("{}*", glob::escape(wanted)) } else { glob::escape(wanted) };
            Match::from(super::intersect::texts(pattern, &wanted)).min(Match::Possible)
        }
        Arg::Partly { prefix, suffix } => {
            let known = format!("{}*{}", glob::escape(prefix), glob::escape(suffix));
            let wanted_glob = if open { format!("{}*", glob::escape(wanted)) } else { glob::escape(wanted) };
            if open && prefix.starts_with(wanted) {
                Match::Yes
            } else {
                Match::from(super::intersect::texts(&known, &wanted_glob)).min(Match::Possible)
            }
        }
    }
}

/// Whether two file modes grant the same to all: `777`, `0777`, `a+rwx`, `ugo=rwx`, `=rwx`. A wanted mode that
/// lets a program act as its owner or group (`u+s`, `4755`) equals every mode that does.
fn same_mode(word: &str, wanted: &str) -> bool {
    match (mode(word), mode(wanted)) {
        (Some(word), Some(wanted)) if wanted & 0o6000 != 0 => word & wanted & 0o6000 != 0,
        (Some(word), Some(wanted)) => wanted & 0o777 != 0 && word & 0o777 == wanted & 0o777,
        _ => false,
    }
}

fn octal(text: &str) -> Option<u32> {
    let fits = (3..=5).contains(&text.len()) && text.chars().all(|c| c.is_digit(8));
    fits.then(|| u32::from_str_radix(text, 8).ok()).flatten()
}

/// Bits that a mode grants; clauses with `-` grant nothing.
fn mode(text: &str) -> Option<u32> {
    if let Some(bits) = octal(text) {
        return Some(bits);
    }
    let mut granted = 0;
    for clause in text.split(',') {
        let at = clause.find(['+', '=', '-'])?;
        let (who, rest) = clause.split_at_checked(at)?;
        let mut chars = rest.chars();
        let sign = chars.next()?;
        let (mut bits, mut acts) = (0, false);
        for c in chars {
            bits |= match c {
                'r' => 4,
                'w' => 2,
                'x' | 'X' => 1,
                's' | 't' => 0,
                _ => return None,
            };
            acts |= c == 's';
        }
        if who.is_empty() || who.contains('a') {
            bits *= 0o111;
        } else {
            let mut each = 0;
            for c in who.chars() {
                each |= match c {
                    'u' => bits << 6,
                    'g' => bits << 3,
                    'o' => bits,
                    _ => return None,
                };
            }
            bits = each;
        }
        if acts {
            let all = who.is_empty() || who.contains('a');
            bits |= if all || who.contains('u') { 0o4000 } else { 0 };
            bits |= if all || who.contains('g') { 0o2000 } else { 0 };
        }
        if sign != '-' {
            granted |= bits;
        }
    }
    Some(granted)
}

/// `text` without blanks.
pub(crate) fn blankless(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether the tool's `command` input has the text, blanks apart: shell operators never show up in the text of
/// a single command.
pub(crate) fn in_input(subject: &Subject<'_>, wanted: &str) -> bool {
    let command = subject.situation.input.get("command").and_then(|value| value.as_str());
    command.is_some_and(|command| blankless(command).contains(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes() {
        for same in ["777", "0777", "a+rwx", "ugo+rwx", "=rwx", "+rwx", "u=rwx,g=rwx,o=rwx", "1777", "a+rwX"]
        {
            assert!(same_mode(same, "777"), "{same}");
            assert!(same_mode("0777", same), "{same}");
        }
        for other in ["755", "u+rwx", "a-rwx", "+x", "file", "a+rw"] {
            assert!(!same_mode(other, "777"), "{other}");
        }
        for acts in ["u+s", "4755", "04711", "ug+s", "+s", "u=rwxs,go=rx"] {
            assert!(same_mode(acts, "u+s") && same_mode(acts, "4755"), "{acts}");
        }
        for other in ["755", "o-rwx", "g-wx", "a-r", "u-s", "g+s", "+t", "644"] {
            assert!(!same_mode(other, "u+s") && !same_mode(other, "4755"), "{other}");
        }
    }
}
