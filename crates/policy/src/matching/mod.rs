//! Which pattern matches what. Written down for readers in `docs/src/policy/specification.md`.

pub(crate) mod command;
pub(crate) mod conditions;
pub(crate) mod context;
pub(crate) mod expand;
pub(crate) mod glob;
pub(crate) mod host;
pub(crate) mod intersect;
pub(crate) mod needs;
pub(crate) mod path;
pub(crate) mod regex;
pub(crate) mod segments;
pub(crate) mod text;
pub(crate) mod tier;
mod tree;
pub(crate) mod words;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use placet_model::{Action, Entries};

use crate::Situation;

/// How far a condition holds. Ordered: the weakest of several is their conjunction, the strongest their
/// disjunction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    /// It does not.
    No,
    /// It may; what would tell is unknown.
    Possible,
    /// It does.
    Yes,
}

impl From<bool> for Match {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// What was looked up during one decision, so that it is looked up once.
#[derive(Default)]
pub(crate) struct Scratch {
    regexes: RefCell<Vec<(usize, Option<Rc<regex_lite::Regex>>)>>,
    listings: RefCell<Vec<(String, bool, Rc<Entries>)>>,
    real_roots: [OnceCell<Option<String>>; 3],
}

/// A directory of the call that paths are seen from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Root {
    Project,
    Home,
    Cwd,
}

impl Scratch {
    /// The directory without links, when that is another path.
    fn real(&self, situation: &Situation<'_>, root: Root) -> Option<&str> {
        let [project, home, cwd] = &self.real_roots;
        let (cell, path) = match root {
            Root::Project => (project, Some(situation.project)),
            Root::Home => (home, situation.home),
            Root::Cwd => (cwd, Some(situation.cwd)),
        };
        let look = || path.and_then(|path| situation.facts.canonical(path).filter(|real| real != path));
        cell.get_or_init(look).as_deref()
    }

    /// The expression, which is known by where it stands: one decision uses one set.
    fn regex(&self, text: &str) -> Option<Rc<regex_lite::Regex>> {
        let id = text.as_ptr().addr();
        if let Some((_, regex)) = self.regexes.borrow().iter().find(|(known, _)| *known == id) {
            return regex.clone();
        }
        let compiled = regex::compile(text).ok().map(Rc::new);
        self.regexes.borrow_mut().push((id, compiled.clone()));
        compiled
    }

    /// Entries of a directory.
    fn entries(&self, situation: &Situation<'_>, path: &str, deep: bool) -> Rc<Entries> {
        if let Some((_, _, entries)) =
            self.listings.borrow().iter().find(|(known, depth, _)| known == path && *depth == deep)
        {
            return Rc::clone(entries);
        }
        let entries = Rc::new(situation.facts.entries(path, deep, ENTRIES_MAX));
        self.listings.borrow_mut().push((path.to_owned(), deep, Rc::clone(&entries)));
        entries
    }
}

/// Most entries of a directory or tree that are looked at.
const ENTRIES_MAX: usize = 50_000;

/// What conditions are compared with, and how.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'s> {
    pub(crate) situation: &'s Situation<'s>,
    pub(crate) action: &'s Action,
    pub(crate) scratch: &'s Scratch,
    /// Strict: certainty is needed (allow rules, `unless` of others). Else any doubt counts.
    pub(crate) strict: bool,
    /// For deny and ask rules: entries of a tree for which this holds do not count as hits.
    pub(crate) spared: Option<crate::set::Cursor<'s>>,
}
