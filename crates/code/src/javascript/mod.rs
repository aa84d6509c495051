//! The reader of JavaScript and of the part of TypeScript that can be skipped: text to tree, refusing what it
//! does not certainly understand.

mod lex;
mod objects;
mod parse;
mod statements;
mod types;

use crate::tree::{At, LONGEST, Refusal, Text};

/// Reads a text as far as it goes.
pub(crate) fn read(text: &str, typed: bool) -> Text {
    let refuse =
        |why, at: usize| Text { body: Vec::new(), refusal: Some(Refusal { why, at: At::new(at, at + 1) }) };
    if text.len() > LONGEST {
        return refuse("the text is too long", LONGEST);
    }
    if let Some(at) = text.find(['\0', '\u{feff}', '\u{2028}', '\u{2029}', '\u{1a}']) {
        return refuse("a control character in the text", at);
    }
    let bytes = text.as_bytes();
    if let Some(at) =
        (0..bytes.len()).find(|at| bytes.get(*at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n'))
    {
        return refuse("a carriage return on its own", at);
    }
    parse::text(text, typed)
}
