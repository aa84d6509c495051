//! Runs Python programs under an audit hook and gives what they did.

use std::path::{Path, PathBuf};
use std::process::Command;

const DRIVER: &str = include_str!("audit.py");

/// Something a program did.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) program: usize,
    pub(crate) kind: String,
    pub(crate) words: Vec<String>,
}

/// Whether there is a Python to ask.
pub(crate) fn has_python() -> bool {
    Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// A folder that is gone at the end.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("placet-code-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join("home")).expect("a scratch folder");
        Self(std::fs::canonicalize(path).expect("a scratch folder"))
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.0.join("work")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Events of every program, in order.
pub(crate) fn audited(programs: &[String], scratch: &Scratch) -> Vec<Event> {
    let folder = scratch.0.join("programs");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (at, program) in programs.iter().enumerate() {
        std::fs::write(folder.join(format!("{at:05}")), program).expect("a file");
    }
    let driver = scratch.0.join("audit.py");
    std::fs::write(&driver, DRIVER).expect("a file");
    let log = scratch.0.join("events");
    let output = Command::new("python3")
        .args([Path::new("-S"), &driver, &folder, &scratch.0, &log])
        .current_dir(&scratch.0)
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    events(&log)
}

/// What a driver wrote down, one event a line.
pub(crate) fn events(log: &Path) -> Vec<Event> {
    let text = std::fs::read_to_string(log).expect("events");
    text.lines()
        .map(|line| {
            let mut parts = line.split('\t').map(str::to_owned);
            let program = parts.next().and_then(|name| name.parse().ok()).expect("a number");
            Event {
                program,
                kind: parts.next().unwrap_or_default(),
                words: parts.map(|word| plain(&word)).collect(),
            }
        })
        .collect()
}

/// A field of an event without its escapes.
fn plain(field: &str) -> String {
    let mut out = String::new();
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            (c, false) => out.push(c),
        }
    }
    out
}
