//! Texts from elsewhere as a person may see them.
//!
//! A carriage return overwrites the line, an escape sequence recolours or clears it, marks of direction turn it
//! round, and characters of no width hide in it. Who decides by what is on the screen must not be deceived.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character shows something else than itself, or nothing.
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            // No width, direction, line and paragraph separators.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            // Tags and further selectors, in which whole texts can hide.
            | '\u{e0000}'..='\u{e0fff}')
}

/// `text` with every deceptive character written as its escape: `\r`, `\u{1b}`, `\u{202e}`. Line breaks and
/// tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(
        text,
        |c| matches!(c, '\n' | '\t'),
        |c, out| {
            let _ = if c == '\r' { out.write_str("\\r") } else { write!(out, "\\u{{{:x}}}", u32::from(c)) };
        },
    )
}

/// The same on one line: line breaks and tabs are escapes as well.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    escaped(
        text,
        |_| false,
        |c, out| {
            let _ = match c {
                '\n' => out.write_str("\\n"),
                '\r' => out.write_str("\\r"),
                '\t' => out.write_str("\\t"),
                c => write!(out, "\\u{{{:x}}}", u32::from(c)),
            };
        },
    )
}

/// JSON text with every deceptive character in its strings written as the escape that JSON has for it: the
/// value stays the same.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    // Between tokens there are only blanks and line breaks; all else is in a string.
    escaped(
        json,
        |c| matches!(c, '\n' | '\t' | '\r'),
        |c, out| {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        },
    )
}

fn escaped<'a>(
    text: &'a str,
    stays: impl Fn(char) -> bool,
    escape: impl Fn(char, &mut String),
) -> Cow<'a, str> {
    let hidden = |c: char| is_deceptive(c) && !stays(c);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) {
            escape(c, &mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deceptive_characters_become_escapes() {
        for (text, shown) in [
            ("plain é日本 ✓\n\tx", "plain é日本 ✓\n\tx"),
            ("a\rb", "a\\rb"),
            ("a\u{1b}[31mb\u{7}\u{8}", "a\\u{1b}[31mb\\u{7}\\u{8}"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("a\u{202e}b\u{200b}\u{2066}\u{feff}", "a\\u{202e}b\\u{200b}\\u{2066}\\u{feff}"),
            ("\u{e0041}\u{2028}\u{85}", "\\u{e0041}\\u{2028}\\u{85}"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_line("a\nb\tc\r"), "a\\nb\\tc\\r");
    }

    #[test]
    fn json_keeps_its_value() {
        let json = "{\"a\": \"x\u{9b}\u{202e}\u{7f}\u{e0041}\"}";
        assert_eq!(visible_json(json), "{\"a\": \"x\\u009b\\u202e\\u007f\\udb40\\udc41\"}");
    }
}
