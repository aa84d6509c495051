//! How deep the parser's tree of a text can get, counted from its tokens before it is parsed.
//!
//! The parser grows its stack where it must, but dropping its tree takes a stack frame or more a level. What is refused
//! here would be refused by our own tree's depth as well, or is nested as no text is that somebody wrote.
//!
//! INVARIANT: the tree of a text that passes has no more than [`INDENTS`] + [`LINKS`] levels of syntax
//! (guarded by `tests/it/hostile.rs`, which drops such trees on a small stack).

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

use crate::tree::DEPTH;

/// Blocks within each other.
const INDENTS: u16 = DEPTH;
/// Brackets within each other, those of f-strings included.
const BRACKETS: usize = 64;
/// Operators, keywords and brackets that can each put one expression into another.
const LINKS: u32 = 512;

/// Within one pair of brackets, or within none.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Links of the levels around it.
    around: u32,
    /// Links since the last comma.
    links: u32,
    /// What a comma leaves of them: `lambda a, b: lambda c, d: …` goes on behind its commas.
    kept: u32,
}

/// Refuses a text whose tree could be too deep; else says whether a bracket stays open.
pub(super) fn of(text: &str) -> Result<bool, &'static str> {
    let mut lexer = lexer::lex(text, Mode::Module);
    let mut outer: Vec<Level> = Vec::new();
    let mut level = Level::default();
    let mut indents: u16 = 0;
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return Ok(!outer.is_empty()),
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                outer.push(level);
                level = Level { around: level.around + level.links + 1, ..Level::default() };
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                level = outer.pop().unwrap_or(level);
                level.links += 1;
            }
            TokenKind::Comma => level.links = level.kept,
            TokenKind::Lambda | TokenKind::Yield => {
                level.links += 1;
                level.kept = level.links;
            }
            TokenKind::Newline | TokenKind::Semi if outer.is_empty() => level = Level::default(),
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            kind if stands_alone(kind) => {}
            _ => level.links += 1,
        }
        if indents > INDENTS {
            return Err("blocks are nested too deeply");
        }
        if outer.len() > BRACKETS || level.around + level.links > LINKS {
            return Err("the text is nested too deeply");
        }
    }
}

/// What puts nothing into anything, however often it comes.
fn stands_alone(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::FStringMiddle
            | TokenKind::FStringEnd
            | TokenKind::True
            | TokenKind::False
            | TokenKind::None
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
    )
}
