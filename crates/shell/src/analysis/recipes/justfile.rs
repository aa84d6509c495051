//! A reader of justfiles: settings, variables, recipes. What it does not understand makes the file vague.

use super::super::value::Field;

/// Lines that are read.
const LINES: usize = 4_000;
/// Stands for a value that is not known.
const UNKNOWN: &str = "${_unknown_}";

#[derive(Default)]
pub(super) struct Justfile {
    pub(super) recipes: Vec<Recipe>,
    /// Name and text of assignments; `None` when the text is not plain.
    pub(super) variables: Vec<(String, Option<String>)>,
    /// Commands that run while the file is read.
    pub(super) early: Vec<String>,
    /// Modules by name, imports without one, with their paths.
    pub(super) imports: Vec<(String, Option<String>)>,
    /// Variables that recipes find in their environment.
    pub(super) exported: Vec<(String, String)>,
    /// Program and options of `set shell` where that is no shell.
    pub(super) shell: String,
    /// The folder the file lies in.
    pub(super) folder: String,
    pub(super) vague: bool,
    pub(super) foreign: bool,
}

pub(super) struct Recipe {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) needs: Vec<String>,
    pub(super) lines: Vec<String>,
}

pub(super) fn read(text: &str) -> Justfile {
    let mut file = Justfile::default();
    let mut open = false;
    for line in text.lines().take(LINES) {
        if line.starts_with([' ', '\t']) {
            if let Some(recipe) = file.recipes.last_mut().filter(|_| open) {
                let line = line.trim_start();
                match recipe.lines.last_mut().filter(|last| last.ends_with('\\')) {
                    Some(last) => {
                        last.push('\n');
                        last.push_str(line);
                    }
                    None => recipe.lines.push(line.to_owned()),
                }
            }
            continue;
        }
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') || line.starts_with('[') {
            continue;
        }
        open = false;
        head(line, &mut file, &mut open);
    }
    file.vague |= text.lines().nth(LINES).is_some();
    file
}

/// A line at the margin: setting, assignment, or the head of a recipe.
fn head(line: &str, file: &mut Justfile, open: &mut bool) {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "set" => {
            if rest.starts_with("shell") || rest.starts_with("script-interpreter") {
                let words: Vec<&str> = rest
                    .split_once('[')
                    .and_then(|(_, list)| list.split_once(']'))
                    .map(|(list, _)| {
                        list.split(',').map(|word| word.trim().trim_matches(['"', '\''])).collect()
                    })
                    .unwrap_or_default();
                let usual = matches!(words.first(), Some(&("sh" | "bash" | "zsh")));
                if !usual && rest.starts_with("shell") && !words.is_empty() {
                    file.shell = words.join(" ");
                } else {
                    file.foreign |= !usual;
                }
            }
        }
        "import" | "import?" => file.imports.push((String::new(), plain(rest))),
        "mod" | "mod?" => {
            let (name, path) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
            file.imports.push((name.to_owned(), plain(path)));
        }
        "alias" => {
            if let Some((name, target)) = rest.split_once(":=") {
                let needs = vec![target.trim().to_owned()];
                let name = name.trim().to_owned();
                file.recipes.push(Recipe { name, parameters: Vec::new(), needs, lines: Vec::new() });
            }
        }
        _ => {
            let (exports, line) = match line.strip_prefix("export ") {
                Some(line) => (true, line),
                None => (false, line),
            };
            if let Some((name, value)) = line.split_once(":=") {
                assignment(name.trim(), value.trim(), exports, file);
            } else if let Some((front, needs)) = line.split_once(':') {
                let mut words = front.trim_start_matches('@').split_ascii_whitespace().map(str::to_owned);
                let Some(name) = words.next() else { return };
                let needs = needs.split('#').next().unwrap_or("");
                file.vague |= needs.contains('(');
                let needs = needs
                    .split_ascii_whitespace()
                    .map(|need| need.trim_matches(['(', ')']).to_owned())
                    .filter(|need| need != "&&")
                    .collect();
                file.recipes.push(Recipe { name, parameters: words.collect(), needs, lines: Vec::new() });
                *open = true;
            } else {
                file.vague = true;
            }
        }
    }
}

/// `name := value`.
fn assignment(name: &str, value: &str, exports: bool, file: &mut Justfile) {
    let mut parts = value.split('`');
    parts.next();
    file.early.extend(parts.step_by(2).filter(|part| !part.is_empty()).map(str::to_owned));
    if let Some((_, call)) = value.split_once("shell(") {
        match called(call) {
            Some(command) => file.early.push(command),
            None => file.vague = true,
        }
    }
    let value = plain(value);
    if let Some(value) = value.as_ref().filter(|_| exports) {
        file.exported.push((name.to_owned(), value.clone()));
    }
    file.variables.push((name.to_owned(), value));
}

/// A quoted text without anything in it that is evaluated.
pub(super) fn plain(value: &str) -> Option<String> {
    let value = value.trim();
    for quote in ['\'', '"'] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote))
            && !inner.contains([quote, '\\'])
        {
            return Some(inner.to_owned());
        }
    }
    None
}

/// `line` with `{{…}}` replaced by what it stands for.
pub(super) fn interpolate(line: &str, local: &[(String, Option<String>)], file: &mut Justfile) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((front, behind)) = rest.split_once("{{") {
        out.push_str(front);
        let Some((name, after)) = behind.split_once("}}") else {
            rest = behind;
            break;
        };
        let name = name.trim();
        let value = local
            .iter()
            .chain(&file.variables)
            .rev()
            .find(|(known, _)| known == name)
            .and_then(|(_, value)| value.clone())
            .or_else(|| plain(name))
            .or_else(|| placed(name, &file.folder));
        match value {
            Some(value) => out.push_str(&value),
            None => {
                file.vague = true;
                out.push_str(UNKNOWN);
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Folder and recipe of `folder/name`.
pub(super) fn below(operands: &[Field]) -> Option<(&str, &str)> {
    let text = operands.first()?.text()?;
    if text.contains('=') {
        return None;
    }
    text.rsplit_once('/').filter(|(folder, name)| !folder.is_empty() && !name.is_empty())
}

/// A shell line that gives `text` to another interpreter.
pub(super) fn by_interpreter(program: &str, text: &str) -> String {
    let quoted = text.replace('\'', "'\\''");
    let named = program.trim();
    let last = named.rsplit(' ').next().unwrap_or(named);
    if matches!(last, "-c" | "-e") {
        format!("{named} '{quoted}'")
    } else {
        format!("printf '%s' '{quoted}' | {named}")
    }
}

/// The command of `shell('command', 'argument', …)`, behind the opening parenthesis.
fn called(text: &str) -> Option<String> {
    let inner = text.rsplit_once(')')?.0;
    let words: Option<Vec<String>> = inner.split(',').map(plain).collect();
    let words = words?;
    let quote = |word: &String| format!("'{}'", word.replace('\'', "'\\''"));
    let command = quote(words.first()?);
    Some(format!("sh -c {command} {}", words.iter().map(quote).collect::<Vec<_>>().join(" ")))
}

/// What a function of just that tells places and variables stands for, as text for the shell.
fn placed(expression: &str, folder: &str) -> Option<String> {
    let (name, rest) = expression.split_once('(')?;
    let inner = rest.strip_suffix(')')?.trim();
    match name.trim() {
        "home_directory" | "home_dir" => Some("${HOME}".to_owned()),
        "justfile_directory" | "justfile_dir" | "invocation_directory" | "source_directory" => {
            Some(folder.to_owned())
        }
        "env" | "env_var" => plain(inner).map(|name| format!("${{{name}}}")),
        "parent_directory" | "parent_dir" => {
            let inner = plain(inner).or_else(|| placed(inner, folder))?;
            Some(super::folder(&inner).to_owned())
        }
        _ => None,
    }
}
