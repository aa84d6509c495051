//! The reader of Python: text to tree, refusing what it does not certainly understand.

mod lex;
mod parse;
mod statements;
mod text;

use crate::tree::{At, LONGEST, Refusal, Text};

/// Reads a text as far as it goes.
pub(crate) fn read(text: &str) -> Text {
    let refuse =
        |why, at: usize| Text { body: Vec::new(), refusal: Some(Refusal { why, at: At::new(at, at + 1) }) };
    if text.len() > LONGEST {
        return refuse("the text is too long", LONGEST);
    }
    if let Some(at) = text.find(['\0', '\u{c}', '\u{feff}', '\u{1a}']) {
        return refuse("a control character in the text", at);
    }
    let bytes = text.as_bytes();
    if let Some(at) =
        (0..bytes.len()).find(|at| bytes.get(*at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n'))
    {
        return refuse("a carriage return on its own", at);
    }
    if strange_encoding(text) {
        return refuse("the text names an encoding of its own", 0);
    }
    parse::text(text)
}

/// Whether one of the first two lines is a comment that sets another encoding.
fn strange_encoding(text: &str) -> bool {
    text.lines().take(2).any(|line| {
        let Some(comment) = line.trim_start_matches([' ', '\t']).strip_prefix('#') else { return false };
        comment.match_indices("coding").any(|(at, word)| {
            let rest = comment.get(at + word.len()..).unwrap_or("");
            let Some(name) = rest.strip_prefix([':', '=']) else { return false };
            let name = name.trim_start_matches([' ', '\t']).to_ascii_lowercase();
            let end =
                name.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(name.len());
            !matches!(name.get(..end).unwrap_or(""), "utf-8" | "utf8" | "utf_8" | "ascii" | "us-ascii")
        })
    })
}
