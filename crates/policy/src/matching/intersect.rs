//! Whether two globs have a text in common, and whether one covers the other.
//!
//! On one side stands a pathname pattern as Bash will expand it: its wildcards do not stand for a leading dot.

use super::glob::{self, Token, Tokens};

/// How specific an intersection has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Any common path will do.
    Any,
    /// No segment of the policy's pattern that has a literal character may rest on a segment of the operand
    /// that is nothing but `*` (or on `**`), and of the two segments one covers the other: `*.rs` and `id_*`
    /// only happen to have names in common.
    Specific,
}

/// Whether an operand pattern and a policy pattern (and what lies below it) have a path in common.
pub(crate) fn paths(operand: &[&str], pattern: &[&str], need: Need) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return true };
    if *first == "**" {
        if paths(operand, rest, need) {
            return true;
        }
        return operand.split_first().is_some_and(|(_, fewer)| paths(fewer, pattern, need));
    }
    let Some((segment, fewer)) = operand.split_first() else { return false };
    if *segment == "**" {
        let open = need == Need::Specific && has_literal(first);
        return paths(fewer, pattern, need) || (!open && paths(operand, rest, need));
    }
    let open = need == Need::Specific
        && ((is_open(segment) && has_literal(first))
            || !(segment_covers(segment, first, true) || segment_covers(first, segment, true)));
    !open && overlap(segment, first) && paths(fewer, rest, need)
}

/// Whether every path of the operand pattern is matched by the policy pattern. May say no where it is so.
pub(crate) fn covers(operand: &[&str], pattern: &[&str]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return operand.is_empty() };
    if *first == "**" {
        return covers(operand, rest)
            || operand.split_first().is_some_and(|(_, fewer)| covers(fewer, pattern));
    }
    let Some((segment, fewer)) = operand.split_first() else { return false };
    *segment != "**" && segment_covers(segment, first, false) && covers(fewer, rest)
}

/// Like [`covers`], case apart, where the policy pattern also matches what lies below what it names.
pub(crate) fn covers_below(operand: &[&str], pattern: &[&str]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return true };
    if *first == "**" {
        return covers_below(operand, rest)
            || operand.split_first().is_some_and(|(_, fewer)| covers_below(fewer, pattern));
    }
    let Some((segment, fewer)) = operand.split_first() else { return false };
    *segment != "**" && segment_covers(segment, first, true) && covers_below(fewer, rest)
}

fn is_open(segment: &str) -> bool {
    !segment.is_empty() && segment.chars().all(|c| c == '*')
}

fn has_literal(segment: &str) -> bool {
    Tokens::new(segment).any(|token| matches!(token, Token::Char(_)))
}

/// Whether two segments have a name in common, case apart.
fn overlap(operand: &str, pattern: &str) -> bool {
    let operand: Vec<Token<'_>> = Tokens::new(operand).collect();
    let pattern: Vec<Token<'_>> = Tokens::new(pattern).collect();
    let wild_start = operand.first().is_some_and(|token| !matches!(token, Token::Char(_)));
    if wild_start && matches!(pattern.first(), Some(Token::Char('.'))) {
        return false;
    }
    let width = pattern.len() + 1;
    // reached[j]: the operand's tokens so far and the first j of the pattern have a text in common.
    let mut reached = vec![false; width];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    spread(&mut reached, &pattern);
    for token in &operand {
        let mut next = vec![false; width];
        for j in 0..width {
            if !reached.get(j).copied().unwrap_or(false) {
                continue;
            }
            if *token == Token::Any {
                // Takes nothing, or any number of the pattern's tokens.
                for slot in next.iter_mut().skip(j) {
                    *slot = true;
                }
                break;
            }
            match pattern.get(j) {
                Some(Token::Any) => set(&mut next, j),
                Some(other) if share(*token, *other) => set(&mut next, j + 1),
                _ => {}
            }
        }
        spread(&mut next, &pattern);
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

fn set(slots: &mut [bool], at: usize) {
    if let Some(slot) = slots.get_mut(at) {
        *slot = true;
    }
}

/// A `*` of the pattern may take nothing.
fn spread(reached: &mut [bool], pattern: &[Token<'_>]) {
    for (j, token) in pattern.iter().enumerate() {
        if *token == Token::Any && reached.get(j).copied().unwrap_or(false) {
            set(reached, j + 1);
        }
    }
}

/// Whether two one-character tokens have a character in common; two classes are taken to.
fn share(a: Token<'_>, b: Token<'_>) -> bool {
    match (a, b) {
        (Token::Char(a), other) | (other, Token::Char(a)) => glob::one(other, a, true),
        _ => true,
    }
}

/// Text-glob intersection: whether two globs over plain text have a text in common.
pub(crate) fn texts(a: &str, b: &str) -> bool {
    // A leading dot means nothing in plain text: put a character in front of both.
    overlap(&format!("x{a}"), &format!("x{b}"))
}

/// Whether every name of the operand segment is matched by the pattern segment. May say no where it is so.
fn segment_covers(operand: &str, pattern: &str, fold: bool) -> bool {
    if is_open(pattern) || operand == pattern {
        return true;
    }
    if let Some(text) = glob::literal(operand) {
        return glob::matches(pattern, &text, fold);
    }
    // `prefix*suffix` covers an operand that begins and ends so.
    let tokens: Vec<Token<'_>> = Tokens::new(pattern).collect();
    let Some(star) = tokens.iter().position(|token| *token == Token::Any) else { return false };
    let (before, after) =
        (tokens.get(..star).unwrap_or_default(), tokens.get(star + 1..).unwrap_or_default());
    let operand: Vec<Token<'_>> = Tokens::new(operand).collect();
    let plain = before.iter().chain(after).all(|token| matches!(token, Token::Char(_)));
    let alike = |(a, b): (&Token<'_>, &Token<'_>)| match (a, b) {
        (Token::Char(a), Token::Char(b)) => glob::same(*a, *b, fold),
        _ => false,
    };
    plain
        && operand.len() >= before.len() + after.len()
        && operand.iter().zip(before).all(alike)
        && operand.iter().rev().zip(after.iter().rev()).all(alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        text.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    #[test]
    fn table() {
        // operand, pattern, any, specific, covers
        let cases = [
            ("p/*", "**/*.pem", true, false, false),
            ("p/*.pem", "**/*.pem", true, true, true),
            ("p/.e*", "**/.env", true, true, false),
            ("p/*", "**/.env", false, false, false),
            ("p/*.rs", "**/.env", false, false, false),
            ("p/.ssh/*", "**/.ssh/*", true, true, true),
            ("p/*/id", "**/.ssh/id", false, false, false),
            ("p/a?/id", "p/ab/id", true, true, false),
            ("p/src/*.rs", "p/**", true, true, true),
            ("p/src/*", "p/src/*", true, true, true),
            ("p/[ab]", "p/b", true, true, false),
            ("p/**", "p/x/*.pem", true, false, false),
            ("p/a*", "p/b*", false, false, false),
            ("p/*.PEM", "**/*.pem", true, true, false),
            ("p/*a", "p/b*", true, false, false),
            ("p/*.rs", "**/id_rsa*", true, false, false),
            ("p/*.json", "**/c.json", true, true, false),
            ("p/ab*cd", "p/a*d", true, true, true),
            ("p/*/x", "p/y", true, false, false),
        ];
        for (operand, pattern, any, specific, all) in cases {
            assert_eq!(paths(&cut(operand), &cut(pattern), Need::Any), any, "{operand} {pattern}");
            assert_eq!(
                paths(&cut(operand), &cut(pattern), Need::Specific),
                specific,
                "{operand} {pattern} specific"
            );
            assert_eq!(covers(&cut(operand), &cut(pattern)), all, "{operand} {pattern} covers");
        }
        assert!(texts("*", ".x"));
        assert!(!texts("a*", "b*"));
    }
}
