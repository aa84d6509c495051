//! Ruby: the names that only work on data, and what the best known others do.

use super::found::{arguments, at as nth};
use super::lex::{Tok, Token};
use super::started;
use crate::effects::{What, Word};

/// Words of the language and functions that touch nothing but data and the standard streams.
const WORDS: &str = "puts print p pp printf format sprintf if unless else elsif and or not nil true false then do end while \
    until case when in next break return begin rescue ensure raise Integer Float String Array Hash Math Time Set JSON \
    STDIN BEGIN END yield loop it";

/// Methods of data.
const METHODS: &str = "each each_with_index each_line each_char each_slice map flat_map select reject filter find detect sum \
    min max minmax min_by max_by sort sort_by group_by partition zip with_index reduce inject count tally uniq first last take \
    drop push pop shift unshift concat join split lines chars bytes length size upcase downcase capitalize swapcase strip \
    lstrip rstrip chomp chop to_i to_f to_s to_a to_h to_sym to_r inspect include? start_with? end_with? empty? nil? any? all? \
    none? even? odd? zero? positive? negative? gsub sub tr delete squeeze match? match scan index rindex reverse slice center \
    ljust rjust keys values key? fetch dig merge transform_values each_pair compact flatten round floor ceil abs pow sqrt now \
    year month day strftime iso8601 times upto downto step freeze dup ord chr hex succ between? clamp read parse generate \
    pretty_generate to_json gcd lcm digits pi PI E cycle";

pub(super) fn is_method(name: &str) -> bool {
    METHODS.split_ascii_whitespace().any(|method| method == name)
}

pub(super) fn is_word(tokens: &[Token<'_>], at: usize) -> bool {
    let tok = |at: usize| tokens.get(at).map(|token| &token.tok);
    let Some(Tok::Word(name)) = tok(at) else { return false };
    let member = at > 0 && matches!(tok(at - 1), Some(Tok::Op("." | "&." | "&:")));
    if member {
        return is_method(name);
    }
    // `{ |x| … }`, `a:` of a hash; a name that is set here is a variable wherever it stands without arguments.
    let single = name.len() <= 2 && name.bytes().all(|byte| byte.is_ascii_lowercase()) && *name != "p";
    let called =
        matches!(tok(at + 1), Some(Tok::Text { .. } | Tok::Variable(_) | Tok::Shell(_) | Tok::Op("(")));
    WORDS.split_ascii_whitespace().any(|word| word == *name) || single && !called
}

pub(super) fn is_variable(name: &str) -> bool {
    matches!(name, "$_" | "$." | "$F" | "$," | "$/" | "$\\" | "$;" | "$stdin" | "$stdout" | "$stderr")
        || name.trim_start_matches('$').bytes().all(|byte| byte.is_ascii_digit())
}

/// What the token at `at` does, with what follows it.
pub(super) fn does(tokens: &[Token<'_>], at: usize) -> Vec<What> {
    let tok = |at: usize| tokens.get(at).map(|token| &token.tok);
    match tok(at) {
        Some(Tok::Shell(text)) => vec![What::Shell { text: text.clone(), directory: None }],
        Some(Tok::Word(name)) => {
            let of = match (at.checked_sub(2).and_then(tok), at.checked_sub(1).and_then(tok)) {
                (Some(Tok::Word(of)), Some(Tok::Op("." | "::"))) => *of,
                (_, Some(Tok::Op("."))) => "?",
                _ => "",
            };
            let symbol = at > 0 && tok(at - 1) == Some(&Tok::Op(":"));
            if symbol {
                // `send(:system, …)`
                return called("", name, arguments(tokens, at + 2).as_slice());
            }
            called(of, name, arguments(tokens, at + 1).as_slice())
        }
        _ => Vec::new(),
    }
}

fn called(of: &str, name: &str, words: &[Word]) -> Vec<What> {
    let every = |what: fn(Word) -> What| -> Vec<What> { words.iter().cloned().map(what).collect() };
    match (of, name) {
        ("" | "Kernel" | "Process", "system" | "exec" | "spawn") | ("IO", "popen") => started(words.to_vec()),
        ("Open3", _) => started(words.to_vec()),
        (
            "File" | "IO" | "CSV" | "YAML" | "JSON" | "Psych" | "Pathname",
            "read" | "readlines" | "foreach" | "binread" | "load_file" | "safe_load_file",
        ) => vec![What::Read(nth(words, 0))],
        ("" | "File" | "IO" | "Kernel" | "URI", "open" | "new") if !of.is_empty() || name == "open" => {
            opened(words)
        }
        ("File" | "IO" | "Pathname", "write" | "binwrite" | "mkfifo" | "truncate") => {
            vec![What::Write(nth(words, 0))]
        }
        ("File", "delete" | "unlink") | ("FileUtils", "rm" | "rm_f" | "remove" | "safe_unlink") => {
            every(What::Delete)
        }
        ("Dir", "rmdir" | "delete" | "unlink") => every(What::Delete),
        (
            "FileUtils",
            "rm_rf"
            | "rm_r"
            | "rmtree"
            | "remove_dir"
            | "remove_entry"
            | "remove_entry_secure"
            | "remove_file",
        ) => every(What::DeleteTree),
        ("File", "rename") | ("FileUtils", "mv" | "move") => {
            let (from, to) = (nth(words, 0), nth(words, 1));
            vec![What::Read(from.clone()), What::WriteTree(from), What::Write(to)]
        }
        ("FileUtils", "cp" | "copy" | "cp_r" | "install" | "ln" | "ln_s" | "ln_sf" | "copy_file")
        | ("File", "symlink" | "link") => vec![What::ReadTree(nth(words, 0)), What::Write(nth(words, 1))],
        ("File", "chmod") | ("FileUtils", "chmod" | "chmod_R") => {
            vec![What::Write(nth(words, words.len().max(1) - 1))]
        }
        _ => Vec::new(),
    }
}

/// `File.open(path, "w")`, `open("| command")`.
fn opened(words: &[Word]) -> Vec<What> {
    let name = nth(words, 0);
    if let Some(command) = name.text().and_then(|text| text.trim_start().strip_prefix('|')) {
        return vec![What::Shell { text: Word::known(command.trim()), directory: None }];
    }
    match words.get(1).map(Word::text) {
        None => vec![What::Read(name)],
        Some(Some(mode)) if !mode.contains(['w', 'a', '+']) => vec![What::Read(name)],
        Some(Some(mode)) if !mode.contains(['r', '+']) => vec![What::Write(name)],
        _ => vec![What::Read(name.clone()), What::Write(name)],
    }
}
