//! Globs (section 3), the slow way.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Counts,
    Apart,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Any,
    Class { not: bool, ranges: Vec<(char, char)> },
}

pub(crate) fn same_text(left: &str, right: &str, case: Case) -> bool {
    let mut pairs = left.chars().zip(right.chars());
    left.chars().count() == right.chars().count() && pairs.all(|(a, b)| same_char(a, b, case))
}

fn same_char(left: char, right: char, case: Case) -> bool {
    left == right || case == Case::Apart && left.to_lowercase().eq(right.to_lowercase())
}

/// Whether the text glob matches the whole text.
pub(crate) fn text(pattern: &str, text: &str, case: Case) -> bool {
    let text: Vec<char> = text.chars().collect();
    braces(pattern).iter().any(|pattern| run(&tokens(pattern), &text, case))
}

/// Whether one of the globs does.
pub(crate) fn any(patterns: &[String], on: &str, case: Case) -> bool {
    patterns.iter().any(|pattern| text(pattern, on, case))
}

/// Every pattern that `{a,b}` stands for.
pub(crate) fn braces(pattern: &str) -> Vec<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 1,
            '{' => {
                if let Some((parts, end)) = alternatives(&chars, at) {
                    let before: String = chars[..at].iter().collect();
                    let after: String = chars[end..].iter().collect();
                    return parts.iter().flat_map(|part| braces(&format!("{before}{part}{after}"))).collect();
                }
            }
            _ => {}
        }
        at += 1;
    }
    vec![pattern.to_owned()]
}

/// The parts between the braces that open at `start`, and where they end; `None` without a comma.
fn alternatives(chars: &[char], start: usize) -> Option<(Vec<String>, usize)> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for (at, &c) in chars.iter().enumerate().skip(start) {
        match c {
            '{' if !escaped => depth += 1,
            '}' if !escaped => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (parts.len() > 1).then_some((parts, at + 1));
        }
        match c {
            ',' if depth == 1 && !escaped => parts.push(String::new()),
            _ if at == start => {}
            _ => parts.last_mut()?.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut rest = pattern.chars();
    let mut out = Vec::new();
    while let Some(c) = rest.next() {
        out.push(match c {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => Token::Char(rest.next().unwrap_or('\\')),
            '[' => class(&mut rest),
            other => Token::Char(other),
        });
    }
    out
}

fn class(rest: &mut std::str::Chars<'_>) -> Token {
    let mut inner: Vec<char> = Vec::new();
    let not = rest.as_str().starts_with(['!', '^']);
    if not {
        rest.next();
    }
    for c in rest.by_ref() {
        if c == ']' && !inner.is_empty() {
            break;
        }
        inner.push(c);
    }
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < inner.len() {
        if inner.get(at + 1) == Some(&'-') && at + 2 < inner.len() {
            ranges.push((inner[at], inner[at + 2]));
            at += 3;
        } else {
            ranges.push((inner[at], inner[at]));
            at += 1;
        }
    }
    Token::Class { not, ranges }
}

fn run(pattern: &[Token], text: &[char], case: Case) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((Token::Any, others)), rest) => {
            run(others, text, case) || rest.is_some_and(|(_, rest)| run(pattern, rest, case))
        }
        (Some(_), None) => false,
        (Some((token, others)), Some((&c, rest))) => stands_for(token, c, case) && run(others, rest, case),
    }
}

fn stands_for(token: &Token, c: char, case: Case) -> bool {
    match token {
        Token::Any | Token::One => true,
        Token::Char(own) => same_char(*own, c, case),
        Token::Class { not, ranges } => {
            let within = |c: char| ranges.iter().any(|&(low, high)| (low..=high).contains(&c));
            let spelled = c.to_lowercase().chain(c.to_uppercase());
            let found = within(c) || case == Case::Apart && spelled.into_iter().any(within);
            found != *not
        }
    }
}

/// Whether some text is matched by both.
pub(crate) fn in_common(left: &str, right: &str, case: Case) -> bool {
    braces(left)
        .iter()
        .any(|left| braces(right).iter().any(|right| meet(&tokens(left), &tokens(right), case)))
}

fn meet(left: &[Token], right: &[Token], case: Case) -> bool {
    match (left.split_first(), right.split_first()) {
        (None, None) => true,
        (Some((Token::Any, others)), rest) => {
            meet(others, right, case) || rest.is_some_and(|(_, rest)| meet(left, rest, case))
        }
        (_, Some((Token::Any, _))) => meet(right, left, case),
        (Some((one, lefts)), Some((other, rights))) => {
            let fits = match (one, other) {
                (Token::Char(c), token) | (token, Token::Char(c)) => stands_for(token, *c, case),
                _ => true,
            };
            fits && meet(lefts, rights, case)
        }
        _ => false,
    }
}

/// `text` as a pattern that matches just it.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| ("*?[]{}\\".contains(c)).then_some('\\').into_iter().chain([c])).collect()
}

/// Whether the pattern stands for more than one text.
pub(crate) fn wild(pattern: &str) -> bool {
    tokens(pattern).iter().any(|token| !matches!(token, Token::Char(_)))
}

/// Whether it begins with a wildcard.
pub(crate) fn starts_wild(pattern: &str) -> bool {
    tokens(pattern).first().is_some_and(|token| !matches!(token, Token::Char(_)))
}

/// Whether a character of it stands for itself.
pub(crate) fn has_literal(pattern: &str) -> bool {
    tokens(pattern).iter().any(|token| matches!(token, Token::Char(_)))
}

/// The text a pattern without wildcards stands for.
pub(crate) fn plain(pattern: &str) -> String {
    tokens(pattern)
        .iter()
        .filter_map(|token| if let Token::Char(c) = token { Some(*c) } else { None })
        .collect()
}
