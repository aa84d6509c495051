//! What the text did so far to files that it runs or reaches later: a file it wrote, a link it made, code it
//! brought in. Unlike [`super::state::State`] this outlives subshells, as files do.

use std::rc::Rc;

use placet_model::path::{absolute, relative_to};
use placet_model::{PathCertainty, PathRef, Reach};

use super::options::Parsed;
use super::value::Field;
use super::{Machine, Stdin};

/// Files and links remembered at most; more than any text needs.
const REMEMBERED: usize = 256;

#[derive(Default)]
pub(super) struct Memory {
    written: Vec<(String, Option<Rc<str>>)>,
    links: Vec<(String, String)>,
    /// The same of files whose path is only partly known, by that part (`t=$(mktemp)`).
    partly: Vec<(String, Rc<str>)>,
    /// What was copied or moved with the links in it: where to, where from.
    copies: Vec<(String, String)>,
    /// What was moved: where to, where from. Whoever deletes the one deletes the other.
    moves: Vec<(String, String)>,
    /// Wildcards may stand for a leading dot, too.
    pub(super) dotted: bool,
    /// The text fetched a repository or unpacked an archive.
    pub(super) fetched: bool,
    /// The text put files or links somewhere that may be anything: what lies there later is not known.
    pub(super) placed: bool,
    /// Variables that stand for others (`declare -n r=target`).
    pub(super) references: Vec<(Rc<str>, Rc<str>)>,
    /// Variables that may be arrays, wherever they became so.
    pub(super) arrays: super::declare::Arrays,
    /// Variables that are local to the function that is followed; an empty name if there may be any.
    pub(super) locals: Vec<Rc<str>>,
    /// Variables that were given the value of a secret.
    pub(super) secrets: Vec<Rc<str>>,
    /// The last `find` in front of a pipe takes everything below its roots.
    pub(super) sweep: bool,
    /// The text looked for processes of Placet.
    pub(super) seeks_gate: bool,
    /// The text listed processes.
    pub(super) lists_processes: bool,
    /// Scripts being followed, by path.
    pub(super) open: Vec<String>,
}

impl Memory {
    /// The file was written; what it holds is not known any more.
    pub(super) fn wrote(&mut self, path: &PathRef) {
        if path.certainty != PathCertainty::Exact || path.reach != Reach::Entry {
            return;
        }
        match self.written.iter_mut().find(|(known, _)| *known == path.absolute) {
            Some((_, text)) => *text = None,
            None => {
                if self.written.len() < REMEMBERED {
                    self.written.push((path.absolute.clone(), None));
                }
            }
        }
    }

    /// For [`Memory::restore`].
    pub(super) fn keep(&self) -> Vec<(String, Option<Rc<str>>)> {
        self.written.clone()
    }

    /// The last command left the content of files as it was.
    pub(super) fn restore(&mut self, kept: Vec<(String, Option<Rc<str>>)>) {
        self.written = kept;
    }

    /// For [`Memory::forget_since`].
    pub(super) fn mark(&self) -> usize {
        self.written.len()
    }

    /// What was written since is the project's own code, compiled.
    pub(super) fn forget_since(&mut self, mark: usize) {
        self.written.truncate(mark);
    }

    /// The same for files of these names only.
    pub(super) fn forget_named(&mut self, mark: usize, names: &[&str]) {
        let mut at = 0;
        self.written.retain(|(path, _)| {
            at += 1;
            at <= mark || !path.rsplit('/').next().is_some_and(|name| names.contains(&name))
        });
    }

    /// The file now holds `text`.
    pub(super) fn holds(&mut self, path: &str, text: &str) {
        if let Some((_, known)) = self.written.iter_mut().find(|(known, _)| known == path) {
            *known = Some(Rc::from(text));
        }
    }

    /// A file whose path is only partly known now holds `text`.
    pub(super) fn holds_partly(&mut self, shown: String, text: &str) {
        if self.partly.len() < REMEMBERED {
            self.partly.push((shown, Rc::from(text)));
        }
    }

    /// What this text put last into a file of which the same is known.
    pub(super) fn written_partly(&self, shown: &str) -> Option<Rc<str>> {
        self.partly.iter().rev().find(|(known, _)| known == shown).map(|(_, text)| Rc::clone(text))
    }

    /// Whether this text wrote the file, and what it put there.
    pub(super) fn written(&self, path: &str) -> Option<Option<Rc<str>>> {
        self.written.iter().find(|(known, _)| known == path).map(|(_, text)| text.clone())
    }

    /// Files that this text wrote below `folder`.
    pub(super) fn written_below(&self, folder: &str) -> Vec<String> {
        let below = |path: &&String| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.written.iter().map(|(path, _)| path).filter(below).cloned().collect()
    }

    /// Whether this text wrote a file of one of these names.
    pub(super) fn wrote_named(&self, names: &[&str]) -> bool {
        self.written.iter().any(|(path, _)| path.rsplit('/').next().is_some_and(|name| names.contains(&name)))
    }

    /// `path` with a link of this text followed.
    pub(super) fn behind_link(&self, path: &str) -> Option<String> {
        self.links.iter().rev().find_map(|(link, target)| match relative_to(path, link)?.as_str() {
            "." => Some(target.clone()),
            rest => Some(absolute(rest, target, None)),
        })
    }
}

impl Machine<'_> {
    /// Remembers what a command leaves for later ones.
    pub(super) fn remember(&mut self, name: &str, parsed: &Parsed) {
        let word = |at: usize| parsed.operands.get(at).and_then(Field::text);
        self.memory.placed |= matches!(
            name,
            "cp" | "gcp"
                | "mv"
                | "ln"
                | "rsync"
                | "scp"
                | "install"
                | "tar"
                | "bsdtar"
                | "unzip"
                | "7z"
                | "cpio"
        );
        match name {
            "ln" if parsed.flags.iter().any(|used| used.name() == "symbolic") => {
                let Some(target) = word(0).map(str::to_owned) else { return };
                let name = target.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned();
                let link = word(1).map_or(name.clone(), str::to_owned);
                self.remember_link(&target, &link, &name);
            }
            "mv" | "ln" => {
                self.remember_content(parsed);
                self.remember_copy(parsed);
                if let ("ln", Some(target), Some(link), None) = (name, word(0), word(1), word(2)) {
                    // Another name of the same file.
                    let (target, link) = (target.to_owned(), link.to_owned());
                    let last = target.rsplit('/').next().unwrap_or("").to_owned();
                    if let [dir] = self.state.dirs.clone().as_slice() {
                        self.remember_link(&absolute(&target, dir, None), &link, &last);
                    }
                }
                if name == "mv" {
                    self.remember_move(parsed);
                }
            }
            "bash" => {
                self.memory.dotted |= parsed
                    .flags
                    .iter()
                    .any(|used| used.value.as_ref().is_some_and(|value| value.text() == Some("dotglob")));
            }
            "install" => self.remember_content(parsed),
            // Without one of these the file behind a link is copied.
            "cp" if parsed.flags.iter().any(|used| {
                matches!(used.name(), "archive" | "no-dereference" | "recursive" | "d" | "preserve" | "link")
            }) =>
            {
                self.remember_content(parsed);
                self.remember_copy(parsed);
            }
            "cp" => self.remember_content(parsed),
            "tee" if !parsed.flags.iter().any(|used| used.name() == "append") => {
                let Stdin::Known(text) = self.stdin.clone() else { return };
                for operand in &parsed.operands {
                    for path in self.paths(operand, Reach::Entry, &self.state.dirs) {
                        self.memory.holds(&path.absolute, &text);
                    }
                }
            }
            "git" | "gh" => {
                self.memory.fetched |= parsed.subcommand.last().is_some_and(|word| word == "clone")
            }
            "tar" | "unzip" | "degit" => {
                self.memory.fetched |=
                    name != "tar" || parsed.flags.iter().any(|used| matches!(used.name(), "extract" | "get"))
            }
            _ => {}
        }
    }

    /// A file that is copied or moved holds at its new place what it held before.
    fn remember_content(&mut self, parsed: &Parsed) {
        let [source, target] = parsed.operands.as_slice() else { return };
        let text = match (source.text(), &self.stdin) {
            (Some("/dev/stdin"), Stdin::Known(text)) => Some(Rc::from(text.as_str())),
            (Some("/dev/stdin"), _) | (None, _) => None,
            (Some(_), _) => {
                let paths = self.paths(source, Reach::Entry, &self.state.dirs);
                paths.first().and_then(|path| self.memory.written(&path.absolute)).flatten()
            }
        };
        let Some(text) = text else { return };
        for path in self.paths(target, Reach::Entry, &self.state.dirs) {
            self.memory.holds(&path.absolute, &text);
        }
    }

    fn remember_move(&mut self, parsed: &Parsed) {
        let Some((sources, target)) = from_and_to(parsed) else { return };
        for dir in self.state.dirs.clone() {
            let target = absolute(target, &dir, None);
            for source in &sources {
                if self.memory.moves.len() < REMEMBERED {
                    self.memory.moves.push((target.clone(), absolute(source, &dir, None)));
                }
            }
        }
    }

    /// What was moved to `path`, below it or to a folder above it.
    pub(super) fn moved_to(&self, path: &str) -> Vec<String> {
        let touches = |place: &str| relative_to(path, place).is_some() || relative_to(place, path).is_some();
        self.memory.moves.iter().filter(|(place, _)| touches(place)).map(|(_, from)| from.clone()).collect()
    }

    /// A link that is copied or moved leads on from its new place.
    fn remember_copy(&mut self, parsed: &Parsed) {
        let Some((sources, target)) = from_and_to(parsed) else { return };
        for dir in self.state.dirs.clone() {
            let target = absolute(target, &dir, None);
            for source in &sources {
                let from = absolute(source, &dir, None);
                let name = from.rsplit('/').next().unwrap_or("");
                for place in [target.clone(), absolute(name, &target, None)] {
                    if self.memory.copies.len() < REMEMBERED && place != from {
                        self.memory.copies.push((place, from.clone()));
                    }
                }
            }
        }
    }

    /// Where `path` leads when it, or a folder on the way, was copied or moved here as a link.
    pub(super) fn behind_copy(&self, path: &str) -> Option<String> {
        let facts = self.context.facts;
        self.memory.copies.iter().rev().find_map(|(place, from)| {
            let rest = relative_to(path, place)?;
            let real = facts.canonical(&absolute(&rest, from, None))?;
            let (parent, name) = from.rsplit_once('/')?;
            let parent = facts.canonical(if parent.is_empty() { "/" } else { parent })?;
            (real != absolute(&rest, &absolute(name, &parent, None), None)).then_some(real)
        })
    }

    fn remember_link(&mut self, target: &str, link: &str, name: &str) {
        for dir in self.state.dirs.clone() {
            let mut place = absolute(link, &dir, None);
            if self.context.facts.kind(&place) == Some(placet_model::EntryKind::Directory) {
                place = absolute(name, &place, None);
            }
            let parent = place
                .rsplit_once('/')
                .map_or("/", |(parent, _)| if parent.is_empty() { "/" } else { parent });
            let target = absolute(target, parent, None);
            if self.memory.links.len() < REMEMBERED && target != place {
                self.memory.links.push((place, target));
            }
        }
    }
}

/// Sources and target of a copy or a move, as far as they are known.
fn from_and_to(parsed: &Parsed) -> Option<(Vec<&str>, &str)> {
    let into = parsed.flags.iter().find(|used| used.name() == "target-directory");
    let into = into.and_then(|used| used.value.as_ref()).and_then(Field::text);
    let mut words: Vec<&str> = parsed.operands.iter().filter_map(Field::text).collect();
    let target = into.or_else(|| words.pop())?;
    Some((words, target))
}
