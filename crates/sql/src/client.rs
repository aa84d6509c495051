//! Commands of the database shells themselves: `\dt`, `\copy`, `.tables`, `.shell`.

use crate::effects::{Act, Dialect, Effects};
use crate::statements;

/// Dot commands of SQLite's shell that describe, or change how answers look.
const DOTS: &[&str] = &[
    ".bail",
    ".binary",
    ".changes",
    ".databases",
    ".dbconfig",
    ".dbinfo",
    ".dump",
    ".echo",
    ".eqp",
    ".exit",
    ".explain",
    ".fullschema",
    ".header",
    ".headers",
    ".help",
    ".indexes",
    ".indices",
    ".lint",
    ".limit",
    ".mode",
    ".nullvalue",
    ".print",
    ".prompt",
    ".quit",
    ".schema",
    ".separator",
    ".sha3sum",
    ".show",
    ".stats",
    ".tables",
    ".timeout",
    ".timer",
    ".version",
    ".vfsinfo",
    ".vfslist",
    ".vfsname",
    ".width",
];

/// Commands of `psql` that describe, or change how answers look; all of `\d…` besides.
const BACKSLASHES: &[&str] = &[
    "\\?",
    "\\C",
    "\\H",
    "\\T",
    "\\a",
    "\\conninfo",
    "\\echo",
    "\\errverbose",
    "\\f",
    "\\h",
    "\\help",
    "\\l",
    "\\l+",
    "\\list",
    "\\list+",
    "\\lo_list",
    "\\pset",
    "\\q",
    "\\qecho",
    "\\sf",
    "\\sf+",
    "\\sv",
    "\\sv+",
    "\\t",
    "\\timing",
    "\\warn",
    "\\x",
    "\\z",
];

/// Commands of `mysql` that describe.
const MYSQL: &[&str] = &["\\s", "\\h", "\\q", "\\?"];

/// What a text does that is, or holds, commands of the shell; `None` when it holds none.
pub(crate) fn command(text: &str, dialect: Dialect) -> Option<Effects> {
    let mark = match dialect {
        Dialect::Postgres | Dialect::MySql => '\\',
        Dialect::Sqlite => '.',
        Dialect::Mongo => return None,
    };
    let is_command = |line: &&str| line.trim_start().starts_with(mark);
    if !text.lines().any(|line| is_command(&line)) {
        return None;
    }
    let mut effects = Effects::default();
    for line in text.lines().filter(is_command) {
        one(line.trim(), dialect, &mut effects);
    }
    // What is no command is a statement, whole or in parts.
    let rest: Vec<&str> = text.lines().filter(|line| !is_command(line)).collect();
    let rest = statements(&rest.join("\n"), dialect);
    for act in rest.acts {
        effects.add(act);
    }
    if let Some(why) = rest.unknown {
        effects.give_up(why);
    }
    Some(effects)
}

fn one(line: &str, dialect: Dialect, effects: &mut Effects) {
    let line = line.trim_end_matches(';');
    let (name, rest) = line.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((line, ""));
    let rest = rest.trim();
    if matches!(name, "\\!" | ".shell" | ".system") || (dialect == Dialect::MySql && name == "\\system") {
        return effects.add(Act::Shell(rest.to_owned()));
    }
    // A second command, a program whose output is put in, and the end of a statement that went before.
    if rest.contains(['\\', '`', ';']) || name.get(1..).is_some_and(|name| name.contains(['\\', '`', ';'])) {
        return effects.give_up("more than one command stands in a line");
    }
    match dialect {
        Dialect::Sqlite => dot(name, rest, effects),
        Dialect::MySql if MYSQL.contains(&name) => effects.add(Act::Look),
        Dialect::Postgres if name == "\\copy" => copy(rest, effects),
        Dialect::Postgres => backslash(name, rest, effects),
        Dialect::MySql | Dialect::Mongo => not_known(name, effects),
    }
}

fn not_known(name: &str, effects: &mut Effects) {
    effects.give_up(format!("what the command `{name}` does is not known"));
}

fn dot(name: &str, rest: &str, effects: &mut Effects) {
    let words = words(rest);
    let path = words.iter().rev().find(|word| !word.starts_with('-'));
    let whole = words.iter().all(|word| !word.starts_with('|'));
    match (name, path) {
        (".output" | ".once", Some(path)) if path == "stdout" || path == "off" => {}
        (".output" | ".once", None) => {}
        (".output" | ".once" | ".backup" | ".save" | ".clone" | ".log", Some(path)) if whole => {
            effects.add(Act::Look);
            effects.add(Act::WriteFile(path.clone()));
        }
        (".import", Some(_)) if whole => {
            effects.add(Act::Change);
            match words.iter().find(|word| !word.starts_with('-')) {
                Some(path) => effects.add(Act::ReadFile(path.clone())),
                None => not_known(name, effects),
            }
        }
        (".restore", Some(path)) => {
            effects.add(Act::ReadFile(path.clone()));
            effects.add(Act::Destroy);
        }
        (".open", Some(path)) if whole => {
            effects.add(Act::ReadFile(path.clone()));
            effects.add(Act::WriteFile(path.clone()));
        }
        (".read", Some(path)) if whole => {
            effects.add(Act::ReadFile(path.clone()));
            effects.give_up("the commands in a file are run");
        }
        _ if DOTS.contains(&name) && whole => effects.add(Act::Look),
        _ => not_known(name, effects),
    }
}

fn backslash(name: &str, rest: &str, effects: &mut Effects) {
    let words = words(rest);
    let describes = name
        .strip_prefix("\\d")
        .is_some_and(|kind| kind.chars().all(|c| c.is_ascii_alphabetic() || c == '+'));
    let piped = rest.strip_prefix('|');
    match (name, words.first()) {
        ("\\o" | "\\out" | "\\w" | "\\write" | "\\g" | "\\gx", _) if piped.is_some() => {
            effects.add(Act::Shell(piped.unwrap_or_default().trim().to_owned()));
        }
        ("\\o" | "\\out", None) => {}
        ("\\o" | "\\out" | "\\w" | "\\write", Some(path)) => {
            effects.add(Act::Look);
            effects.add(Act::WriteFile(path.clone()));
        }
        ("\\i" | "\\ir" | "\\include" | "\\include_relative", Some(path)) => {
            effects.add(Act::ReadFile(path.clone()));
            effects.give_up("the commands in a file are run");
        }
        _ if (describes && !name.starts_with("\\do_")) || BACKSLASHES.contains(&name) => {
            effects.add(Act::Look)
        }
        _ => not_known(name, effects),
    }
}

/// `\copy TABLE|(QUERY) to|from 'FILE'|program 'COMMAND'|stdin|stdout …`, with files of this machine.
fn copy(rest: &str, effects: &mut Effects) {
    let (what, behind) = match rest.strip_prefix('(') {
        Some(query) => {
            match query.rsplit_once(')').filter(|(query, _)| !query.contains(')') || balanced(query)) {
                Some((query, behind)) => {
                    let inner = statements(query, Dialect::Postgres);
                    for act in inner.acts {
                        effects.add(act);
                    }
                    if let Some(why) = inner.unknown {
                        effects.give_up(why);
                    }
                    ("", behind)
                }
                None => return effects.give_up("what is copied could not be read"),
            }
        }
        None => rest.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((rest, "")),
    };
    if what.contains('(') {
        return effects.give_up("what is copied could not be read");
    }
    let words = words(behind);
    let word = |at: usize| words.get(at).map(|word| word.to_ascii_lowercase()).unwrap_or_default();
    let end = words.get(1);
    let act = match word(0).as_str() {
        "to" => Act::Look,
        "from" => Act::Change,
        _ => return effects.give_up("what is copied could not be read"),
    };
    let writes = act == Act::Look;
    effects.add(act);
    match (word(1).as_str(), end, words.get(2)) {
        ("program", _, Some(command)) => effects.add(Act::Shell(command.clone())),
        ("stdin" | "stdout" | "pstdin" | "pstdout", ..) => {}
        (_, Some(path), _) if writes => effects.add(Act::WriteFile(path.clone())),
        (_, Some(path), _) => effects.add(Act::ReadFile(path.clone())),
        (_, None, _) => effects.give_up("what is copied could not be read"),
    }
}

fn balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    text.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    }) && depth == 0
}

/// Words, in quotes or not.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, behind) = if matches!(first, '\'' | '"') {
            rest.get(1..).and_then(|inner| inner.split_once(first)).unwrap_or((rest, ""))
        } else {
            rest.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((rest, ""))
        };
        words.push(word.to_owned());
        rest = behind.trim_start();
    }
    words
}
