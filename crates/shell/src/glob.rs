//! A small matcher for `*`, `?` and `[…]`, used on names, keys and command words.

/// Whether `text` fits `pattern`, where `*` stands for any text. ASCII case does not count.
pub(crate) fn fits_ignoring_case(pattern: &str, text: &str) -> bool {
    fits_bytes(pattern.as_bytes(), text.as_bytes(), true)
}

/// Whether `text` fits the shell pattern `pattern`.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    fits_bytes(pattern.as_bytes(), text.as_bytes(), false)
}

/// The classic two-pointer walk: on a mismatch go back to the last `*` and let it take one byte more.
fn fits_bytes(pattern: &[u8], text: &[u8], fold: bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(&byte) = text.get(t) {
        match step(pattern, p, byte, fold) {
            Step::Star => {
                star = Some((p + 1, t));
                p += 1;
            }
            Step::Fits(next) => {
                p = next;
                t += 1;
            }
            Step::Differs => match star {
                Some((after, from)) => {
                    star = Some((after, from + 1));
                    p = after;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or(&[]).iter().all(|&byte| byte == b'*')
}

enum Step {
    Star,
    Fits(usize),
    Differs,
}

fn step(pattern: &[u8], p: usize, byte: u8, fold: bool) -> Step {
    let same = |a: u8| a == byte || (fold && a.eq_ignore_ascii_case(&byte));
    match pattern.get(p) {
        Some(b'*') => Step::Star,
        Some(b'?') => Step::Fits(p + 1),
        Some(b'[') => match class(pattern, p, byte) {
            Some((true, next)) => Step::Fits(next),
            Some((false, _)) => Step::Differs,
            None if byte == b'[' => Step::Fits(p + 1),
            None => Step::Differs,
        },
        Some(b'\\') if pattern.len() > p + 1 => match pattern.get(p + 1) {
            Some(&next) if same(next) => Step::Fits(p + 2),
            _ => Step::Differs,
        },
        Some(&other) if same(other) => Step::Fits(p + 1),
        _ => Step::Differs,
    }
}

/// A bracket expression at `p`: whether `byte` is in it and where it ends. `None` when it does not end.
/// Classes by name (`[:alpha:]`) are taken to fit: the caller asks what *could* match.
fn class(pattern: &[u8], p: usize, byte: u8) -> Option<(bool, usize)> {
    let mut at = p + 1;
    let negated = matches!(pattern.get(at), Some(b'!' | b'^'));
    if negated {
        at += 1;
    }
    let start = at;
    let mut inside = false;
    loop {
        let low = *pattern.get(at)?;
        if low == b']' && at > start {
            return Some((inside != negated, at + 1));
        }
        if low == b'[' && pattern.get(at + 1) == Some(&b':') {
            let close = pattern.get(at..)?.windows(2).position(|pair| pair == b":]")?;
            inside = true;
            at += close + 2;
            continue;
        }
        match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some(b'-'), Some(&high)) if high != b']' => {
                inside |= (low..=high).contains(&byte);
                at += 3;
            }
            _ => {
                inside |= low == byte;
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let cases = [
            ("r?", "rm", true),
            ("r?", "r", false),
            ("*", "", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b", "axc", false),
            ("[r]m", "rm", true),
            ("[a-z]m", "rm", true),
            ("[!r]m", "rm", false),
            ("[rm", "[rm", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("[[:alpha:]]m", "rm", true),
            ("[]x]", "]", true),
        ];
        for (pattern, text, want) in cases {
            assert_eq!(fits(pattern, text), want, "{pattern} {text}");
        }
        assert!(fits_ignoring_case("alias.*", "Alias.X"));
    }
}
