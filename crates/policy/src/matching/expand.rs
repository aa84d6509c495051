//! Expands a pathname pattern with facts, as Bash would: wildcards do not stand for a leading dot.

use placet_model::{Entries, EntryKind};

use super::{ENTRIES_MAX, Subject, glob};

/// Every existing path the absolute pattern stands for; `None` when that cannot be found out. Strict: what
/// cannot be listed is left out, as Bash leaves it out, and `**` is `*`, as it is unless Bash is told otherwise.
pub(crate) fn expand(subject: &Subject<'_>, pattern: &str) -> Option<Vec<String>> {
    let mut found = vec![String::new()];
    for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
        found = step(subject, found, segment)?;
        if found.len() > ENTRIES_MAX {
            return None;
        }
    }
    Some(found)
}

fn step(subject: &Subject<'_>, found: Vec<String>, segment: &str) -> Option<Vec<String>> {
    if let Some(name) = glob::literal(segment) {
        return Some(found.into_iter().map(|path| format!("{path}/{name}")).collect());
    }
    if segment == "**" && !subject.strict {
        return None;
    }
    let mut next = Vec::new();
    for path in found {
        if matches!(subject.situation.facts.kind(&path), Some(EntryKind::File | EntryKind::Special)) {
            continue;
        }
        let folder = if path.is_empty() { "/" } else { path.as_str() };
        match subject.scratch.entries(subject.situation, folder, false).as_ref() {
            Entries::All(names) => {
                let dotted = segment.starts_with('.');
                let hits = names
                    .iter()
                    .filter(|name| (dotted || !name.starts_with('.')) && glob::matches(segment, name, false));
                next.extend(hits.map(|name| format!("{path}/{name}")));
            }
            Entries::Unknown if subject.strict || absent(subject, folder) => {}
            Entries::TooMany | Entries::Unknown => return None,
        }
    }
    Some(next)
}

/// Whether the folder is known not to be there: what it would lie in, or what that would, is listed without it.
fn absent(subject: &Subject<'_>, folder: &str) -> bool {
    let mut path = folder;
    while let Some((parent, name)) = path.rsplit_once('/').filter(|(_, name)| !name.is_empty()) {
        let parent = if parent.is_empty() { "/" } else { parent };
        match subject.scratch.entries(subject.situation, parent, false).as_ref() {
            Entries::All(names) => return !names.iter().any(|known| known.eq_ignore_ascii_case(name)),
            Entries::TooMany => return false,
            Entries::Unknown => path = parent,
        }
    }
    false
}
