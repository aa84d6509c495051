//! Secrets leave a record before it is written.
//!
//! What was there is marked by kind and a keyed digest, `[redacted:github-token:3f9a0c81d2e4]`: the same
//! secret gives the same mark on one machine, and without the key nobody can try guesses against it. The
//! scanner is one pass by hand: linear in the text, and long texts are cut to their first part before.

mod names;
mod scan;
mod shapes;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::hash::to_hex;

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
        scan::redacted(text, self)
    }

    /// The same, at most `limit_bytes` long; a note tells how much was cut off.
    pub fn short_text(&self, text: &str, limit_bytes: usize) -> String {
        if text.len() <= limit_bytes {
            return self.text(text);
        }
        let window = prefix(text, WINDOW_BYTES.max(limit_bytes + MARGIN_BYTES));
        let mut kept = self.text(window);
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
        let mut left = TOTAL_LIMIT_BYTES;
        self.inner(value, false, &mut left)
    }

    /// A keyed digest, as 64 hexadecimal digits: equal inputs can be told, guesses cannot be tried.
    pub fn digest(&self, bytes: &[u8]) -> String {
        to_hex(&self.mac(b"digest", bytes))
    }

    fn inner(&self, value: &Value, secret: bool, left: &mut usize) -> Value {
        match value {
            Value::String(text) if secret && !text.is_empty() => self.mark("field", text).into(),
            Value::String(text) => {
                let limit = STRING_LIMIT_BYTES.min(*left);
                let short = self.short_text(text, limit);
                *left = left.saturating_sub(short.len());
                short.into()
            }
            Value::Array(items) => {
                let mut kept: Vec<Value> =
                    items.iter().take(ITEM_LIMIT).map(|item| self.inner(item, secret, left)).collect();
                if items.len() > ITEM_LIMIT {
                    kept.push(format!("…[{} items in all]", items.len()).into());
                }
                Value::Array(kept)
            }
            Value::Object(map) => {
                let mut kept: Map<String, Value> = map
                    .iter()
                    .take(ITEM_LIMIT)
                    .map(|(key, value)| {
                        let secret = secret || names::is_secret_name(key);
                        let key = self.short_text(key, 128);
                        *left = left.saturating_sub(key.len());
                        (key, self.inner(value, secret, left))
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
