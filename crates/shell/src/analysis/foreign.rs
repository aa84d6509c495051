//! Short texts in the languages of other programs: shells that are not like Bash, editors, pagers, debuggers.

use placet_model::{ActionKind, Reach};

use super::Machine;
use super::children::Child;
use super::paths::shown;
use super::program::Scope;
use super::value::Field;
use crate::programs::Role;

/// Commands that move about, show, save in place or leave; `?` ends what an editor, pager or debugger may add.
const HARMLESS: &[&str] = &[
    "q",
    "q!",
    "qa",
    "qa!",
    "quit",
    "x",
    "x!",
    "wq",
    "wq!",
    "wqa",
    "wqa!",
    "w",
    "wa",
    "G",
    "g",
    "F",
    "f",
    "bt",
    "bt full",
    "where",
    "run",
    "start",
    "continue",
    "c",
    "next",
    "n",
    "step",
    "s",
    "list",
    "locals",
    "help",
    "info locals",
    "info args",
    "info threads",
    "info registers",
    "backtrace",
    "thread apply all bt",
    "thread apply all bt full",
    "set pagination off",
    "set confirm off",
    "set ff=unix",
    "set ff=dos",
    "set fileformat=unix",
    "set fileformat=dos",
    "set nobomb",
    "set nu",
    "set nonu",
    "set nowrap",
    "retab",
    "norm gg=G",
    "normal gg=G",
];

impl Machine<'_> {
    /// Text for a shell whose syntax is not Bash's: what it would be in Bash, and that nobody can be sure.
    pub(super) fn other_shell(&mut self, field: &Field, scope: &mut Scope) {
        self.unknown_code(&shown(&field.arg), scope, "a shell with a syntax of its own runs this");
        let label = format!("{} -c", scope.name);
        scope.children.push(Child::Text { role: Role::Shell, text: field.clone(), label });
    }

    /// A command of an editor, pager or debugger: `+25`, `-c '%s/a/b/'`, `-ex 'shell id'`.
    pub(super) fn editor(&mut self, field: &Field, scope: &mut Scope) {
        let Some(part) = field.text().map(editor_part) else {
            return self.unknown_code(&shown(&field.arg), scope, "the command for the program is not known");
        };
        match part {
            EditorPart::Nothing => {}
            EditorPart::Run(command) => {
                let text = Field::known(command);
                scope.bits |= crate::programs::does_bit(placet_model::Does::Execute);
                let label = format!("{} !", scope.name);
                scope.children.push(Child::Text { role: Role::Shell, text, label });
            }
            EditorPart::Read(path) => {
                self.path_effect(ActionKind::ReadFile, &Field::known(path), Reach::Entry, scope);
            }
            EditorPart::Write(path) => {
                self.path_effect(ActionKind::WriteFile, &Field::known(path), Reach::Entry, scope);
            }
            EditorPart::Code => {
                self.unknown_code(&shown(&field.arg), scope, "the program's own language is run");
            }
        }
    }
}

impl Machine<'_> {
    /// A filter of `yq`: the files that `load("…")` and its like name.
    pub(super) fn filter(&mut self, field: &Field, scope: &mut Scope) {
        let text = field.text().unwrap_or("");
        for (at, _) in text.match_indices("load").take(16) {
            let named = text.get(at..).and_then(|rest| {
                let (call, behind) = rest.split_once('"')?;
                let function = call.trim_end().strip_suffix('(')?.trim_end();
                let plain = function.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                plain.then(|| behind.split_once('"'))?
            });
            if let Some((path, _)) = named {
                self.path_effect(ActionKind::ReadFile, &Field::known(path), Reach::Entry, scope);
            }
        }
    }

    /// What standard input tells a file transfer program to send or to fetch.
    pub(super) fn transfer(&mut self, commands: &str, scope: &mut Scope) {
        for line in commands.lines().take(256) {
            let mut words = line.split_ascii_whitespace();
            let kind = match words.next() {
                Some("put" | "mput" | "reput" | "mirror") => ActionKind::ReadFile,
                Some("get" | "mget" | "reget") => {
                    // The place on this machine comes last.
                    words.next();
                    ActionKind::WriteFile
                }
                Some(run) if run.starts_with('!') => {
                    let text = Field::known(line.trim_start().trim_start_matches('!'));
                    let label = format!("{} !", scope.name);
                    scope.children.push(Child::Text { role: Role::Shell, text, label });
                    continue;
                }
                _ => continue,
            };
            for path in words.filter(|word| !word.starts_with('-')) {
                self.path_effect(kind.clone(), &Field::known(path), Reach::Entry, scope);
            }
        }
    }
}

/// `npm:lint` of `concurrently`: a script of package.json.
pub(super) fn shorthand(program: &str, field: &Field) -> Option<Field> {
    let (tool, script) = field.text()?.split_once(':')?;
    let known = matches!(tool, "npm" | "yarn" | "pnpm" | "bun" | "node");
    // Stars stand for names of scripts, not of files.
    let quoted = script
        .split_once(' ')
        .map_or_else(|| format!("'{script}'"), |(name, arguments)| format!("'{name}' {arguments}"));
    let script = if script.contains('*') && !script.contains('\'') { quoted } else { script.to_owned() };
    (matches!(program, "concurrently" | "conc") && known)
        .then(|| Field::known(format!("{tool} run {script}")))
}

#[derive(Debug, PartialEq)]
enum EditorPart<'t> {
    Nothing,
    Run(&'t str),
    Read(&'t str),
    Write(&'t str),
    Code,
}

fn editor_part(text: &str) -> EditorPart<'_> {
    let text = text.trim_start_matches([':', '+', ' ', '\t', '%']).trim_end();
    // `strace -o '|command'`, too.
    if let Some(command) = text.strip_prefix(['!', '|']).or_else(|| text.strip_prefix("shell ")) {
        return EditorPart::Run(command);
    }
    let number = text.trim_start_matches('$').bytes().all(|byte| byte.is_ascii_digit());
    if number || HARMLESS.contains(&text) {
        return EditorPart::Nothing;
    }
    // A bar starts another command, an expression may call anything.
    if text.contains(['|', '\n']) || text.contains("\\=") {
        return EditorPart::Code;
    }
    if text.starts_with(['/', '?']) || substitutes(text) {
        return EditorPart::Nothing;
    }
    let (word, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    let rest = rest.trim_start();
    match (word.trim_end_matches('!'), rest.strip_prefix('!')) {
        ("r" | "read" | "w" | "write", Some(command)) => EditorPart::Run(command),
        ("r" | "read" | "e" | "edit" | "sp" | "split" | "tabe" | "view", None) if !rest.is_empty() => {
            EditorPart::Read(rest)
        }
        ("w" | "write" | "sav" | "saveas" | "wq", None) if !rest.is_empty() => {
            EditorPart::Write(rest.trim_start_matches("> "))
        }
        _ => EditorPart::Code,
    }
}

/// `s/a/b/g`: an `e` flag is no flag of these programs.
fn substitutes(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('s') else { return false };
    rest.chars().next().is_some_and(|c| matches!(c, '/' | '#' | ','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_editors() {
        for text in ["25", "$", "/foo bar", "G", "%s/a/b/g", "wq", ":q!", "bt", ""] {
            assert_eq!(editor_part(text), EditorPart::Nothing, "{text}");
        }
        for text in
            ["call system('id')", "%s/a/\\=system('id')/", "s/a/b/|!id", "python x()", "sexy", "print f()"]
        {
            assert_eq!(editor_part(text), EditorPart::Code, "{text}");
        }
        assert_eq!(editor_part(":!id"), EditorPart::Run("id"));
        assert_eq!(editor_part("%!sort"), EditorPart::Run("sort"));
        assert_eq!(editor_part("shell id"), EditorPart::Run("id"));
        assert_eq!(editor_part("r !id"), EditorPart::Run("id"));
        assert_eq!(editor_part("r .env"), EditorPart::Read(".env"));
        assert_eq!(editor_part("w! ~/.bashrc"), EditorPart::Write("~/.bashrc"));
    }
}
