//! Texts that the reader turned down: `execute:unknown`, and commands guessed from the words so that rules
//! that deny still find them.

use placet_model::Arg;

use super::Machine;
use super::simple::Call;
use super::value::Field;

/// Longest text that is guessed at.
const LONG: usize = 64 * 1024;
/// Segments looked at.
const SEGMENTS: usize = 64;

const RESERVED: &[&str] = &[
    "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "for", "case", "esac", "in",
    "select", "function", "time", "coproc", "!", "{", "}", "[[", "]]",
];

impl Machine<'_> {
    /// A text that could not be read.
    pub(super) fn refuse(&mut self, text: &str, why: &'static str) {
        self.push_unknown(text, None, why);
        self.guess(text);
        // `@(a|b)` of `shopt -s extglob`, as far as braces say the same.
        if let Some(other) = with_braces(text).filter(|text| crate::read(text).is_ok()) {
            self.subshell(|machine| machine.text(&other, false, None));
        }
    }

    /// Commands that the words of a text look like.
    pub(super) fn guess(&mut self, text: &str) {
        let end = (0..=LONG.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let text = text.get(..end).unwrap_or("");
        let own = self.own_commands;
        for segment in text.split([';', '|', '&', '\n', '(', ')', '`']).take(SEGMENTS) {
            let words: Vec<Field> = segment
                .split_ascii_whitespace()
                .filter(|word| !word.starts_with(['>', '<']))
                .map(guessed_word)
                .collect();
            let skip = words.iter().take_while(|word| is_skipped(word)).count();
            let words = words.get(skip..).unwrap_or(&[]).to_vec();
            if words.first().and_then(Field::text).is_none_or(str::is_empty) {
                continue;
            }
            let call = Call {
                guessed: true,
                why: Some("guessed from a text that could not be read"),
                ..Call::new(words, None)
            };
            self.subshell(|machine| machine.run(call));
        }
        self.own_commands = own;
    }
}

/// The text with `{a,b}` in place of `@(a|b)`; `None` when there is nothing of the kind.
fn with_braces(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text.get(..LONG.min(text.len()))?;
    let mut found = false;
    while let Some(at) = rest.find(['@', '+', '?', '*']) {
        let (before, behind) = rest.split_at_checked(at)?;
        let group = behind
            .get(1..)
            .and_then(|behind| behind.strip_prefix('('))
            .and_then(|inner| inner.split_once(')'))
            .filter(|(inner, _)| inner.chars().all(|c| c.is_alphanumeric() || "._-|/~*?".contains(c)));
        out.push_str(before);
        match group {
            Some((inner, after)) => {
                found = true;
                match inner.contains('|') {
                    true => out.push_str(&format!("{{{}}}", inner.replace('|', ","))),
                    false => out.push_str(inner),
                }
                rest = after;
            }
            None => {
                out.push_str(behind.get(..1)?);
                rest = behind.get(1..)?;
            }
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

fn guessed_word(word: &str) -> Field {
    let bare: String = word.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
    match bare.split_once(['$', '…']) {
        Some((prefix, _)) => Field {
            arg: Arg::Partly { prefix: prefix.to_owned(), suffix: String::new() },
            ..Field::unknown(false)
        },
        None => Field::known(bare),
    }
}

fn is_skipped(word: &Field) -> bool {
    let Some(text) = word.text() else { return true };
    let assignment = text.split_once('=').is_some_and(|(name, _)| super::words::is_name(name));
    RESERVED.contains(&text) || assignment || text.is_empty()
}
