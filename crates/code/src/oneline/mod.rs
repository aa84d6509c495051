//! Perl and Ruby: programs of a line or two, as they stand behind `-e`.
//!
//! Not readers of these languages: a text is known only when every token of it belongs to the small part that
//! prints, counts, splits and substitutes. Of everything else it is told what the best known functions are given,
//! and that there may be more.
//!
//! INVARIANT: a text is known only when it holds nothing but names of the lists in `perl.rs` and `ruby.rs`,
//! plain variables, and quotes whose end is certain (guarded by `tests/it/perl.txt` and `tests/it/ruby.txt`).

mod found;
mod harmless;
mod lex;
mod perl;
mod quotes;
mod ruby;

use crate::effects::{Effects, Use, What, Why, Word};
use crate::tree::LONGEST;
use lex::{Token, tokens};

/// Uses told of at most.
const USES: usize = 200;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Perl,
    Ruby,
}

/// What a text would do.
pub(crate) fn effects(text: &str, which: Which) -> Effects {
    let doubt = |text: &str, at: usize| Why { text: text.to_owned(), span: at..at, hides: true };
    if text.len() > LONGEST {
        return Effects { unknown: Some(doubt("the text is too long", 0)), ..Effects::default() };
    }
    let tokens = tokens(text, which);
    let unknown = harmless::doubt(&tokens, which).map(|(why, at)| doubt(why, at));
    let uses = if unknown.is_none() { Vec::new() } else { found(&tokens, which) };
    Effects { uses, unknown, modules: Vec::new() }
}

fn found(tokens: &[Token<'_>], which: Which) -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let done = match which {
            Which::Perl => perl::does(tokens, at),
            Which::Ruby => ruby::does(tokens, at),
        };
        for what in done {
            let done = Use { what, span: token.at..token.at };
            if uses.len() < USES && !uses.contains(&done) {
                uses.push(done);
            }
        }
    }
    uses
}

/// A program with these words; one word alone goes to a shell.
fn started(mut words: Vec<Word>) -> Vec<What> {
    match words.len() {
        0 => Vec::new(),
        1 => vec![What::Shell { text: words.remove(0), directory: None }],
        _ => vec![What::Process { words, open: false, directory: None, input: None }],
    }
}
