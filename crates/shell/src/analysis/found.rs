//! What `find` and `fd` find, as far as their conditions tell.

use placet_model::path::absolute;
use placet_model::{Arg, Entries};

use super::Machine;
use super::feed::under;
use super::value::Field;

/// Files looked through for what a `find` is about.
const ENTRIES: usize = 5_000;
/// Characters of a pattern that are no wildcards, so that it tells some names from others.
const TELLING: usize = 2;
/// Files followed one by one.
const HITS: usize = 64;

/// Whether a `find` with these words takes everything below its roots.
pub(super) fn is_unfiltered(words: &[Field]) -> bool {
    let is = |word: &Field, names: &[&str]| word.text().is_some_and(|text| names.contains(&text));
    if words.first().is_some_and(|word| is(word, &["fd", "fdfind"])) {
        return fd_is_unfiltered(words);
    }
    let find = words.first().is_some_and(|word| is(word, &["find", "gfind"]));
    // What a condition leaves out is no filter: most is taken.
    let left_out = |at: usize| {
        let before = |back: usize| at.checked_sub(back).and_then(|at| words.get(at));
        let negation = |word: Option<&Field>| word.is_some_and(|word| is(word, &["!", "-not"]));
        let condition =
            |word: Option<&Field>| word.is_some_and(|word| is(word, &["-name", "-iname", "-path"]));
        negation(words.get(at)) || (negation(before(1)) && condition(words.get(at)))
    };
    find && !words.iter().enumerate().any(|(at, word)| {
        if left_out(at) {
            return false;
        }
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

/// The same for `fd PATTERN DIRECTORY -x …`.
fn fd_is_unfiltered(words: &[Field]) -> bool {
    let own = words
        .iter()
        .skip(1)
        .take_while(|word| !matches!(word.text(), Some("-x" | "-X" | "--exec" | "--exec-batch")));
    let mut pattern = None;
    let mut valued = false;
    for word in own {
        if std::mem::take(&mut valued) {
            continue;
        }
        match word.text() {
            Some("-t" | "--type" | "-j" | "--threads") => valued = true,
            Some(
                "-H" | "--hidden" | "-I" | "--no-ignore" | "-u" | "-uu" | "--unrestricted" | "-HI" | "-IH"
                | "-L",
            ) => {}
            Some(text) if text.starts_with('-') => return false,
            Some(text) => pattern = pattern.or(Some(text)),
            None => return false,
        }
    }
    matches!(pattern, None | Some("." | "" | ".*" | "^"))
}

/// Whether a condition of `find` may hold for other names, too.
fn branches(texts: &[&str]) -> bool {
    let negated = |at: usize| at > 0 && matches!(texts.get(at - 1), Some(&"!" | &"-not"));
    let names = texts
        .iter()
        .enumerate()
        .filter(|(at, text)| matches!(**text, "-name" | "-iname") && !negated(*at))
        .count();
    let others = texts.iter().enumerate().any(|(at, text)| match *text {
        "-o" | "-or" | "," => true,
        "!" | "-not" => !matches!(texts.get(at + 1), Some(&"-name" | &"-iname" | &"-path")),
        _ => false,
    });
    names != 1 || others
}

/// Whether the conditions of `find` on names and paths hold for a path.
fn holds_for(texts: &[&str], path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    texts.iter().enumerate().all(|(at, text)| {
        let Some(pattern) = texts.get(at + 1) else { return true };
        let fits = match *text {
            "-name" => crate::glob::fits(pattern, name),
            "-iname" => crate::glob::fits_ignoring_case(pattern, name),
            "-path" | "-wholename" => crate::glob::fits(pattern, path),
            _ => return true,
        };
        fits != (at > 0 && matches!(texts.get(at - 1), Some(&"!" | &"-not")))
    })
}

/// Whether `find` already does something to what it finds, or follows links, before the condition at `at` counts.
fn acts_before(texts: &[&str], at: usize) -> bool {
    let acts = |text: &&str| {
        matches!(
            *text,
            "-delete" | "-exec" | "-execdir" | "-ok" | "-okdir" | "-print" | "-print0" | "-printf" | "-ls"
        )
    };
    texts.iter().take(at).any(acts) || texts.iter().any(|text| matches!(*text, "-L" | "-follow"))
}

/// The name that a regular expression of the form `^name$` stands for; a `.` in it stands for one of the names
/// that are there.
pub(super) fn anchored(pattern: &str, lies_here: impl Fn(&str) -> bool) -> Option<String> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let mut name = String::new();
    let mut open = false;
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => name.push(chars.next().filter(|c| !c.is_alphanumeric())?),
            '.' => {
                open = true;
                name.push('.');
            }
            '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '^' | '$' | '/' => return None,
            other => name.push(other),
        }
    }
    (!name.is_empty() && (!open || lies_here(&name))).then_some(name)
}

/// How many characters of a pattern tell some names from others.
fn telling(name: &str) -> usize {
    let dotted = usize::from(name.starts_with('.'));
    dotted + name.chars().filter(|c| !matches!(c, '*' | '?' | '[' | ']' | '!' | '^' | '-' | '.')).count()
}

impl Machine<'_> {
    /// What `find` prints.
    pub(super) fn find_prints(&self, words: &[Field]) -> Vec<Field> {
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

    /// The same when it is about one path.
    fn found_by_path(&self, texts: &[&str], root: &Field) -> Option<Vec<Field>> {
        let paths = texts.iter().filter(|text| matches!(**text, "-path" | "-wholename")).count();
        let others = texts.iter().any(|text| {
            matches!(
                *text,
                "-name" | "-iname" | "-ipath" | "-regex" | "-o" | "-or" | "!" | "-not" | "," | "-prune"
            )
        });
        let at = texts.iter().position(|text| matches!(*text, "-path" | "-wholename"))?;
        if paths != 1 || others || acts_before(texts, at) || self.remote {
            return None;
        }
        let (path, root) = (*texts.get(at + 1)?, root.text()?);
        let stem = if root == "/" { "" } else { root.trim_end_matches('/') };
        if !path.contains(['*', '?', '[', '\\']) {
            return path.starts_with(stem).then(|| vec![Field::known(path)]);
        }
        let [dir] = self.state.dirs.as_slice() else { return None };
        let Entries::All(entries) = self.context.facts.entries(&absolute(root, dir, None), true, ENTRIES)
        else {
            return None;
        };
        let hits: Vec<Field> = entries
            .iter()
            .map(|entry| format!("{stem}/{entry}"))
            .filter(|entry| crate::glob::fits(path, entry))
            .map(Field::known)
            .take(HITS + 1)
            .collect();
        (!hits.is_empty() && hits.len() <= HITS).then_some(hits)
    }

    /// What `fd '^name$'` finds.
    pub(super) fn found_by_fd(&self, words: &[Field]) -> Option<Vec<Field>> {
        let plain = words
            .iter()
            .take_while(|word| !matches!(word.text(), Some("-x" | "-X" | "--exec" | "--exec-batch")));
        let mut operands = plain.skip(1).filter(|word| !word.start().starts_with('-'));
        let (pattern, None) = (operands.next()?, operands.next()) else { return None };
        anchored(pattern.text()?, |name| self.lies_here(name))
            .map(|name| vec![Field { arg: Arg::Glob(format!("./**/{name}")), ..Field::known("") }])
    }

    /// What a `find` with these words finds below `root`, when it is about one name.
    pub(super) fn found_below(&self, words: &[Field], root: &Field) -> Option<Vec<Field>> {
        let texts: Vec<&str> = words.iter().map(|word| word.text().unwrap_or("-o")).collect();
        if let Some(found) = self.found_by_path(&texts, root) {
            return Some(found);
        }
        let at = texts
            .iter()
            .enumerate()
            .position(|(at, text)| {
                matches!(*text, "-name" | "-iname")
                    && !(at > 0 && matches!(texts.get(at - 1), Some(&"!" | &"-not")))
            })
            .filter(|at| !branches(&texts) && !acts_before(&texts, *at))?;
        let (name, root) = (*texts.get(at + 1)?, root.text()?);
        if name.contains('/') || self.remote {
            return None;
        }
        let stem = if root == "/" { "" } else { root.trim_end_matches('/') };
        let pattern = |arg: String| vec![Field { arg: Arg::Glob(arg), ..Field::known("") }];
        let literal = !name.contains(['*', '?', '[', '\\']);
        if !literal && telling(name) < TELLING {
            return None;
        }
        let anywhere = || pattern(format!("{stem}/**/{name}"));
        let [dir] = self.state.dirs.as_slice() else { return Some(anywhere()) };
        let Entries::All(entries) = self.context.facts.entries(&absolute(root, dir, None), true, ENTRIES)
        else {
            return Some(anywhere());
        };
        let mut hits: Vec<&str> = Vec::new();
        for entry in &entries {
            let ends = entry.match_indices('/').map(|(at, _)| at).chain([entry.len()]);
            for path in ends.filter_map(|end| entry.get(..end)) {
                if hits.last() != Some(&path) && holds_for(&texts, &format!("{stem}/{path}")) {
                    hits.push(path);
                }
            }
        }
        if hits.is_empty() {
            return Some(if literal { anywhere() } else { pattern(format!("{stem}/{name}")) });
        }
        if hits.len() > HITS {
            return Some(anywhere());
        }
        Some(hits.into_iter().map(|hit| Field::known(format!("{stem}/{hit}"))).collect())
    }
}
