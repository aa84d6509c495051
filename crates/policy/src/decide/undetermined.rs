//! What to say when a rule is only possibly meant: which word is not known comes first, then the rule that would decide.

use placet_model::{Action, ActionKind, Arg, Command, PathCertainty, Resource};
use serde_json::Value;

use super::answer::shorten;
use crate::Situation;

/// Bytes of a command that are looked at for the word.
const LOOKED_AT: usize = 16 * 1024;
/// Characters of a word that are shown.
const WORD_CHARS: usize = 80;

/// The rule that would decide, and why it exists.
pub(super) struct Meant<'a> {
    pub(super) name: &'a str,
    pub(super) denies: bool,
    pub(super) reason: Option<&'a str>,
}

/// The whole reason of a question that only a possible hit led to.
pub(super) fn reason(situation: &Situation<'_>, action: Option<&Action>, rule: &Meant<'_>) -> String {
    let word = action.and_then(|action| word(situation, action));
    let (unknown, remedy) = unknown(action, word.as_deref());
    let would = if rule.denies { "would deny it" } else { "would ask about it" };
    // One sentence of the rule is enough: it may well not be meant.
    let why = rule.reason.and_then(|reason| reason.split_terminator(". ").next());
    let why = why.map_or(String::new(), |why| format!(" ({})", why.trim_end_matches('.')));
    format!("{unknown} Were it one that rule `{}` is about, that rule {would}{why}. {remedy}", rule.name)
}

/// What is not known of an action whose file or host is not known at all, for rules that hold all the same.
pub(super) fn remark(situation: &Situation<'_>, action: Option<&Action>) -> Option<String> {
    let nameless = match &action?.resource {
        Resource::Path(path) => path.certainty == PathCertainty::Unknown,
        Resource::Url(url) => url.host.is_none(),
        Resource::Host(host) => host.is_none(),
        Resource::Command(_) | Resource::Text(_) => false,
    };
    let word = nameless.then(|| word(situation, action?)).flatten()?;
    Some(unknown(action, Some(&word)).0)
}

/// What is not known, and how it could be.
fn unknown(action: Option<&Action>, word: Option<&str>) -> (String, &'static str) {
    const PATH: &str = "Write the path out, or a person approves it.";
    const FILES: &str = "Name the files, or a person approves it.";
    const HOST: &str = "Write the address out, or a person approves it.";
    const COMMAND: &str = "Write the words out, or a person approves it.";
    let late = "which is only known when it runs";
    match (action.map(|action| &action.resource), word) {
        (Some(Resource::Path(path)), Some(word)) if path.certainty != PathCertainty::Glob => {
            (format!("It cannot be determined here which file is meant by `{word}`, {late}."), PATH)
        }
        (Some(Resource::Path(path)), _) => match path.raw.trim_matches(['…', '/']) {
            "" => (format!("It cannot be determined here which file is meant, {late}."), PATH),
            _ => {
                let raw = shorten(&path.raw);
                (format!("It cannot be determined here which files `{raw}` stands for."), FILES)
            }
        },
        (Some(Resource::Host(_) | Resource::Url(_)), Some(word)) => {
            (format!("It cannot be determined here which host is meant by `{word}`, {late}."), HOST)
        }
        (Some(Resource::Host(_) | Resource::Url(_)), None) => {
            ("It cannot be determined here which host this talks to.".to_owned(), HOST)
        }
        (Some(Resource::Command(command)), Some(word)) if redirected(command) => {
            (format!("It cannot be determined here which file is meant by `{word}`, {late}."), PATH)
        }
        (_, Some(word)) => {
            (format!("It cannot be determined here what the command gets for `{word}`, {late}."), COMMAND)
        }
        (_, None) => ("It cannot be determined here what exactly this does.".to_owned(), COMMAND),
    }
}

/// The expansion in the text of the call that keeps the action from being certain: `$GITHUB_ENV`, `$(date)`.
fn word(situation: &Situation<'_>, action: &Action) -> Option<String> {
    let text = situation.input.get("command").and_then(Value::as_str)?;
    let text = match &action.span {
        Some(span) => text.get(span.clone())?,
        None => text,
    };
    let end = (0..=LOOKED_AT.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let text = text.get(..end)?;
    let found = expansions(text);
    let late = match &action.resource {
        // The target of a redirection stands behind its sign.
        Resource::Command(command) => redirected(command),
        _ => matches!(action.kind, ActionKind::WriteFile),
    };
    let word = if late { found.last() } else { found.first() };
    word.map(|word| shown(word))
}

/// Whether a redirection of the command leads to a file that is not known.
fn redirected(command: &Command) -> bool {
    command.streams.iter().any(|stream| !matches!(stream.target(), Arg::Known(_)))
}

fn shown(word: &str) -> String {
    let line: String = word.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(WORD_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or("")),
        None => line,
    }
}

/// `$name`, `${…}`, `$(…)` and back-quoted commands in a text, those in single quotes left out.
fn expansions(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut double = false;
    while let Some(at) = rest.find(['$', '`', '\'', '"', '\\']) {
        let Some(here) = rest.get(at..) else { break };
        let length = match here.as_bytes() {
            [b'\\', ..] => here.char_indices().nth(2).map_or(here.len(), |(end, _)| end),
            [b'"', ..] => {
                double = !double;
                1
            }
            [b'\'', ..] if !double => {
                here.get(1..).and_then(|inner| inner.find('\'')).map_or(here.len(), |end| end + 2)
            }
            [b'`', inner @ ..] => {
                inner.iter().position(|byte| *byte == b'`').map_or(here.len(), |end| end + 2)
            }
            [b'$', b'(', ..] => balanced(here, b'(', b')'),
            [b'$', b'{', ..] => balanced(here, b'{', b'}'),
            [b'$', inner @ ..] => {
                1 + inner.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
            }
            _ => 1,
        };
        let piece = here.get(..length).unwrap_or(here);
        if piece.len() > 1 && piece.starts_with(['$', '`']) {
            found.push(piece);
        }
        rest = here.get(length..).unwrap_or("");
    }
    found
}

/// Bytes up to the bracket that closes the first one.
fn balanced(text: &str, open: u8, close: u8) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 1;
            }
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let cases: &[(&str, &[&str])] = &[
            ("echo x >> $GITHUB_ENV", &["$GITHUB_ENV"]),
            ("cp \"${A:-b}\" '$no' \"$(git ls-files '*.go')\"", &["${A:-b}", "$(git ls-files '*.go')"]),
            ("cat \\$x `date` $", &["`date`"]),
            ("echo \"it's $x\"", &["$x"]),
            ("cat $(echo", &["$(echo"]),
            ("plain", &[]),
        ];
        for (text, want) in cases {
            assert_eq!(expansions(text), *want, "{text}");
        }
    }
}
