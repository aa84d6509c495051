//! Path globs: segments, of which `**` stands for any number.

use super::glob;

/// The segments of a path or pattern without its leading `/`; none for the empty text.
#[derive(Clone, Copy)]
struct Rest<'a>(Option<&'a str>);

impl<'a> Rest<'a> {
    fn new(text: &'a str) -> Self {
        Self((!text.is_empty()).then_some(text))
    }

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0?;
        let (first, rest) = match text.split_once('/') {
            Some((first, rest)) => (first, Some(rest)),
            None => (text, None),
        };
        self.0 = rest;
        Some(first)
    }
}

/// Whether the pattern matches the path. `below`: it also matches everything below what it names. `fold`: case
/// does not count.
pub(crate) fn matches(pattern: &str, path: &str, below: bool, fold: bool) -> bool {
    let mut globs = Rest::new(pattern);
    let mut parts = Rest::new(path);
    let mut retry: Option<(Rest<'_>, Rest<'_>)> = None;
    loop {
        let before = parts;
        let fits = match globs.next() {
            Some("**") => {
                retry = Some((globs, parts));
                continue;
            }
            Some(glob) => parts.next().is_some_and(|part| glob::matches(glob, part, fold)),
            None => {
                if below || before.0.is_none() {
                    return true;
                }
                false
            }
        };
        if !fits {
            let Some((after, mut from)) = retry.take() else { return false };
            if from.next().is_none() {
                return false;
            }
            (globs, parts) = (after, from);
            retry = Some((after, from));
        }
    }
}

/// Whether the pattern matches the path and everything below it.
pub(crate) fn covers_tree(pattern: &str, path: &str) -> bool {
    (pattern == "**" || pattern.ends_with("/**")) && matches(pattern, path, false, false)
}

/// Whether the pattern can match something strictly below the path.
pub(crate) fn reaches_below(pattern: &str, path: &str) -> bool {
    fn walk(mut globs: Rest<'_>, mut parts: Rest<'_>) -> bool {
        let here = globs;
        let Some(glob) = globs.next() else { return false };
        if glob == "**" {
            let mut fewer = parts;
            // With `**` in front the rest of the pattern can always be put below.
            return fewer.next().is_none() || walk(globs, parts) || walk(here, fewer);
        }
        match parts.next() {
            None => true,
            Some(part) => glob::matches(glob, part, true) && walk(globs, parts),
        }
    }
    walk(Rest::new(pattern), Rest::new(path))
}

/// The leading segments of a pattern that have no wildcard, unescaped and joined.
pub(crate) fn literal_prefix(pattern: &str) -> String {
    let mut out = String::new();
    for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
        let Some(text) = glob::literal(segment) else { break };
        if !out.is_empty() {
            out.push('/');
        }
        out.push_str(&text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        // pattern, path, exactly, with what lies below
        let cases = [
            ("**", "", true, true),
            ("**", "a/b", true, true),
            ("src/**", "src", true, true),
            ("src/**", "src/a/b", true, true),
            ("src/**", "srcs", false, false),
            ("*.md", "a.md", true, true),
            ("*.md", "a/b.md", false, false),
            ("**/.env", ".env", true, true),
            ("**/.env", "a/.env", true, true),
            ("**/.env", "a/.env/b", false, true),
            ("**/.ssh/*", "home/.ssh/a/b", false, true),
            ("**/.ssh/*", "home/.ssh", false, false),
            ("", "", true, true),
            ("", "a", false, true),
            ("a/**/b", "a/b", true, true),
            ("a/**/b", "a/x/y/b", true, true),
            ("a/**/b", "a/x/y/c", false, false),
            ("**/a/**/b/*", "x/a/a/b/b/c", true, true),
        ];
        for (pattern, path, exact, below) in cases {
            assert_eq!(matches(pattern, path, false, false), exact, "{pattern} {path}");
            assert_eq!(matches(pattern, path, true, false), below, "{pattern} {path} below");
        }
        assert!(covers_tree("src/**", "src"));
        assert!(!covers_tree("src/*", "src/a"));
        assert!(reaches_below("**/.env", "src"));
        assert!(reaches_below("etc/**", ""));
        assert!(!reaches_below("etc/**", "usr"));
        assert!(!reaches_below("etc", "etc"));
        assert_eq!(literal_prefix("etc/a\\*/x*/y"), "etc/a*");
    }
}
