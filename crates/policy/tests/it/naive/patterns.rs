//! Path patterns (section 5.3) as they are written, and one path at a time against them.

use super::glob::{self, Case};
use super::sure::Reading;

/// Values for `${name}` in path patterns.
pub(crate) const VARIABLES: [(&str, &[&str]); 2] = [
    ("placet.state", &["/home/dev/.local/state/placet", "/var/placet"]),
    ("placet.binary", &["/usr/local/bin/placet"]),
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Root,
    Project,
    Home,
}

#[derive(Clone)]
pub(crate) struct Pattern {
    pub(crate) anchor: Anchor,
    pub(crate) segments: Vec<String>,
}

pub(crate) fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
}

/// The patterns that a written one stands for.
pub(crate) fn patterns(written: &str, reading: Reading) -> Vec<Pattern> {
    let mut texts = vec![written.to_owned()];
    for (name, values) in VARIABLES {
        let name = format!("${{{name}}}");
        texts = texts
            .into_iter()
            .flat_map(|text| {
                let found = text.contains(&name);
                let each = |value: &&str| text.replace(&name, value);
                if found { values.iter().map(each).collect() } else { vec![text] }
            })
            .collect();
    }
    texts.iter().flat_map(|text| glob::braces(text)).map(|text| pattern(&text, reading)).collect()
}

fn pattern(text: &str, reading: Reading) -> Pattern {
    let home = ["~", "$HOME", "${HOME}"].into_iter().find_map(|start| text.strip_prefix(start));
    let home = home.filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let slash_inside = text.trim_end_matches('/').contains('/');
    let (anchor, rest) = if let Some(rest) = home {
        (Anchor::Home, rest.to_owned())
    } else if text.starts_with('/') || text.starts_with("**/") || text == "**" {
        (Anchor::Root, text.to_owned())
    } else if text == "." || text.starts_with("./") || reading.strict() || slash_inside {
        (Anchor::Project, text.to_owned())
    } else {
        (Anchor::Root, format!("**/{text}"))
    };
    let mut segments = segments(&rest);
    if text.ends_with('/') && !segments.is_empty() {
        segments.push("**".to_owned());
    }
    Pattern { anchor, segments }
}

impl Pattern {
    /// Whether it reaches everything below what it names.
    pub(crate) fn ends_in_all(&self) -> bool {
        self.segments.last().is_some_and(|last| last == "**")
    }

    /// The pattern, and everything below what it names.
    fn and_below(&self) -> Vec<String> {
        self.segments.iter().cloned().chain(["**".to_owned()]).collect()
    }

    pub(crate) fn matches(&self, on: &[String], reading: Reading) -> bool {
        if reading.strict() {
            run(&self.segments, on, Case::Counts)
        } else {
            run(&self.and_below(), on, Case::Apart)
        }
    }
}

fn run(pattern: &[String], path: &[String], case: Case) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((first, others)), rest) if first == "**" => {
            run(others, path, case) || rest.is_some_and(|(_, rest)| run(pattern, rest, case))
        }
        (Some(_), None) => false,
        (Some((first, others)), Some((name, rest))) => {
            glob::text(first, name, case) && run(others, rest, case)
        }
    }
}

/// Whether the pattern can match something below the path.
pub(crate) fn goes_below(pattern: &[String], path: &[String]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, _) => true,
        (Some((first, _)), _) if first == "**" => true,
        (Some(_), None) => true,
        (Some((first, others)), Some((name, rest))) => {
            glob::text(first, name, Case::Apart) && goes_below(others, rest)
        }
    }
}
