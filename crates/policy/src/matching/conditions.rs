//! Lists of conditions, all of which must hold.

use placet_model::{PermissionMode, Resource};

use super::host::HostView;
use super::{Match, Subject, command, context, glob, path, text, tier};
use crate::set::{Cursor, Strings};

/// Tags of stored conditions.
pub(crate) mod tag {
    pub(crate) const RESOURCE: u32 = 1;
    pub(crate) const COMMAND: u32 = 2;
    pub(crate) const PATH: u32 = 3;
    pub(crate) const HOST: u32 = 4;
    pub(crate) const MODE: u32 = 5;
    pub(crate) const AUTONOMY: u32 = 6;
    pub(crate) const ENVIRONMENT: u32 = 7;
    pub(crate) const TIME: u32 = 8;
    pub(crate) const TIER: u32 = 9;
    pub(crate) const TAGS: u32 = 10;
    pub(crate) const CONTEXT: u32 = 11;
    pub(crate) const TOOL: u32 = 12;
}

/// What `autonomy` and `environment` are when nobody said.
const UNSET: &str = "unset";

/// How far all conditions hold; `None` when they cannot be read.
pub(crate) fn all(mut cursor: Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let mut found = Match::Yes;
    while !cursor.is_empty() {
        found = found.min(next(&mut cursor, subject)?.1);
        if found == Match::No {
            break;
        }
    }
    Some(found)
}

/// Takes one condition: its tag and how far it holds.
pub(crate) fn next(cursor: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<(u32, Match)> {
    let kind = cursor.next()?;
    let mut body = cursor.section()?;
    Some((kind, one(kind, &mut body, subject)?))
}

fn one(kind: u32, body: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let situation = subject.situation;
    match kind {
        tag::RESOURCE => text::condition(body, subject),
        tag::COMMAND => command::condition(body, subject),
        tag::PATH => path::condition(body, subject),
        tag::HOST => host(body, subject),
        tag::MODE => {
            let mask = body.next()?;
            Some(Match::from(
                mode_bit(situation.mode, subject.strict).is_some_and(|bit| mask & (1 << bit) != 0),
            ))
        }
        tag::AUTONOMY => equal(body.strings()?, situation.autonomy.or(Some(UNSET))),
        tag::ENVIRONMENT => equal(body.strings()?, situation.environment.or(Some(UNSET))),
        tag::TIME => context::time(body, subject),
        tag::TIER => {
            equal(body.strings()?, tier::canonical(&situation.agent.tier).or(Some(&situation.agent.tier)))
        }
        tag::TAGS => {
            for wanted in body.strings()? {
                let wanted = wanted?;
                if situation.agent.tags.iter().any(|tag| tag == wanted) {
                    return Some(Match::Yes);
                }
            }
            Some(Match::No)
        }
        tag::CONTEXT => context::condition(body, subject),
        tag::TOOL => {
            for wanted in body.strings()? {
                if glob::matches(wanted?, situation.tool, false) {
                    return Some(Match::Yes);
                }
            }
            Some(Match::No)
        }
        _ => {
            body.set.damage();
            None
        }
    }
}

fn equal(list: Strings<'_>, value: Option<&str>) -> Option<Match> {
    let Some(value) = value else { return Some(Match::No) };
    for wanted in list {
        if wanted? == value {
            return Some(Match::Yes);
        }
    }
    Some(Match::No)
}

fn host(body: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let host = match &subject.action.resource {
        Resource::Url(url) => url.host.as_deref(),
        Resource::Host(host) => host.as_deref(),
        _ => return Some(Match::No),
    };
    let mut found = Match::No;
    while !body.is_empty() {
        found = found.max(HostView::read(body)?.matches(host, subject.strict));
    }
    Some(found)
}

/// Bit of a mode, in the order of `source::conditions::MODES`. An unknown mode counts as the one that
/// asks least, but never for an allow.
fn mode_bit(mode: PermissionMode, strict: bool) -> Option<u32> {
    match mode {
        PermissionMode::Default => Some(0),
        PermissionMode::AcceptEdits => Some(1),
        PermissionMode::Plan => Some(2),
        PermissionMode::DontAsk => Some(3),
        PermissionMode::BypassPermissions => Some(4),
        PermissionMode::Auto => Some(5),
        PermissionMode::Unknown => (!strict).then_some(4),
    }
}
