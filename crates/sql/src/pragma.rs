//! `PRAGMA` of SQLite, which the parser reads only with plain values.

use crate::effects::{Act, Effects};
use crate::functions::describes;

/// What a text does that is one pragma; `None` when it is none.
pub(crate) fn alone(text: &str) -> Option<Effects> {
    let text = text.trim().trim_end_matches(';').trim_end();
    let (first, rest) = text.split_once(|c: char| c.is_ascii_whitespace())?;
    if !first.eq_ignore_ascii_case("pragma") {
        return None;
    }
    let (name, value) = match rest.trim().strip_suffix(')') {
        Some(open) => open.split_once('(').map(|(name, value)| (name.trim_end(), Some(value.trim())))?,
        None => (rest.trim(), None),
    };
    let plain = |text: &str, also: &[char]| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || also.contains(&c))
    };
    if !plain(name, &['.']) || !value.is_none_or(|value| plain(value, &['\'', '"', '.'])) {
        return None;
    }
    let name = name.rsplit('.').next()?.to_ascii_lowercase();
    let mut effects = Effects::default();
    if describes(&name, value.is_some(), false) {
        effects.add(Act::Look);
    } else {
        effects.give_up(format!("what the pragma `{name}` does is not known"));
    }
    Some(effects)
}
