//! Secrets leave a record before it is written.
//!
//! What was there is marked by kind and a keyed digest, `[redacted:github-token:3f9a0c81d2e4]`: the same
//! secret gives the same mark on one machine, and without the key nobody can try guesses against it. The
//! scanner is one pass by hand: linear in the text, and long texts are cut to their first part before.

mod found;
mod names;
mod programs;
mod scan;
mod shapes;
mod shell;

use hmac::{Hmac, KeyInit, Mac};
use placet_model::Arg;
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::hash::to_hex;
pub(crate) use found::Found;

/// Longest text kept of one string of an input, in bytes.
const STRING_LIMIT_BYTES: usize = 4096;
/// Bytes of a longer string that are looked at.
const WINDOW_BYTES: usize = 2 * STRING_LIMIT_BYTES;
/// Bytes at the end of the window that are dropped, so that a secret cut in two is not shown in part.
const MARGIN_BYTES: usize = 512;
/// Items of a list or fields of an object that are kept.
const ITEM_LIMIT: usize = 200;
/// Bytes of all strings together, after which only their lengths are kept.
const TOTAL_LIMIT_BYTES: usize = 32 * 1024;

/// Removes secrets. Holds the key of this machine.
#[derive(Clone)]
pub struct Redactor {
    key: [u8; 32],
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor(key hidden)")
    }
}

impl Redactor {
    /// A redactor with the key of this machine, 32 random bytes that stay on it.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// `text` without the secrets that are recognised in it.
    pub fn text(&self, text: &str) -> String {
        self.text_into(text, &mut Found::default())
    }

    fn text_into(&self, text: &str, found: &mut Found) -> String {
        scan::redacted(text, self, found)
    }

    /// The same, at most `limit_bytes` long; a note tells how much was cut off.
    pub fn short_text(&self, text: &str, limit_bytes: usize) -> String {
        self.short_text_into(text, limit_bytes, &mut Found::default())
    }

    /// The same; secrets are added to `found`.
    pub(crate) fn short_text_into(&self, text: &str, limit_bytes: usize, found: &mut Found) -> String {
        if text.len() <= limit_bytes {
            return self.text_into(text, found);
        }
        let window = prefix(text, WINDOW_BYTES.max(limit_bytes + MARGIN_BYTES));
        let mut kept = self.text_into(window, found);
        if window.len() < text.len() {
            kept.truncate(prefix(&kept, kept.len().saturating_sub(MARGIN_BYTES)).len());
        }
        kept.truncate(prefix(&kept, limit_bytes).len());
        // A mark that was cut in two would no longer be known as one.
        if let Some(open) =
            kept.rfind("[redacted:").filter(|open| !kept.get(*open..).unwrap_or_default().contains(']'))
        {
            kept.truncate(open);
        }
        kept.push_str(&format!("…[{} bytes in all]", text.len()));
        kept
    }

    /// A JSON value without secrets and not longer than a record should be.
    pub fn value(&self, value: &Value) -> Value {
        let mut found = Found::default();
        let mut kept = self.value_into(value, &mut found);
        self.hide_found(&mut kept, &found);
        kept
    }

    /// The same; secrets are added to `found`, and those found elsewhere are left to [`Self::hide_found`].
    pub(crate) fn value_into(&self, value: &Value, found: &mut Found) -> Value {
        let mut left = TOTAL_LIMIT_BYTES;
        self.inner(value, false, &mut left, found)
    }

    /// Hides in a redacted value what was found to be secret in other parts of the record.
    pub(crate) fn hide_found(&self, value: &mut Value, found: &Found) {
        found.hide(value, self);
    }

    /// A keyed digest, as 64 hexadecimal digits: equal inputs can be told, guesses cannot be tried.
    pub fn digest(&self, bytes: &[u8]) -> String {
        to_hex(&self.mac(b"digest", bytes))
    }

    fn inner(&self, value: &Value, secret: bool, left: &mut usize, found: &mut Found) -> Value {
        match value {
            Value::String(text) if secret && !text.is_empty() => {
                found.add("field", text);
                self.mark("field", text).into()
            }
            Value::String(text) => {
                let limit = STRING_LIMIT_BYTES.min(*left);
                let short = self.short_text_into(text, limit, found);
                *left = left.saturating_sub(short.len());
                short.into()
            }
            Value::Array(items) if !secret && items.iter().all(Value::is_string) => {
                self.words(items, left, found)
            }
            Value::Array(items) => {
                let mut kept: Vec<Value> =
                    items.iter().take(ITEM_LIMIT).map(|item| self.inner(item, secret, left, found)).collect();
                if items.len() > ITEM_LIMIT {
                    kept.push(format!("…[{} items in all]", items.len()).into());
                }
                Value::Array(kept)
            }
            Value::Object(map) => {
                // `{"name": "API_TOKEN", "value": "…"}`
                let says =
                    |key: &str| map.get(key).and_then(Value::as_str).is_some_and(names::is_secret_name);
                let is_variable = ["name", "key", "Name", "Key"].into_iter().any(says);
                let mut kept: Map<String, Value> = map
                    .iter()
                    .take(ITEM_LIMIT)
                    .map(|(key, value)| {
                        let secret = secret
                            || names::is_secret_name(key)
                            || is_variable && matches!(key.as_str(), "value" | "Value");
                        let key = self.short_text_into(key, 128, found);
                        *left = left.saturating_sub(key.len());
                        (key, self.inner(value, secret, left, found))
                    })
                    .collect();
                if map.len() > ITEM_LIMIT {
                    kept.insert("…".to_owned(), format!("[{} fields in all]", map.len()).into());
                }
                Value::Object(kept)
            }
            Value::Number(number) if secret && number.to_string().len() > 3 => {
                self.mark("field", &number.to_string()).into()
            }
            other => other.clone(),
        }
    }

    /// A list of texts, which may be the words of a command.
    fn words(&self, items: &[Value], left: &mut usize, found: &mut Found) -> Value {
        let words: Vec<&str> = items.iter().take(ITEM_LIMIT).filter_map(Value::as_str).collect();
        let secrets = programs::secrets(&words).words;
        let mut kept: Vec<Value> = Vec::with_capacity(words.len());
        for (index, word) in words.iter().enumerate() {
            let from = secrets.iter().filter(|secret| secret.word == index).map(|secret| secret.from).min();
            let secret = from.and_then(|from| word.get(from..)).filter(|secret| !secret.is_empty());
            let Some(secret) = secret.filter(|secret| !is_mark(secret)) else {
                kept.push(self.inner(&Value::from(*word), false, left, found));
                continue;
            };
            found.add("argument", secret);
            let shown = word.strip_suffix(secret).unwrap_or_default();
            let shown = self.short_text_into(shown, STRING_LIMIT_BYTES.min(*left), found);
            let shown = shown + &self.mark("argument", secret);
            *left = left.saturating_sub(shown.len());
            kept.push(shown.into());
        }
        if items.len() > ITEM_LIMIT {
            kept.push(format!("…[{} items in all]", items.len()).into());
        }
        Value::Array(kept)
    }

    /// The mark that stands for `secret`.
    fn mark(&self, kind: &str, secret: &str) -> String {
        if is_mark(secret) {
            return secret.to_owned();
        }
        let mac = self.mac(b"mark", secret.as_bytes());
        let mut digits = to_hex(&mac);
        digits.truncate(12);
        format!("[redacted:{kind}:{digits}]")
    }

    fn mac(&self, domain: &[u8], bytes: &[u8]) -> [u8; 32] {
        // A key of any length is accepted, so there is no failure to speak of.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return [0; 32] };
        mac.update(domain);
        mac.update(&[0]);
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

/// Words of an evaluated command that are secret by their place.
pub(crate) fn secret_words(words: &[Arg]) -> Vec<String> {
    let words: Vec<&str> = words.iter().map(|word| word.known().unwrap_or_default()).collect();
    let secrets = programs::secrets(&words).words;
    let text = |secret: &programs::Secret| words.get(secret.word).and_then(|word| word.get(secret.from..));
    secrets.iter().filter_map(text).map(str::to_owned).collect()
}

/// Whether the whole text is a mark: redacting twice changes nothing. Anything more than the mark itself
/// would be a way to smuggle a secret through.
fn is_mark(text: &str) -> bool {
    let Some(inner) = text.strip_prefix("[redacted:").and_then(|text| text.strip_suffix(']')) else {
        return false;
    };
    inner.split_once(':').is_some_and(|(kind, digits)| {
        kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            && digits.len() == 12
            && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

/// The longest start of `text` of at most `limit_bytes`.
fn prefix(text: &str, limit_bytes: usize) -> &str {
    let mut end = limit_bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
