//! Files that a command takes from elsewhere than its operands: lists on standard input, patterns of searches.

use placet_model::path::absolute;
use placet_model::{ActionKind, Arg, Entries, Reach};

use super::options::Parsed;
use super::program::Scope;
use super::value::Field;
use super::{Machine, Stdin};

/// Names taken from one list.
const NAMES: usize = 256;
/// Files looked through for what a pattern of a search takes in.
const ENTRIES: usize = 5_000;
/// Endings of files that hold secrets.
const KEYS: [&str; 10] = ["env", "pem", "key", "pfx", "p12", "jks", "keystore", "tfstate", "tfvars", "kdbx"];

impl Machine<'_> {
    /// Reads that the model of the program cannot tell.
    pub(super) fn named_elsewhere(&mut self, program: &str, parsed: &Parsed, scope: &mut Scope) {
        let given = |names: &[&str]| parsed.flags.iter().any(|used| names.contains(&used.name()));
        let list = match program {
            "cpio" if given(&["create", "pass"]) => Some(Field::known("-")),
            "zip" if given(&["@"]) => Some(Field::known("-")),
            "tar" | "bsdtar" | "gtar" if !given(&["extract", "list"]) => value_of(parsed, "files-from"),
            // What it takes lies below the operands.
            "rsync" => value_of(parsed, "files-from").filter(|list| list.text().is_some_and(is_input)),
            "sort" | "wc" => value_of(parsed, "files0-from"),
            _ => None,
        };
        // These expand patterns themselves.
        if matches!(program, "mmv" | "mcp" | "mln" | "mad" | "rename" | "prename" | "zmv") {
            let patterns = parsed.operands.iter().filter(|word| word.start().contains(['*', '?', '[']));
            for field in patterns.cloned().collect::<Vec<_>>() {
                let arg = Arg::Glob(field.start().to_owned());
                self.path_effect(ActionKind::WriteFile, &Field { arg, ..field }, Reach::Entry, scope);
            }
        }
        if program == "curl" {
            self.configured(parsed, scope);
        }
        if let Some(list) = list {
            self.names_of(&list, scope);
        }
        if matches!(program, "rg" | "ripgrep")
            && !given(&["files", "type-list", "files-with-matches", "count"])
        {
            self.searched(parsed, scope);
        }
    }

    /// Addresses in a configuration for `curl` that is in sight: `-K <(echo 'url = …')`, `-K -`.
    fn configured(&mut self, parsed: &Parsed, scope: &mut Scope) {
        let file = parsed.flags.iter().find(|used| used.name() == "config");
        let file = file.and_then(|used| used.value.as_ref()).and_then(Field::text);
        let text = match (file, &self.stdin) {
            (Some("-"), Stdin::Known(text)) => Some(text.clone()),
            (Some(file), _) if file.starts_with("/dev/fd/") => self.process_text.clone().flatten(),
            _ => None,
        };
        for line in text.as_deref().unwrap_or("").lines().take(NAMES) {
            let line = line.trim().trim_start_matches('-');
            let Some(value) = line.strip_prefix("url") else { continue };
            let value = value.trim_matches([' ', '\t', '=', ':', '"']);
            self.url(ActionKind::WebFetch, &Field::known(value), scope);
        }
    }

    /// A list of files, one a line or one up to each NUL.
    fn names_of(&mut self, list: &Field, scope: &mut Scope) {
        let known = |text: &str| {
            text.split(['\n', '\0']).filter(|name| !name.is_empty()).map(Field::known).collect::<Vec<_>>()
        };
        let names = match (list.text(), &self.stdin) {
            (Some(file), Stdin::Words(words)) if is_input(file) => words.to_vec(),
            (Some(file), Stdin::Known(text)) if is_input(file) => known(text),
            (Some(file), Stdin::Inherited) if is_input(file) => return,
            (Some(file), _) if file.starts_with("/dev/fd/") => match self.process_text.as_ref() {
                Some(Some(text)) => known(text),
                _ => vec![Field::unknown(true)],
            },
            _ => vec![Field::unknown(true)],
        };
        for name in names.iter().take(NAMES) {
            self.path_effect(ActionKind::ReadFile, name, Reach::Tree, scope);
        }
    }

    /// `rg` leaves out hidden and ignored files, unless an option takes them in: `-g .env` names them, `-uu` and
    /// `--hidden --no-ignore` take all.
    fn searched(&mut self, parsed: &Parsed, scope: &mut Scope) {
        let given = |name: &str| parsed.flags.iter().filter(|used| used.name() == name).count();
        let wanted: Vec<String> = parsed
            .flags
            .iter()
            .filter(|used| matches!(used.name(), "glob" | "iglob"))
            .filter_map(|used| used.value.as_ref().and_then(Field::text))
            .filter(|pattern| !pattern.starts_with('!'))
            .map(str::to_owned)
            .collect();
        let roots = if scope.roots.is_empty() { vec![Field::known(".")] } else { scope.roots.clone() };
        let all = given("uu") + given("uuu") > 0
            || given("unrestricted") > 1
            || given("hidden") + given("unrestricted") > 0
                && given("no-ignore") + given("unrestricted") > 0
                && given("hidden") + given("no-ignore") > 1;
        let wanted: Vec<String> = wanted.iter().flat_map(|pattern| alternatives(pattern)).collect();
        for root in &roots {
            let Some(start) = root.text().map(|text| text.trim_end_matches('/').to_owned()) else { continue };
            for pattern in &wanted {
                for field in self.hidden_hits(&start, pattern) {
                    self.path_effect(ActionKind::ReadFile, &field, Reach::Entry, scope);
                }
            }
            if all && wanted.is_empty() {
                self.path_effect(ActionKind::ReadFile, root, Reach::Tree, scope);
            }
        }
    }

    /// Files below `start` that are searched only because `-g PATTERN` names them.
    fn hidden_hits(&self, start: &str, pattern: &str) -> Vec<Field> {
        let name = pattern.rsplit('/').next().unwrap_or(pattern);
        let anywhere = || {
            let arg = Arg::Glob(format!("{start}/**/{}", pattern.trim_start_matches('/')));
            vec![Field { arg, ..Field::known("") }]
        };
        if !name.contains(['*', '?', '[']) {
            return anywhere();
        }
        let listed = match self.state.dirs.as_slice() {
            [dir] => self.context.facts.entries(&absolute(start, dir, None), true, ENTRIES),
            _ => Entries::Unknown,
        };
        let hidden = |path: &&String| path.starts_with('.') || path.contains("/.");
        let fits = |path: &&String| {
            crate::glob::fits(name, path.rsplit('/').next().unwrap_or(path))
                || crate::glob::fits(pattern, path)
        };
        match listed {
            Entries::All(paths) => paths
                .iter()
                .filter(hidden)
                .filter(fits)
                .take(NAMES)
                .map(|path| Field::known(format!("{start}/{path}")))
                .collect(),
            // Names with an ending are hardly ever hidden.
            _ if name.starts_with("*.") && !KEYS.contains(&name.get(2..).unwrap_or("")) => Vec::new(),
            _ => anywhere(),
        }
    }

    /// A recipe that this text wrote, or that other commands print, is run by `make -f`.
    pub(super) fn recipe(&mut self, program: &str, parsed: &Parsed, scope: &mut Scope) {
        if !matches!(program, "make" | "gmake" | "just" | "task" | "ninja" | "ant" | "tclsh" | "expect") {
            return;
        }
        let files = parsed
            .flags
            .iter()
            .filter(|used| matches!(used.name(), "file" | "justfile" | "taskfile"))
            .filter_map(|used| used.value.clone())
            .chain(parsed.operands.first().filter(|_| matches!(program, "tclsh" | "expect")).cloned());
        for file in files.collect::<Vec<_>>() {
            let made = file.text().is_some_and(|text| text.starts_with("/dev/fd/"))
                || self.paths(&file, Reach::Entry, &scope.dirs).iter().any(|path| {
                    // Those of make and just are read.
                    let unread = !matches!(program, "make" | "gmake" | "just");
                    self.memory.written(&path.absolute).is_some()
                        || unread && self.context.facts.session_wrote(&path.absolute)
                });
            if made {
                let shown = super::paths::shown(&file.arg);
                self.unknown_code(&shown, scope, "the recipe that runs here was only just written");
            }
        }
    }
}

fn value_of(parsed: &Parsed, option: &str) -> Option<Field> {
    parsed.flags.iter().find(|used| used.name() == option).and_then(|used| used.value.clone())
}

fn is_input(file: &str) -> bool {
    matches!(file, "-" | "/dev/stdin")
}

/// A pattern with braces, one level of them, as several without.
fn alternatives(pattern: &str) -> Vec<String> {
    let parts = pattern
        .split_once('{')
        .and_then(|(before, rest)| rest.split_once('}').map(|(inner, after)| (before, inner, after)));
    match parts {
        Some((before, inner, after)) => {
            inner.split(',').take(16).map(|one| format!("{before}{one}{after}")).collect()
        }
        None => vec![pattern.to_owned()],
    }
}
