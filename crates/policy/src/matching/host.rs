//! Hosts and URLs.

use std::borrow::Cow;

use placet_model::UrlRef;

use super::{Match, glob};
use crate::set::Cursor;

/// A host pattern as stored.
#[derive(Clone, Copy)]
pub(crate) struct HostView<'a> {
    kind: u32,
    text: &'a str,
}

impl<'a> HostView<'a> {
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Option<Self> {
        Some(Self { kind: cursor.next()?, text: cursor.string()? })
    }

    /// Compares with a host; `None` is an unknown host.
    pub(crate) fn matches(&self, host: Option<&str>, strict: bool) -> Match {
        let Some(host) = host else {
            return match (strict, self.kind) {
                (true, _) => Match::No,
                (false, 0) => Match::Yes,
                (false, _) => Match::Possible,
            };
        };
        let below = || host.strip_suffix(self.text).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1);
        let itself = host == self.text;
        Match::from(match self.kind {
            0 => true,
            1 => itself || below(),
            2 => itself || (!strict && below()),
            3 => below() || (!strict && itself),
            _ => glob::matches(self.text, host, true),
        })
    }
}

/// A URL pattern as stored.
pub(crate) struct UrlView<'a> {
    scheme: Option<&'a str>,
    host: HostView<'a>,
    path: Option<&'a str>,
}

impl<'a> UrlView<'a> {
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Option<Self> {
        Some(Self { scheme: cursor.optional()?, host: HostView::read(cursor)?, path: cursor.optional()? })
    }

    /// Compares with a URL.
    pub(crate) fn url(&self, url: &UrlRef, strict: bool) -> Match {
        let scheme = self.scheme.is_none_or(|wanted| glob::matches(wanted, &url.scheme, true));
        let host = self.host.matches(url.host.as_deref(), strict);
        if !scheme || host == Match::No {
            return Match::No;
        }
        if url.host.is_none() {
            // What has no certain host has no certain path either.
            return if self.path.is_some() { host.min(Match::Possible) } else { host };
        }
        Match::from(self.path.is_none_or(|wanted| path_matches(wanted, &url.path, strict)))
    }

    /// Compares with a bare host.
    pub(crate) fn host(&self, host: Option<&str>, strict: bool) -> Match {
        let found = self.host.matches(host, strict);
        if self.scheme.is_none() && self.path.is_none() {
            return found;
        }
        if strict { Match::No } else { found.min(Match::Possible) }
    }
}

/// The path as written and as a server may read it: strict needs both, else one is enough.
fn path_matches(wanted: &str, path: &str, strict: bool) -> bool {
    let written = glob::matches(wanted, path, !strict);
    if written != strict {
        return written;
    }
    match plain(path) {
        Cow::Borrowed(_) => written,
        Cow::Owned(plain) => glob::matches(wanted, &plain, !strict),
    }
}

/// Percent-decoded (what cannot be decoded stays), then `.`, `..` and doubled slashes resolved.
fn plain(path: &str) -> Cow<'_, str> {
    if !path.contains('%') && !path.contains("/.") && !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digit = |byte: Option<u8>| {
            byte.and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
        };
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let end = if text.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    Cow::Owned(format!("/{}{end}", parts.join("/")))
}
