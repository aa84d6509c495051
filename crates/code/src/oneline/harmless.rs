//! Whether a text holds nothing but what prints, counts, splits and substitutes.

use super::lex::{Tok, Token};
use super::{Which, perl, ruby};

/// Operators that can only work on data.
const OPERATORS: [&str; 50] = [
    "(", ")", "[", "]", "{", "}", ";", ",", "=", "==", "!=", "<", ">", "<=", ">=", "<=>", "+", "-", "*", "/",
    "%", "**", ".", "..", "...", "++", "--", "+=", "-=", "*=", "/=", ".=", "||=", "//=", "&&", "||", "//",
    "!", "?", ":", "=~", "!~", "=>", "|", "x=", "===", "&.", "&&=", "%=", "~",
];

/// The first thing that may do more, and where; `None`: there is none.
pub(super) fn doubt(tokens: &[Token<'_>], which: Which) -> Option<(&'static str, usize)> {
    tokens.iter().enumerate().find_map(|(at, token)| {
        let why = match &token.tok {
            _ if is_joined(tokens, at) => Some("signs of which it is not certain what they belong to"),
            Tok::Number | Tok::NewLine => None,
            Tok::Text { plain: true, .. } | Tok::Regex { plain: true } => None,
            Tok::Text { .. } | Tok::Regex { .. } => Some("code in a text or pattern"),
            Tok::Shell(_) => Some("a command is run"),
            Tok::Odd(why) => Some(*why),
            Tok::Op(op) => {
                let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| &token.tok);
                let next = |ahead: usize| tokens.get(at + ahead).map(|token| &token.tok);
                // `<>` and its like open what the command line names, commands too.
                let reads = *op == "<"
                    && (next(1) == Some(&Tok::Op(">"))
                        || matches!(next(1), Some(Tok::Variable(_))) && next(2) == Some(&Tok::Op(">")));
                // A line that starts so is the start or the end of a comment.
                let comment = *op == "=" && matches!(before, None | Some(Tok::NewLine));
                if reads || comment {
                    return Some(("an operator that may do more", token.at));
                }
                if *op == "::" && which == Which::Perl && before == Some(&Tok::Word("List")) {
                    return None;
                }
                let known = OPERATORS.contains(op) && !(which == Which::Perl && matches!(*op, "|" | "~"));
                let symbol = which == Which::Ruby
                    && *op == "&:"
                    && matches!(tokens.get(at + 1).map(|next| &next.tok), Some(Tok::Word(name)) if ruby::is_method(name));
                (!known && !symbol).then_some("an operator that may do more")
            }
            Tok::Variable(name) => {
                let known = match which {
                    Which::Perl => perl::is_variable(name),
                    Which::Ruby => ruby::is_variable(name),
                };
                (!known).then_some("a variable that may do more")
            }
            Tok::Word(_) => {
                let known = match which {
                    Which::Perl => perl::is_word(tokens, at),
                    Which::Ruby => ruby::is_word(tokens, at),
                };
                (!known).then_some("a name that may do more")
            }
        };
        why.map(|why| (why, token.at))
    })
}

/// Whether a text follows without a blank on something that may take it for a part of itself: `?'`, `name'`.
fn is_joined(tokens: &[Token<'_>], at: usize) -> bool {
    let follows = tokens.get(at + 1).is_some_and(|next| {
        next.joined && matches!(next.tok, Tok::Text { .. } | Tok::Shell(_) | Tok::Regex { .. } | Tok::Odd(_))
    });
    let takes = matches!(
        tokens.get(at).map(|token| &token.tok),
        Some(Tok::Op("?") | Tok::Word(_) | Tok::Variable(_) | Tok::Number)
    );
    follows && takes
}
