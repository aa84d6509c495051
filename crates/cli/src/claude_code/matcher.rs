//! Which tools a hook group's `matcher` reaches, read the way the host reads it.

use regex_lite::Regex;

/// Tools of a default installation, and one of an MCP server.
const TOOLS: [&str; 11] = [
    "Bash",
    "Read",
    "Write",
    "Edit",
    "NotebookEdit",
    "WebFetch",
    "WebSearch",
    "Task",
    "Glob",
    "Grep",
    "mcp__server__tool",
];

/// Tools through which something can be changed, run or sent: a gate that leaves one out is open.
const DANGEROUS: [&str; 6] = ["Bash", "Write", "Edit", "NotebookEdit", "WebFetch", "mcp__server__tool"];

/// What a matcher reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Every tool.
    All,
    /// Some; the dangerous ones left out are named.
    Some {
        /// Dangerous tools it does not reach.
        missed: Vec<&'static str>,
    },
    /// No tool the host has.
    Nothing,
    /// A pattern that could not be read here.
    Unclear,
}

/// Reads a matcher.
///
/// Absent, empty and `*` are everything. Letters, digits, `_ - | ,` and blanks alone make a list of exact
/// names; anything else is a regular expression searched for in the name.
pub(crate) fn reached(matcher: Option<&str>) -> Reached {
    let matcher = match matcher {
        None | Some("" | "*") => return Reached::All,
        Some(matcher) => matcher,
    };
    let is_list =
        matcher.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '|' | ',' | ' '));
    let hits: Box<dyn Fn(&str) -> bool> = if is_list {
        let names: Vec<&str> = matcher.split(['|', ',']).map(str::trim).collect();
        // An MCP tool named in full is a choice of its own; whether that server exists is not known here.
        if names.iter().any(|name| name.starts_with("mcp__") && name.matches("__").count() >= 2) {
            let missed = DANGEROUS.into_iter().filter(|tool| !names.contains(tool)).collect();
            return Reached::Some { missed };
        }
        Box::new(move |tool| names.contains(&tool) || (tool == "Task" && names.contains(&"Agent")))
    } else {
        match Regex::new(matcher) {
            Ok(pattern) => Box::new(move |tool| pattern.is_match(tool)),
            Err(_) => return Reached::Unclear,
        }
    };
    if TOOLS.iter().all(|tool| hits(tool)) {
        Reached::All
    } else if TOOLS.iter().any(|tool| hits(tool)) || matcher.contains("mcp__") && !is_list {
        Reached::Some { missed: DANGEROUS.into_iter().filter(|tool| !hits(tool)).collect() }
    } else {
        Reached::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_host_reads_them() {
        let nothing = ["bash", "Ba", "mcp__srv", "Bash(git *)", "exec", "read,write", "^bash$"];
        for matcher in nothing {
            assert_eq!(reached(Some(matcher)), Reached::Nothing, "{matcher}");
        }
        for matcher in [None, Some(""), Some("*"), Some(".*"), Some("^")] {
            assert_eq!(reached(matcher), Reached::All, "{matcher:?}");
        }
        let missed = |matcher| match reached(Some(matcher)) {
            Reached::Some { missed } => missed,
            other => panic!("{matcher}: {other:?}"),
        };
        assert_eq!(missed("Bash, Write"), ["Edit", "NotebookEdit", "WebFetch", "mcp__server__tool"]);
        assert_eq!(missed("as."), ["Write", "Edit", "NotebookEdit", "WebFetch", "mcp__server__tool"]);
        assert_eq!(missed("Bash|Write|Edit|NotebookEdit|WebFetch|mcp__.*"), [""; 0]);
        assert_eq!(reached(Some("(")), Reached::Unclear);
    }
}
