//! What one stage of a pipeline hands to the next, as words for `xargs`.

use std::rc::Rc;

use placet_model::Arg;
use placet_model::path::absolute;

use super::found::{anchored, is_unfiltered};
use super::options::Parsed;
use super::substitution::literal;
use super::value::Field;
use super::{Machine, Stdin};
use crate::syntax::Simple;

/// Words taken from standard input at most.
const WORDS: usize = 256;
impl Machine<'_> {
    /// Paths that a listing command prints; `None` when it is no such command.
    pub(super) fn listed(&mut self, simple: &Simple, input: &Stdin) -> Option<Rc<[Field]>> {
        let name = literal(simple, 0)?;
        if !matches!(name, "find" | "git" | "ls" | "rg" | "grep" | "fd" | "head" | "tail" | "sort" | "uniq") {
            return None;
        }
        let fields = self.quietly(|machine| machine.words(&simple.words));
        let words = fields.get(1..)?;
        let long = |flag: &str| words.iter().any(|word| word.text() == Some(flag));
        let lists = words.iter().any(|word| {
            word.text().is_some_and(|text| {
                text.starts_with('-') && !text.starts_with("--") && text.contains(['l', 'L'])
            })
        });
        let found = match name {
            "find" => {
                self.memory.sweep = is_unfiltered(&fields);
                self.find_prints(words)
            }
            "git" if long("ls-files") || long("--name-only") => {
                let texts: Option<Vec<&str>> = words.iter().map(Field::text).collect();
                let files =
                    texts.as_deref().and_then(|texts| texts.strip_prefix(&["ls-files"])).and_then(tracked);
                files.unwrap_or_else(|| vec![under(".")])
            }
            "ls" => {
                let bare = words
                    .iter()
                    .any(|word| word.text().is_some_and(|text| text.starts_with('-') && text.contains('d')));
                let mut listed: Vec<Field> =
                    words.iter().filter(|word| !word.start().starts_with('-')).cloned().collect();
                if !bare {
                    listed.push(under("."));
                }
                listed
            }
            "rg" | "grep" if lists || long("--files-with-matches") || long("--files") => {
                let operands = words
                    .iter()
                    .filter(|word| !word.start().starts_with('-'))
                    .skip(usize::from(!long("--files")));
                let mut listed: Vec<Field> = operands
                    .flat_map(|word| [word.clone(), word.text().map_or_else(|| word.clone(), under)])
                    .collect();
                if listed.is_empty() {
                    listed.push(under("."));
                }
                listed
            }
            // Filters pass some of the lines on.
            "grep" | "head" | "tail" | "sort" | "uniq" => match input {
                Stdin::Words(listed) => {
                    let wanted = (name == "grep").then(|| self.one_name(words)).flatten();
                    return Some(wanted.map_or_else(|| Rc::clone(listed), |field| Rc::from([field])));
                }
                _ => return None,
            },
            _ => return None,
        };
        Some(Rc::from(found))
    }

    /// The one name that `grep '^name$'` lets through in a list of the files here.
    fn one_name(&self, words: &[Field]) -> Option<Field> {
        let [pattern] = words else { return None };
        anchored(pattern.text()?, |name| self.lies_here(name)).map(Field::known)
    }

    pub(super) fn lies_here(&self, name: &str) -> bool {
        let [dir] = self.state.dirs.as_slice() else { return false };
        self.context.facts.kind(&absolute(name, dir, None)).is_some()
    }

    /// The words that `xargs` adds to its command.
    pub(super) fn fed(&self, parsed: &Parsed) -> Vec<Field> {
        let given = |name: &str| parsed.flags.iter().any(|used| used.name() == name);
        let file = parsed.flags.iter().find(|used| used.name() == "arg-file");
        let file = file.and_then(|used| used.value.as_ref()).and_then(Field::text);
        let printed = match (file, &self.process_text) {
            (Some(file), Some(Some(text))) if file.starts_with("/dev/fd/") => Stdin::Known(text.clone()),
            (Some(_), _) => return vec![Field::unknown(true)],
            (None, _) => self.stdin.clone(),
        };
        if given("delimiter") || given("arg-file") && file.is_none() {
            return vec![Field::unknown(true)];
        }
        let words = match &printed {
            Stdin::Words(words) => words.to_vec(),
            Stdin::Known(text) if given("null") => {
                text.split('\0').filter(|word| !word.is_empty()).map(Field::known).collect()
            }
            Stdin::Known(text) if (given("I") || given("replace")) && !text.contains(['\'', '"', '\\']) => {
                text.lines().map(str::trim_start).filter(|line| !line.is_empty()).map(Field::known).collect()
            }
            Stdin::Known(text) if !text.contains(['\'', '"', '\\']) => {
                text.split_ascii_whitespace().map(Field::known).collect()
            }
            _ => vec![Field::unknown(true)],
        };
        if words.len() > WORDS { vec![Field::unknown(true)] } else { words }
    }
}

/// What `git ls-files` prints that is told nothing but endings of names: `'*.rs'`.
pub(super) fn tracked(words: &[&str]) -> Option<Vec<Field>> {
    let patterns = words.strip_prefix(&["--"]).unwrap_or(words);
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let one = |pattern: &&str| {
        let dotted = pattern.strip_prefix('*')?;
        let ending = dotted.strip_prefix('.').filter(|ending| ending.split('.').all(plain))?;
        Some(Field { arg: Arg::Glob(format!("**/*.{ending}")), elastic: true, ..Field::known("") })
    };
    if patterns.is_empty() { None } else { patterns.iter().map(one).collect() }
}

/// Something below `root`, or several such things.
pub(super) fn under(root: &str) -> Field {
    Field {
        elastic: true,
        ..Field::below(format!("{}/", if root == "/" { "" } else { root.trim_end_matches('/') }))
    }
}
