//! Texts of path, host, URL and `contains` patterns to what they mean.

use super::place::Place;
use super::reader::Reader;
use super::suggest;
use crate::ir::{Base, Effect, HostPattern, PathPattern, UrlPattern, Words, WordsKind};
use crate::matching::glob;

/// Characters a pattern may have.
const PATTERN_CHARS_MAX: usize = 1_000;
/// Alternatives that braces may expand to.
const ALTERNATIVES_MAX: usize = 64;

impl Reader<'_> {
    /// Checks a glob and expands its braces.
    pub(crate) fn globs(&mut self, text: &str, place: Place) -> Vec<String> {
        if text.chars().count() > PATTERN_CHARS_MAX {
            self.error(
                place,
                format!("pattern has more than {PATTERN_CHARS_MAX} characters"),
                "use several shorter patterns",
            );
            return Vec::new();
        }
        let Some(expanded) = braces(text, ALTERNATIVES_MAX) else {
            self.error(
                place,
                format!("`{text}` expands to more than {ALTERNATIVES_MAX} patterns"),
                "use fewer alternatives in braces",
            );
            return Vec::new();
        };
        for glob in &expanded {
            if let Err(fault) = glob::check(glob) {
                self.error(place, format!("`{text}` is not a pattern: {}", fault.message), fault.help);
                return Vec::new();
            }
        }
        expanded
    }

    /// What `text` means as a pattern for paths. `strict`: read for an allow.
    pub(crate) fn paths(&mut self, text: &str, place: Place, strict: bool) -> Vec<PathPattern> {
        let mut out = Vec::new();
        for text in self.variables_in(text, place) {
            for glob in self.globs(&text, place) {
                if let Some(pattern) = self.path(&glob, place, strict) {
                    out.push(pattern);
                }
            }
        }
        out
    }

    fn path(&mut self, text: &str, place: Place, strict: bool) -> Option<PathPattern> {
        let (base, rest, anywhere) = if let Some(rest) = text.strip_prefix("./") {
            (Base::Project, rest, false)
        } else if text == "." {
            (Base::Project, "", false)
        } else if let Some(rest) = text.strip_prefix("~/").or_else(|| text.strip_prefix("$HOME/")) {
            (Base::Home, rest, false)
        } else if text == "~" || text == "$HOME" {
            (Base::Home, "", false)
        } else if let Some(rest) = text.strip_prefix('/') {
            (Base::Root, rest, false)
        } else if text == "**" || text.starts_with("**/") {
            (Base::Root, text, false)
        } else {
            // As in .gitignore: a name alone is meant wherever it occurs. An allow takes the narrow reading.
            let name_alone = !text.trim_end_matches('/').contains('/');
            if strict || !name_alone { (Base::Project, text, false) } else { (Base::Root, text, true) }
        };
        let mut segments: Vec<&str> = Vec::new();
        if anywhere {
            segments.push("**");
        }
        for segment in rest.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    self.error(
                        place,
                        format!("`{text}` contains `..`"),
                        "write the path that is meant; paths are compared after `..` is resolved",
                    );
                    return None;
                }
                "**" if segments.last() == Some(&"**") => {}
                other => segments.push(other),
            }
        }
        if rest.ends_with('/') && segments.last() != Some(&"**") {
            segments.push("**");
        }
        Some(PathPattern { base, glob: segments.join("/") })
    }

    /// `text` with each `${name}` replaced by every value of that name.
    fn variables_in(&mut self, text: &str, place: Place) -> Vec<String> {
        let Some((before, rest)) = text.split_once("${") else { return vec![text.to_owned()] };
        let Some((name, after)) = rest.split_once('}') else {
            self.error(
                place,
                format!("`{text}` has `${{` without `}}`"),
                "close the brace, or write `[$]{` for the characters",
            );
            return Vec::new();
        };
        if name == "HOME" && before.is_empty() {
            return self.variables_in(&format!("~{after}"), place);
        }
        let Some(values) = self.variables.and_then(|known| known.get(name)) else {
            let known: Vec<&str> =
                self.variables.into_iter().flat_map(|known| known.keys().map(String::as_str)).collect();
            let help = match suggest::nearest(name, &known) {
                Some(near) => format!("did you mean `${{{near}}}`?"),
                None => "the pattern is left out; whoever compiles the policy gives the values".to_owned(),
            };
            self.warn(place, format!("`${{{name}}}` has no value here"), help);
            return Vec::new();
        };
        let texts: Vec<String> =
            values.iter().map(|value| format!("{before}{}{after}", glob::escape(value))).collect();
        texts.iter().flat_map(|text| self.variables_in(text, place)).collect()
    }
}

/// What `resource.matches` means for a URL or host.
pub(crate) fn url(text: &str) -> UrlPattern {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()).filter(|scheme| scheme != "*"), rest),
        None => (None, text),
    };
    // `/admin/*` alone is a path on any host.
    let (host, path) = match rest.find('/') {
        Some(at) => {
            rest.split_at_checked(at).map_or((rest, None), |(host, path)| (host, Some(path.to_owned())))
        }
        None => (rest, None),
    };
    let host = if host.is_empty() { HostPattern::Any } else { self::host(host) };
    UrlPattern { scheme, host, path }
}

/// What a text means as a pattern for hosts.
pub(crate) fn host(text: &str) -> HostPattern {
    let text = text.to_lowercase();
    let text = without_port(&text);
    if text.chars().all(|c| c == '*') {
        return HostPattern::Any;
    }
    let name = text.trim_matches('*');
    let plain = !name.contains(['*', '?', '[', '\\']) && !name.ends_with('.');
    let dotted = name.trim_start_matches('.').contains('.') && plain;
    let starred = text.starts_with('*');
    match name.strip_prefix('.') {
        Some(below) if starred && plain && !below.is_empty() && !below.starts_with('.') => {
            HostPattern::Below(below.to_owned())
        }
        None if starred && dotted => HostPattern::Domain(name.to_owned()),
        None if !starred && (dotted || (plain && name == text)) => HostPattern::Exact(name.to_owned()),
        _ => HostPattern::Glob(text.to_owned()),
    }
}

fn without_port(text: &str) -> &str {
    match text.rsplit_once(':') {
        Some((host, port))
            if !host.contains(':')
                && !port.is_empty()
                && port.chars().all(|c| c.is_ascii_digit() || c == '*') =>
        {
            host
        }
        _ => text,
    }
}

/// Path patterns for `startsWith` and `contains`.
pub(crate) fn path_texts_for(op_starts: bool, text: &str) -> Vec<String> {
    let escaped = glob::escape(text);
    if op_starts {
        return if text.ends_with('/') {
            vec![format!("{escaped}**")]
        } else {
            vec![format!("{escaped}*"), format!("{escaped}*/**")]
        };
    }
    let mut parts: Vec<String> = escaped.split('/').map(str::to_owned).collect();
    if let Some(first) = parts.first_mut().filter(|first| !first.is_empty()) {
        first.insert(0, '*');
    }
    if let Some(last) = parts.last_mut().filter(|last| !last.is_empty()) {
        last.push('*');
    }
    let inner: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if inner.is_empty() { vec!["**".to_owned()] } else { vec![format!("**/{}/**", inner.join("/"))] }
}

/// A `contains` (or, for deny and ask, `startsWith`) text as words of a command.
pub(crate) fn words(text: &str) -> Words {
    let open = !text.ends_with(char::is_whitespace);
    let trimmed = text.trim();
    if let Some((kind, target)) = redirection(trimmed) {
        return Words { kind, head: target, flags: Vec::new(), plain: Vec::new(), open };
    }
    if trimmed.is_empty() || trimmed.contains(['|', '&', ';', '(', ')', '{', '}', '`', '<', '>']) {
        let head = trimmed.chars().filter(|c| !c.is_whitespace()).collect();
        return Words { kind: WordsKind::Operators, head, flags: Vec::new(), plain: Vec::new(), open };
    }
    let mut words =
        Words { kind: WordsKind::Command, head: String::new(), flags: Vec::new(), plain: Vec::new(), open };
    for (index, word) in trimmed.split_whitespace().enumerate() {
        if word.len() > 1 && word.starts_with('-') {
            words.flags.push(word.to_owned());
        } else if index == 0 {
            words.head = word.to_owned();
        } else {
            words.plain.push(word.to_owned());
        }
    }
    words
}

fn redirection(text: &str) -> Option<(WordsKind, String)> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let (kind, rest) = [
        ("&>>", WordsKind::Write),
        ("&>", WordsKind::Write),
        (">>", WordsKind::Write),
        (">|", WordsKind::Write),
        (">", WordsKind::Write),
        ("<", WordsKind::Read),
    ]
    .into_iter()
    .find_map(|(sign, kind)| text.strip_prefix(sign).map(|rest| (kind, rest)))?;
    let target = rest.trim();
    let plain = !target.is_empty()
        && !target
            .contains(|c: char| c.is_whitespace() || matches!(c, '|' | '&' | ';' | '(' | ')' | '<' | '>'));
    plain.then(|| (kind, target.to_owned()))
}

/// `{a,b}` expanded, nested and repeated; braces without a comma stand for themselves. `None`: too many.
pub(crate) fn braces(text: &str, limit: usize) -> Option<Vec<String>> {
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        if done.len() + open.len() >= limit {
            return None;
        }
        match first_group(&text) {
            // Pushed in reverse, so that the results keep the order written.
            Some((before, parts, after)) => {
                open.extend(parts.into_iter().rev().map(|part| format!("{before}{part}{after}")));
            }
            None => done.push(text),
        }
    }
    Some(done)
}

/// The first brace group with a comma at its own level: text before, alternatives, text after.
fn first_group(text: &str) -> Option<(String, Vec<String>, String)> {
    let chars: Vec<char> = text.chars().collect();
    let mut start = 0;
    while start < chars.len() {
        match chars.get(start) {
            Some('\\') => start += 1,
            Some('{') => {
                if let Some((parts, end)) = group(&chars, start) {
                    let before = chars.iter().take(start).collect();
                    let after = chars.iter().skip(end + 1).collect();
                    return Some((before, parts, after));
                }
            }
            _ => {}
        }
        start += 1;
    }
    None
}

/// Alternatives of the group that opens at `start`, and where it closes.
fn group(chars: &[char], start: usize) -> Option<(Vec<String>, usize)> {
    let mut parts = vec![String::new()];
    let mut depth = 0_u32;
    let mut at = start + 1;
    while let Some(&c) = chars.get(at) {
        let last = parts.last_mut()?;
        match c {
            '\\' => {
                last.push(c);
                at += 1;
                last.extend(chars.get(at));
            }
            '}' if depth == 0 => return (parts.len() > 1).then_some((parts, at)),
            ',' if depth == 0 => parts.push(String::new()),
            _ => {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                last.push(c);
            }
        }
        at += 1;
    }
    None
}

/// Whether a rule of that effect reads its patterns strictly. `unless` is read the other way round.
pub(crate) fn strict(effect: Effect, unless: bool) -> bool {
    (effect == Effect::Allow) != unless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        use HostPattern::{Any, Below, Domain, Exact, Glob};
        let cases = [
            ("*github.com*", Domain("github.com".into())),
            ("*x.com", Domain("x.com".into())),
            ("*.x.com", Below("x.com".into())),
            ("GitHub.com", Exact("github.com".into())),
            ("github.com*", Exact("github.com".into())),
            ("*docs.*", Glob("*docs.*".into())),
            ("localhost:3000", Exact("localhost".into())),
            ("*", Any),
            ("*facebook*", Glob("*facebook*".into())),
            ("localhost", Exact("localhost".into())),
            ("docs.*", Glob("docs.*".into())),
            ("a*.b.c", Glob("a*.b.c".into())),
        ];
        for (text, want) in cases {
            assert_eq!(host(text), want, "{text}");
        }
    }

    #[test]
    fn brace_groups() {
        assert_eq!(braces("a{b,c{d,e}}f", 9).unwrap(), ["abf", "acdf", "acef"]);
        assert_eq!(braces("{a}", 9).unwrap(), ["{a}"]);
        assert_eq!(braces("\\{a,b}", 9).unwrap(), ["\\{a,b}"]);
        assert!(braces("{a,b}{a,b}{a,b}{a,b}", 9).is_none());
    }
}
