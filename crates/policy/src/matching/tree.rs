//! Looks for what a pattern matches among the entries of a tree.

use placet_model::{Entries, EntryKind, PathRef, Reach, Resource};

use super::path::{below, exact};
use super::{Match, Subject, conditions, segments};

/// Whether the pattern, read at `/`, hits something that is known to lie below `root`, one of the names of
/// `path`.
pub(super) fn search(glob: &str, subject: &Subject<'_>, path: &PathRef, root: &str) -> Match {
    if !segments::reaches_below(glob, root.trim_start_matches('/')) {
        return Match::No;
    }
    let facts = subject.situation.facts;
    // The literal beginning of the pattern says where to look, which may be far below the root.
    let literal = format!("/{}", segments::literal_prefix(glob));
    let deeper = below(&literal, root).is_some_and(|rest| !rest.is_empty());
    let start = if deeper { literal.as_str() } else { root };
    // Other files of the tree are left alone.
    let touched =
        |entry: &str| path.endings.is_empty() || path.endings.iter().any(|end| entry.ends_with(end.as_str()));
    let hit = |entry: &str| {
        touched(entry)
            && segments::matches(glob, entry.trim_start_matches('/'), true, true)
            && !spared(subject, path, below(entry, root))
    };
    match facts.kind(start) {
        None => return Match::No,
        Some(_) if deeper && hit(start) => return Match::Yes,
        Some(EntryKind::Directory) => {}
        Some(EntryKind::File | EntryKind::Special) => return Match::No,
    }
    match subject.scratch.entries(subject.situation, start, true).as_ref() {
        Entries::All(names) => Match::from(names.iter().any(|name| hit(&join(start, name)))),
        Entries::TooMany | Entries::Unknown => Match::Possible,
    }
}

/// Whether the rule's `unless` certainly holds for the entry that lies there below the path. It is named as the
/// path is, so that a project that is reached through a link stays the project.
fn spared(subject: &Subject<'_>, path: &PathRef, rest: Option<&str>) -> bool {
    let (Some(unless), Some(rest)) = (subject.spared, rest) else { return false };
    let mut action = subject.action.clone();
    action.resource = Resource::Path(exact(subject, &join(&path.absolute, rest), Reach::Entry));
    let inner = Subject { action: &action, strict: true, spared: None, ..*subject };
    conditions::all(unless, &inner) == Some(Match::Yes)
}

fn join(directory: &str, name: &str) -> String {
    format!("{}/{name}", directory.trim_end_matches('/'))
}
