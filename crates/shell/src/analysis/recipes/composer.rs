//! Scripts of `composer.json`.

use std::rc::Rc;

use placet_model::path::absolute;

use super::super::Machine;
use super::super::options::Parsed;
use super::super::program::Scope;
use super::super::value::Field;
use super::json::{self, Json};
use super::{Content, Line, UNREAD, folder};

/// Scripts that a subcommand of composer itself runs.
fn steps(subcommand: &str) -> &'static [&'static str] {
    match subcommand {
        "install" | "i" => {
            &["pre-install-cmd", "pre-autoload-dump", "post-autoload-dump", "post-install-cmd"]
        }
        "update" | "u" | "upgrade" | "require" | "r" | "remove" | "rm" => {
            &["pre-update-cmd", "pre-autoload-dump", "post-autoload-dump", "post-update-cmd"]
        }
        "dump-autoload" | "dumpautoload" => &["pre-autoload-dump", "post-autoload-dump"],
        "create-project" => &["post-root-package-install", "post-create-project-cmd"],
        _ => &[],
    }
}

impl Machine<'_> {
    pub(super) fn composer(&mut self, parsed: &Parsed, scope: &mut Scope) {
        let place = scope.words.iter().position(|word| word.text() == Some("--"));
        let arguments: Rc<[Field]> = place.and_then(|at| scope.words.get(at + 1..)).unwrap_or(&[]).into();
        let elsewhere = working_directory(&scope.words);
        let mut words = plain_words(&scope.words).into_iter();
        let Some(first) = words.find(|word| !word.starts_with('-')) else { return };
        let named = match first.as_str() {
            "run" | "run-script" => words.find(|word| !word.starts_with('-')),
            _ => Some(first.clone()),
        };
        let quiet = parsed.flags.iter().any(|used| used.name() == "no-scripts");
        for dir in scope.dirs.clone() {
            let dir = elsewhere.as_ref().map_or(dir.to_string(), |name| absolute(name, &dir, None));
            let Some(content) = self.content_above(&dir, &["composer.json"]) else { continue };
            let Some(document) = content.text.as_deref().and_then(json::read) else {
                if content.made {
                    self.unknown_code(&content.path, scope, UNREAD);
                }
                continue;
            };
            let Some(scripts) = document.get("scripts") else { continue };
            let built_in = steps(&first);
            for name in built_in.iter().copied().filter(|_| !quiet) {
                self.composer_script(&content, scripts, name, (&scope.name, &arguments));
            }
            if let Some(name) = named.as_deref().filter(|_| built_in.is_empty()) {
                self.composer_script(&content, scripts, name, (&scope.name, &arguments));
            }
        }
    }

    fn composer_script(
        &mut self,
        content: &Content,
        scripts: &Json,
        name: &str,
        (shown, arguments): (&str, &Rc<[Field]>),
    ) {
        let entry = scripts.get(name);
        let texts: Vec<&str> = match entry {
            Some(Json::Text(text)) => vec![text],
            Some(Json::Array(list)) => list.iter().filter_map(Json::text).collect(),
            _ => return,
        };
        for (at, text) in texts.into_iter().enumerate() {
            let label = format!("{} {name}", shown.split(' ').next().unwrap_or(shown));
            let id = format!("{}#{name}#{at}", content.path);
            let line = |text: &str, machine: &mut Self| {
                let text = if arguments.is_empty() { text.to_owned() } else { format!("{text} \"$@\"") };
                machine.recipe_line(Line {
                    label: label.clone(),
                    id: id.clone(),
                    made: content.made,
                    dir: folder(&content.path),
                    text: &text,
                    arguments: Rc::clone(arguments),
                    variables: Vec::new(),
                });
            };
            match text.strip_prefix('@') {
                Some(rest) if rest.starts_with("putenv") => {}
                Some(rest) if rest.starts_with("php ") || rest.starts_with("composer ") => line(rest, self),
                Some(rest) => line(&format!("composer run-script {rest}"), self),
                // A method of a class.
                None if text.contains("::") && !text.contains(' ') => {
                    if content.made {
                        self.push_unknown(text, None, "a method of the project's code is run");
                    }
                }
                None => line(text, self),
            }
        }
    }
}

/// The words that are neither options nor their values.
fn plain_words(words: &[Field]) -> Vec<String> {
    let mut plain = Vec::new();
    let mut value = false;
    for word in words.iter().skip(1).filter_map(Field::text).take_while(|word| *word != "--") {
        if !value && !word.starts_with('-') {
            plain.push(word.to_owned());
        }
        value = matches!(word, "-d" | "--working-dir");
    }
    plain
}

/// The folder that `-d` names.
fn working_directory(words: &[Field]) -> Option<String> {
    let mut texts = words.iter().filter_map(Field::text);
    while let Some(text) = texts.next() {
        match text {
            "-d" | "--working-dir" => return texts.next().map(str::to_owned),
            _ => {
                if let Some(value) = text.strip_prefix("--working-dir=") {
                    return Some(value.to_owned());
                }
            }
        }
    }
    None
}
