//! Places in texts, shown with their line and a mark below it.

use std::ops::Range;

use anstyle::Style;
use placet_model::visible::{is_deceptive, visible_line};
use placet_policy::{CompileError, Diagnostic};

use crate::printer::{Printer, WIDTH};
use crate::style::{self, fold, paint};

/// Lines of a longer place that are shown.
const LINES_MAX: usize = 6;

/// Shows every error and warning of a failed compilation on stderr.
pub(crate) fn show(printer: &Printer, error: &CompileError, text_of: &dyn Fn(&str) -> Option<String>) {
    if printer.is_json() {
        return;
    }
    for one in &error.errors {
        render(one, "error", style::ERROR, text_of).into_iter().for_each(|line| printer.note(line));
    }
    for one in &error.warnings {
        render(one, "warning", style::WARNING, text_of).into_iter().for_each(|line| printer.note(line));
    }
}

/// One remark with its place: what, where, the line, what to do.
pub(crate) fn render(
    remark: &Diagnostic,
    word: &str,
    style: Style,
    text_of: &dyn Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", paint(style, word), visible_line(&remark.message))];
    let place = format!("{}:{}:{}", remark.file, remark.line, remark.column);
    lines.push(format!("  {} {}", paint(style::DIM, "-->"), paint(style::PLACE, place)));
    if let Some(text) = text_of(&remark.file) {
        let line = usize::try_from(remark.line).unwrap_or(1).max(1);
        let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
        let row = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let column = usize::try_from(remark.column).unwrap_or(1).max(1) - 1;
        let offset = |characters: usize| row.chars().take(characters).map(char::len_utf8).sum::<usize>();
        let length = usize::try_from(remark.len).unwrap_or(1).max(1);
        lines.extend(excerpt(
            &text,
            &(start + offset(column)..start + offset(column + length)),
            style,
            WIDTH,
        ));
    }
    for (index, line) in fold(&remark.help, WIDTH - 9).into_iter().enumerate() {
        let mark = if index == 0 { paint(style::HINT, "help:") } else { "     ".to_owned() };
        lines.push(format!("   {mark} {line}"));
    }
    lines
}

/// The lines of `text` that `span` touches, numbered, with the span underlined. Nothing is wider than `columns`.
pub(crate) fn excerpt(text: &str, span: &Range<usize>, style: Style, columns: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut start = 0;
    let rows: Vec<&str> = text.split_inclusive('\n').collect();
    let gutter = rows.len().to_string().len().max(2);
    for (index, row) in rows.into_iter().enumerate() {
        let end = start + row.len();
        let line = row.trim_end_matches(['\n', '\r']);
        let touched = span.start < end && (span.end > start || span.is_empty() && span.start >= start);
        if touched {
            if out.len() >= 2 * LINES_MAX {
                out.push(format!("{} {}", " ".repeat(gutter), paint(style::DIM, "| …")));
                break;
            }
            let from = span.start.max(start) - start;
            let to = span.end.min(start + line.len()).max(start + from) - start;
            let (line, from, to) = window(line, from, to, columns.saturating_sub(gutter + 3));
            let number = paint(style::DIM, format_args!("{:>gutter$} |", index + 1));
            out.push(format!("{number} {line}").trim_end().to_owned());
            let mark = paint(style, "^".repeat((to - from).max(1)));
            out.push(format!("{} {} {}{mark}", " ".repeat(gutter), paint(style::DIM, "|"), " ".repeat(from)));
        }
        start = end;
    }
    out
}

/// The part of a line around `from..to` (bytes) that fits, with the marked range in columns.
fn window(line: &str, from: usize, to: usize, width: usize) -> (String, usize, usize) {
    let column = |bytes: usize| line.get(..bytes).map_or(0, |before| before.chars().count());
    let (from, to) = (column(from), column(to.min(line.len())));
    let line: Vec<char> =
        line.chars().map(|c| if is_deceptive(c) || c.is_control() { ' ' } else { c }).collect();
    if line.len() <= width {
        return (line.into_iter().collect(), from, to);
    }
    let skipped = from.saturating_sub(width / 3).min(line.len().saturating_sub(width));
    let mut shown: Vec<char> = line.iter().skip(skipped).take(width).copied().collect();
    let count = shown.len();
    if let (true, Some(first)) = (skipped > 0, shown.first_mut()) {
        *first = '…';
    }
    if let (true, Some(last)) = (skipped + count < line.len(), shown.last_mut()) {
        *last = '…';
    }
    (shown.into_iter().collect(), from - skipped, (to - skipped).min(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str, span: Range<usize>) -> String {
        let lines = excerpt(text, &span, style::ERROR, WIDTH);
        lines.iter().map(|line| anstream::adapter::strip_str(line).to_string() + "\n").collect()
    }

    #[test]
    fn marks_the_span() {
        assert_eq!(plain("ls; rm -rf x", 4..10), " 1 | ls; rm -rf x\n   |     ^^^^^^\n");
        assert_eq!(plain("é rm", 3..5), " 1 | é rm\n   |   ^^\n");
        assert_eq!(plain("a\nbc\nd", 2..6), " 2 | bc\n   | ^^\n 3 | d\n   | ^\n");
    }

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let text = format!("{} HERE {}", "a".repeat(200), "b".repeat(200));
        let shown = plain(&text, 201..205);
        assert!(shown.lines().all(|line| line.chars().count() <= WIDTH), "{shown}");
        assert!(shown.contains("HERE"), "{shown}");
    }
}
