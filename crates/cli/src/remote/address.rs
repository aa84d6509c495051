//! Where a gateway is.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

/// `http` or `https`, a host, maybe a port and a path; nothing secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Without the slash at its end.
    text: String,
    is_plain: bool,
    is_loopback: bool,
}

impl Address {
    /// Reads an address as people write it.
    ///
    /// # Errors
    /// With what is wrong about it.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if !text.contains("://") {
            return Err("`http://` or `https://` is missing before it");
        }
        let uri: Uri = text.parse().map_err(|_| "it is no URL")?;
        let is_plain = match uri.scheme_str() {
            Some("http") => true,
            Some("https") => false,
            _ => return Err("it is neither `http://` nor `https://`"),
        };
        let authority = uri.authority().ok_or("it names no host")?;
        if authority.as_str().contains('@') {
            return Err("a name or password does not belong in it");
        }
        if uri.query().is_some() || text.contains('#') {
            return Err("nothing may stand behind its path");
        }
        let host = authority.host();
        if host.is_empty() {
            return Err("it names no host");
        }
        let scheme = if is_plain { "http" } else { "https" };
        let authority = authority.as_str().to_ascii_lowercase();
        Ok(Self {
            text: format!("{scheme}://{authority}{}", uri.path().trim_end_matches('/')),
            is_plain,
            is_loopback: is_loopback(host),
        })
    }

    /// Whether what is said can be read on the way, by others than this machine.
    pub(crate) fn is_open_to_others(&self) -> bool {
        self.is_plain && !self.is_loopback
    }

    /// Whether it is spoken without TLS.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// A place below it.
    pub(crate) fn join(&self, path: &[&str], query: &[(&str, String)]) -> String {
        let mut url = self.text.clone();
        for part in path {
            url.push('/');
            encode(part, &mut url);
        }
        for (index, (name, value)) in query.iter().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            encode(name, &mut url);
            url.push('=');
            encode(value, &mut url);
        }
        url
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, want, open) in [
            ("http://127.0.0.1:3100", "http://127.0.0.1:3100", false),
            ("http://LocalHost:3100/", "http://localhost:3100", false),
            ("http://[::1]:3100", "http://[::1]:3100", false),
            ("https://gate.example/placet/", "https://gate.example/placet", false),
            ("http://gate.example", "http://gate.example", true),
            ("http://localhost.example", "http://localhost.example", true),
            ("http://127.0.0.1.example:80", "http://127.0.0.1.example:80", true),
            ("http://10.0.0.1", "http://10.0.0.1", true),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.to_string().as_str(), address.is_open_to_others()), (want, open), "{text}");
        }
        for text in [
            "",
            "gate",
            "localhost:3100",
            "ftp://x",
            "http://",
            "http://u:p@h",
            "https://h/?a",
            "https://h/#a",
            "https://a b",
            "https://127.0.0.1@evil.example",
            "file:///etc/passwd",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn parts_are_encoded() {
        let address = Address::parse("http://localhost").unwrap();
        let url = address.join(&["admin", "a/../b?c#d é"], &[("agent", "x&y=z+ %".to_owned())]);
        assert_eq!(url, "http://localhost/admin/a%2F..%2Fb%3Fc%23d%20%C3%A9?agent=x%26y%3Dz%2B%20%25");
    }
}
