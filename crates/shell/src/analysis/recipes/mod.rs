//! Recipes: files from which a program takes the commands it runs (`package.json`, makefiles, justfiles, hooks).
//!
//! Each reader refuses what it does not certainly understand. What it refuses adds nothing where the file was
//! there before, and is unknown where this text or this session wrote it.

mod composer;
mod functions;
mod hooks;
mod json;
mod just;
mod justfile;
mod make;
mod makefile;
mod package;
mod variables;

use std::rc::Rc;

use placet_model::EntryKind;

use super::Machine;
use super::follow::Piece;
use super::options::Parsed;
use super::program::Scope;
use super::value::{Field, Value};

/// Longest recipe file that is read, in bytes.
const RECIPE_BYTES: usize = 256 * 1024;
/// Recipes in recipes that are followed.
const OPEN: usize = 12;
/// Folders from a place upwards in which a recipe file is looked for.
const LEVELS: usize = 12;
/// Said of a file that was written and cannot be followed.
const UNREAD: &str = "the recipe that runs here was only just written, and it could not be read";

/// A file with recipes.
struct Content {
    path: String,
    /// Its text; `None` when that is not known or too long.
    text: Option<String>,
    /// This text or this session wrote it.
    made: bool,
}

/// One shell text of a recipe.
struct Line<'a> {
    /// How it was reached.
    label: String,
    /// File and name of the recipe, so that one that starts itself is noticed.
    id: String,
    made: bool,
    dir: &'a str,
    text: &'a str,
    arguments: Rc<[Field]>,
    /// Variables that the program that runs the recipe sets.
    variables: Vec<(String, String)>,
}

impl Machine<'_> {
    /// Follows what the command takes from a recipe file.
    pub(super) fn recipes(&mut self, parsed: &Parsed, scope: &mut Scope) {
        if self.remote || parsed.information {
            return;
        }
        let program = scope.name.split(' ').next().unwrap_or("").to_owned();
        match program.as_str() {
            "npm" | "pnpm" | "yarn" | "bun" | "deno" | "node" | "npm-run-all" | "npm-run-all2" | "run-s"
            | "run-p" | "run-z" => self.package(&program, parsed, scope),
            "make" | "gmake" => self.make(parsed, scope),
            "just" => self.just(parsed, scope),
            "composer" => self.composer(parsed, scope),
            "git" => self.git_hooks(parsed, scope),
            _ => {}
        }
    }

    /// The file at `path`; `None` when there is none.
    fn content(&self, path: &str) -> Option<Content> {
        let facts = self.context.facts;
        let written = self.memory.written(path);
        let by_session = || {
            facts.session_wrote(path)
                || facts.canonical(path).is_some_and(|real| real != path && facts.session_wrote(&real))
        };
        let made = written.is_some() || by_session();
        let text = match written {
            Some(text) => text.as_deref().map(str::to_owned),
            None => facts.text(path, RECIPE_BYTES),
        };
        if text.is_none() && !made && facts.kind(path) != Some(EntryKind::File) {
            return None;
        }
        Some(Content { path: path.to_owned(), text, made })
    }

    /// The nearest of the files called one of `names`, in `dir` or above it.
    fn content_above(&self, dir: &str, names: &[&str]) -> Option<Content> {
        let mut level = dir.trim_end_matches('/');
        for _ in 0..LEVELS {
            if let Some(found) = names.iter().find_map(|name| self.content(&format!("{level}/{name}"))) {
                return Some(found);
            }
            level = level.rsplit_once('/')?.0;
        }
        None
    }

    /// Runs a shell text of a recipe in a process of its own.
    fn recipe_line(&mut self, line: Line<'_>) {
        if self.memory.open.len() >= OPEN || self.memory.open.contains(&line.id) {
            if line.made {
                self.push_unknown(line.text, None, "the recipe starts itself");
            }
            return;
        }
        self.memory.open.push(line.id);
        let Line { label, made, dir, text, arguments, variables, .. } = line;
        self.through(Piece { label, made, recipe: true }, |machine| {
            machine.state.dirs = vec![Rc::from(dir)];
            for (name, value) in variables {
                machine.state.set(&name, Value::Known(Rc::from(value)));
                machine.state.export(&name);
            }
            machine.text(text, true, Some(arguments));
        });
        self.memory.open.pop();
    }
}

/// The folder a file lies in.
fn folder(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((dir, _)) => dir,
    }
}
