//! `context:` and `time:` conditions.

use serde_json::Value;

use super::{Match, Subject, glob};
use crate::set::Cursor;

/// `context: {key: test}`
pub(crate) fn condition(cursor: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let key = cursor.string()?;
    let Some(value) = look_up(subject.situation.context, key) else { return Some(Match::No) };
    match cursor.next()? {
        0 => {
            for wanted in cursor.strings()? {
                if serde_json::from_str::<Value>(wanted?).ok().is_some_and(|wanted| same(&wanted, value)) {
                    return Some(Match::Yes);
                }
            }
            Some(Match::No)
        }
        1 => {
            let Value::String(text) = value else { return Some(Match::No) };
            for wanted in cursor.strings()? {
                if glob::matches(wanted?, text, false) {
                    return Some(Match::No);
                }
            }
            Some(Match::Yes)
        }
        _ => {
            let (min, max) = (f64::from_bits(wide(cursor)?), f64::from_bits(wide(cursor)?));
            let Some(number) = value.as_f64() else { return Some(Match::No) };
            // An end that was not written is not a number.
            Some(Match::from((min.is_nan() || number >= min) && (max.is_nan() || number <= max)))
        }
    }
}

/// The value of the key as it is, else of its parts between dots.
fn look_up<'v>(context: &'v Value, key: &str) -> Option<&'v Value> {
    let found = context.get(key).or_else(|| key.split('.').try_fold(context, |value, part| value.get(part)));
    found.filter(|value| !value.is_null())
}

/// Equal; numbers by their value.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
        _ => a == b,
    }
}

pub(crate) fn wide(cursor: &mut Cursor<'_>) -> Option<u64> {
    let low = u64::from(cursor.next()?);
    Some(low | u64::from(cursor.next()?) << 32)
}

/// `time:`
pub(crate) fn time(cursor: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let days = cursor.next()?;
    let mut windows = cursor.section()?;
    let now = subject.situation.unix_seconds;
    let mut offset = 0;
    while !cursor.is_empty() {
        let from = wide(cursor)?.cast_signed();
        let seconds = cursor.next()?.cast_signed();
        if from <= now {
            offset = i64::from(seconds);
        }
    }
    let local = now.saturating_add(offset);
    // 1970-01-01 was a Thursday.
    let day = (local.div_euclid(86_400) + 3).rem_euclid(7);
    if days & (1 << day) == 0 {
        return Some(Match::No);
    }
    let minute = u32::try_from(local.rem_euclid(86_400) / 60).ok()?;
    let mut hit = windows.is_empty();
    while !windows.is_empty() {
        let (from, to) = (windows.next()?, windows.next()?);
        // The end is not part of the window; a window that ends before it starts passes midnight.
        hit |= if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
    }
    Some(Match::from(hit))
}
