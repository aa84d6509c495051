//! Names that say that what follows is secret.

/// Parts of names of fields, options and variables.
const SECRET: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access-key",
    "accesskey",
    "private_key",
    "private-key",
    "privatekey",
    "credential",
    "authorization",
    "bearer",
    "account_key",
    "account-key",
    "accountkey",
    "key-data",
    "key_data",
    "storepass",
    "keypass",
];
/// Whole names beside them.
const WHOLE: &[&str] = &[
    "mysql_pwd",
    "pgpass",
    "pass",
    "pw",
    "pwd_hash",
    "cookie",
    "set-cookie",
    "x-auth",
    "sessionid",
    "sessid",
    "jsessionid",
    "otp",
    "_auth",
    "requirepass",
    "masterauth",
    "connection_string",
    "connection-string",
    "connectionstring",
    "psk",
    "x-amz-signature",
    "x-goog-signature",
];
/// Ends of names, behind a joining mark.
const ENDS: &[&str] = &["pass", "pwd", "pw", "pat", "psk", "passcode"];
/// Ends of names that say that the value is about a secret and is none.
const ABOUT: &[&str] = &[
    "file",
    "path",
    "dir",
    "stdin",
    "count",
    "length",
    "limit",
    "type",
    "ttl",
    "url",
    "uri",
    "endpoint",
    "expiry",
    "expires",
    "expires_in",
    "fd",
    "prompt",
    "policy",
    "manager",
    "helper",
    "_name",
    "-name",
    "_arn",
    "env",
    "vars",
];
/// Names that may mean a secret: their value counts as one when it looks random.
const WEAK: &[&str] =
    &["key", "auth", "sig", "signature", "session", "sid", "code", "webhook", "salt", "seed", "pin", "pwd"];
/// Names that only look like it: counts and limits of language models.
const HARMLESS: &[&str] = &[
    "max_tokens",
    "maxtokens",
    "total_tokens",
    "input_tokens",
    "output_tokens",
    "tokens",
    "token_count",
    "tokenizer",
    "max_output_tokens",
];

/// Whether a field, option or variable of that name holds a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    // Upper case with `_KEY` at the end is how environment variables name keys; `primary_key` is not meant.
    if name.len() > 4 && name.ends_with("_KEY") {
        return true;
    }
    if name.len() > 256 {
        return false;
    }
    // Most names are none; nothing is copied for them.
    if !has_hint(name) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    if HARMLESS.contains(&lower.as_str()) || ABOUT.iter().any(|end| lower.ends_with(end)) {
        return false;
    }
    WHOLE.contains(&lower.as_str())
        || SECRET.iter().any(|part| lower.contains(part))
        || ENDS.iter().any(|end| ends_apart(name, &lower, end))
}

/// Whether a value tells where a secret is instead of holding it, as OpenSSL has it.
pub(super) fn is_source(value: &str) -> bool {
    ["file:", "env:", "fd:"].iter().any(|source| value.starts_with(source)) || value == "stdin"
}

/// Whether a field, option or variable of that name may hold a secret, if its value looks like one.
pub(super) fn is_weak_name(name: &str) -> bool {
    WEAK.iter().any(|weak| {
        let Some(at) = name.len().checked_sub(weak.len()) else { return false };
        let ends = name.as_bytes().get(at..).is_some_and(|end| end.eq_ignore_ascii_case(weak.as_bytes()));
        ends && (at == 0 || is_apart(name, at))
    })
}

/// Whether a value looks made by a machine and not written by a person: long, of several kinds of characters
/// that change often. Digests and UUIDs name things in the open.
pub(super) fn looks_random(value: &str) -> bool {
    if !(12..=512).contains(&value.len()) || value.starts_with(['/', '.', '~', '$']) || value.contains("://")
    {
        return false;
    }
    let body =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-' | b'.');
    let hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f' | b'-');
    if !value.bytes().all(body) || value.bytes().all(hex) {
        return false;
    }
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 0_u8,
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        _ => 3,
    };
    let bytes = value.as_bytes();
    let changes = bytes.windows(2).filter(|pair| matches!(pair, [a, b] if class(*a) != class(*b))).count();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits > 0 && digits < bytes.len() && changes * 4 >= bytes.len()
}

/// Whether a name holds the start of anything in the lists.
fn has_hint(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        let hints: &[&str] = match byte.to_ascii_lowercase() {
            b'p' => &["pa", "pw", "psk"],
            b's' => &["secret", "sess", "signature"],
            b't' => &["token"],
            b'k' => &["key"],
            b'c' => &["credential", "cookie", "connection"],
            b'a' => &["auth"],
            b'b' => &["bearer"],
            b'o' => &["otp"],
            _ => return false,
        };
        let behind = bytes.get(at..).unwrap_or_default();
        hints.iter().any(|hint| {
            behind.get(..hint.len()).is_some_and(|start| start.eq_ignore_ascii_case(hint.as_bytes()))
        })
    })
}

/// Whether `name`, whose lower-case form is `lower`, ends in the word `end`.
fn ends_apart(name: &str, lower: &str, end: &str) -> bool {
    let at = name.len().saturating_sub(end.len());
    at > 0 && lower.ends_with(end) && is_apart(name, at)
}

/// Whether a word of its own starts at that byte: behind a joining mark, or with a capital letter.
fn is_apart(name: &str, at: usize) -> bool {
    let byte = |at: usize| name.as_bytes().get(at).copied().unwrap_or_default();
    let before = byte(at.saturating_sub(1));
    matches!(before, b'_' | b'-' | b'.' | b':')
        || byte(at).is_ascii_uppercase() && before.is_ascii_lowercase()
}
