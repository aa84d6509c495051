//! What a function is given, as far as it can be told without reading the language.

use super::lex::{Tok, Token};
use crate::effects::{Part, Word};

/// Tokens looked at for the arguments of one call.
const TOKENS: usize = 64;

/// The arguments behind the token at `from`: texts joined by `.` or `+`, anything else as unknown.
pub(super) fn arguments(tokens: &[Token<'_>], from: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut now: Option<Word> = None;
    let mut depth = 0_i32;
    let mut at = from;
    let end = tokens.len().min(from + TOKENS);
    while at < end {
        let Some(token) = tokens.get(at) else { break };
        if let Some((part, length)) = home(tokens, at) {
            put(&mut now, part);
            at += length;
            continue;
        }
        match &token.tok {
            Tok::Op("(") => depth += 1,
            Tok::Op(")") => {
                depth -= 1;
                if depth <= 0 {
                    break;
                }
            }
            // Lists within the list are no arguments of their own.
            Tok::Op("[" | "]" | "." | "+" | "&") => {}
            Tok::Op(",") => words.push(now.take().unwrap_or_else(Word::unknown)),
            Tok::Op(";" | "{" | "}" | "||" | "&&" | "|") | Tok::NewLine => break,
            Tok::Word("or" | "and" | "if" | "unless" | "do" | "while" | "for" | "foreach") => break,
            Tok::Word("my" | "our" | "local") => {}
            Tok::Text { word, .. } => word.parts.iter().cloned().for_each(|part| put(&mut now, part)),
            _ => put(&mut now, Part::Unknown),
        }
        if let Tok::Text { word, .. } = &token.tok
            && word.parts.is_empty()
        {
            now.get_or_insert_with(Word::default);
        }
        at += 1;
    }
    words.extend(now);
    words
}

fn put(now: &mut Option<Word>, part: Part) {
    now.get_or_insert_with(Word::default).push(part);
}

/// `$ENV{HOME}`, `ENV["HOME"]`, `Dir.home`, `File.expand_path("~")`, and how many tokens that is.
fn home(tokens: &[Token<'_>], at: usize) -> Option<(Part, usize)> {
    let tok = |ahead: usize| tokens.get(at + ahead).map(|token| &token.tok);
    let is_home = |tok: Option<&Tok<'_>>| match tok {
        Some(Tok::Word(name)) => *name == "HOME",
        Some(Tok::Text { word, .. }) => word.text() == Some("HOME"),
        _ => false,
    };
    match (tok(0)?, tok(1)?) {
        (Tok::Variable("$ENV") | Tok::Word("ENV"), Tok::Op("{" | "[")) if is_home(tok(2)) => {
            Some((Part::Home, 4))
        }
        (Tok::Word("Dir"), Tok::Op(".")) if tok(2) == Some(&Tok::Word("home")) => Some((Part::Home, 3)),
        (Tok::Word("File"), Tok::Op(".")) if tok(2) == Some(&Tok::Word("expand_path")) => {
            let word = match (tok(3)?, tok(4)) {
                (Tok::Op("("), Some(Tok::Text { word, .. })) => word,
                _ => return None,
            };
            let rest = word.text()?.strip_prefix('~')?;
            rest.is_empty().then_some((Part::Home, 6))
        }
        _ => None,
    }
}

/// The argument at a place, or one of which nothing is known.
pub(super) fn at(words: &[Word], place: usize) -> Word {
    words.get(place).cloned().unwrap_or_else(Word::unknown)
}
