//! Globs over text and over one path segment.
//!
//! `*` any run of characters, `?` one character, `[abc]`, `[a-z]`, `[!a]` or `[^a]` one of a class, `\c` the
//! character `c`. Whether `*` may cross `/` is up to the caller: path patterns are cut at `/` first.

use std::iter::Peekable;
use std::str::Chars;

/// Why a text is no glob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: &'static str,
    pub(crate) help: &'static str,
}

/// One element of a glob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'g> {
    Char(char),
    One,
    Any,
    /// Text between the brackets, and whether it is negated.
    Class(&'g str, bool),
}

/// Checks the syntax.
pub(crate) fn check(glob: &str) -> Result<(), Fault> {
    let mut tokens = Tokens::new(glob);
    for _ in tokens.by_ref() {}
    match tokens.fault {
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}

/// `text` as a glob that matches only itself.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\' | '{' | '}') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The text a glob without wildcards stands for.
pub(crate) fn literal(glob: &str) -> Option<String> {
    let mut out = String::with_capacity(glob.len());
    for token in Tokens::new(glob) {
        match token {
            Token::Char(c) => out.push(c),
            _ => return None,
        }
    }
    Some(out)
}

/// Elements of a glob.
#[derive(Clone)]
pub(crate) struct Tokens<'g> {
    rest: &'g str,
    fault: Option<Fault>,
}

impl<'g> Tokens<'g> {
    pub(crate) fn new(glob: &'g str) -> Self {
        Self { rest: glob, fault: None }
    }
}

impl<'g> Iterator for Tokens<'g> {
    type Item = Token<'g>;

    fn next(&mut self) -> Option<Token<'g>> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        let after = chars.as_str();
        let (token, rest) = match first {
            '*' => (Token::Any, after.trim_start_matches('*')),
            '?' => (Token::One, after),
            '\\' => match chars.next() {
                Some(c) => (Token::Char(c), chars.as_str()),
                None => {
                    self.fault =
                        Some(Fault { message: "`\\` at its end", help: "write `\\\\` for a backslash" });
                    (Token::Char('\\'), after)
                }
            },
            '[' => match class(after) {
                Some((body, negated, rest)) => (Token::Class(body, negated), rest),
                None => {
                    self.fault = Some(Fault {
                        message: "`[` without `]`",
                        help: "close the bracket, or write `\\[` for the character",
                    });
                    (Token::Char('['), after)
                }
            },
            c => (Token::Char(c), after),
        };
        self.rest = rest;
        Some(token)
    }
}

/// Body of a class behind its `[`, whether it is negated, and what follows its `]`. A `]` right at the start
/// belongs to the class.
fn class(text: &str) -> Option<(&str, bool, &str)> {
    let (body, negated) = match text.strip_prefix(['!', '^']) {
        Some(body) => (body, true),
        None => (text, false),
    };
    let skip = usize::from(body.starts_with(']'));
    let end = body.get(skip..)?.find(']')? + skip;
    Some((body.get(..end)?, negated, body.get(end + 1..)?))
}

/// Whether class `body` contains `c`.
pub(crate) fn in_class(body: &str, negated: bool, c: char, fold: bool) -> bool {
    let hit = |wanted: char| {
        let mut chars: Peekable<Chars<'_>> = body.chars().peekable();
        while let Some(from) = chars.next() {
            let mut ahead = chars.clone();
            if ahead.next() == Some('-')
                && let Some(to) = ahead.next()
            {
                chars = ahead;
                if (from..=to).contains(&wanted) {
                    return true;
                }
            } else if from == wanted {
                return true;
            }
        }
        false
    };
    let found = hit(c) || (fold && (c.to_lowercase().any(hit) || c.to_uppercase().any(hit)));
    found != negated
}

/// Whether two characters are the same, case apart when `fold`.
pub(crate) fn same(a: char, b: char, fold: bool) -> bool {
    a == b
        || (fold
            && if a.is_ascii() && b.is_ascii() {
                a.eq_ignore_ascii_case(&b)
            } else {
                a.to_lowercase().eq(b.to_lowercase())
            })
}

/// Whether the glob matches all of `text`. Linear backtracking: only the last `*` is ever retried.
pub(crate) fn matches(glob: &str, text: &str, fold: bool) -> bool {
    let mut tokens = Tokens::new(glob);
    let mut chars = text.chars();
    let mut retry: Option<(Tokens<'_>, Chars<'_>)> = None;
    loop {
        let before = chars.clone();
        let fits = match tokens.next() {
            Some(Token::Any) => {
                retry = Some((tokens.clone(), chars.clone()));
                continue;
            }
            Some(token) => chars.next().is_some_and(|c| one(token, c, fold)),
            None => match before.as_str().is_empty() {
                true => return true,
                false => false,
            },
        };
        if !fits {
            let Some((after_star, mut from)) = retry.take() else { return false };
            if from.next().is_none() {
                return false;
            }
            tokens = after_star.clone();
            chars = from.clone();
            retry = Some((after_star, from));
        }
    }
}

/// Whether `pattern`, in which only `*` is special, matches all of `text`.
pub(crate) fn stars(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Whether a token that stands for one character stands for `c`.
pub(crate) fn one(token: Token<'_>, c: char, fold: bool) -> bool {
    match token {
        Token::Char(wanted) => same(wanted, c, fold),
        Token::One => true,
        Token::Class(body, negated) => in_class(body, negated, c, fold),
        Token::Any => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let cases = [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]", "]", true),
            ("[a-]", "-", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("", "", true),
            ("", "a", false),
            ("**", "a/b", true),
        ];
        for (glob, text, want) in cases {
            assert_eq!(matches(glob, text, false), want, "{glob} {text}");
        }
        for (pattern, text, want) in [
            ("*", "a:b", true),
            ("a:*", "a:b", true),
            ("*:b", "a:b", true),
            ("a", "ab", false),
            ("a*a", "a", false),
            ("*b*b", "ab", false),
            ("a*b*c", "a:b:c", true),
        ] {
            assert_eq!(stars(pattern, text), want, "{pattern} {text}");
        }
        assert!(matches("*.PEM", "a.pem", true));
        assert!(matches("É*", "école", true));
        assert!(!matches("*.PEM", "a.pem", false));
        assert!(check("a[b").is_err());
        assert!(check("a\\").is_err());
        assert_eq!(literal("a\\*b").as_deref(), Some("a*b"));
    }
}
