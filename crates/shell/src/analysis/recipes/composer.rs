//! Scripts of `composer.json`.

use std::rc::Rc;

use super::super::Machine;
use super::super::options::Parsed;
use super::super::program::Scope;
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
        let mut words = scope.words.iter().skip(1).filter_map(|word| word.text().map(str::to_owned));
        let Some(first) = words.find(|word| !word.starts_with('-')) else { return };
        let named = match first.as_str() {
            "run" | "run-script" => words.find(|word| !word.starts_with('-')),
            _ => Some(first.clone()),
        };
        let quiet = parsed.flags.iter().any(|used| used.name() == "no-scripts");
        for dir in scope.dirs.clone() {
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
                self.composer_script(&content, scripts, name, &scope.name);
            }
            if let Some(name) = named.as_deref().filter(|_| built_in.is_empty()) {
                self.composer_script(&content, scripts, name, &scope.name);
            }
        }
    }

    fn composer_script(&mut self, content: &Content, scripts: &Json, name: &str, shown: &str) {
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
                machine.recipe_line(Line {
                    label: label.clone(),
                    id: id.clone(),
                    made: content.made,
                    dir: folder(&content.path),
                    text,
                    arguments: Rc::from([]),
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
