//! Real Bash against the analysis: every program that Bash ran, with its arguments and the files it named, and
//! every file that a redirection made must be among the actions, or the analysis said `execute:unknown`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod bash;
mod generate;
mod nested;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use placet_model::{
    Action, ActionKind, Arg, Entries, EntryKind, Facts, LibraryId, PathCertainty, PathRef, Resource,
};
use placet_shell::{Context, analyse};

use bash::{Ran, Shell};

struct Home(String);

impl Facts for Home {
    fn variable(&self, name: &str) -> Option<String> {
        (name == "HOME").then(|| self.0.clone())
    }
    fn canonical(&self, _path: &str) -> Option<String> {
        None
    }
    fn kind(&self, _path: &str) -> Option<EntryKind> {
        None
    }
    fn text(&self, _path: &str, _limit_bytes: usize) -> Option<String> {
        None
    }
    fn entries(&self, _path: &str, _deep: bool, _limit: usize) -> Entries {
        Entries::Unknown
    }
}

/// What the analysis left out; `Ok(false)` when it said that it does not know.
fn compare(line: &str, shell: &mut Shell) -> Result<bool, String> {
    let scratch = shell.scratch.to_str().unwrap().to_owned();
    let home = shell.home.to_str().unwrap().to_owned();
    let facts = Home(home.clone());
    let context = Context {
        cwd: &scratch,
        project: &scratch,
        home: Some(&home),
        facts: &facts,
        added: LibraryId::NONE,
    };
    let actions = analyse(line, &context).actions;
    if actions.iter().any(|action| action.kind == ActionKind::ExecuteUnknown) {
        return Ok(false);
    }
    let (ran, new) = shell.run(line);
    for one in &ran {
        if !actions.iter().any(|action| covers_command(action, one)) {
            return Err(format!("ran {:?}", one.argv));
        }
        let kind = match one.argv.first().map(String::as_str) {
            Some("touch") => ActionKind::WriteFile,
            Some("rm") => ActionKind::DeleteFile,
            _ => continue,
        };
        let mut ended = false;
        for word in one.argv.iter().skip(1) {
            if !ended && (word == "--" || word.starts_with('-')) {
                ended |= word == "--";
                continue;
            }
            let path = placet_model::path::absolute(
                &format!("{}{word}", if word.starts_with('~') { "./" } else { "" }),
                &one.cwd,
                None,
            );
            if !word.is_empty()
                && !actions.iter().any(|action| action.kind == kind && covers_path(action, &path))
            {
                return Err(format!("{} of {path}", kind.name()));
            }
        }
    }
    for path in &new {
        if !actions.iter().any(|action| action.kind == ActionKind::WriteFile && covers_path(action, path)) {
            return Err(format!("made {path}"));
        }
    }
    Ok(true)
}

fn covers_command(action: &Action, ran: &Ran) -> bool {
    match &action.resource {
        Resource::Command(command) => fits_all(&command.argv, &ran.argv),
        _ => false,
    }
}

/// Whether the words Bash used are among those the arguments stand for.
fn fits_all(args: &[Arg], words: &[String]) -> bool {
    let Some((first, rest)) = args.split_first() else { return words.is_empty() };
    match first {
        Arg::Known(text) => words.first() == Some(text) && fits_all(rest, &words[1..]),
        Arg::Glob(pattern) => (1..=words.len()).any(|count| {
            words[..count].iter().all(|word| fits(pattern, word)) && fits_all(rest, &words[count..])
        }),
        Arg::Partly { prefix, suffix } => (0..=words.len()).any(|count| {
            let ends = match &words[..count] {
                [] => prefix.is_empty() && suffix.is_empty(),
                [one] => {
                    one.len() >= prefix.len() + suffix.len()
                        && one.starts_with(prefix.as_str())
                        && one.ends_with(suffix.as_str())
                }
                [head, .., tail] => head.starts_with(prefix.as_str()) && tail.ends_with(suffix.as_str()),
            };
            ends && fits_all(rest, &words[count..])
        }),
    }
}

fn fits(pattern: &str, word: &str) -> bool {
    fn at(pattern: &[char], word: &[char]) -> bool {
        match pattern {
            [] => word.is_empty(),
            ['*', rest @ ..] => (0..=word.len()).any(|from| at(rest, &word[from..])),
            ['\\', c, rest @ ..] => word.first() == Some(c) && at(rest, &word[1..]),
            ['?', rest @ ..] => !word.is_empty() && at(rest, &word[1..]),
            ['[', rest @ ..] if rest.contains(&']') => {
                let end = rest.iter().position(|c| *c == ']').unwrap();
                (word.first().is_some_and(|c| rest[..end].contains(c)) && at(&rest[end + 1..], &word[1..]))
                    || (word.first() == Some(&'[') && at(rest, &word[1..]))
            }
            [c, rest @ ..] => word.first() == Some(c) && at(rest, &word[1..]),
        }
    }
    at(&pattern.chars().collect::<Vec<_>>(), &word.chars().collect::<Vec<_>>())
}

fn covers_path(action: &Action, path: &str) -> bool {
    let Resource::Path(PathRef { certainty, absolute, .. }) = &action.resource else { return false };
    match certainty {
        PathCertainty::Exact => absolute == path,
        PathCertainty::Glob => fits(absolute, path),
        PathCertainty::Under => {
            path.strip_prefix(absolute.as_str()).is_some_and(|rest| rest.starts_with('/'))
        }
        PathCertainty::Unknown => true,
    }
}

fn corpus() -> Vec<String> {
    include_str!("../../corpus/argv_misses.txt")
        .split("\n%%\n")
        .map(str::to_owned)
        .filter(|line| !line.trim().is_empty())
        .collect()
}

#[test]
fn misses_of_the_past_stay_found() {
    let mut shell = Shell::new(1000);
    let wrong: Vec<String> = corpus()
        .iter()
        .filter_map(|line| compare(line, &mut shell).err().map(|why| format!("{line}\n  {why}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compares `cases` lines from number `first` on; prints the figures, fails on a miss. How many were known whole.
fn check(profile: &str, line: fn(u64) -> String, cases: u64) -> u64 {
    let first = setting("PLACET_ORACLE_SEED", 0);
    let next = AtomicU64::new(0);
    let known = AtomicU64::new(0);
    let misses = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (next, known, misses) = (&next, &known, &misses);
            scope.spawn(move || {
                let mut shell = Shell::new(thread);
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= cases {
                        return;
                    }
                    if case > 0 && case % 20_000 == 0 {
                        eprintln!("  {case} lines, {} misses", misses.lock().unwrap().len());
                    }
                    let line = line(first + case);
                    match compare(&line, &mut shell) {
                        Ok(true) => {
                            known.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(false) => {}
                        Err(why) => misses.lock().unwrap().push(shortened(&line, &why, &mut shell)),
                    }
                }
            });
        }
    });
    let misses = misses.into_inner().unwrap();
    let known = known.into_inner();
    println!("\n{profile}: {cases} lines, {known} without execute:unknown, {} misses", misses.len());
    println!("figure analysis-{profile}-lines {cases} - {cases}");
    println!("figure analysis-{profile}-misses {} - 0", misses.len());
    assert!(
        misses.is_empty(),
        "{} misses of {cases}:\n{}",
        misses.len(),
        misses.iter().take(30).cloned().collect::<Vec<_>>().join("\n---\n")
    );
    known
}

/// A miss with the shortest text that shows one. At once: a long run may be stopped.
fn shortened(line: &str, why: &str, shell: &mut Shell) -> String {
    let shorter = crate::shrink::shrink(line, |part| compare(part, shell).is_err());
    let miss = format!("miss: {shorter:?}\n  made from {line:?}, which {why}");
    eprintln!("{miss}");
    miss
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn what_bash_ran_is_among_the_actions() {
    let cases = setting("PLACET_ORACLE_CASES", 5_000);
    let known = check("moved", generate::Generator::line, cases);
    assert!(known * 3 > cases, "the analysis knew only {known} of {cases} lines");
}

#[test]
fn what_bash_ran_deep_in_constructs_is_among_the_actions() {
    let cases = setting("PLACET_ORACLE_CASES", 5_000).min(nested::ALL);
    let known = check("nested", nested::line, cases);
    assert!(known * 10 > cases, "the analysis knew only {known} of {cases} lines");
}
