//! The reader of Python: `ruff_python_parser` reads a text, what the tree can say is taken over, the rest is refused.
//!
//! `bounds` stands before the parser, so that no text makes a tree that is too deep for the stack; `lower` and
//! the files beside it make our tree of the parser's.
//!
//! INVARIANT: what Python does not read, or what two versions or settings of Python could read differently
//! (control characters, lone carriage returns, encodings), is refused (guarded by `tests/it/oracle.rs` and
//! `tests/it/grammar.rs`).

mod bounds;
mod expressions;
mod lower;
mod patterns;
mod statements;
mod texts;

use std::borrow::Cow;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{ModModule, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::tree::{At, LONGEST, Refusal, Text};
use lower::{Lines, Lowering};

/// Said of everything Python would not run.
const NOT_PYTHON: &str = "the text is not Python as it is known here";

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
    // As Python does it: lines end in `\n`, within literals too.
    let lines = Lines::of(text);
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    let open = match bounds::of(&text) {
        Ok(open) => open,
        Err(why) => return refuse(why, 0),
    };
    // The parser holds some of its own rules by panics; such a text is refused, too.
    let Ok(Some(parsed)) = std::panic::catch_unwind(|| parse(&text)) else {
        return refuse(NOT_PYTHON, 0);
    };
    lowered(&text, &parsed, lines, open)
}

fn parse(text: &str) -> Option<Parsed<ModModule>> {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY314);
    parse_unchecked(text, options).try_into_module()
}

/// Where a line starts with a backslash: versions of Python differ in what its indentation then is.
fn continued_into(text: &str, tokens: &Tokens) -> Option<TextRange> {
    let (mut from, mut starts) = (TextSize::new(0), true);
    for token in tokens.iter() {
        let dents = matches!(token.kind(), TokenKind::Indent | TokenKind::Dedent);
        let to = if dents { token.end() } else { token.start() };
        let blanks = text.get(from.to_usize()..to.to_usize());
        if starts && blanks.is_some_and(|blanks| blanks.contains('\\')) {
            return Some(TextRange::new(from, to));
        }
        starts = dents || matches!(token.kind(), TokenKind::Newline | TokenKind::NonLogicalNewline);
        from = from.max(token.end());
    }
    None
}

/// The statements before the first fault, or all.
fn lowered(text: &str, parsed: &Parsed<ModModule>, lines: Lines, open: bool) -> Text {
    let unread = parsed.errors().iter().map(|error| error.location);
    let fault: Option<TextRange> = unread
        .chain(parsed.unsupported_syntax_errors().iter().map(Ranged::range))
        .min_by_key(|range| range.start());
    let mut lowering = Lowering::new(text, lines);
    let mut body = Vec::new();
    if let Some(blanks) = continued_into(text, parsed.tokens()) {
        let refusal = Refusal { why: "a line starts with a backslash", at: lowering.at(blanks) };
        return Text { body, refusal: Some(refusal) };
    }
    for stmt in parsed.suite() {
        // What stands on the line of the fault may be half of something else.
        let whole = fault.is_none_or(|fault| {
            let between = text.get(stmt.end().to_usize()..fault.start().to_usize());
            between.is_some_and(|between| between.contains(['\n', ';']))
        });
        if !whole {
            break;
        }
        if let Err(refusal) = lowering.statement(stmt, &mut body) {
            return Text { body, refusal: Some(refusal) };
        }
    }
    let why = if open { "a bracket is not closed" } else { NOT_PYTHON };
    let fault = fault.map(|fault| Refusal { why, at: lowering.at(fault) });
    Text { body, refusal: fault.or(lowering.renamed) }
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
