//! A published policy writes `"./\*\*"`, which is no YAML. It is accepted, with a warning.

/// `text` with `\*` inside double quotes made `*`, and the lines where that happened. `None` when there is
/// nothing to repair. Columns behind a repair on the same line move by one to the left each.
pub(crate) fn escaped_stars(text: &str) -> Option<(String, Vec<u32>)> {
    let mut out = String::with_capacity(text.len());
    let mut lines = Vec::new();
    let mut line = 1;
    let mut quoted = Quote::None;
    let mut at_word_start = true;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (Quote::Double, '\\') => match chars.next() {
                Some('*') => {
                    out.push('*');
                    if lines.last() != Some(&line) {
                        lines.push(line);
                    }
                    continue;
                }
                Some(next) => {
                    out.push(c);
                    out.push(next);
                    line += u32::from(next == '\n');
                    continue;
                }
                None => {}
            },
            (Quote::Double, '"') | (Quote::Single, '\'') => quoted = Quote::None,
            (Quote::None, '"') if at_word_start => quoted = Quote::Double,
            (Quote::None, '\'') if at_word_start => quoted = Quote::Single,
            (Quote::None, '#') if at_word_start => quoted = Quote::Comment,
            (Quote::Comment, '\n') => quoted = Quote::None,
            _ => {}
        }
        line += u32::from(c == '\n');
        at_word_start = c.is_whitespace() || matches!(c, '[' | ',' | '{' | ':');
        out.push(c);
    }
    (!lines.is_empty()).then_some((out, lines))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    Double,
    Comment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_double_quotes() {
        assert_eq!(escaped_stars("a: \"./\\*\\*\"\n"), Some(("a: \"./**\"\n".to_owned(), vec![1])));
        assert_eq!(escaped_stars("a: '\\*'\nb: \\*\n# \"\\*\"\n"), None);
        assert_eq!(escaped_stars("a: \"\\\\*\""), None);
    }
}
