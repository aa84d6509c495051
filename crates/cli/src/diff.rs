//! The lines in which two texts differ, with a little around them.

use crate::style::{self, paint};

/// Lines of context around a change.
const CONTEXT: usize = 2;

/// One line of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    Come(&'a str),
}

/// Compares line by line: equal starts and ends are set aside, between them the longest common subsequence
/// decides. Settings files are short, so the quadratic table does not matter.
fn compare<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let longest_tail = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(longest_tail).take_while(|(a, b)| a == b).count();
    let middle = |lines: &[&'a str]| -> Vec<&'a str> {
        lines.get(head..lines.len() - tail).unwrap_or_default().to_vec()
    };
    let mut lines: Vec<Line<'a>> = old.iter().take(head).map(|line| Line::Same(line)).collect();
    lines.extend(compare_middle(&middle(&old), &middle(&new)));
    lines.extend(old.iter().skip(old.len() - tail).map(|line| Line::Same(line)));
    lines
}

fn compare_middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let width = new.len() + 1;
    let mut common = vec![0u32; (old.len() + 1) * width];
    let at = |table: &[u32], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let best = if a == b {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                lines.push(Line::Same(a));
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                lines.push(Line::Gone(a));
                i += 1;
            }
            (_, Some(b)) => {
                lines.push(Line::Come(b));
                j += 1;
            }
            _ => return lines,
        }
    }
}

/// The differences as coloured lines starting with `-`, `+` or a blank; runs without a change become `…`.
pub(crate) fn render(old: &str, new: &str) -> Vec<String> {
    let lines = compare(old, new);
    let near = |index: usize| {
        let from = index.saturating_sub(CONTEXT);
        lines.iter().skip(from).take(index - from + CONTEXT + 1).any(|line| !matches!(line, Line::Same(_)))
    };
    let mut out = Vec::new();
    let mut skipped = false;
    for (index, line) in lines.iter().enumerate() {
        match line {
            Line::Same(_) if !near(index) => skipped = true,
            _ => {
                if std::mem::take(&mut skipped) {
                    out.push(paint(style::DIM, "  …"));
                }
                out.push(match line {
                    Line::Same(text) => format!("  {text}"),
                    Line::Gone(text) => paint(style::BAD, format_args!("- {text}")),
                    Line::Come(text) => paint(style::GOOD, format_args!("+ {text}")),
                });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_changed_and_little_else() {
        let old = "1\n2\n3\n4\n5\n6\n";
        let new = "1\n2\n3\nx\n5\n6\n7\n";
        let plain: Vec<String> =
            render(old, new).iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
        assert_eq!(plain, ["  …", "  2", "  3", "- 4", "+ x", "  5", "  6", "+ 7"]);
        assert!(render("a\n", "a\n").is_empty());
    }
}
