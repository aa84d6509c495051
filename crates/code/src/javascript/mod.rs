//! JavaScript and TypeScript to the tree, by way of the parser of the oxc project; types are dropped.
//!
//! What the tree cannot say for certain is refused, and so is what the parser has to guess at: a text with any
//! error of syntax. A text is read as a module if it can be one, else as a script or CommonJS. Where both can be and
//! differ, which is only behind `await` and in comments in the manner of HTML, it is refused.
//!
//! Start reading at [`read`]; `depth.rs` keeps the parser from going too deep, `lower/` makes the tree.

mod depth;
mod lower;
mod scan;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;

use crate::tree::{At, LONGEST, Refusal, Text};

pub(super) const UNREAD: &str = "the text is not JavaScript as it is known here";

/// Reads a text as far as it goes.
pub(crate) fn read(text: &str, typed: bool) -> Text {
    if let Err(refusal) = plain(text) {
        return Text { body: Vec::new(), refusal: Some(refusal) };
    }
    // A panic of the parser, should there be one, is a refusal.
    std::panic::catch_unwind(|| bounded(text, typed)).unwrap_or_else(|_| {
        let refusal = Refusal { why: UNREAD, at: At::new(0, 1) };
        Text { body: Vec::new(), refusal: Some(refusal) }
    })
}

fn bounded(text: &str, typed: bool) -> Text {
    let measured = depth::measure(text, typed);
    let (mut read, fault) = parsed(text.get(..measured.whole).unwrap_or(""), typed);
    if let Some(at) = fault {
        // The parser gives up a text as a whole; what stands before its fault is told all the same.
        let whole = depth::whole_before(text, typed, at as usize);
        (read, _) = parsed(text.get(..whole).unwrap_or(""), typed);
        read.refusal = read.refusal.or(Some(Refusal { why: UNREAD, at: At { from: at, to: at + 1 } }));
    }
    read.refusal = read.refusal.or(measured.refusal);
    read
}

/// Statements of a text, and where the parser gave it up.
fn parsed(text: &str, typed: bool) -> (Text, Option<u32>) {
    let source = if typed { SourceType::ts() } else { SourceType::mjs() };
    let allocator = Allocator::default();
    let mut parsed = parse(&allocator, text, source.with_module(true));
    let second = Allocator::default();
    if !parsed.diagnostics.is_empty() {
        let script = parse(&second, text, source.with_commonjs(true));
        if script.diagnostics.is_empty() || parsed.panicked && !script.panicked {
            parsed = script;
        }
    }
    let mut read = lower::text(&parsed.program, text);
    let at = first_fault(&parsed);
    if parsed.panicked {
        return (read, Some(at));
    }
    if !parsed.diagnostics.is_empty() {
        let refusal = Refusal { why: UNREAD, at: At { from: at, to: at + 1 } };
        read.refusal = read.refusal.or(Some(refusal));
    }
    (read, None)
}

/// No characters that other programs take for something else than JavaScript does, and not too many.
fn plain(text: &str) -> Result<(), Refusal> {
    let refuse = |why, at: usize| Err(Refusal { why, at: At::new(at, at + 1) });
    if text.len() > LONGEST {
        return refuse("the text is too long", LONGEST);
    }
    if let Some(at) = text.find(['\0', '\u{feff}', '\u{2028}', '\u{2029}', '\u{1a}']) {
        return refuse("a control character in the text", at);
    }
    let bytes = text.as_bytes();
    let alone =
        (0..bytes.len()).find(|at| bytes.get(*at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n'));
    match alone {
        Some(at) => refuse("a carriage return on its own", at),
        None => Ok(()),
    }
}

fn parse<'a>(allocator: &'a Allocator, text: &'a str, source: SourceType) -> ParserReturn<'a> {
    let options = ParseOptions { preserve_parens: false, ..ParseOptions::default() };
    Parser::new(allocator, text, source).with_options(options).parse()
}

/// Where the parser found fault first.
fn first_fault(parsed: &ParserReturn<'_>) -> u32 {
    let labels = parsed.diagnostics.iter().filter_map(|fault| fault.labels.first());
    labels.map(|label| label.offset()).min().unwrap_or(0)
}
