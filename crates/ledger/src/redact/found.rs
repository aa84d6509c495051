//! Secrets that were found in one part of a record and must not stand in another.
//!
//! `TOKEN=…; echo $TOKEN` shows its secret by name in the text and without one among the actions.

use serde_json::Value;

use super::Redactor;

/// Most secrets kept.
const SECRETS_MAX: usize = 48;
/// Shortest text that is looked for elsewhere, in bytes: `test` may be a password and is also a word.
const LENGTH_MIN_BYTES: usize = 6;
/// Longest one: a key block says nothing more by being found twice.
const LENGTH_MAX_BYTES: usize = 1024;

/// The secrets of one record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    secrets: Vec<(String, &'static str)>,
}

impl Found {
    /// Remembers a secret under the kind its mark shows.
    pub(crate) fn add(&mut self, kind: &'static str, secret: &str) {
        let known = || self.secrets.iter().any(|(known, _)| known == secret);
        if self.secrets.len() < SECRETS_MAX && is_telling(secret) && !known() {
            self.secrets.push((secret.to_owned(), kind));
        }
    }

    /// Hides what was found in all texts of `value`.
    pub(super) fn hide(&self, value: &mut Value, redactor: &Redactor) {
        if self.secrets.is_empty() {
            return;
        }
        match value {
            Value::String(text) => self.hide_in(text, redactor),
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide(item, redactor)),
            Value::Object(map) => map.values_mut().for_each(|value| self.hide(value, redactor)),
            _ => {}
        }
    }

    fn hide_in(&self, text: &mut String, redactor: &Redactor) {
        for (secret, kind) in &self.secrets {
            if let Some(at) = cut_off(text, secret) {
                text.replace_range(at.clone(), "");
            }
            if text.contains(secret.as_str()) {
                *text = replaced(text, secret, &redactor.mark(kind, secret));
            }
        }
    }
}

/// Whether a text says enough to be looked for: long, or of letters and digits; no path and no address.
fn is_telling(secret: &str) -> bool {
    let has = |test: fn(&u8) -> bool| secret.as_bytes().iter().any(test);
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    (LENGTH_MIN_BYTES..=LENGTH_MAX_BYTES).contains(&secret.len())
        && (mixed || secret.len() >= LENGTH_MIN_BYTES + 2 || has(u8::is_ascii_punctuation))
        && !secret.starts_with(['/', '~', '.', '$', '-'])
        && !secret.contains("://")
        && !secret.contains("[redacted:")
}

/// Whether a plain word, which must stand alone to be the same thing.
fn is_word(secret: &str) -> bool {
    !secret.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || !byte.is_ascii())
}

/// `text` with `mark` for each `secret` outside of marks.
fn replaced(text: &str, secret: &str, mark: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let alone = is_word(secret);
    while let Some(at) = rest.find(secret) {
        let (before, from) = rest.split_at(at);
        let behind = from.get(secret.len()..).unwrap_or_default();
        out.push_str(before);
        let joins =
            |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || "-_./".contains(char));
        let in_mark = in_mark(&out);
        if in_mark || alone && (joins(out.chars().next_back()) || joins(behind.chars().next())) {
            out.push_str(secret);
        } else {
            out.push_str(mark);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Whether a text ends within a mark, which is never long.
fn in_mark(text: &str) -> bool {
    let mut from = text.len().saturating_sub(64);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let end = text.get(from..).unwrap_or_default();
    end.rfind("[redacted:").is_some_and(|open| !end.get(open..).unwrap_or_default().contains(']'))
}

/// The start of a secret right before the note that tells how much of a text was cut off.
fn cut_off(text: &str, secret: &str) -> Option<std::ops::Range<usize>> {
    let end = text.rfind("…[")?;
    let kept = text.get(..end)?;
    let longest = secret.len().min(end);
    (4..longest)
        .rev()
        .filter(|length| secret.is_char_boundary(*length))
        .find(|length| secret.get(..*length).is_some_and(|start| kept.ends_with(start)))
        .map(|length| end - length..end)
}
