//! Scripts of `package.json`, as npm, pnpm, yarn, bun and their helpers run them.

use std::rc::Rc;

use placet_model::Entries;
use placet_model::path::absolute;

use super::super::Machine;
use super::super::options::Parsed;
use super::super::program::Scope;
use super::super::value::Field;
use super::json::{self, Json};
use super::{Content, Line, UNREAD, folder};

/// Scripts that an installation of the project itself runs.
const INSTALL: &[&str] = &[
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
    "dependencies",
];
const REBUILD: &[&str] = &["preinstall", "install", "postinstall", "prepare"];
const PACK: &[&str] = &["prepack", "prepare", "postpack"];
const PUBLISH: &[&str] = &["prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish"];
const VERSION: &[&str] = &["preversion", "version", "postversion"];
/// Scripts of several names that one call follows at most.
const NAMED: usize = 16;

/// Folders that are looked at for packages of a workspace.
const PACKAGES: usize = 64;

/// What a call takes from `package.json`.
enum Wanted {
    Nothing,
    /// Scripts by name or pattern, with what stands around them; the words behind go to them.
    Named(Vec<Field>, Vec<Field>),
    /// Scripts that go with another step.
    Steps(&'static [&'static str]),
}

impl Machine<'_> {
    pub(super) fn package(&mut self, tool: &str, parsed: &Parsed, scope: &mut Scope) {
        let has = |names: &[&str]| parsed.flags.iter().any(|used| names.contains(&used.name()));
        if has(&["global", "g"]) {
            return;
        }
        let wanted = wanted(tool, parsed, &scope.words);
        let alone = has(&["ignore-scripts"]);
        if matches!(wanted, Wanted::Nothing) || (alone && matches!(wanted, Wanted::Steps(_))) {
            return;
        }
        for dir in scope.dirs.clone() {
            for content in self.packages(tool, &dir, parsed) {
                self.scripts_of(&content, &wanted, alone, scope);
            }
        }
        let lost = scope.dirs.is_empty() && self.memory.wrote_named(&["package.json"]);
        if lost && matches!(wanted, Wanted::Named(..)) {
            self.unknown_code("package.json", scope, UNREAD);
        }
    }

    /// The `package.json` files a call works with.
    fn packages(&self, tool: &str, dir: &str, parsed: &Parsed) -> Vec<Content> {
        let mut found = Vec::new();
        let mut elsewhere = false;
        for used in &parsed.flags {
            match used.name() {
                "workspace" | "w" | "filter" | "F" | "filter-prod" => {
                    elsewhere = true;
                    let Some(name) = used.value.as_ref().and_then(Field::text) else { continue };
                    let last = name.rsplit('/').next().unwrap_or(name);
                    let places = [name.to_owned(), format!("packages/{last}"), format!("apps/{last}")];
                    let places =
                        places.iter().map(|place| absolute(&format!("{place}/package.json"), dir, None));
                    found.extend(places.filter_map(|path| self.content(&path)));
                }
                "workspaces" | "ws" | "recursive" | "r" => {
                    elsewhere = true;
                    found.extend(self.workspaces(dir));
                }
                _ => {}
            }
        }
        if tool == "deno" {
            found.extend(self.content_above(dir, &["deno.json", "deno.jsonc"]));
        }
        if !elsewhere {
            found.extend(self.content_above(dir, &["package.json"]));
        }
        found
    }

    /// The packages that the `package.json` of `dir` counts as its own.
    fn workspaces(&self, dir: &str) -> Vec<Content> {
        let root = self.content_above(dir, &["package.json"]);
        let Some((root, text)) = root.and_then(|root| Some((folder(&root.path).to_owned(), root.text?)))
        else {
            return Vec::new();
        };
        let document = json::read(&text);
        let listed = document.as_ref().and_then(|document| document.get("workspaces"));
        let listed = match listed {
            Some(Json::Object(_)) => listed.and_then(|listed| listed.get("packages")),
            other => other,
        };
        let Some(Json::Array(patterns)) = listed else { return Vec::new() };
        let mut found = Vec::new();
        for pattern in patterns.iter().filter_map(Json::text).take(NAMED) {
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            let folders = match pattern.split_once('*') {
                None => vec![absolute(pattern, &root, None)],
                // `packages/*`: what stands in front names the folder that is listed.
                Some((front, _)) => {
                    let above = absolute(front.rsplit_once('/').map_or(".", |(above, _)| above), &root, None);
                    match self.context.facts.entries(&above, false, PACKAGES) {
                        Entries::All(names) => names.iter().map(|name| format!("{above}/{name}")).collect(),
                        _ => Vec::new(),
                    }
                }
            };
            found.extend(folders.iter().filter_map(|dir| self.content(&format!("{dir}/package.json"))));
        }
        found
    }

    fn scripts_of(&mut self, content: &Content, wanted: &Wanted, alone: bool, scope: &mut Scope) {
        let document = content.text.as_deref().and_then(json::read);
        let Some(document) = document else {
            if content.made {
                self.unknown_code(&content.path, scope, UNREAD);
            }
            return;
        };
        let Some(Json::Object(scripts)) = document.get("scripts").or_else(|| document.get("tasks")) else {
            return;
        };
        let variables = variables(&document);
        match wanted {
            Wanted::Nothing => {}
            Wanted::Steps(names) => {
                for name in *names {
                    self.script(
                        (content, &variables),
                        scripts,
                        name,
                        &[],
                        &format!("{} ({name})", scope.name),
                    );
                }
            }
            Wanted::Named(names, arguments) => {
                for field in names.iter().take(NAMED) {
                    let Some(name) = field.text() else {
                        if content.made {
                            self.unknown_code(&content.path, scope, "which script runs here is not known");
                        }
                        continue;
                    };
                    let known: Vec<&str> = scripts
                        .iter()
                        .map(|(key, _)| key.as_str())
                        .filter(|key| {
                            *key == name || (name.contains('*') && crate::glob::fits_ignoring_case(name, key))
                        })
                        .take(NAMED)
                        .collect();
                    for key in known {
                        self.with_hooks((content, &variables), scripts, key, arguments, alone, &scope.name);
                    }
                }
            }
        }
    }

    /// A script with those that run before and after it.
    fn with_hooks(
        &mut self,
        file: (&Content, &[(String, String)]),
        scripts: &[(String, Json)],
        name: &str,
        arguments: &[Field],
        alone: bool,
        shown: &str,
    ) {
        let named = shown.split(' ').next_back() == Some(name);
        let shown = if named { shown.to_owned() } else { format!("{shown} {name}") };
        if !alone {
            self.script(file, scripts, &format!("pre{name}"), &[], &format!("{shown} (pre{name})"));
        }
        self.script(file, scripts, name, arguments, &shown);
        if !alone {
            self.script(file, scripts, &format!("post{name}"), &[], &format!("{shown} (post{name})"));
        }
    }

    fn script(
        &mut self,
        file: (&Content, &[(String, String)]),
        scripts: &[(String, Json)],
        name: &str,
        arguments: &[Field],
        label: &str,
    ) {
        let Some((_, script)) = scripts.iter().rev().find(|(key, _)| key == name) else { return };
        // Tasks of deno may have their command in an object.
        let Some(text) = script.text().or_else(|| script.get("command").and_then(Json::text)) else { return };
        let (content, variables) = file;
        // The words behind are appended to the text, quoted.
        let text = if arguments.is_empty() { text.to_owned() } else { format!("{text} \"$@\"") };
        self.recipe_line(Line {
            label: label.to_owned(),
            id: format!("{}#{name}", content.path),
            made: content.made,
            dir: folder(&content.path),
            text: &text,
            arguments: Rc::from(arguments),
            variables: variables.to_vec(),
        });
    }
}

/// What npm sets for scripts from the file: `npm_package_name`, `npm_package_config_…`.
fn variables(document: &Json) -> Vec<(String, String)> {
    let named = |name: &str, value: &Json| Some((format!("npm_package_{name}"), value.text()?.to_owned()));
    let own = ["name", "version"].into_iter().filter_map(|name| named(name, document.get(name)?));
    let config = match document.get("config") {
        Some(Json::Object(members)) => members.as_slice(),
        _ => &[],
    };
    own.chain(config.iter().filter_map(|(name, value)| named(&format!("config_{name}"), value))).collect()
}

fn wanted(tool: &str, parsed: &Parsed, words: &[Field]) -> Wanted {
    let sub = parsed.subcommand.first().map(String::as_str);
    let bare = parsed.operands.is_empty();
    match (tool, sub) {
        ("node", _) => match words.iter().position(|word| word.text() == Some("--run")) {
            Some(at) => named(words, at + 1, tool),
            None => words
                .iter()
                .filter_map(|word| word.text()?.strip_prefix("--run="))
                .next()
                .map_or(Wanted::Nothing, |name| Wanted::Named(vec![Field::known(name)], Vec::new())),
        },
        ("npm-run-all" | "npm-run-all2" | "run-s" | "run-p" | "run-z", _) => {
            let first = |field: &Field| match field.text().and_then(|text| text.split(' ').next()) {
                Some(name) => Field::known(name),
                None => field.clone(),
            };
            Wanted::Named(parsed.operands.iter().map(first).collect(), Vec::new())
        }
        (_, Some(sub @ ("run" | "run-script" | "rum" | "urn"))) => named(words, place(words, sub) + 1, tool),
        ("npm" | "pnpm", Some(sub @ ("t" | "tst"))) => {
            let Wanted::Named(_, arguments) = named(words, place(words, sub), tool) else {
                return Wanted::Nothing;
            };
            Wanted::Named(vec![Field::known("test")], arguments)
        }
        // The runner and the bundler of bun itself.
        ("bun", Some("test" | "build" | "add" | "remove" | "x" | "create" | "upgrade" | "up")) => {
            Wanted::Nothing
        }
        ("npm", Some("restart")) => {
            Wanted::Named(["stop", "restart", "start"].map(Field::known).to_vec(), Vec::new())
        }
        ("npm", Some("it" | "install-test")) if bare => {
            Wanted::Named(["install", "prepare", "test"].map(Field::known).to_vec(), Vec::new())
        }
        ("npm" | "pnpm" | "bun", Some("ci" | "ic" | "clean-install" | "install-clean")) => {
            Wanted::Steps(INSTALL)
        }
        ("npm" | "pnpm" | "yarn" | "bun", Some("install" | "i" | "in" | "isntall")) if bare => {
            Wanted::Steps(INSTALL)
        }
        ("yarn", Some("add")) => Wanted::Steps(INSTALL),
        ("npm" | "pnpm" | "yarn", Some("rebuild" | "rb")) if bare => Wanted::Steps(REBUILD),
        ("deno", Some(sub @ "task")) => named(words, place(words, sub) + 1, tool),
        ("deno", _) => Wanted::Nothing,
        (_, Some("publish")) => Wanted::Steps(PUBLISH),
        (_, Some("pack")) => Wanted::Steps(PACK),
        (_, Some("version")) => Wanted::Steps(VERSION),
        ("npm", Some("test" | "start" | "stop")) => named(words, place(words, sub.unwrap_or("")), tool),
        ("npm", _) => Wanted::Nothing,
        ("yarn", None) if bare => Wanted::Steps(INSTALL),
        // Any other word is first of all the name of a script.
        (_, Some(sub)) => named(words, place(words, sub), tool),
        (_, None) => {
            let first = parsed.operands.first().and_then(Field::text);
            let colon = || words.iter().skip(1).filter_map(Field::text).find(|word| word.contains(':'));
            match first.or_else(colon) {
                Some(word) => named(words, place(words, word), tool),
                None => Wanted::Nothing,
            }
        }
    }
}

/// Position of `word`; behind the last word when it is not there.
fn place(words: &[Field], word: &str) -> usize {
    words.iter().skip(1).position(|field| field.text() == Some(word)).map_or(words.len(), |at| at + 1)
}

/// The script that the first plain word from `at` on names, and what is passed to it.
fn named(words: &[Field], at: usize, tool: &str) -> Wanted {
    let rest = words.get(at..).unwrap_or(&[]);
    let Some(place) = rest.iter().position(|word| !word.start().starts_with('-')) else {
        return Wanted::Nothing;
    };
    let Some(name) = rest.get(place) else { return Wanted::Nothing };
    let mut arguments = Vec::new();
    let mut own = tool == "npm";
    for word in rest.get(place + 1..).unwrap_or(&[]) {
        match word.text() {
            Some("--") if own || arguments.is_empty() => own = false,
            // In front of `--` options are npm's.
            Some(text) if own && text.starts_with('-') => {}
            _ => arguments.push(word.clone()),
        }
    }
    Wanted::Named(vec![name.clone()], arguments)
}
