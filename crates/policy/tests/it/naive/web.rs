//! Host and URL patterns (section 5.4).

use placet_model::{Resource, UrlRef};

use super::glob::{self, Case};
use super::sure::{Reading, Sure};

/// `host:` on a URL or a bare host.
pub(crate) fn hosts(patterns: &[String], resource: &Resource, reading: Reading) -> Sure {
    let host = match resource {
        Resource::Url(url) => url.host.as_deref(),
        Resource::Host(host) => host.as_deref(),
        _ => return Sure::No,
    };
    Sure::any(
        patterns.iter().flat_map(|text| glob::braces(text)).map(|pattern| host_is(&pattern, host, reading)),
    )
}

fn host_is(pattern: &str, host: Option<&str>, reading: Reading) -> Sure {
    let pattern = pattern.to_lowercase();
    let port = |port: &str| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit() || c == '*');
    let pattern = match pattern.split_once(':') {
        Some((host, end)) if port(end) => host,
        _ => &pattern,
    };
    let any_host = pattern.chars().all(|c| c == '*');
    let Some(host) = host else {
        return if any_host && !reading.strict() { Sure::Yes } else { reading.doubt() };
    };
    Sure::from(any_host || known_host_is(pattern, host, reading))
}

fn known_host_is(pattern: &str, host: &str, reading: Reading) -> bool {
    let below = |domain: &str| host.ends_with(&format!(".{domain}"));
    let core = pattern.strip_suffix('*').unwrap_or(pattern);
    if let Some(domain) = core.strip_prefix("*.").filter(|domain| plain_domain(domain)) {
        return below(domain) || !reading.strict() && host == domain;
    }
    if let Some(domain) = core.strip_prefix('*').filter(|domain| plain_domain(domain) && domain.contains('.'))
    {
        return host == domain || below(domain);
    }
    if plain_domain(core) && (core == pattern || core.contains('.')) {
        return host == core || !reading.strict() && below(core);
    }
    glob::text(pattern, host, Case::Counts)
}

fn plain_domain(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('.') && !text.ends_with('.') && !glob::wild(text)
}

/// One operator of `resource:` on a URL or a bare host.
pub(crate) fn resource(operator: &str, text: &str, resource: &Resource, reading: Reading) -> Sure {
    match operator {
        "matches" => pattern(text, resource, reading),
        "startsWith" if text.contains("://") || text.contains('/') => {
            pattern(&format!("{text}*"), resource, reading)
        }
        "startsWith" => pattern(text, resource, reading),
        "contains" if text.starts_with('/') => {
            pattern(&format!("/*{}*", text.trim_start_matches('/')), resource, reading)
        }
        "contains" => pattern(&format!("*{text}*"), resource, reading),
        _ => regex(text, resource, reading),
    }
}

fn regex(text: &str, resource: &Resource, reading: Reading) -> Sure {
    let regex = regex_lite::Regex::new(text).unwrap();
    match resource {
        Resource::Url(UrlRef { host: None, raw, .. }) if reading.strict() || !regex.is_match(raw) => {
            reading.doubt()
        }
        Resource::Url(UrlRef { host: None, .. }) => Sure::Yes,
        Resource::Url(UrlRef { raw, scheme, host: Some(host), path }) => {
            let read = regex.is_match(&format!("{scheme}://{host}{path}"));
            let written = regex.is_match(raw);
            Sure::from(if reading.strict() { read && written } else { read || written })
        }
        Resource::Host(Some(host)) => Sure::from(regex.is_match(host)),
        _ => reading.doubt(),
    }
}

fn pattern(text: &str, resource: &Resource, reading: Reading) -> Sure {
    Sure::any(glob::braces(text).iter().map(|text| one_pattern(text, resource, reading)))
}

fn one_pattern(text: &str, resource: &Resource, reading: Reading) -> Sure {
    let (scheme, rest) = match text.split_once("://") {
        Some(("*", rest)) => (None, rest),
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, text),
    };
    let (host, path) = match rest.find('/') {
        Some(at) => (rest.get(..at).unwrap_or(""), rest.get(at..)),
        None => (rest, None),
    };
    match resource {
        Resource::Url(url) => {
            let scheme = Sure::from(scheme.is_none_or(|glob| glob::text(glob, &url.scheme, Case::Apart)));
            let path = match path {
                None => Sure::Yes,
                Some(_) if url.host.is_none() => reading.doubt(),
                Some(glob) => Sure::from(path_is(glob, &url.path, reading)),
            };
            Sure::all([scheme, host_is(host, url.host.as_deref(), reading), path])
        }
        Resource::Host(name) => {
            let most = if scheme.is_none() && path.is_none() { Sure::Yes } else { reading.doubt() };
            most.min(host_is(host, name.as_deref(), reading))
        }
        _ => Sure::No,
    }
}

fn path_is(glob: &str, written: &str, reading: Reading) -> bool {
    let decoded = decoded(written);
    if reading.strict() {
        glob::text(glob, written, Case::Counts) && glob::text(glob, &decoded, Case::Counts)
    } else {
        glob::text(glob, written, Case::Apart) || glob::text(glob, &decoded, Case::Apart)
    }
}

/// Percent signs decoded, then `.`, `..` and doubled slashes resolved.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&first, others)) = rest.split_first() {
        let hex = others.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &others[2..];
            }
            _ => {
                bytes.push(first);
                rest = others;
            }
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut kept: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(kept.pop()),
            part => kept.push(part),
        }
    }
    let end = if text.ends_with('/') && !kept.is_empty() { "/" } else { "" };
    format!("/{}{end}", kept.join("/"))
}
