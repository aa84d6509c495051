//! Ring 0 does no input or output, reads no clock and rolls no dice: a search over its sources.
//!
//! A search is weaker than a compiler, but it costs nothing and catches what happens in practice: someone
//! reaches for the file system in the deciding path because it was at hand.

use std::path::Path;

use crate::layers::LAYERS;
use crate::tools;

/// Words that ring 0 must not contain outside comments and tests.
const FORBIDDEN: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "SystemTime",
    "Instant",
    "rand",
    "getrandom",
    "tokio",
    "async",
];

/// Each forbidden word found, with its place.
pub(crate) fn faults() -> Result<Vec<String>, String> {
    let root = tools::root();
    let mut faults = Vec::new();
    for layer in LAYERS.iter().filter(|layer| layer.ring == 0) {
        let folder = layer.package.trim_start_matches("placet-");
        let sources = root.join("crates").join(folder).join("src");
        for path in tools::files_below(&sources, ".rs", &[])? {
            let text = tools::read(&path)?;
            let shown = path.strip_prefix(&root).unwrap_or(&path);
            faults.extend(faults_of(shown, &text));
        }
    }
    Ok(faults)
}

fn faults_of(path: &Path, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, line) in text.lines().enumerate() {
        // Unit tests stand last in a file; they may do as they like.
        if line.trim_end() == "#[cfg(test)]" {
            break;
        }
        let code = line.split("//").next().unwrap_or_default();
        for word in FORBIDDEN.iter().filter(|word| mentions(code, word)) {
            faults.push(format!("{}:{}: `{word}` in ring 0", path.display(), index + 1));
        }
        if code.contains("use std::{")
            && ["fs", "net", "process", "env"].iter().any(|word| mentions(code, word))
        {
            faults.push(format!("{}:{}: input and output in ring 0", path.display(), index + 1));
        }
    }
    faults
}

/// Whether `word` stands in `code` as code: whole, and outside double quotes.
fn mentions(code: &str, word: &str) -> bool {
    let part_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word).any(|(start, _)| {
        let (before, rest) = code.split_at(start);
        let after = rest.strip_prefix(word).unwrap_or_default();
        let quoted = before.matches('"').count() % 2 == 1;
        !quoted && !before.ends_with(part_of_name) && !after.starts_with(part_of_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ring_0_is_pure() {
        assert_eq!(faults().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn finds_words_but_not_comments_strings_or_parts_of_names() {
        let table = [
            ("use std::fs;", 1),
            ("use std::{fmt, fs};", 1),
            ("let now = Instant::now();", 1),
            ("// std::fs is for others", 0),
            ("let name = \"rand\";", 0),
            ("let operand = brand;", 0),
            ("#[cfg(test)]\nuse std::fs;", 0),
        ];
        for (text, expected) in table {
            assert_eq!(faults_of(Path::new("x.rs"), text).len(), expected, "{text}");
        }
    }
}
