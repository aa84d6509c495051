//! Paths: patterns, areas, reach.

use placet_model::path::Base as PathBase;
use placet_model::{PathCertainty, PathRef, Reach};

use super::intersect::{self, Need};
use super::{Match, Root, Subject, expand, segments, tree};
use crate::set::Cursor;

/// Where `~` stands while the home directory is not known; see `placet_model::path::absolute`.
const NO_HOME: &str = "/~";

/// A path pattern as stored.
#[derive(Clone, Copy)]
pub(crate) struct PathView<'a> {
    base: u32,
    glob: &'a str,
}

/// One spelling of a path: absolute, and relative to the project when inside.
#[derive(Clone, Copy)]
struct Form<'f> {
    absolute: &'f str,
    relative: Option<&'f str>,
}

impl<'a> PathView<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Option<Self> {
        Some(Self { base: cursor.next()?, glob: cursor.string()? })
    }

    /// What of the form the pattern is compared with; `None`: the form lies outside its base.
    fn rest<'f>(&self, subject: &Subject<'_>, form: Form<'f>) -> Option<&'f str> {
        match self.base {
            0 => Some(form.absolute.strip_prefix('/').unwrap_or(form.absolute)),
            1 => form.relative.map(|relative| relative.strip_prefix("./").unwrap_or_default()),
            _ => {
                let home = subject.situation.home.unwrap_or(NO_HOME);
                // The home directory may itself be reached through a link.
                below(form.absolute, home)
                    .or_else(|| below(form.absolute, subject.scratch.real(subject.situation, Root::Home)?))
            }
        }
    }

    /// The pattern at `/`, for comparing with patterns: below the root through which the form is seen.
    fn absolute(&self, subject: &Subject<'_>, form: Form<'_>) -> String {
        let seen = self.rest(subject, form).and_then(|rest| form.absolute.strip_suffix(rest));
        let base = match (self.base, seen) {
            (0, _) => return self.glob.to_owned(),
            (_, Some(root)) => root,
            (1, None) => subject.situation.project,
            (_, None) => subject.situation.home.unwrap_or(NO_HOME),
        };
        let base = super::glob::escape(base.trim_matches('/'));
        match (base.is_empty(), self.glob.is_empty()) {
            (true, _) => self.glob.to_owned(),
            (false, true) => base,
            (false, false) => format!("{base}/{}", self.glob),
        }
    }
}

/// `path` below `root` (or equal to it), without the root and the `/` behind it.
pub(super) fn below<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(root.trim_end_matches('/'))?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// A list of path patterns.
#[derive(Clone, Copy)]
pub(crate) struct Paths<'a>(Cursor<'a>);

impl<'a> Paths<'a> {
    /// Takes the list out of the cursor.
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Option<Self> {
        cursor.section().map(Self)
    }

    fn any(&self, mut test: impl FnMut(PathView<'a>) -> bool) -> Option<bool> {
        let mut cursor = self.0;
        while !cursor.is_empty() {
            if test(PathView::read(&mut cursor)?) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Whether a path matches the list (its patterns are any-of).
    pub(crate) fn matches(&self, subject: &Subject<'_>, path: &PathRef) -> Option<Match> {
        if self.0.is_empty() {
            return Some(Match::No);
        }
        if subject.strict {
            self.strictly(subject, path).map(Match::from)
        } else {
            self.loosely(subject, path)
        }
    }

    /// Every form of everything the path may stand for is matched.
    fn strictly(&self, subject: &Subject<'_>, path: &PathRef) -> Option<bool> {
        if path.certainty == PathCertainty::Unknown {
            return self.any(|view| view.base == 0 && view.glob == "**");
        }
        if path.certainty == PathCertainty::Glob {
            return self.strictly_glob(subject, path);
        }
        let whole = path.reach == Reach::Tree || path.certainty == PathCertainty::Under;
        for form in forms(path).into_iter().flatten() {
            let hit = self.any(|view| {
                view.rest(subject, form).is_some_and(|rest| {
                    if whole {
                        segments::covers_tree(view.glob, rest)
                    } else {
                        segments::matches(view.glob, rest, false, false)
                    }
                })
            })?;
            if !hit {
                return Some(false);
            }
        }
        Some(true)
    }

    fn strictly_glob(&self, subject: &Subject<'_>, path: &PathRef) -> Option<bool> {
        let mut operand = cut(&path.absolute);
        if path.reach == Reach::Tree {
            operand.push("**");
        }
        let form = written(path);
        let covered = self.any(|view| intersect::covers(&operand, &cut(&view.absolute(subject, form))))?;
        if !covered {
            return Some(false);
        }
        // A name that the pattern stands for may be a link to somewhere else.
        let Some(entries) = expand::expand(subject, &path.absolute) else { return Some(false) };
        for entry in entries {
            let entry = exact(subject, &entry, path.reach);
            if entry.resolved.is_some() && !self.strictly(subject, &entry)? {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Some form of something the path may stand for is matched.
    fn loosely(&self, subject: &Subject<'_>, path: &PathRef) -> Option<Match> {
        match path.certainty {
            PathCertainty::Unknown => return Some(Match::Possible),
            PathCertainty::Glob => return self.loosely_glob(subject, path),
            PathCertainty::Exact | PathCertainty::Under => {}
        }
        for form in forms(path).into_iter().flatten() {
            if self.any(|view| {
                view.rest(subject, form).is_some_and(|rest| segments::matches(view.glob, rest, true, true))
            })? {
                return Some(Match::Yes);
            }
        }
        if path.certainty == PathCertainty::Under {
            return self
                .reaches_below(subject, path)
                .map(|reaches| if reaches { Match::Possible } else { Match::No });
        }
        if path.reach == Reach::Tree && self.reaches_below(subject, path)? {
            return self.in_tree(subject, path);
        }
        Some(Match::No)
    }

    /// Whether a pattern can match something below the path.
    fn reaches_below(&self, subject: &Subject<'_>, path: &PathRef) -> Option<bool> {
        for form in forms(path).into_iter().flatten() {
            let place = form.absolute.trim_start_matches('/');
            if self.any(|view| segments::reaches_below(&view.absolute(subject, form), place))? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Looks for a hit among the entries of a tree.
    fn in_tree(&self, subject: &Subject<'_>, path: &PathRef) -> Option<Match> {
        let mut found = Match::No;
        let mut cursor = self.0;
        while !cursor.is_empty() {
            let view = PathView::read(&mut cursor)?;
            found = found.max(view.in_tree(subject, path));
            if found == Match::Yes {
                break;
            }
        }
        Some(found)
    }

    fn loosely_glob(&self, subject: &Subject<'_>, path: &PathRef) -> Option<Match> {
        let operand = cut(&path.absolute);
        let each = |test: &dyn Fn(&[&str], &[&str]) -> bool| {
            self.any(|view| test(&operand, &cut(&view.absolute(subject, written(path)))))
        };
        if each(&|operand, pattern| intersect::covers_below(operand, pattern))? {
            return Some(Match::Yes);
        }
        // What exists says more than the patterns do. A pattern that expands to nothing stands for itself.
        if let Some(mut entries) = expand::expand(subject, &path.absolute) {
            if entries.is_empty() {
                entries.push(path.absolute.clone());
            }
            let mut found = Match::No;
            for entry in entries {
                found = found.max(self.loosely(subject, &exact(subject, &entry, path.reach))?);
            }
            return Some(found);
        }
        if each(&|operand, pattern| intersect::paths(operand, pattern, Need::Specific))? {
            return Some(Match::Yes);
        }
        let meets = each(&|operand, pattern| intersect::paths(operand, pattern, Need::Any))?;
        Some(Match::from(meets).min(Match::Possible))
    }
}

impl PathView<'_> {
    /// Whether the pattern hits something that is known to lie below the path, by any of its names.
    fn in_tree(&self, subject: &Subject<'_>, path: &PathRef) -> Match {
        let each = forms(path)
            .into_iter()
            .flatten()
            .map(|form| tree::search(&self.absolute(subject, form), subject, path, form.absolute));
        each.max().unwrap_or(Match::No)
    }
}

pub(super) fn exact(subject: &Subject<'_>, path: &str, reach: Reach) -> PathRef {
    let situation = subject.situation;
    let base = PathBase { cwd: situation.cwd, project: situation.project, home: situation.home };
    PathRef::new(path, PathCertainty::Exact, reach, base, situation.facts)
}

fn cut(text: &str) -> Vec<&str> {
    text.split('/').filter(|segment| !segment.is_empty()).collect()
}

/// The path as it is written, links not followed.
fn written(path: &PathRef) -> Form<'_> {
    Form { absolute: &path.absolute, relative: path.relative.as_deref() }
}

fn forms(path: &PathRef) -> [Option<Form<'_>>; 2] {
    let first = written(path);
    let second = path
        .resolved
        .as_deref()
        .map(|absolute| Form { absolute, relative: path.resolved_relative.as_deref() });
    [Some(first), second]
}

/// `path:`
pub(crate) fn condition(cursor: &mut Cursor<'_>, subject: &Subject<'_>) -> Option<Match> {
    let placet_model::Resource::Path(path) = &subject.action.resource else { return Some(Match::No) };
    let (inside, outside, reach, given) = (cursor.next()?, cursor.next()?, cursor.next()?, cursor.next()?);
    if reach == 1 && path.reach != Reach::Entry || reach == 2 && path.reach != Reach::Tree {
        return Some(Match::No);
    }
    let mut found = Match::Yes;
    if inside != 0 {
        found = found.min(areas(subject, path, inside, true));
    }
    if outside != 0 {
        found = found.min(areas(subject, path, outside, false));
    }
    if given != 0 && found != Match::No {
        found = found.min(Paths::read(cursor)?.matches(subject, path)?);
    }
    Some(found)
}

/// `inside` or `outside`: any of the areas in the mask.
fn areas(subject: &Subject<'_>, path: &PathRef, mask: u32, inside: bool) -> Match {
    let mut found = Match::No;
    for bit in 0..4 {
        if mask & (1 << bit) != 0 {
            found = found.max(area(subject, path, bit, inside));
        }
    }
    found
}

fn area(subject: &Subject<'_>, path: &PathRef, bit: u32, inside: bool) -> Match {
    if path.certainty == PathCertainty::Unknown {
        return if subject.strict { Match::No } else { Match::Possible };
    }
    let mut each = forms(path).into_iter().flatten().map(|form| relation(subject, path, form, bit));
    let holds = |relation: Relation| match (relation, inside, subject.strict) {
        (Relation::Unknown, _, strict) => {
            if strict {
                Match::No
            } else {
                Match::Possible
            }
        }
        (Relation::Inside, _, _) => Match::from(inside),
        (Relation::Apart, _, _) => Match::from(!inside),
        (Relation::Above { .. }, _, true) => Match::No,
        // A tree around the area touches both what is in it and what is not.
        (Relation::Above { whole: true }, _, false) => Match::Yes,
        (Relation::Above { whole: false }, _, false) => Match::Possible,
    };
    if subject.strict {
        each.map(holds).min().unwrap_or(Match::No)
    } else {
        each.try_fold(Match::No, |found, next| {
            let found = found.max(holds(next));
            if found == Match::Yes { Err(found) } else { Ok(found) }
        })
        .unwrap_or_else(|found| found)
    }
}

/// How what a path stands for lies to an area.
#[derive(Clone, Copy)]
enum Relation {
    Inside,
    Apart,
    /// Part of it may lie inside and part outside; `whole`: both are touched.
    Above {
        whole: bool,
    },
    /// The area itself is not known.
    Unknown,
}

fn relation(subject: &Subject<'_>, path: &PathRef, form: Form<'_>, bit: u32) -> Relation {
    let situation = subject.situation;
    let literal;
    let place = if path.certainty == PathCertainty::Glob {
        literal = format!("/{}", segments::literal_prefix(form.absolute.trim_start_matches('/')));
        literal.as_str()
    } else {
        form.absolute
    };
    let many = path.reach == Reach::Tree || path.certainty != PathCertainty::Exact;
    // An area may itself be reached through a link.
    let named = |path, root| [Some(path), subject.scratch.real(situation, root), None, None];
    let roots = match bit {
        0 if path.certainty == PathCertainty::Exact && form.relative.is_some() => return Relation::Inside,
        0 => named(situation.project, Root::Project),
        1 => match situation.home {
            Some(home) => named(home, Root::Home),
            None => return Relation::Unknown,
        },
        2 => named(situation.cwd, Root::Cwd),
        _ => ["/tmp", "/var/tmp", "/private/tmp", "/private/var/tmp"].map(Some),
    };
    let roots = || roots.iter().flatten();
    if roots().any(|root| below(place, root).is_some()) {
        return Relation::Inside;
    }
    if many && roots().any(|root| below(root, place).is_some()) {
        return Relation::Above {
            whole: path.reach == Reach::Tree && path.certainty == PathCertainty::Exact,
        };
    }
    Relation::Apart
}

/// Texts a regular expression is compared with: every spelling of the path.
pub(crate) fn spellings(path: &PathRef) -> impl Iterator<Item = (bool, &str)> {
    let first = [Some(path.absolute.as_str()), path.relative.as_deref()];
    let second = [path.resolved.as_deref(), path.resolved_relative.as_deref()];
    let tagged =
        first.into_iter().map(|text| (false, text)).chain(second.into_iter().map(|text| (true, text)));
    tagged.filter_map(|(resolved, text)| text.map(|text| (resolved, text)))
}

/// A regular expression against a path.
pub(crate) fn regex(subject: &Subject<'_>, path: &PathRef, hit: &dyn Fn(&str) -> bool) -> Match {
    if subject.strict {
        let certain = path.certainty == PathCertainty::Exact && path.reach == Reach::Entry;
        let form = |resolved: bool| spellings(path).any(|(of, text)| of == resolved && hit(text));
        return Match::from(certain && form(false) && (path.resolved.is_none() || form(true)));
    }
    if path.certainty == PathCertainty::Unknown {
        return Match::Possible;
    }
    if spellings(path).any(|(_, text)| hit(text)) {
        return Match::Yes;
    }
    match path.certainty {
        PathCertainty::Exact => Match::No,
        PathCertainty::Glob => match expand::expand(subject, &path.absolute) {
            Some(entries) => Match::from(
                entries
                    .iter()
                    .any(|entry| spellings(&exact(subject, entry, path.reach)).any(|(_, text)| hit(text))),
            ),
            None => Match::Possible,
        },
        _ => Match::Possible,
    }
}
