//! Perl: the names that only work on data, and what the best known others do.

use super::found::{arguments, at as nth};
use super::lex::{Tok, Token};
use super::started;
use crate::effects::{What, Word};

/// Functions and words of the language that touch nothing but data and the standard streams.
const WORDS: &str = "print say printf if unless else elsif and or not xor next last redo my our local foreach for while \
    until join split length uc lc ucfirst lcfirst sprintf substr index rindex sort reverse keys values each push pop shift \
    unshift splice scalar chomp chop abs int sqrt hex oct defined exists delete undef eq ne lt gt le ge cmp x BEGIN END map \
    grep die warn exit return ord chr wantarray pos quotemeta lstat sin cos log exp time localtime gmtime \
    STDIN STDOUT STDERR strict warnings utf8 feature sum max min first uniq shuffle sum0 any all none List Util use";

/// Variables that mean something to the language and hold only data.
const VARIABLES: &str = "$_ $. $, $; $/ $\\ $& $! $0 @_ @F $F $a $b";

pub(super) fn is_word(tokens: &[Token<'_>], at: usize) -> bool {
    let Some(Tok::Word(name)) = tokens.get(at).map(|token| &token.tok) else { return false };
    let next = tokens.get(at + 1).map(|token| &token.tok);
    let key = next == Some(&Tok::Op("}"))
        && matches!(tokens.get(at.wrapping_sub(1)).map(|token| &token.tok), Some(Tok::Op("{")))
        && matches!(tokens.get(at.wrapping_sub(2)).map(|token| &token.tok), Some(Tok::Variable(_)));
    match *name {
        // The key of a hash.
        _ if key => true,
        // `use List::Util qw(sum)`: modules that come with Perl and only compute.
        "use" => matches!(next, Some(Tok::Word("strict" | "warnings" | "utf8" | "feature" | "List"))),
        "List" => next == Some(&Tok::Op("::")),
        _ => WORDS.split_ascii_whitespace().any(|word| word == *name),
    }
}

/// Ordinary names are written in small letters; what the language itself looks at is listed.
pub(super) fn is_variable(name: &str) -> bool {
    let bare = name.trim_start_matches(['$', '@']);
    VARIABLES.split_ascii_whitespace().any(|known| known == name)
        || bare.bytes().all(|byte| byte.is_ascii_digit())
        || bare.starts_with(|c: char| c.is_ascii_lowercase())
            && bare.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// What the token at `at` does, with what follows it.
pub(super) fn does(tokens: &[Token<'_>], at: usize) -> Vec<What> {
    let Some(token) = tokens.get(at) else { return Vec::new() };
    match &token.tok {
        Tok::Shell(text) => vec![What::Shell { text: text.clone(), directory: None }],
        Tok::Variable("@ARGV") => match tokens.get(at + 1).map(|next| &next.tok) {
            Some(Tok::Op("=" | ",")) => arguments(tokens, at + 2).into_iter().map(What::Read).collect(),
            _ => Vec::new(),
        },
        Tok::Word(name) => called(name, &arguments(tokens, at + 1)),
        _ => Vec::new(),
    }
}

fn called(name: &str, words: &[Word]) -> Vec<What> {
    let every = |what: fn(Word) -> What| words.iter().cloned().map(what).collect();
    match name {
        "system" | "exec" | "readpipe" => started(words.to_vec()),
        "open" | "sysopen" => opened(words),
        "unlink" | "rmdir" => every(What::Delete),
        "rmtree" | "remove_tree" => every(What::DeleteTree),
        "rename" | "move" => {
            let (from, to) = (nth(words, 0), nth(words, 1));
            vec![What::Read(from.clone()), What::Write(from), What::Write(to)]
        }
        "copy" => vec![What::Read(nth(words, 0)), What::Write(nth(words, 1))],
        "symlink" | "link" => vec![What::Read(nth(words, 0)), What::Write(nth(words, 1))],
        "mkdir" | "truncate" => vec![What::Write(nth(words, 0))],
        "do" | "require" if words.first().is_some_and(|word| word.text().is_some()) => {
            vec![What::Read(nth(words, 0))]
        }
        "chmod" | "chown" => {
            let all = std::iter::once(Word::known(name)).chain(words.iter().cloned()).collect();
            vec![What::Process { words: all, open: false, directory: None, input: None }]
        }
        _ => Vec::new(),
    }
}

/// `open F, "spec"`, `open $f, "<", "file"`, `open $p, "-|", "program", "word"`.
fn opened(words: &[Word]) -> Vec<What> {
    let spec = nth(words, 1);
    if words.len() < 3 {
        return specified(&spec);
    }
    let name = nth(words, 2);
    let mode = spec.text().map(|mode| mode.split(':').next().unwrap_or(mode).trim());
    match mode {
        Some("<") => vec![What::Read(name)],
        Some(">" | ">>" | "+>" | "+>>") => vec![What::Write(name)],
        Some("-|" | "|-") => started(words.get(2..).unwrap_or(&[]).to_vec()),
        _ => vec![What::Read(name.clone()), What::Write(name)],
    }
}

fn specified(spec: &Word) -> Vec<What> {
    let Some(text) = spec.text().map(str::trim) else {
        return vec![What::Read(spec.clone()), What::Write(spec.clone())];
    };
    if let Some(command) = text.strip_prefix('|').or_else(|| text.strip_suffix('|')) {
        return vec![What::Shell { text: Word::known(command.trim()), directory: None }];
    }
    let name = |text: &str| Word::known(text.trim_start_matches(['<', '>', '+']).trim());
    if text.starts_with(['>', '+']) { vec![What::Write(name(text))] } else { vec![What::Read(name(text))] }
}
