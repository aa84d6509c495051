//! What one stage of a pipeline hands to the next, as words for `xargs`.

use std::rc::Rc;

use placet_model::path::absolute;
use placet_model::{Arg, Entries};

use super::options::Parsed;
use super::substitution::literal;
use super::value::Field;
use super::{Machine, Stdin};
use crate::syntax::Simple;

/// Words taken from standard input at most.
const WORDS: usize = 256;
/// Files looked through for what a `find` is about.
const ENTRIES: usize = 5_000;
/// Files followed one by one.
const HITS: usize = 64;

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
            "git" if long("ls-files") || long("--name-only") => vec![under(".")],
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
                Stdin::Words(words) => return Some(Rc::clone(words)),
                _ => return None,
            },
            _ => return None,
        };
        Some(Rc::from(found))
    }

    /// The words that `xargs` adds to its command.
    pub(super) fn fed(&self, parsed: &Parsed) -> Vec<Field> {
        let given = |name: &str| parsed.flags.iter().any(|used| used.name() == name);
        if given("arg-file") || given("delimiter") {
            return vec![Field::unknown(true)];
        }
        let words = match &self.stdin {
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

/// Something below `root`, or several such things.
pub(super) fn under(root: &str) -> Field {
    Field {
        elastic: true,
        ..Field::below(format!("{}/", if root == "/" { "" } else { root.trim_end_matches('/') }))
    }
}

/// Whether a `find` with these words takes everything below its roots.
pub(super) fn is_unfiltered(words: &[Field]) -> bool {
    let is = |word: &Field, names: &[&str]| word.text().is_some_and(|text| names.contains(&text));
    let find = words.first().is_some_and(|word| is(word, &["find", "gfind"]));
    find && !words.iter().any(|word| {
        word.text().is_none()
            || word.start().starts_with('-')
                && !is(
                    word,
                    &[
                        "-type",
                        "-mindepth",
                        "-maxdepth",
                        "-xdev",
                        "-mount",
                        "-depth",
                        "-print",
                        "-print0",
                        "-exec",
                        "-execdir",
                        "-H",
                        "-L",
                        "-P",
                    ],
                )
                && !words.iter().position(|other| is(other, &["-exec", "-execdir"])).is_some_and(|at| {
                    words.get(at..).is_some_and(|rest| rest.iter().any(|other| std::ptr::eq(other, word)))
                })
    })
}

/// Whether a condition of `find` may hold for other names, too.
fn branches(texts: &[&str]) -> bool {
    let names = texts.iter().filter(|text| matches!(**text, "-name" | "-iname")).count();
    names != 1 || texts.iter().any(|text| matches!(*text, "-o" | "-or" | "!" | "-not" | ","))
}

impl Machine<'_> {
    /// What `find` prints.
    fn find_prints(&self, words: &[Field]) -> Vec<Field> {
        let here = [Field::known(".")];
        let roots: Vec<&Field> =
            words.iter().take_while(|word| !word.start().starts_with(['-', '(', '!'])).collect();
        let roots = if roots.is_empty() { here.iter().collect() } else { roots };
        roots
            .into_iter()
            .flat_map(|root| {
                self.found_below(words, root)
                    .unwrap_or_else(|| vec![root.text().map_or_else(|| Field::unknown(true), under)])
            })
            .collect()
    }

    /// What a `find` with these words finds below `root`, when it is about one name.
    pub(super) fn found_below(&self, words: &[Field], root: &Field) -> Option<Vec<Field>> {
        let texts: Vec<&str> = words.iter().map(|word| word.text().unwrap_or("!")).collect();
        let at = texts
            .iter()
            .position(|text| matches!(*text, "-name" | "-iname"))
            .filter(|_| !branches(&texts))?;
        let (name, root) = (*texts.get(at + 1)?, root.text()?);
        if name.contains('/') || self.remote {
            return None;
        }
        let stem = if root == "/" { "" } else { root.trim_end_matches('/') };
        let pattern = |arg: String| vec![Field { arg: Arg::Glob(arg), ..Field::known("") }];
        if !name.contains(['*', '?', '[', '\\']) {
            return Some(pattern(format!("{stem}/**/{name}")));
        }
        let [dir] = self.state.dirs.as_slice() else { return None };
        let Entries::All(entries) = self.context.facts.entries(&absolute(root, dir, None), true, ENTRIES)
        else {
            return None;
        };
        let mut hits: Vec<&str> = Vec::new();
        for entry in &entries {
            let ends = entry.match_indices('/').map(|(at, _)| at).chain([entry.len()]);
            for path in ends.filter_map(|end| entry.get(..end)) {
                if crate::glob::fits(name, path.rsplit('/').next().unwrap_or(path))
                    && hits.last() != Some(&path)
                {
                    hits.push(path);
                }
            }
        }
        if hits.is_empty() {
            return Some(pattern(format!("{stem}/{name}")));
        }
        (hits.len() <= HITS)
            .then(|| hits.into_iter().map(|hit| Field::known(format!("{stem}/{hit}"))).collect())
    }
}
