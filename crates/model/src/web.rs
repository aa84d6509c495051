//! URLs as resources: a small refusing reader. What it does not certainly understand has no host, and a
//! URL without a host is allowed by nothing.

/// A URL that an action reads from or sends to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlRef {
    /// As written.
    pub raw: String,
    /// Lower-cased scheme without `:`; empty when unknown.
    pub scheme: String,
    /// Lower-cased, percent-decoded host without brackets, port, user or trailing dot. `None` when unknown
    /// or refused.
    pub host: Option<String>,
    /// Path, from the first `/` behind the host up to `?` or `#`; `/` when absent.
    pub path: String,
}

impl UrlRef {
    /// Reads a URL the way WHATWG browsers do, as far as host rules need it: blanks around it and tabs and
    /// newlines in it do not count, `\` is `/`, the host ends before `/ ? #`, the user part ends at the
    /// last `@`. A text without a scheme is taken as `https`, as fetch tools do.
    ///
    /// Other programs take `\` for an ordinary character. Where that makes a difference to the host, it is
    /// unknown.
    pub fn parse(raw: &str) -> Self {
        let mut url = Self::parse_as_browser(raw);
        if url.host.is_some() && authority_has_backslash(raw) {
            url.host = None;
        }
        url
    }

    fn parse_as_browser(raw: &str) -> Self {
        let clean: String = raw
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .map(|c| if c == '\\' { '/' } else { c })
            .collect();
        let (scheme, rest) = match clean.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) && rest.starts_with('/') => {
                (scheme.to_ascii_lowercase(), rest)
            }
            Some((scheme, _))
                if is_scheme(scheme)
                    && !scheme.contains('.')
                    && !clean.contains("//")
                    && known_opaque(scheme) =>
            {
                return Self {
                    raw: raw.to_owned(),
                    scheme: scheme.to_ascii_lowercase(),
                    host: None,
                    path: String::new(),
                };
            }
            _ => ("https".to_owned(), clean.as_str()),
        };
        let rest = rest.trim_start_matches('/');
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let host_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let path = tail.split(['?', '#']).next().filter(|path| path.starts_with('/')).unwrap_or("/");
        Self { raw: raw.to_owned(), scheme, host: host(host_port), path: path.to_owned() }
    }

    /// Whether it is plain web traffic.
    pub fn is_http(&self) -> bool {
        matches!(self.scheme.as_str(), "http" | "https")
    }
}

/// Whether a `\` stands where the host does, so that programs differ in what the host is.
fn authority_has_backslash(raw: &str) -> bool {
    let rest = raw.split_once(':').map_or(raw, |(_, rest)| rest);
    let rest = rest.trim_start_matches('/');
    rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('\\'))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

fn known_opaque(scheme: &str) -> bool {
    ["data", "javascript", "mailto", "about", "blob", "file"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
}

fn host(host_port: &str) -> Option<String> {
    let host = match host_port.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?.0,
        None => host_port.split_once(':').map_or(host_port, |(host, _)| host),
    };
    let host = percent_decode(host)?.to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    let plain = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':'));
    if !plain || host.is_empty() {
        return None;
    }
    if let Some(mapped) =
        host.parse::<core::net::Ipv6Addr>().ok().and_then(|address| address.to_ipv4_mapped())
    {
        return Some(mapped.to_string());
    }
    let last = host.rsplit('.').next().unwrap_or(host);
    if !host.contains(':') && number(last).is_some() { ipv4(host) } else { Some(host.to_owned()) }
}

/// An address as every program reads it that connects: `2130706433`, `0x7f.1` and `0177.0.0.1` are `127.0.0.1`.
/// `None` for what only looks like one.
fn ipv4(host: &str) -> Option<String> {
    let parts = host.split('.').map(number).collect::<Option<Vec<u64>>>()?;
    let (last, front) = parts.split_last()?;
    let room = 1_u64.checked_shl(u32::try_from(8 * 4_usize.checked_sub(front.len())?).ok()?)?;
    if front.len() > 3 || front.iter().any(|part| *part > 255) || *last >= room {
        return None;
    }
    let high = front.iter().enumerate().fold(0_u64, |sum, (at, part)| sum | (part << (24 - 8 * at)));
    let address = u32::try_from(high | last).ok()?;
    Some(core::net::Ipv4Addr::from(address).to_string())
}

/// A part of an address: decimal, octal behind `0`, hexadecimal behind `0x`.
fn number(part: &str) -> Option<u64> {
    if !part.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match (part.strip_prefix("0x"), part.strip_prefix('0')) {
        (Some(""), _) => Some(0),
        (Some(hex), _) => u64::from_str_radix(hex, 16).ok(),
        (None, Some(octal)) if !octal.is_empty() => u64::from_str_radix(octal, 8).ok(),
        _ => part.parse().ok(),
    }
}

fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let cases = [
            ("https://github.com@evil.example/x", Some("evil.example")),
            ("https://evil.example/#pypi.org", Some("evil.example")),
            ("https://docs.TWITTER.com/en", Some("docs.twitter.com")),
            ("http://a.b:80?x@y", Some("a.b")),
            ("https:\\\\evil.example\\@github.com", None),
            ("https://docs.rs\\@evil.example/", None),
            ("docs.rs\\@evil.example/", None),
            ("https://docs.rs/a\\b@evil.example", Some("docs.rs")),
            ("https://git%68ub.com", Some("github.com")),
            ("ht\ntps://x.y/", Some("x.y")),
            ("https:/x.y", Some("x.y")),
            ("https://[::1]:3/", Some("::1")),
            ("https://ｇithub.com", None),
            ("data:text/html,x", None),
            ("https://x.y./", Some("x.y")),
            ("localhost:3000/x", Some("localhost")),
            ("example.com/a", Some("example.com")),
            ("", None),
            ("https://a%zz", None),
            ("http://2852039166/latest", Some("169.254.169.254")),
            ("http://0xa9fea9fe/", Some("169.254.169.254")),
            ("http://0251.0376.0251.0376/", Some("169.254.169.254")),
            ("http://169.254.43518/", Some("169.254.169.254")),
            ("http://127.1:80/", Some("127.0.0.1")),
            ("http://0/", Some("0.0.0.0")),
            ("http://1.2.3.4.5/", None),
            ("http://256.1.1.1/", None),
            ("http://99999999999/", None),
            ("http://v1.2/", None),
            ("http://a.7z/", Some("a.7z")),
            ("http://[::ffff:a9fe:a9fe]/", Some("169.254.169.254")),
        ];
        for (raw, want) in cases {
            assert_eq!(UrlRef::parse(raw).host.as_deref(), want, "{raw}");
        }
    }
}
