//! JavaScript tokens, one at a time: whether `/` divides or opens a regular expression only the parser knows.

use crate::tree::{At, Refusal};

/// A token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tok<'t> {
    /// A name or a keyword.
    Name(&'t str),
    /// `#name`.
    Private(&'t str),
    /// A whole number when it is a small decimal one.
    Number(Option<i64>),
    /// What is between the quotes, as written.
    Text(&'t str),
    /// An opening back-quote; the parser reads on.
    Template,
    Op(&'static str),
    End,
}

/// A token, where it is, and whether a line ended before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) tok: Tok<'t>,
    pub(super) at: At,
    pub(super) fresh: bool,
}

const OPERATORS: [&str; 58] = [
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=",
    ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>",
    "**", "{", "}", "(", ")", "[", "]", ";", ",", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~",
    "?", ":", "=", ".", "@",
];

fn refuse<T>(why: &'static str, at: usize) -> Result<T, Refusal> {
    Err(Refusal { why, at: At::new(at, at + 1) })
}

pub(super) fn is_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$'
}

pub(super) fn is_part(byte: u8) -> bool {
    is_start(byte) || byte.is_ascii_digit()
}

/// The token at or behind `from`.
pub(super) fn token(text: &str, from: usize) -> Result<Token<'_>, Refusal> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let (start, fresh) = blanks(text, from)?;
    let made = |tok, to: usize| Ok(Token { tok, at: At::new(start, to), fresh });
    if start >= bytes.len() {
        return made(Tok::End, start);
    }
    let first = byte(start);
    if is_start(first) || first == b'#' && is_start(byte(start + 1)) {
        let mut end = start + 1;
        while is_part(byte(end)) {
            end += 1;
        }
        if byte(end) >= 0x80 || byte(end) == b'\\' {
            return refuse("a name outside ASCII", end);
        }
        let name = text.get(start..end).unwrap_or("");
        let tok = match name.strip_prefix('#') {
            Some(_) => Tok::Private(name),
            None => Tok::Name(name),
        };
        return made(tok, end);
    }
    match first {
        b'0'..=b'9' => number(text, start, fresh),
        b'.' if byte(start + 1).is_ascii_digit() => number(text, start, fresh),
        b'"' | b'\'' => {
            let mut at = start + 1;
            loop {
                match byte(at) {
                    0 if at >= bytes.len() => return refuse("a text is not closed", start),
                    b'\n' => return refuse("a text is not closed on its line", at),
                    b'\\' => at += if byte(at + 1) == b'\r' && byte(at + 2) == b'\n' { 3 } else { 2 },
                    quote if quote == first => break,
                    _ => at += 1,
                }
            }
            made(Tok::Text(text.get(start + 1..at).unwrap_or("")), at + 1)
        }
        b'`' => made(Tok::Template, start + 1),
        _ => {
            let rest = text.get(start..).unwrap_or("");
            let Some(op) = OPERATORS.iter().find(|op| rest.starts_with(**op)) else {
                return refuse("a sign that is not known", start);
            };
            // `a?.5:b`
            let op = if *op == "?." && byte(start + 2).is_ascii_digit() { "?" } else { op };
            made(Tok::Op(op), start + op.len())
        }
    }
}

/// Skips blanks and comments; whether a line ended among them.
fn blanks(text: &str, from: usize) -> Result<(usize, bool), Refusal> {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut fresh = from == 0;
    loop {
        let rest = text.get(at..).unwrap_or("");
        match bytes.get(at) {
            Some(b' ' | b'\t' | 0x0b | 0x0c) => at += 1,
            Some(b'\n' | b'\r') => {
                fresh = true;
                at += 1;
            }
            Some(b'/') if rest.starts_with("//") => at += rest.find('\n').unwrap_or(rest.len()),
            Some(b'/') if rest.starts_with("/*") => {
                let Some(end) = rest.find("*/") else { return refuse("a comment is not closed", at) };
                // The slash of `/*/` is not its end.
                let end = if end == 1 {
                    rest.get(2..).and_then(|rest| rest.find("*/")).map(|end| end + 2)
                } else {
                    Some(end)
                };
                let Some(end) = end else { return refuse("a comment is not closed", at) };
                fresh |= rest.get(..end).is_some_and(|comment| comment.contains('\n'));
                at += end + 2;
            }
            Some(b'<') if rest.starts_with("<!--") => return refuse("a comment in the manner of HTML", at),
            Some(b'-') if fresh && rest.starts_with("-->") => {
                return refuse("a comment in the manner of HTML", at);
            }
            _ => return Ok((at, fresh)),
        }
    }
}

fn number(text: &str, start: usize, fresh: bool) -> Result<Token<'_>, Refusal> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut end = start;
    let radix = byte(start) == b'0' && matches!(byte(start + 1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B');
    let mut dot = false;
    loop {
        let sign = !radix
            && matches!(byte(end), b'+' | b'-')
            && matches!(byte(end.wrapping_sub(1)), b'e' | b'E')
            && end > start;
        let point = byte(end) == b'.' && !dot && !radix;
        if !(is_part(byte(end)) || sign || point) {
            break;
        }
        dot |= point;
        end += 1;
    }
    let digits = text.get(start..end).unwrap_or("");
    let odd = digits
        .bytes()
        .any(|byte| !radix && byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E' | b'n'))
        || byte(end) >= 0x80
        || byte(end) == b'\\';
    if odd {
        return refuse("a number runs into a word", end);
    }
    let octal = digits.len() > 1 && digits.starts_with('0');
    let value = if radix {
        crate::tree::integer(digits)
    } else if octal {
        None
    } else {
        digits.replace('_', "").parse().ok()
    };
    Ok(Token { tok: Tok::Number(value), at: At::new(start, end), fresh })
}

/// One past the end of the regular expression that starts at `start`.
pub(super) fn regex(text: &str, start: usize) -> Result<usize, Refusal> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut at = start + 1;
    let mut class = false;
    loop {
        match byte(at) {
            0 | b'\n' | b'\r' => return refuse("a regular expression is not closed", start),
            b'\\' if matches!(byte(at + 1), b'\n' | b'\r') => {
                return refuse("a regular expression is not closed", start);
            }
            b'\\' => at += 2,
            b'[' => {
                class = true;
                at += 1;
            }
            b']' => {
                class = false;
                at += 1;
            }
            b'/' if !class => break,
            _ => at += 1,
        }
    }
    at += 1;
    while is_part(byte(at)) {
        at += 1;
    }
    if byte(at) == b'\\' || byte(at) >= 0x80 {
        return refuse("a name outside ASCII", at);
    }
    Ok(at)
}

/// Value of what is between quotes; `None` when it is not worked out.
pub(super) fn unescape(source: &str) -> Option<String> {
    let source = source.replace("\r\n", "\n");
    if !source.contains('\\') {
        return Some(source);
    }
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            '\n' | '\u{2028}' | '\u{2029}' => {}
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            '0' if !chars.peek().is_some_and(char::is_ascii_digit) => out.push('\0'),
            '0'..='9' => return None,
            'x' => {
                let value = chars.next()?.to_digit(16)? * 16 + chars.next()?.to_digit(16)?;
                out.push(char::from_u32(value)?);
            }
            'u' => {
                let mut value = 0_u32;
                if chars.peek() == Some(&'{') {
                    chars.next();
                    loop {
                        match chars.next()? {
                            '}' => break,
                            digit => value = value.checked_mul(16)?.checked_add(digit.to_digit(16)?)?,
                        }
                    }
                } else {
                    for _ in 0..4 {
                        value = value * 16 + chars.next()?.to_digit(16)?;
                    }
                }
                out.push(char::from_u32(value)?);
            }
            other => out.push(other),
        }
    }
    Some(out)
}
