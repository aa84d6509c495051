//! Texts kept in `tests/corpus`: hand-written ones and every miss ever found.
//!
//! One text a line; `␤` stands for a newline, `␉` for a tab, `␍` for a carriage return. The first character
//! says what is expected: `x` runs `PWN` and is read, `?` runs `PWN` and is refused, `-` does not run `PWN`.
//! Lines that start with `##` are remarks. `PLACET_CORPUS_WRITE=1` writes the marks anew.

use super::bash::{Manner, Sandbox};
use super::tree;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn text_of(line: &str) -> String {
    line.chars()
        .map(|character| match character {
            '␤' => '\n',
            '␉' => '\t',
            '␍' => '\r',
            other => other,
        })
        .collect()
}

/// Mark that a line deserves, or what is wrong with it.
fn mark(sandbox: &mut Sandbox, line: &str) -> Result<char, String> {
    let text = text_of(line);
    let truth = sandbox.run(&text, Manner::Programs);
    let read = placet_shell::read(&text);
    if let Ok(list) = &read {
        let found = tree::commands(list);
        if let Some(missed) = truth.executed.iter().find(|arguments| !tree::explains(&found, arguments)) {
            return Err(format!("hidden command: {text:?} ran PWN with {missed:?}"));
        }
        if let Some(objection) = sandbox.objection(&text) {
            return Err(format!("not Bash, yet read: {text:?}: {objection}"));
        }
    }
    Ok(match (truth.executed.is_empty(), read.is_ok()) {
        (true, _) => '-',
        (false, true) => 'x',
        (false, false) => '?',
    })
}

fn replay(name: &str, least: usize) {
    let path = folder().join(name);
    let all = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = all.lines().collect();
    let write = std::env::var_os("PLACET_CORPUS_WRITE").is_some();
    let next = AtomicUsize::new(0);
    let marks: Mutex<Vec<Option<char>>> = Mutex::new(vec![None; lines.len()]);
    let wrong: Mutex<Vec<String>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from).min(8) {
            scope.spawn(|| {
                let mut sandbox = Sandbox::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(line) = lines.get(at) else { break };
                    let Some((given, rest)) = line.split_once(' ').filter(|_| !line.starts_with("##")) else {
                        continue;
                    };
                    match mark(&mut sandbox, rest) {
                        Ok(found) if write || given.starts_with(found) => {
                            marks.lock().unwrap()[at] = Some(found)
                        }
                        Ok(found) => {
                            wrong.lock().unwrap().push(format!("marked {given}, found {found}: {rest}"))
                        }
                        Err(why) => wrong.lock().unwrap().push(why),
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    let marks = marks.into_inner().unwrap();
    let checked = marks.iter().flatten().count();
    assert!(checked >= least, "only {checked} texts in {name}");
    if write {
        let written: String = lines
            .iter()
            .zip(&marks)
            .map(|(line, mark)| match (mark, line.split_once(' ')) {
                (Some(mark), Some((_, rest))) => format!("{mark} {rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        std::fs::write(path, written).unwrap();
    }
}

#[test]
fn nasty_texts_hide_nothing() {
    replay("nasty.txt", 300);
}

#[test]
fn found_misses_stay_found() {
    replay("misses.txt", 1);
}
