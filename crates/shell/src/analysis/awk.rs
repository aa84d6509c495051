//! Programs of `awk`, as far as it can be told what they touch.

use placet_model::{ActionKind, Arg, Reach};

use super::Machine;
use super::children::Child;
use super::paths::shown;
use super::program::Scope;
use super::value::Field;
use crate::programs::Role;

/// Words that take an awk program beyond its operands and its output.
const REACHING: &[&str] =
    &["system", "getline", "@", "close", "fflush", "ENVIRON", "PROCINFO", "SYMTAB", "ARGV", "ARGC", "ARGIND"];

impl Machine<'_> {
    /// An awk program: code, unless nothing in it can reach a file or a command.
    pub(super) fn awk(&mut self, field: &Field, scope: &mut Scope) {
        if matches!(&field.arg, Arg::Known(text) if awk_is_harmless(text)) {
            return;
        }
        self.unknown_code(&shown(&field.arg), scope, "the awk program may run commands or open files");
        let home = self.context.home.unwrap_or("~");
        // A path that is put together from the home directory.
        let text = field.text().map(|text| {
            ["ENVIRON[\"HOME\"] \"", "ENVIRON[\"HOME\"]\""]
                .iter()
                .fold(text.to_owned(), |text, put| text.replace(put, &format!("\"{home}")))
        });
        for part in text.as_deref().map(awk_parts).unwrap_or_default() {
            match part {
                AwkPart::Read(path) => {
                    self.path_effect(ActionKind::ReadFile, &Field::known(path), Reach::Entry, scope);
                }
                AwkPart::Write(path) => {
                    self.path_effect(ActionKind::WriteFile, &Field::known(path), Reach::Entry, scope);
                }
                AwkPart::Run(command) => {
                    let label = format!("{} system", scope.name);
                    let text = Field::known(command);
                    scope.children.push(Child::Text { role: Role::Shell, text, label });
                }
            }
        }
    }
}

#[derive(Debug, PartialEq)]
enum AwkPart {
    Read(String),
    Write(String),
    Run(String),
}

/// What the texts in an awk program are to it, by what stands around them.
fn awk_parts(program: &str) -> Vec<AwkPart> {
    let mut parts = Vec::new();
    let mut rest = program;
    let mut before = String::new();
    while let Some((code, behind)) = rest.split_once('"') {
        before.push_str(code);
        let Some((text, after)) = awk_text(behind) else { break };
        let lead = before.trim_end_matches([' ', '\t', '(']);
        let next = after.trim_start_matches([' ', '\t', ')']);
        if lead.ends_with("system") || lead.ends_with('|') || lead.ends_with("|&") || next.starts_with('|') {
            parts.push(AwkPart::Run(text));
        } else if lead.ends_with('<') {
            parts.push(AwkPart::Read(text));
        } else if lead.ends_with('>') {
            parts.push(AwkPart::Write(text));
        } else if lead.ends_with("]=") || lead.ends_with("] =") {
            // `ARGV[1] = "file"`
            parts.push(AwkPart::Read(text));
        }
        before.clear();
        rest = after;
    }
    parts
}

/// A text behind its opening quote, and what follows it.
fn awk_text(behind: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = behind.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, behind.get(at + 1..)?)),
            '\\' => text.push(chars.next()?.1),
            other => text.push(other),
        }
    }
    None
}

/// Whether an awk program certainly runs no command and opens no file of its own.
fn awk_is_harmless(program: &str) -> bool {
    let Some(bare) = awk_without_texts(program) else { return false };
    if bare.contains("||") && bare.replace("||", "").contains('|')
        || (!bare.contains("||") && bare.contains('|'))
    {
        return false;
    }
    if REACHING.iter().any(|word| bare.contains(word)) {
        return false;
    }
    // `>` behind `print` opens a file, unless it stands in brackets.
    bare.split([';', '}', '\n']).all(|statement| match statement.find("print") {
        None => true,
        Some(at) => {
            let mut depth = 0_i32;
            statement.get(at..).unwrap_or("").chars().all(|c| {
                depth += match c {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                c != '>' || depth > 0
            })
        }
    })
}

/// The program with strings, regular expressions and comments blanked out.
fn awk_without_texts(program: &str) -> Option<String> {
    let mut out = String::with_capacity(program.len());
    let mut chars = program.chars();
    while let Some(c) = chars.next() {
        let operand = out.trim_end().chars().last().is_none_or(|before| "(,{};!~&|?:=".contains(before))
            || out.ends_with('\n');
        match c {
            '"' => {
                skip_to(&mut chars, '"')?;
                out.push('S');
            }
            '/' if operand => {
                skip_to(&mut chars, '/')?;
                out.push('R');
            }
            '#' => {
                for next in chars.by_ref() {
                    if next == '\n' {
                        break;
                    }
                }
                out.push('\n');
            }
            other => out.push(other),
        }
    }
    Some(out)
}

fn skip_to(chars: &mut std::str::Chars<'_>, end: char) -> Option<()> {
    loop {
        match chars.next()? {
            '\\' => {
                chars.next()?;
            }
            c if c == end => return Some(()),
            '\n' => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awk_programs() {
        for program in [
            "{print $1}",
            "/a|b/ {print}",
            "$3 > 5 {print $1}",
            "NR==1 || NR==2",
            "{print ($1 > 2)}",
            "BEGIN{FS=\"|\"} {x+=$1} END{print x/NR}",
        ] {
            assert!(awk_is_harmless(program), "{program}");
        }
        for program in [
            "{system(\"id\")}",
            "{print > \"x\"}",
            "{print | \"sh\"}",
            "{\"id\" | getline x}",
            "{print $1 >> f}",
            "@load \"x\"",
            "{ while ((\"id\" | getline l) > 0) print l }",
        ] {
            assert!(!awk_is_harmless(program), "{program}");
        }
    }

    #[test]
    fn awk_texts() {
        let parts = |program: &str| awk_parts(program);
        assert_eq!(parts("{while ((getline l < \".env\") > 0) print l}"), [AwkPart::Read(".env".into())]);
        assert_eq!(parts("BEGIN{ARGV[1]=\"a\\\"b\";ARGC=2}"), [AwkPart::Read("a\"b".into())]);
        assert_eq!(parts("{print $1 >> \"out\"}"), [AwkPart::Write("out".into())]);
        assert_eq!(
            parts("{system(\"id\"); \"date\" | getline d}"),
            [AwkPart::Run("id".into()), AwkPart::Run("date".into())]
        );
        assert_eq!(parts("{print \"a\", \"b\""), []);
    }
}
