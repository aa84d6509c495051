//! Code and what it would do, row by row.
//!
//! A row of the files beside this one starts with `### ` and the line that [`crate::line::line`] must give; the
//! code follows up to the next row.

use crate::line::{effects, line};

pub(crate) const PYTHON: &str = include_str!("python.txt");
pub(crate) const JAVASCRIPT: &str = include_str!("javascript.txt");
pub(crate) const PERL: &str = include_str!("perl.txt");
pub(crate) const RUBY: &str = include_str!("ruby.txt");
pub(crate) const TYPESCRIPT: &str = include_str!("typescript.txt");

/// Wanted line and code of every row.
pub(crate) fn rows(table: &str) -> Vec<(&str, &str)> {
    table
        .split("### ")
        .filter(|row| !row.is_empty())
        .map(|row| row.split_once('\n').expect("a row has a line of its own"))
        .map(|(want, code)| (want, code.strip_suffix('\n').unwrap_or(code)))
        .collect()
}

fn hold(language: &str, table: &str, least: usize) {
    let rows = rows(table);
    assert!(rows.len() >= least, "{} rows", rows.len());
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(want, code)| {
            let got = line(&effects(language, code));
            (got != *want).then(|| format!("{code}\n  want {want}\n  got  {got}\n"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} rows are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn python() {
    hold("python", PYTHON, 150);
}

#[test]
fn javascript() {
    hold("javascript", JAVASCRIPT, 120);
}

#[test]
fn typescript() {
    hold("typescript", TYPESCRIPT, 12);
}

#[test]
fn perl() {
    hold("perl", PERL, 35);
}

#[test]
fn ruby() {
    hold("ruby", RUBY, 25);
}
