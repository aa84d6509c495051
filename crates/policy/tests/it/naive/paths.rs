//! Conditions on paths (section 5.3).

use placet_model::path::Base;
use placet_model::{Entries, EntryKind, PathCertainty, PathRef, Reach};
use placet_policy::Situation;

use super::glob::{self, Case};
use super::meets;
use super::patterns::{Anchor, Pattern, goes_below, patterns, segments};
use super::sure::{Reading, Sure};

const MOST_ENTRIES: usize = 50_000;

/// One way to name the path.
struct Form {
    absolute: Vec<String>,
    relative: Option<Vec<String>>,
}

/// Asks about one path; `excepted` says whether the rule's `unless` holds strictly for an entry of a tree.
pub(crate) struct Asked<'a> {
    pub(crate) situation: &'a Situation<'a>,
    pub(crate) path: &'a PathRef,
    pub(crate) reading: Reading,
    pub(crate) excepted: &'a dyn Fn(&PathRef) -> bool,
}

impl Asked<'_> {
    fn base(&self) -> Base<'_> {
        Base { cwd: self.situation.cwd, project: self.situation.project, home: self.situation.home }
    }

    /// The directory itself and where its links lead.
    fn both(&self, directory: &str) -> Vec<Vec<String>> {
        let real = self.situation.facts.canonical(directory);
        [Some(directory.to_owned()), real].into_iter().flatten().map(|path| segments(&path)).collect()
    }

    /// Without a known home both `~` of a path and of a pattern stand for `/~`.
    fn home(&self) -> &str {
        self.situation.home.unwrap_or("/~")
    }

    /// Where a pattern starts: the directory below which the form is seen, or the one it names.
    fn anchor(&self, form: &Form, anchor: Anchor) -> Vec<String> {
        if let Some(seen) = self.seen(form, anchor) {
            return form.absolute[..form.absolute.len() - seen.len()].to_vec();
        }
        match anchor {
            Anchor::Root => Vec::new(),
            Anchor::Project => segments(self.situation.project),
            Anchor::Home => segments(self.home()),
        }
    }

    fn forms(&self) -> Vec<Form> {
        let path = self.path;
        let form = |absolute: &str, relative: Option<&String>| Form {
            absolute: segments(absolute),
            relative: relative.map(|relative| segments(relative)),
        };
        let resolved =
            path.resolved.as_deref().map(|resolved| form(resolved, path.resolved_relative.as_ref()));
        [Some(form(&path.absolute, path.relative.as_ref())), resolved].into_iter().flatten().collect()
    }

    /// The segments of the form that a pattern of that anchor is compared with.
    fn seen(&self, form: &Form, anchor: Anchor) -> Option<Vec<String>> {
        match anchor {
            Anchor::Root => Some(form.absolute.clone()),
            Anchor::Project => form.relative.clone(),
            Anchor::Home => {
                let homes = self.both(self.home());
                homes
                    .iter()
                    .find_map(|home| form.absolute.strip_prefix(home.as_slice()))
                    .map(<[String]>::to_vec)
            }
        }
    }

    fn form_matches(&self, form: &Form, pattern: &Pattern) -> bool {
        self.seen(form, pattern.anchor).is_some_and(|seen| pattern.matches(&seen, self.reading))
    }

    /// `matches`, and what `startsWith` and `contains` of `resource:` become.
    pub(crate) fn matches(&self, written: &[String]) -> Sure {
        let patterns: Vec<Pattern> = written.iter().flat_map(|text| patterns(text, self.reading)).collect();
        if self.reading.strict() {
            Sure::from(self.strictly(&patterns))
        } else {
            Sure::any(patterns.iter().map(|pattern| self.loosely(pattern)))
        }
    }

    fn strictly(&self, patterns: &[Pattern]) -> bool {
        let every_form = |fits: &dyn Fn(&Pattern) -> bool| {
            let fitting = |form: &Form| {
                patterns.iter().any(|pattern| fits(pattern) && self.form_matches(form, pattern))
            };
            self.forms().iter().all(fitting)
        };
        match (self.path.certainty, self.path.reach) {
            (PathCertainty::Exact, Reach::Entry) => every_form(&|_| true),
            (PathCertainty::Exact, Reach::Tree) | (PathCertainty::Under, _) => {
                every_form(&Pattern::ends_in_all)
            }
            (PathCertainty::Glob, _) => self.covered(patterns) && self.linked_expansion_matches(patterns),
            (PathCertainty::Unknown, _) => patterns.iter().any(|pattern| {
                pattern.anchor == Anchor::Root
                    && pattern.ends_in_all()
                    && pattern.segments.iter().all(|segment| segment == "**")
            }),
        }
    }

    fn covered(&self, patterns: &[Pattern]) -> bool {
        let form = &self.forms()[0];
        patterns.iter().any(|pattern| {
            self.seen(form, pattern.anchor).is_some_and(|mut seen| {
                if self.path.reach == Reach::Tree {
                    seen.push("**".to_owned());
                }
                meets::covers(&pattern.segments, &seen)
            })
        })
    }

    fn linked_expansion_matches(&self, patterns: &[Pattern]) -> bool {
        let fits = |path: &PathRef| path.resolved.is_none() || Asked { path, ..*self }.strictly(patterns);
        self.expansion().is_some_and(|expansion| expansion.iter().all(fits))
    }

    fn loosely(&self, pattern: &Pattern) -> Sure {
        let itself = || self.forms().iter().any(|form| self.form_matches(form, pattern));
        match (self.path.certainty, self.path.reach) {
            (PathCertainty::Exact, Reach::Entry) => Sure::from(itself()),
            (PathCertainty::Exact, Reach::Tree) if itself() => Sure::Yes,
            (PathCertainty::Exact, Reach::Tree) => self.below(pattern),
            (PathCertainty::Under, _) if itself() => Sure::Yes,
            (PathCertainty::Under, _) => Sure::possible_if(self.can_match_below(pattern)),
            (PathCertainty::Glob, _) => self.glob_loosely(pattern),
            (PathCertainty::Unknown, _) => Sure::Possible,
        }
    }

    fn glob_loosely(&self, pattern: &Pattern) -> Sure {
        let form = &self.forms()[0];
        let mut wanted = self.anchor(form, pattern.anchor);
        let literal = wanted.len();
        wanted.extend(pattern.segments.iter().cloned());
        for name in &mut wanted[..literal] {
            *name = glob::escaped(name);
        }
        let own = &form.absolute;
        if meets::covers_below(&wanted, own) {
            return Sure::Yes;
        }
        match self.expansion() {
            Some(paths) if paths.is_empty() => self.as_exact(&self.path.absolute, pattern),
            Some(paths) => Sure::any(paths.iter().map(|path| Asked { path, ..*self }.loosely(pattern))),
            None if meets::specifically(&wanted, own) => Sure::Yes,
            None => Sure::possible_if(meets::at_all(&wanted, own)),
        }
    }

    fn as_exact(&self, path: &str, pattern: &Pattern) -> Sure {
        let path =
            PathRef::new(path, PathCertainty::Exact, self.path.reach, self.base(), self.situation.facts);
        Asked { path: &path, ..*self }.loosely(pattern)
    }

    fn can_match_below(&self, pattern: &Pattern) -> bool {
        self.forms().iter().any(|form| self.can_go_below(form, pattern))
    }

    fn can_go_below(&self, form: &Form, pattern: &Pattern) -> bool {
        match self.seen(form, pattern.anchor) {
            Some(seen) => goes_below(&pattern.segments, &seen),
            None => self.anchor(form, pattern.anchor).starts_with(&form.absolute),
        }
    }

    /// *Tree, loose.*
    fn below(&self, pattern: &Pattern) -> Sure {
        Sure::any(self.forms().iter().map(|form| self.below_form(form, pattern)))
    }

    fn below_form(&self, form: &Form, pattern: &Pattern) -> Sure {
        let facts = self.situation.facts;
        if !self.can_go_below(form, pattern) {
            return Sure::No;
        }
        let mut start = self.anchor(form, pattern.anchor);
        let literal = pattern.segments.iter().take_while(|segment| !glob::wild(segment));
        start.extend(literal.map(|segment| glob::plain(segment)));
        let deeper = start.len() > form.absolute.len() && start.starts_with(&form.absolute);
        let start = if deeper { start } else { form.absolute.clone() };
        let place = format!("/{}", start.join("/"));
        match facts.kind(&place) {
            None => return Sure::No,
            Some(_) if deeper && self.hit(form, &start, pattern) => return Sure::Yes,
            Some(EntryKind::Directory) => {}
            Some(_) => return Sure::No,
        }
        match facts.entries(&place, true, MOST_ENTRIES) {
            Entries::All(names) => Sure::from(names.iter().any(|name| {
                let entry: Vec<String> = start.iter().cloned().chain(segments(name)).collect();
                self.hit(form, &entry, pattern)
            })),
            Entries::TooMany | Entries::Unknown => Sure::Possible,
        }
    }

    /// Whether an entry below a form of the path is matched, its links not followed, and not excepted.
    fn hit(&self, form: &Form, entry: &[String], pattern: &Pattern) -> bool {
        let anchor = self.anchor(form, pattern.anchor);
        let seen = entry.strip_prefix(anchor.as_slice());
        let named = format!("{}/{}", self.path.absolute, entry[form.absolute.len()..].join("/"));
        let named =
            PathRef::new(&named, PathCertainty::Exact, Reach::Entry, self.base(), self.situation.facts);
        seen.is_some_and(|seen| pattern.matches(seen, self.reading)) && !(self.excepted)(&named)
    }

    /// What a pathname pattern stands for; `None` when that cannot be found out.
    fn expansion(&self) -> Option<Vec<PathRef>> {
        let facts = self.situation.facts;
        let mut paths = vec![String::new()];
        for segment in segments(&self.path.absolute) {
            if segment == "**" && !self.reading.strict() {
                return None;
            }
            let mut next = Vec::new();
            for path in &paths {
                next.extend(self.step(path, &segment)?);
            }
            paths = next;
        }
        let exact =
            |path: &String| PathRef::new(path, PathCertainty::Exact, self.path.reach, self.base(), facts);
        Some(paths.iter().map(exact).collect())
    }

    fn step(&self, path: &str, segment: &str) -> Option<Vec<String>> {
        let facts = self.situation.facts;
        if !glob::wild(segment) {
            return Some(vec![join(path, &glob::plain(segment))]);
        }
        if matches!(facts.kind(path), Some(EntryKind::File | EntryKind::Special)) {
            return Some(Vec::new());
        }
        let fits = |name: &String| {
            let hidden = name.starts_with('.') && glob::starts_wild(segment);
            !hidden && glob::text(segment, name, Case::Counts)
        };
        match facts.entries(if path.is_empty() { "/" } else { path }, false, MOST_ENTRIES) {
            Entries::All(names) => {
                Some(names.iter().filter(|name| fits(name)).map(|name| join(path, name)).collect())
            }
            Entries::Unknown if self.reading.strict() || self.missing(path) => Some(Vec::new()),
            Entries::TooMany | Entries::Unknown => None,
        }
    }

    /// The nearest directory above that can be listed does not have it.
    fn missing(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        for at in (0..parts.len()).rev() {
            let parent = format!("/{}", parts[..at].join("/"));
            match self.situation.facts.entries(&parent, false, MOST_ENTRIES) {
                Entries::All(names) => return !names.iter().any(|name| name.eq_ignore_ascii_case(parts[at])),
                Entries::TooMany => return false,
                Entries::Unknown => {}
            }
        }
        false
    }

    /// `regex` of `resource:`.
    pub(crate) fn regex(&self, regexes: &[String]) -> Sure {
        let regexes: Vec<_> = regexes.iter().map(|text| regex_lite::Regex::new(text).unwrap()).collect();
        Sure::any(regexes.iter().map(|regex| self.one_regex(regex)))
    }

    fn one_regex(&self, regex: &regex_lite::Regex) -> Sure {
        let path = self.path;
        let found = |spelling: Option<&str>| spelling.is_some_and(|text| regex.is_match(text));
        let lexical = found(Some(&path.absolute)) || found(path.relative.as_deref());
        let resolved = found(path.resolved.as_deref()) || found(path.resolved_relative.as_deref());
        if self.reading.strict() {
            let single = path.certainty == PathCertainty::Exact && path.reach == Reach::Entry;
            return Sure::from(single && lexical && (resolved || path.resolved.is_none()));
        }
        match path.certainty {
            PathCertainty::Unknown => Sure::Possible,
            _ if lexical || resolved => Sure::Yes,
            PathCertainty::Exact => Sure::No,
            PathCertainty::Under => Sure::Possible,
            PathCertainty::Glob => match self.expansion() {
                None => Sure::Possible,
                Some(paths) => Sure::any(paths.iter().map(|path| Asked { path, ..*self }.one_regex(regex))),
            },
        }
    }

    /// `inside` and `outside`.
    pub(crate) fn place(&self, key: &str, area: &str) -> Sure {
        let roots: Vec<Vec<String>> = match area {
            "project" => self.both(self.situation.project),
            "cwd" => self.both(self.situation.cwd),
            "home" => match self.situation.home {
                None => return self.reading.doubt(),
                Some(home) => self.both(home),
            },
            _ => ["/tmp", "/var/tmp", "/private/tmp", "/private/var/tmp"].map(segments).to_vec(),
        };
        if self.path.certainty == PathCertainty::Unknown {
            return self.reading.doubt();
        }
        let each = self.forms().into_iter().map(|form| self.form_place(key, &form, &roots));
        if self.reading.strict() { Sure::all(each) } else { Sure::any(each) }
    }

    fn form_place(&self, key: &str, form: &Form, roots: &[Vec<String>]) -> Sure {
        let path = self.path;
        let mut at = form.absolute.clone();
        if path.certainty == PathCertainty::Glob {
            at = at.into_iter().take_while(|segment| !glob::wild(segment)).collect();
        }
        let wide = path.reach == Reach::Tree || path.certainty != PathCertainty::Exact;
        if roots.iter().any(|root| at.starts_with(root)) {
            Sure::from(key == "inside")
        } else if !(wide && roots.iter().any(|root| root.starts_with(&at))) {
            Sure::from(key == "outside")
        } else if self.reading.strict() {
            Sure::No
        } else if path.certainty == PathCertainty::Exact {
            Sure::Yes
        } else {
            Sure::Possible
        }
    }
}

fn join(directory: &str, name: &str) -> String {
    format!("{}/{name}", directory.trim_end_matches('/'))
}
