//! Colours. Every text must be understood without them.

use anstyle::{AnsiColor, Color, Style};
use placet_model::Verdict;
use placet_model::visible::visible;

const fn colored(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color)))
}

/// Word `error`.
pub(crate) const ERROR: Style = colored(AnsiColor::Red).bold();
/// Word `warning`.
pub(crate) const WARNING: Style = colored(AnsiColor::Yellow).bold();
/// Word `hint`.
pub(crate) const HINT: Style = colored(AnsiColor::Cyan).bold();
/// Headings.
pub(crate) const HEADING: Style = Style::new().bold();
/// What may be skipped.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Lines that come, things that are well.
pub(crate) const GOOD: Style = colored(AnsiColor::Green);
/// Lines that go, things that are not well.
pub(crate) const BAD: Style = colored(AnsiColor::Red);
/// Places in files.
pub(crate) const PLACE: Style = colored(AnsiColor::Blue);

/// The style of a verdict.
pub(crate) fn verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Allow => colored(AnsiColor::Green).bold(),
        Verdict::Abstain => colored(AnsiColor::Blue).bold(),
        Verdict::Ask => colored(AnsiColor::Yellow).bold(),
        Verdict::Deny => colored(AnsiColor::Red).bold(),
    }
}

/// `text` in `style`. What is deceptive in it is made visible.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{}{style:#}", visible(&text.to_string()))
}

/// Length of the code that `text` starts with, if it is one that [`paint`] or a table writes: colours and
/// weights, nothing that hides, moves or clears.
pub(crate) fn code_length(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\u{1b}[")?;
    let numbers = body.get(..body.bytes().take(16).position(|byte| byte == b'm')?)?;
    // Tables name a colour by its number in the palette, all else by its own code.
    let known = match numbers.strip_prefix("38;5;") {
        Some(number) => matches!(number, "1" | "2" | "3" | "4" | "6"),
        None => matches!(numbers, "" | "0" | "1" | "2" | "22" | "39" | "31" | "32" | "33" | "34" | "36"),
    };
    known.then_some(2 + numbers.len() + 1)
}

/// `text` broken into lines of at most `width` columns at blanks; words that are longer are cut.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in visible(text).split_terminator('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_whitespace() {
            let mut word: Vec<char> = word.chars().collect();
            if used > 0 && used + 1 + word.len() > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            while word.len() > width {
                let rest = word.split_off(width);
                lines.push(word.into_iter().collect());
                word = rest;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            used += word.len();
            line.extend(word);
        }
        lines.push(line);
    }
    lines
}

/// `text` broken into lines of at most `width` columns at blanks; longer words (paths) stay whole.
pub(crate) fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in visible(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `text` cut to `width` columns, on one line.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    let text = visible(text);
    let line = text.split('\n').next().unwrap_or("");
    let more = line.len() < text.trim_end().len();
    let count = line.chars().count();
    if count <= width && !more {
        return line.to_owned();
    }
    let kept: String = line.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("aaaaaaa b", 3), ["aaa", "aaa", "a b"]);
        assert_eq!(wrap("", 5), Vec::<String>::new());
    }

    #[test]
    fn shortening() {
        assert_eq!(shorten("abc", 3), "abc");
        assert_eq!(shorten("abcd", 3), "ab…");
        assert_eq!(shorten("a\nb", 3), "a…");
    }
}
