//! Where the pattern of a file search can reach.

/// The reach of a search pattern, relative to the directory it starts in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GlobReach {
    /// Below this path (relative or absolute; empty for the start itself).
    Below(String),
    /// Anywhere: the pattern can leave its start in a way that is not followed here.
    Anywhere,
}

/// Takes the literal components in front of the first one with a pattern character. Behind it, `..` or a
/// brace alternative that starts a path anew could lead anywhere.
pub(super) fn reach(pattern: &str) -> GlobReach {
    let mut literal: Vec<&str> = Vec::new();
    let mut parts = pattern.split('/');
    let mut special = false;
    for part in parts.by_ref() {
        if part.contains(['*', '?', '[', ']', '{', '}', '\\', '!', '(', ')', '@', '+']) {
            special = true;
            break;
        }
        literal.push(part);
    }
    if special {
        let rest = pattern.get(literal.iter().map(|part| part.len() + 1).sum()..).unwrap_or(pattern);
        // A class can spell a dot too; a component of classes and dots alone is not followed.
        let climbs = rest
            .split(['/', '{', ',', '}', '|', '(', ')'])
            .any(|part| part.contains("..") || part.starts_with("[.]"));
        let restarts =
            ["{/", ",/", "{~", ",~", "(/", "|/", "(~", "|~", "\\"].iter().any(|start| rest.contains(start));
        if climbs || restarts {
            return GlobReach::Anywhere;
        }
    }
    GlobReach::Below(if literal == [""] && !pattern.is_empty() { "/".to_owned() } else { literal.join("/") })
}

#[cfg(test)]
mod tests {
    use super::{GlobReach, reach};

    #[test]
    fn reaches() {
        let below = |path: &str| GlobReach::Below(path.to_owned());
        let cases = [
            ("**/*.rs", below("")),
            ("src/**/*.rs", below("src")),
            ("/etc/**", below("/etc")),
            ("/*", below("/")),
            ("../**", below("..")),
            ("~/.ssh/*", below("~/.ssh")),
            ("Cargo.toml", below("Cargo.toml")),
            ("*/../../x", GlobReach::Anywhere),
            ("{/etc,src}/*", GlobReach::Anywhere),
            ("src/{a,b}.rs", below("src")),
            ("[.][.]/x", GlobReach::Anywhere),
            ("", below("")),
        ];
        for (pattern, want) in cases {
            assert_eq!(reach(pattern), want, "{pattern}");
        }
    }
}
