//! `resource:` conditions on every kind of resource.

use std::cell::Cell;

use placet_model::{Action, Arg, Command, Location, Resource};

use super::host::UrlView;
use super::path::{self, Paths};
use super::words::{self, WordsView};
use super::{Match, Subject, glob, needs};
use crate::set::{Cursor, Strings};

const MATCHES: u32 = 0;
const STARTS_WITH: u32 = 1;
const CONTAINS: u32 = 2;

/// `resource:`, one operator.
pub(crate) fn condition(cursor: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let op = cursor.next()?;
    if op > CONTAINS {
        return regex(cursor, subject);
    }
    let texts = cursor.strings()?;
    let paths = Paths::read(cursor)?;
    match &subject.action.resource {
        Resource::Path(path) => paths.matches(subject, path),
        Resource::Url(url) => urls(cursor, |view| view.url(url, subject.strict)),
        Resource::Host(host) => urls(cursor, |view| view.host(host.as_deref(), subject.strict)),
        // For an allow a program that only shares the name is matched by nothing but its path.
        Resource::Command(command)
            if op == CONTAINS && subject.strict && command.location == Location::Elsewhere =>
        {
            Some(Match::No)
        }
        Resource::Command(command) => {
            let by_text = command_text(op, texts, subject, command)?;
            if op == MATCHES || by_text == Match::Yes || (op == STARTS_WITH && subject.strict) {
                return Some(by_text);
            }
            cursor.section()?;
            let mut words = cursor.section()?;
            let mut found = by_text;
            while !words.is_empty() {
                found = found.max(WordsView::read(&mut words)?.matches(subject, command, op == CONTAINS)?);
            }
            Some(found)
        }
        Resource::Text(text) => plain(op, texts, subject.action, text, subject),
    }
}

fn urls(cursor: &mut Cursor<'_>, test: impl Fn(UrlView<'_>) -> Match) -> Option<Match> {
    let mut urls = cursor.section()?;
    let mut found = Match::No;
    while !urls.is_empty() {
        found = found.max(test(UrlView::read(&mut urls)?));
    }
    Some(found)
}

/// `matches` and `startsWith` on the text of a command.
fn command_text(op: u32, texts: Strings<'_>, subject: &Subject<'_>, command: &Command) -> Option<Match> {
    if op == CONTAINS {
        return Some(Match::No);
    }
    for text in texts {
        let text = text?;
        // For an allow a program that only shares the name is matched by nothing but its path.
        let first = text.split(' ').next().unwrap_or_default();
        if subject.strict && command.location == Location::Elsewhere && !first.contains('/') {
            continue;
        }
        let written = fits(op, text, &command.text, "");
        let by_name = || {
            let use_name = !subject.strict || command.location != Location::Elsewhere;
            use_name && behind_program(command).is_some_and(|rest| fits(op, text, &command.program, rest))
        };
        if written || by_name() {
            return Some(Match::Yes);
        }
    }
    Some(Match::No)
}

/// What follows the command word in the command's text, blank included.
fn behind_program(command: &Command) -> Option<&str> {
    let word = command.argv.first().and_then(Arg::known)?;
    if word == command.program {
        return None;
    }
    command.text.strip_prefix(word)
}

/// Whether `start` and `rest` together fit the pattern.
fn fits(op: u32, pattern: &str, start: &str, rest: &str) -> bool {
    if op == MATCHES {
        return if rest.is_empty() {
            glob::matches(pattern, start, false)
        } else {
            glob::matches(pattern, &format!("{start}{rest}"), false)
        };
    }
    // The text counts as if a blank stood behind it: `ls ` fits a bare `ls`.
    match pattern.strip_prefix(start) {
        None => start.starts_with(pattern),
        Some("") => true,
        Some(more) => rest.starts_with(more) || more.strip_prefix(rest) == Some(" "),
    }
}

/// On free text.
fn plain(op: u32, texts: Strings<'_>, action: &Action, text: &str, subject: &Subject<'_>) -> Option<Match> {
    let shell = action.kind.name().starts_with("execute:");
    for wanted in texts {
        let wanted = wanted?;
        let hit = match op {
            MATCHES => glob::matches(wanted, text, false),
            STARTS_WITH => text.starts_with(wanted),
            _ => {
                text.contains(wanted)
                    || (shell && !subject.strict && {
                        let wanted = words::blankless(wanted);
                        words::blankless(text).contains(&wanted)
                    })
            }
        };
        if hit {
            return Some(Match::Yes);
        }
    }
    Some(Match::No)
}

/// `regex`, any of several.
fn regex(cursor: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let mut found = Match::No;
    while !cursor.is_empty() {
        let expression = cursor.bytes()?;
        let needs = cursor.section()?;
        let damaged = Cell::new(false);
        // Compiled only for a text that has what every match has.
        let hit = |text: &str| {
            let found = meets(needs, text).and_then(|meets| {
                if !meets {
                    return Some(false);
                }
                let expression = std::str::from_utf8(expression).ok()?;
                Some(subject.scratch.regex(expression)?.is_match(text))
            });
            damaged.set(damaged.get() || found.is_none());
            found == Some(true)
        };
        found = found.max(match &subject.action.resource {
            Resource::Path(path) => path::regex(subject, path, &hit),
            Resource::Text(text) => Match::from(hit(text)),
            Resource::Host(Some(host)) => Match::from(hit(host)),
            Resource::Host(None) => Match::from(!subject.strict).min(Match::Possible),
            Resource::Url(url) => match &url.host {
                Some(host) => {
                    let clean = format!("{}://{host}{}", url.scheme, url.path);
                    let written = hit(&url.raw);
                    // For an allow neither a user part nor a fragment may make the difference.
                    Match::from(if subject.strict { hit(&clean) && written } else { hit(&clean) || written })
                }
                None => {
                    if hit(&url.raw) && !subject.strict {
                        Match::Yes
                    } else {
                        Match::from(!subject.strict).min(Match::Possible)
                    }
                }
            },
            Resource::Command(command) => {
                let by_name =
                    || behind_program(command).is_some_and(|rest| hit(&format!("{}{rest}", command.program)));
                let written = hit(&command.text);
                Match::from(if subject.strict {
                    command.location != Location::Elsewhere && (written || by_name())
                } else {
                    written || by_name()
                })
            }
        });
        if damaged.get() {
            return None;
        }
    }
    Some(found)
}

/// Whether a text has all that an expression needs; see `needs`.
fn meets(mut cursor: Cursor<'_>, text: &str) -> Option<bool> {
    while !cursor.is_empty() {
        let at_start = cursor.next()? != 0;
        let mut any = cursor.section()?;
        let mut met = false;
        while !met && !any.is_empty() {
            met = needs::meets(text.as_bytes(), at_start, any.bytes()?);
        }
        if !met {
            return Some(false);
        }
    }
    Some(true)
}
