//! Paths as resources: lexical resolution and the forms that rules are compared with.

use crate::Facts;

/// A file, or a tree of files, that an action touches.
///
/// Built by [`PathRef::new`], which does the only path resolution in the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRef {
    /// As written, or as evaluated from a shell word.
    pub raw: String,
    /// How much of it is known.
    pub certainty: PathCertainty,
    /// The file itself, or everything below it too.
    pub reach: Reach,
    /// Absolute, without `.`, `..`, `//`. For [`PathCertainty::Glob`] the pattern in that form. Empty when
    /// nothing is known.
    pub absolute: String,
    /// The same with symlinks of the existing part resolved, when it differs from `absolute`.
    pub resolved: Option<String>,
    /// `absolute` relative to the project root, as `./src/a.rs` (`.` for the root); `None` outside of it.
    pub relative: Option<String>,
    /// `resolved` relative to the project root, when `resolved` is set and lies inside.
    pub resolved_relative: Option<String>,
    /// For [`Reach::Tree`]: only files whose path ends in one of these are touched (`grep --include`). Empty: all.
    pub endings: Vec<String>,
}

/// How much of a path is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathCertainty {
    /// All of it.
    Exact,
    /// A pathname pattern.
    Glob,
    /// Somewhere below `absolute`.
    Under,
    /// Nothing.
    Unknown,
}

/// Whether an action touches one entry or a whole tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// The entry itself.
    Entry,
    /// The entry and everything below it.
    Tree,
}

/// Where relative paths start and `~` points.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// Absolute current directory.
    pub cwd: &'a str,
    /// Absolute project root.
    pub project: &'a str,
    /// Absolute home directory, when known.
    pub home: Option<&'a str>,
}

/// Longest path that is resolved, in bytes; four times what a system call takes. A longer one is not known.
const LONGEST: usize = 16 * 1024;

impl PathRef {
    /// Resolves `raw` against `base`. With [`PathCertainty::Glob`] the pattern characters are kept.
    pub fn new(raw: &str, certainty: PathCertainty, reach: Reach, base: Base<'_>, facts: &dyn Facts) -> Self {
        if raw.len() > LONGEST {
            return Self::unknown(raw, reach);
        }
        let absolute = match certainty {
            PathCertainty::Unknown => String::new(),
            _ => absolute(raw, base.cwd, base.home),
        };
        let resolved = match certainty {
            PathCertainty::Exact | PathCertainty::Under if !absolute.is_empty() => facts.canonical(&absolute),
            _ => None,
        };
        let resolved = resolved.filter(|path| *path != absolute);
        // The project root may itself be reached through a symlink (`/tmp` on macOS).
        let root = facts.canonical(base.project);
        let relative = relative_to(&absolute, base.project)
            .or_else(|| relative_to(&absolute, root.as_deref().filter(|root| *root != base.project)?));
        let resolved_relative = resolved.as_deref().and_then(|path| {
            root.as_deref()
                .and_then(|root| relative_to(path, root))
                .or_else(|| relative_to(path, base.project))
        });
        Self {
            raw: raw.to_owned(),
            certainty,
            reach,
            absolute,
            resolved,
            relative,
            resolved_relative,
            endings: Vec::new(),
        }
    }

    /// A path of which nothing is known.
    pub fn unknown(raw: &str, reach: Reach) -> Self {
        Self {
            raw: raw.to_owned(),
            certainty: PathCertainty::Unknown,
            reach,
            absolute: String::new(),
            resolved: None,
            relative: None,
            resolved_relative: None,
            endings: Vec::new(),
        }
    }

    /// Whether every form of the path lies inside the project.
    pub fn inside_project(&self) -> bool {
        match self.certainty {
            PathCertainty::Unknown => false,
            _ => self.relative.is_some() && (self.resolved.is_none() || self.resolved_relative.is_some()),
        }
    }
}

/// How the paths end that a glob on names stands for: `*.rs` gives `.rs`, `Makefile` gives `/Makefile`; with
/// `braces`, `*.{ts,tsx}` gives both. `None` for a glob that says more, or everything.
pub fn endings(glob: &str, braces: bool) -> Option<Vec<String>> {
    let one = |text: &str| {
        let special = |c: char| c.is_whitespace() || "*?[]{},\\!/".contains(c);
        let plain = !text.is_empty() && !text.contains(special);
        plain.then_some(())
    };
    let (star, rest) = match glob.strip_prefix('*') {
        Some(rest) => ("", rest),
        None => ("/", glob),
    };
    let Some((head, tail)) = rest.split_once('{').filter(|_| braces) else {
        return one(rest).map(|()| vec![format!("{star}{rest}")]);
    };
    if !head.is_empty() {
        one(head)?;
    }
    let choices = tail.strip_suffix('}')?.split(',');
    choices.map(|choice| one(choice).map(|()| format!("{star}{head}{choice}"))).collect()
}

/// `path` as an absolute path without `.`, `..` and `//`. `~` and `~/…` are the home directory; `~user` and,
/// without a known home, `~` stay as a component below `/~`, which no rule for ordinary paths allows.
pub fn absolute(path: &str, cwd: &str, home: Option<&str>) -> String {
    let expanded;
    let path = match (path.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            expanded = format!("{home}{rest}");
            &expanded
        }
        (Some(_), _) => {
            expanded = format!("/{path}");
            &expanded
        }
        (None, _) => path,
    };
    let mut parts: Vec<&str> = Vec::new();
    let start = if path.starts_with('/') { "" } else { cwd };
    for part in start.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let mut out = String::with_capacity(path.len() + start.len() + 1);
    for part in parts {
        out.push('/');
        out.push_str(part);
    }
    if out.is_empty() {
        out.push('/');
    }
    out
}

/// Where the kernel ends up with `path` when a `..` of it follows a symlink, which [`absolute`] resolves by the
/// text alone; `None` when there is no `..`. `base` says where it starts.
pub fn through_links(path: &str, base: Base<'_>, facts: &dyn Facts) -> Option<String> {
    if !path.contains("..") {
        return None;
    }
    let mut here = if path.starts_with('/') { String::from("/") } else { base.cwd.to_owned() };
    let mut rest = path;
    if let (Some(home), Some(below)) = (base.home, path.strip_prefix('~'))
        && (below.is_empty() || below.starts_with('/'))
    {
        here = home.to_owned();
        rest = below;
    } else if path.starts_with("..") {
        here = facts.canonical(&here).unwrap_or(here);
    }
    for part in rest.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            here = facts.canonical(&here).unwrap_or(here);
        }
        here = absolute(part, &here, None);
    }
    Some(here)
}

/// `absolute` as `./…` below `root`, `.` for the root itself, `None` outside.
pub fn relative_to(absolute: &str, root: &str) -> Option<String> {
    let root = root.trim_end_matches('/');
    let rest = absolute.strip_prefix(root)?;
    if rest.is_empty() {
        return (!absolute.is_empty()).then(|| ".".to_owned());
    }
    rest.starts_with('/').then(|| format!(".{rest}"))
}

/// The project root that `project` stands for. The root of the machine, the home and what the home lies in are
/// none: else everything a person has would count as inside the project. Then it is [`NO_PROJECT`].
pub fn project_root<'a>(project: &'a str, home: Option<&str>, facts: &dyn Facts) -> &'a str {
    let real = |path: &str| facts.canonical(path).unwrap_or_else(|| absolute(path, "/", None));
    let root = real(project);
    let holds_home = home.is_some_and(|home| {
        relative_to(&real(home), &root).is_some()
            || relative_to(&absolute(home, "/", None), &absolute(project, "/", None)).is_some()
    });
    if root == "/" || absolute(project, "/", None) == "/" || holds_home { NO_PROJECT } else { project }
}

/// A project root that nothing lies in.
pub const NO_PROJECT: &str = "/dev/null";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_of_names() {
        let given = |glob, braces| endings(glob, braces).map(|ends| ends.join(" "));
        assert_eq!(given("*.rs", false).as_deref(), Some(".rs"));
        assert_eq!(given("Makefile", false).as_deref(), Some("/Makefile"));
        assert_eq!(given("*.{ts,tsx}", true).as_deref(), Some(".ts .tsx"));
        for glob in ["*", "*.r?", "src/*.rs", "*.[ch]", "!*.rs", "*.{a,b}", "*.a .b", "*.a,.b", "*\\.rs"] {
            assert_eq!(given(glob, false), None, "{glob}");
        }
        for glob in ["", "*.{a,}", "*{,.rs}", "*.{a,b", "*.{a,{b,c}}"] {
            assert_eq!(given(glob, true), None, "{glob}");
        }
    }

    #[test]
    fn absolute_paths() {
        let cases = [
            ("a", "/p/a"),
            ("./a//b/.", "/p/a/b"),
            ("../x", "/x"),
            ("../../../x", "/x"),
            ("/", "/"),
            ("~", "/home/dev"),
            ("~/.ssh", "/home/dev/.ssh"),
            ("~root/x", "/~root/x"),
            ("", "/p"),
            ("/home/dev/../..", "/"),
            ("a/~", "/p/a/~"),
        ];
        for (raw, want) in cases {
            assert_eq!(absolute(raw, "/p", Some("/home/dev")), want, "{raw}");
        }
    }

    #[test]
    fn relative_paths() {
        assert_eq!(relative_to("/p/a", "/p").as_deref(), Some("./a"));
        assert_eq!(relative_to("/p", "/p/").as_deref(), Some("."));
        assert_eq!(relative_to("/pq", "/p"), None);
        assert_eq!(relative_to("/x", "/").as_deref(), Some("./x"));
        assert_eq!(relative_to("", "/p"), None);
    }

    #[test]
    fn a_link_out_of_the_project_is_not_inside() {
        struct Link;
        impl Facts for Link {
            fn variable(&self, _: &str) -> Option<String> {
                None
            }
            fn canonical(&self, path: &str) -> Option<String> {
                Some(path.replace("/p/link", "/etc"))
            }
            fn kind(&self, _: &str) -> Option<crate::EntryKind> {
                None
            }
            fn text(&self, _: &str, _: usize) -> Option<String> {
                None
            }
            fn entries(&self, _: &str, _: bool, _: usize) -> crate::Entries {
                crate::Entries::Unknown
            }
        }
        let base = Base { cwd: "/p", project: "/p", home: None };
        let path = PathRef::new("link/passwd", PathCertainty::Exact, Reach::Entry, base, &Link);
        assert_eq!(path.resolved.as_deref(), Some("/etc/passwd"));
        assert!(!path.inside_project());
        let path = PathRef::new("src/x", PathCertainty::Exact, Reach::Entry, base, &Link);
        assert!(path.inside_project());
    }
}
