//! The command text of a hook entry: writing ours, recognising ours, taking others apart.

use std::path::Path;

/// Quotes a path for `/bin/sh`.
pub(crate) fn quote(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

/// A hook command as far as doctor looks into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommandLine {
    /// Words of the first command, assignments left out.
    pub(crate) words: Vec<String>,
    /// Whether a failure ends in the exit code that blocks: `… || exit 2`.
    pub(crate) falls_back_to_block: bool,
}

/// Splits a hook command. Only what hook entries look like in practice is understood: words, quotes and the
/// first operator; that is enough to find the program and its script.
pub(crate) fn command_line(text: &str) -> CommandLine {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                let word = word.get_or_insert_default();
                word.extend(chars.by_ref().take_while(|c| *c != '\''));
            }
            '"' => {
                let word = word.get_or_insert_default();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    word.extend(if c == '\\' { chars.next() } else { Some(c) });
                }
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            ' ' | '\t' | '\n' => words.extend(word.take()),
            ';' | '|' | '&' | '<' | '>' | '(' | ')' => break,
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    let first = words.iter().position(|word| !is_assignment(word)).unwrap_or(words.len());
    let words = words.split_off(first);
    let tail = text.rsplit("||").next().filter(|_| text.contains("||")).unwrap_or("");
    let falls_back_to_block = tail.split_whitespace().eq(["exit", "2"]);
    CommandLine { words, falls_back_to_block }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Whether a hook command starts Placet's hook, of this or an older version.
pub(crate) fn is_ours(text: &str) -> bool {
    let line = command_line(text);
    let mut words = line.words.iter().map(String::as_str);
    let program = words.next().and_then(|word| word.rsplit('/').next());
    match program {
        Some("placet-hook") => true,
        Some("placet") => words.next() == Some("hook"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_are_recognised() {
        let cases = [
            ("'/opt/placet/placet-hook' --config '/h/.config/placet' || exit 2", true),
            ("placet hook", true),
            ("/usr/bin/placet hook --config /x", true),
            ("X=1 \"/a b/placet-hook\"", true),
            ("placet policy list", false),
            ("echo placet-hook", false),
            ("/opt/placet-hook-old", false),
            ("", false),
        ];
        for (text, want) in cases {
            assert_eq!(is_ours(text), want, "{text}");
        }
    }

    #[test]
    fn fallback_is_the_last_word() {
        assert!(command_line("a || exit 2").falls_back_to_block);
        assert!(command_line("a||exit 2").falls_back_to_block);
        assert!(!command_line("a || exit 1").falls_back_to_block);
        assert!(!command_line("exit 2").falls_back_to_block);
        assert!(!command_line("a || exit 2; true").falls_back_to_block);
    }

    #[test]
    fn quoting_survives_the_shell() {
        assert_eq!(quote(Path::new("/it's")), r"'/it'\''s'");
        assert_eq!(command_line(&quote(Path::new("/it's a"))).words, ["/it's a"]);
    }
}
