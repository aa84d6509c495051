//! What Node says of JavaScript: a program it does not take is not understood here either, a file of programs in
//! daily use is, and what a program really does is among what is told of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use placet_code::{Dialect, Effects};

use crate::audit::{Event, Scratch, events};
use crate::line::line;
use crate::oracle::covered;
use crate::tables::{JAVASCRIPT, rows};

const DRIVER: &str = include_str!("node.cjs");

/// Files of the package manager that are read at most.
const FILES: usize = 150;

/// Faults that Node finds before it runs anything and our parser leaves to others: nothing is done by such a text,
/// whatever is told of it.
const EARLY: &[&str] = &["has already been declared", "Invalid regular expression"];

fn tool(name: &str) -> Command {
    let mut command = Command::new(name);
    command.env_remove("NODE_OPTIONS");
    command
}

/// Says so where there is no Node, so that nobody takes silence for a pass.
fn skipped() -> bool {
    if tool("node").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return false;
    }
    eprintln!("SKIPPED: there is no node to compare with");
    true
}

/// What Node says of every program: `script`, `module` or `neither` with the reasons, and what those did that it ran.
fn judged(programs: &[String], scratch: &Scratch, task: &str) -> Vec<Event> {
    let folder = scratch.0.join("programs");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (at, program) in programs.iter().enumerate() {
        std::fs::write(folder.join(format!("{at:05}")), program).expect("a file");
    }
    let driver = scratch.0.join("node.cjs");
    std::fs::write(&driver, DRIVER).expect("a file");
    let log = scratch.0.join("events");
    let output = tool("node")
        .args(["--no-warnings", "--experimental-vm-modules"])
        .args([&driver, &folder, &scratch.0, &log])
        .arg(task)
        .output()
        .expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    events(&log)
}

fn told(program: &str) -> Effects {
    placet_code::javascript(program, Dialect::JavaScript)
}

/// Whether the reader, not the walk, gave the text up as no JavaScript.
fn unread(effects: &Effects) -> bool {
    effects.unknown.as_ref().is_some_and(|why| why.text.contains("not JavaScript"))
}

/// Rows, and rows with a character taken away, doubled or put elsewhere.
fn mutated() -> Vec<String> {
    let mut programs = Vec::new();
    for (number, (_, code)) in rows(JAVASCRIPT).iter().enumerate() {
        let letters: Vec<char> = code.chars().collect();
        programs.push((*code).to_owned());
        for round in 1..8 {
            let at = (number * 7919 + round * 104_729) % letters.len();
            let to = (at * 31 + round) % letters.len();
            let mut changed = letters.clone();
            match round % 3 {
                0 => changed.insert(at, letters[to]),
                1 => drop(changed.remove(at)),
                _ => changed.swap(at, to),
            }
            programs.push(changed.into_iter().collect());
        }
    }
    programs
}

#[test]
fn what_node_refuses_is_not_understood() {
    if skipped() {
        return;
    }
    let programs = mutated();
    let scratch = Scratch::new("node-refuses");
    let (mut refused, mut wrong, mut strict) = (0, Vec::new(), Vec::new());
    for event in judged(&programs, &scratch, "check") {
        let program = &programs[event.program];
        let effects = told(program);
        if event.kind != "neither" {
            if unread(&effects) {
                strict.push(program.clone());
            }
            continue;
        }
        refused += 1;
        let early = event.words.iter().any(|word| EARLY.iter().any(|early| word.contains(early)));
        if effects.unknown.is_none() && !early {
            wrong.push(format!("{program}\n  node {:?}\n  told {}\n", event.words, line(&effects)));
        }
    }
    eprintln!("{} programs, {refused} refused by node, {} only here", programs.len(), strict.len());
    assert!(wrong.is_empty(), "{} are taken for JavaScript:\n{}", wrong.len(), wrong.join("\n"));
    assert!(refused > 200 && strict.len() * 20 < programs.len(), "{}", strict.join("\n---\n"));
}

/// Programs of the package manager that comes with Node.
fn files() -> Vec<PathBuf> {
    let output = tool("node").args(["-p", "process.execPath"]).output().expect("node runs");
    let node = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let above = |path: &Path| path.ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default();
    let mut open = vec![
        above(&node).join("lib/node_modules/npm/lib"),
        above(&node).join("lib/node_modules/npm/node_modules"),
        above(&node).join("share/nodejs/npm/lib"),
    ];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        let mut inside: Vec<PathBuf> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        inside.sort();
        for path in inside {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "js" || end == "mjs" || end == "cjs") {
                found.push(path);
            }
        }
    }
    // Some of every folder.
    let step = found.len().div_ceil(FILES).max(1);
    found.into_iter().step_by(step).collect()
}

#[test]
fn files_in_daily_use_are_read() {
    if skipped() {
        return;
    }
    let programs: Vec<String> =
        files().iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    if programs.is_empty() {
        eprintln!("SKIPPED: there is no npm beside node");
        return;
    }
    let scratch = Scratch::new("node-files");
    let (mut wrong, mut left) = (Vec::new(), Vec::new());
    for event in judged(&programs, &scratch, "check") {
        let effects = told(&programs[event.program]);
        let why = effects.unknown.as_ref().map_or("", |why| why.text.as_str());
        if unread(&effects) != (event.kind == "neither") {
            wrong.push(format!("{} {why} {:?}", event.kind, programs[event.program].get(..80)));
        }
        if why.contains("deeply") || why.contains("slash") || why.contains("match") {
            left.push(why.to_owned());
        }
    }
    eprintln!("{} files, {} refused for their shape", programs.len(), left.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(left.len() * 20 < programs.len(), "{left:?}");
}

#[test]
fn programs_do_what_is_told_of_them() {
    if skipped() {
        return;
    }
    let programs: Vec<String> = rows(JAVASCRIPT).iter().map(|(_, code)| (*code).to_owned()).collect();
    let scratch = Scratch::new("node-runs");
    let seen = judged(&programs, &scratch, "run");
    let place = Scratch(scratch.0.join("lane0"));
    let (mut wrong, mut count) = (Vec::new(), 0);
    for event in &seen {
        if matches!(event.kind.as_str(), "script" | "module" | "neither") {
            continue;
        }
        count += 1;
        let effects = told(&programs[event.program]);
        if !covered(event, &effects, &place) {
            wrong.push(format!(
                "{}\n  did  {} {:?}\n  told {}\n",
                programs[event.program],
                event.kind,
                event.words,
                line(&effects)
            ));
        }
    }
    eprintln!("{} rows, {count} events", programs.len());
    assert!(wrong.is_empty(), "{} events were not told of:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 80);
}
