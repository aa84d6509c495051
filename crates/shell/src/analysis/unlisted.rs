//! Options that a lenient model does not list: the files their values name.

use placet_model::{ActionKind, Reach};

use super::Machine;
use super::options::Parsed;
use super::program::Scope;
use super::value::Field;

/// Parts of option names by which programs take the place of their output.
const OUTPUT: &[&str] = &[
    "out",
    "log",
    "report",
    "dest",
    "dump",
    "save",
    "write",
    "export",
    "cache",
    "junit",
    "xml",
    "html",
    "json",
    "trace",
    "record",
    "profile",
    "coverage",
    "result",
    "artifact",
    "target",
    "file",
    "dir",
    "path",
    "folder",
    "tmp",
    "temp",
    "buildinfo",
];
/// Parts of names of options that say what is read, though a part of [`OUTPUT`] is in them.
const INPUT: &[&str] = &[
    "config",
    "cert",
    "key",
    "ignore",
    "input",
    "source",
    "src",
    "root",
    "env",
    "include",
    "exclude",
    "require",
    "import",
    "plugin",
    "project",
    "tsconfig",
    "setup",
    "reporter-options",
    "pattern",
    "match",
    "filter",
    "spec",
    "format",
    "level",
    "test",
    "color",
    "type",
    "manifest",
    "cwd",
    "module",
    "schema",
];

impl Machine<'_> {
    /// What options that are not listed name is written when their names say so, and else read. Values that are
    /// not known are left alone: the program's own code decides what it does.
    pub(super) fn unlisted_files(&mut self, words: &[Field], parsed: &Parsed, scope: &mut Scope) {
        let lenient = parsed.levels.iter().any(|level| level.lenient);
        if !lenient || parsed.flags.iter().all(|used| used.entry.is_some()) {
            return;
        }
        let unlisted = |name: &str| {
            parsed
                .flags
                .iter()
                .any(|used| used.entry.is_none() && used.spelling.trim_end_matches('=') == name)
        };
        for (at, word) in words.iter().enumerate() {
            let Some(text) = word.text().filter(|text| text.len() > 1 && text.starts_with('-')) else {
                continue;
            };
            let body = text.trim_start_matches('-');
            if !unlisted(body.split_once('=').map_or(body, |(name, _)| name)) {
                continue;
            }
            let next = words.get(at + 1).and_then(Field::text).filter(|next| !next.starts_with('-'));
            let Some((name, value)) = named(text, body, next) else { continue };
            self.option_file(name, value, text.ends_with(value), scope);
        }
    }

    fn option_file(&mut self, name: &str, value: &str, attached: bool, scope: &mut Scope) {
        // `--reporter-option output=FILE`
        let (part, value) = value.split_once('=').unwrap_or(("", value));
        let path = value.starts_with(['.', '/', '~']) || value.contains('/') || value.contains('.');
        if !path || value.contains("://") || value.contains(['*', '{', '(', '\n']) {
            return;
        }
        let name = format!("{name}{part}").to_ascii_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        let writes =
            matches!(name.as_str(), "o" | "O") || (has(OUTPUT) && (!has(INPUT) || name.contains("output")));
        if writes {
            let tree = ["dir", "folder", "path"].iter().any(|part| name.ends_with(part));
            let reach = if tree && !matches!(value, "." | "./") { Reach::Tree } else { Reach::Entry };
            self.path_effect(ActionKind::WriteFile, &Field::known(value), reach, scope);
        } else if name.contains("key") || name.contains("cert") {
            // Keys and certificates are for the program's own use.
        } else if attached || ["env", "file"].iter().any(|part| name.contains(part)) {
            self.path_effect(ActionKind::ReadFile, &Field::known(value), Reach::Entry, scope);
        }
    }
}

/// Name and value of an option; `next` is the word behind it, if that may be its value.
fn named<'t>(text: &'t str, body: &'t str, next: Option<&'t str>) -> Option<(&'t str, &'t str)> {
    if let Some(pair) = body.split_once('=') {
        return Some(pair);
    }
    if text.starts_with("--") || body.len() == 1 {
        return Some((body, next?));
    }
    match body.split_at_checked(1)? {
        // `-oFILE`
        ("o" | "O", value) if value.contains(['/', '.']) => Some(("o", value)),
        // `-out FILE`
        _ if matches!(body, "out" | "output" | "outfile" | "log" | "logfile") => Some((body, next?)),
        _ => None,
    }
}
