//! Words as paths.

use std::rc::Rc;

use placet_model::path::{Base, through_links};
use placet_model::{Arg, PathCertainty, PathRef, Reach};

use super::Machine;
use super::value::Field;

/// Devices and the like that reading or writing does nothing to.
pub(super) fn is_harmless(path: &str) -> bool {
    matches!(
        path,
        "/dev/null"
            | "/dev/stdout"
            | "/dev/stderr"
            | "/dev/stdin"
            | "/dev/tty"
            | "/dev/zero"
            | "/dev/full"
            | "/dev/random"
            | "/dev/urandom"
    ) || path.starts_with("/dev/fd/")
}

/// How a word is shown: unknown stretches as an ellipsis.
pub(super) fn shown(arg: &Arg) -> String {
    match arg {
        Arg::Known(text) | Arg::Glob(text) => text.clone(),
        Arg::Partly { prefix, suffix } => format!("{prefix}…{suffix}"),
    }
}

/// The pattern with a dot in place of the wildcard, or in front of it, at the beginning of a segment.
fn with_dots(pattern: &str) -> Vec<String> {
    let segments: Vec<&str> = pattern.split('/').collect();
    let dotted = |segment: &str| match segment.chars().next() {
        Some('*') => Some(format!(".{segment}")),
        Some('?') => segment.get(1..).map(|rest| format!(".{rest}")),
        Some('[') => segment.split_once(']').map(|(_, rest)| format!(".{rest}")),
        _ => None,
    };
    let with = |at: usize| {
        let other = segments.get(at).and_then(|segment| dotted(segment))?;
        let mut segments: Vec<&str> = segments.clone();
        if let Some(segment) = segments.get_mut(at) {
            *segment = &other;
        }
        Some(segments.join("/"))
    };
    (0..segments.len()).filter_map(with).collect()
}

impl Machine<'_> {
    /// The files a word may denote, one for every directory the shell may be in.
    pub(super) fn paths(&self, field: &Field, reach: Reach, dirs: &[Rc<str>]) -> Vec<PathRef> {
        let mut paths = self.plain_paths(field, reach, dirs);
        // `/proc/$PID/environ`: whatever stands there, one of the files that this pattern finds.
        if let Arg::Partly { prefix, suffix } = &field.arg
            && prefix.starts_with('/')
            && prefix.ends_with('/')
            && suffix.len() > 1
            && suffix.starts_with('/')
            && !suffix.contains(['*', '?', '[', '\\'])
            && !prefix.contains(['*', '?', '[', '\\'])
        {
            let certainty = PathCertainty::Glob;
            let raw = shown(&field.arg);
            paths.extend(self.resolved(&format!("{prefix}*{suffix}"), &raw, certainty, reach, "/"));
        }
        if let Arg::Glob(pattern) = &field.arg
            && self.memory.dotted
        {
            for other in with_dots(pattern) {
                paths.extend(self.plain_paths(
                    &Field { arg: Arg::Glob(other), ..field.clone() },
                    reach,
                    dirs,
                ));
            }
        }
        // Databases take paths as addresses: `file:a.db?mode=ro`.
        if let Some(text) = field.text().and_then(|text| text.strip_prefix("file:")) {
            let text = text.split('?').next().unwrap_or(text);
            let text = text.strip_prefix("//").filter(|rest| rest.starts_with('/')).unwrap_or(text);
            if !text.is_empty() {
                paths.extend(self.plain_paths(&Field::known(text), reach, dirs));
            }
        }
        paths
    }

    fn plain_paths(&self, field: &Field, reach: Reach, dirs: &[Rc<str>]) -> Vec<PathRef> {
        let raw = shown(&field.arg);
        let (text, certainty) = match &field.arg {
            Arg::Known(text) if text.is_empty() || is_harmless(text) => return Vec::new(),
            Arg::Known(text) => (text.as_str(), PathCertainty::Exact),
            Arg::Glob(pattern) => (pattern.as_str(), PathCertainty::Glob),
            Arg::Partly { prefix, .. } if field.safe => {
                let end = prefix.rfind('/').map_or(0, |at| at + 1);
                (prefix.get(..end).filter(|dir| !dir.is_empty()).unwrap_or("."), PathCertainty::Under)
            }
            Arg::Partly { .. } => return vec![PathRef::unknown(&raw, reach)],
        };
        if text.starts_with('/') {
            return self.resolved(text, &raw, certainty, reach, "/");
        }
        if dirs.is_empty() {
            return vec![PathRef::unknown(&raw, reach)];
        }
        dirs.iter().flat_map(|dir| self.resolved(text, &raw, certainty, reach, dir)).collect()
    }

    fn resolved(
        &self,
        text: &str,
        raw: &str,
        certainty: PathCertainty,
        reach: Reach,
        dir: &str,
    ) -> Vec<PathRef> {
        let base = Base { cwd: dir, project: self.context.project, home: None };
        // A quoted `~` is a name like any other.
        let quoted;
        let text = if text.starts_with('~') && !(text == "~" || text.starts_with("~/"))
            || (text.starts_with('~') && self.context.home.is_some())
        {
            quoted = format!("./{text}");
            &quoted
        } else {
            text
        };
        let mut path = PathRef::new(text, certainty, reach, base, self.context.facts);
        path.raw = raw.to_owned();
        let mut paths = vec![path];
        let lies = paths.first().map_or("", |path| path.absolute.as_str());
        let behind = [self.memory.behind_link(lies), self.behind_copy(lies)];
        for behind in behind.into_iter().flatten() {
            let mut other = PathRef::new(&behind, certainty, reach, base, self.context.facts);
            other.raw = raw.to_owned();
            paths.push(other);
        }
        if let Some(physical) = through_links(text, base, self.context.facts) {
            let mut other = PathRef::new(&physical, certainty, reach, base, self.context.facts);
            if paths.iter().all(|path| path.absolute != other.absolute) {
                other.raw = raw.to_owned();
                paths.push(other);
            }
        }
        paths
    }
}
