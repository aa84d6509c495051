//! A path that means one thing: what is decided on is what is sent on, and what the upstream understands.

use std::fmt::Write as _;

/// A path as text, decoded once, without a leading slash; or why it may mean more than one thing.
pub(super) fn decoded(raw: &str) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
            return Err("holds a `%` that encodes nothing");
        };
        match u8::try_from(high * 16 + low) {
            Ok(b'/' | b'\\') => return Err("holds an encoded slash"),
            Ok(byte) => bytes.push(byte),
            Err(_) => return Err("holds a `%` that encodes nothing"),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| "is no UTF-8")?;
    check(&text)?;
    Ok(text)
}

fn check(path: &str) -> Result<(), &'static str> {
    if path.chars().any(char::is_control) {
        return Err("holds control characters");
    }
    if path.contains('\\') {
        return Err("holds a backslash");
    }
    // Some servers cut parameters out of a segment, so that `..;x` is `..` there.
    if path.contains(';') {
        return Err("holds a `;`");
    }
    // Some decode twice.
    let hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = path.as_bytes();
    let twice = bytes
        .iter()
        .enumerate()
        .any(|(at, byte)| *byte == b'%' && hex(bytes.get(at + 1)) && hex(bytes.get(at + 2)));
    if twice {
        return Err("is encoded twice");
    }
    let mut segments: Vec<&str> = path.split('/').collect();
    // One slash at the end is a path of its own.
    if segments.len() > 1 && segments.last() == Some(&"") {
        segments.pop();
    }
    if segments.iter().any(|segment| segment.is_empty()) {
        return Err("holds an empty segment");
    }
    if segments.iter().any(|segment| matches!(*segment, "." | "..")) {
        return Err("holds `.` or `..` as a segment");
    }
    Ok(())
}

/// The one spelling of a decoded path that is sent.
pub(super) fn encoded(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'!' | b'$' | b'&' | b'(' | b')' | b'*' | b'+' | b','
            | b'=' | b':' | b'@' => {
                out.push(char::from(byte));
            }
            _ => {
                // Writing into a text does not fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_is_decoded_once_and_encoded_again() {
        for (raw, text, sent) in [
            ("a/b", "a/b", "a/b"),
            ("a/b/", "a/b/", "a/b/"),
            ("a%20b/%C3%A4", "a b/ä", "a%20b/%C3%A4"),
            ("%61/%62%2e%63", "a/b.c", "a/b.c"),
            ("100%25", "100%", "100%25"),
            ("a..b/...", "a..b/...", "a..b/..."),
            ("q%3Fx%23y", "q?x#y", "q%3Fx%23y"),
            ("it's", "it's", "it%27s"),
        ] {
            assert_eq!(decoded(raw).as_deref(), Ok(text), "{raw}");
            assert_eq!(encoded(text), sent, "{raw}");
        }
    }

    #[test]
    fn what_may_mean_two_things_is_refused() {
        let rows = [
            "",
            "/",
            "//",
            "/a",
            "a//b",
            "a//",
            ".",
            "..",
            "../a",
            "a/..",
            "a/../b",
            "a/./b",
            "%2e%2e/a",
            "a/%2E%2e",
            "a/.%2e/b",
            "a%2fb",
            "a%2Fb",
            "a%5cb",
            "a\\b",
            "a%00b",
            "a%0d%0ab",
            "a%7f",
            "a%c2%85",
            "%",
            "%2",
            "%zz",
            "a%+1b",
            "%ff",
            "%c0%af",
            "%252e%252e",
            "a%252fb",
            "..;/a",
            "a;x=1/b",
            "a%3Bb",
        ];
        for raw in rows {
            assert!(decoded(raw).is_err(), "{raw}");
        }
    }
}
