//! Parts of paths, as far as they are known.

use crate::effects::{Part, Word};

/// The folder of a path, as far as it is known.
pub(in crate::walk) fn parent(word: &Word) -> Word {
    let Some(text) = word.text() else {
        let mut parts = word.parts.clone();
        let Some(Part::Text(last)) = parts.last_mut() else { return Word::unknown() };
        let Some(at) = last.rfind('/') else { return Word::unknown() };
        last.truncate(at);
        return Word { parts };
    };
    match text.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => Word::known("/"),
        Some((folder, _)) => Word::known(folder),
        None => Word::known("."),
    }
}

/// The last part of a path.
pub(in crate::walk) fn file_name(word: &Word) -> Word {
    match word.parts.last() {
        Some(Part::Text(text)) => match text.rsplit_once('/') {
            Some((_, name)) => Word::known(name),
            None if word.parts.len() == 1 => Word::known(text.clone()),
            None => Word::unknown(),
        },
        _ => Word::unknown(),
    }
}

/// `~` at the start is the home directory.
pub(super) fn at_home(word: Word) -> Word {
    let Some(Part::Text(text)) = word.parts.first() else { return word };
    let Some(rest) = text.strip_prefix('~').map(str::to_owned) else { return word };
    if !rest.is_empty() && !rest.starts_with('/') || rest.is_empty() && word.parts.len() > 1 {
        return Word::unknown();
    }
    let mut home = Word { parts: vec![Part::Home] };
    home.push(Part::Text(rest));
    let others = Word { parts: word.parts.get(1..).unwrap_or(&[]).to_vec() };
    home.then(&others)
}

/// The part of a pattern in front of its first special sign; `whole`: the folder it lies in.
pub(super) fn before_pattern(word: &Word, whole: bool) -> Word {
    let Some(Part::Text(text)) = word.parts.first() else { return Word::unknown() };
    let single = word.parts.len() == 1;
    let end = text.find(['*', '?', '[']);
    if end.is_none() && word.parts.len() == 1 {
        return if whole { parent(word) } else { word.clone() };
    }
    let front = text.get(..end.unwrap_or(text.len())).unwrap_or("");
    let folder = front.rfind('/').map_or("", |at| front.get(..=at).unwrap_or(""));
    let start = if folder.is_empty() { "./" } else { folder };
    let mut word = Word::known(start);
    if !whole {
        let stays = word.text().is_some() && text.get(front.len()..).is_some_and(stays_below) && single;
        if !stays {
            return Word::unknown();
        }
        word.push(Part::Inside);
    }
    word
}

/// Whether all that fits the pattern lies below where it starts.
pub(super) fn stays_below(pattern: &str) -> bool {
    !pattern.starts_with('/') && !pattern.split('/').any(|part| part == "..")
}
