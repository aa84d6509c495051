//! Runs a line in real Bash; programs that only write down how they were called stand on its `PATH`.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longest a line may run.
const DEADLINE: Duration = Duration::from_secs(3);

/// Programs that record.
pub(super) const STUBS: [&str; 4] = ["tool", "other", "touch", "rm"];

/// One call of a recording program.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) cwd: String,
    /// Program name first.
    pub(super) argv: Vec<String>,
}

pub(super) struct Shell {
    root: PathBuf,
    pub(super) scratch: PathBuf,
    pub(super) home: PathBuf,
}

impl Shell {
    pub(super) fn new(number: usize) -> Self {
        let root = std::env::temp_dir().join(format!("placet-argv-{}-{number}", std::process::id()));
        let bin = root.join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        for name in STUBS {
            let log = root.join("log");
            let text = format!(
                "#!/bin/sh\n{{ printf '%s\\037{name}\\037' \"$(pwd -P)\"; for a in \"$@\"; do printf '%s\\037' \"$a\"; done; printf '\\036'; }} > '{}/'$$\n",
                log.display()
            );
            let file = bin.join(name);
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        for (name, target) in [
            ("env", "/usr/bin/env"),
            ("timeout", "/usr/bin/timeout"),
            ("nice", "/usr/bin/nice"),
            ("sh", "/bin/bash"),
        ] {
            std::os::unix::fs::symlink(target, bin.join(name)).unwrap();
        }
        let root = root.canonicalize().unwrap();
        Self { scratch: root.join("top/scratch"), home: root.join("top/home"), root }
    }

    /// Runs `line`; what was called and which files are new.
    pub(super) fn run(&self, line: &str) -> (Vec<Ran>, Vec<String>) {
        let top = self.root.join("top");
        let _ = std::fs::remove_dir_all(&top);
        for dir in ["scratch/a/c", "scratch/b", "home"] {
            std::fs::create_dir_all(top.join(dir)).unwrap();
        }
        for file in ["scratch/x.txt", "scratch/y.txt", "scratch/a/x.txt", "scratch/n1"] {
            std::fs::write(top.join(file), "").unwrap();
        }
        let log = self.root.join("log");
        let _ = std::fs::remove_dir_all(&log);
        std::fs::create_dir(&log).unwrap();
        let before = listing(&top);
        let mut child = Command::new("/bin/bash")
            .args(["--norc", "--noprofile", "-c", line])
            .current_dir(&self.scratch)
            .env_clear()
            .env("PATH", self.root.join("bin"))
            .env("HOME", &self.home)
            .env("LC_ALL", "C.UTF-8")
            .env("FUNCNEST", "20")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > DEADLINE {
                let _ = child.kill();
            }
            std::thread::sleep(Duration::from_micros(300));
        }
        // One file a call: calls at the same time must not mix their words.
        let files =
            std::fs::read_dir(&log).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
        let written: Vec<u8> = files.flatten().collect();
        let text = String::from_utf8_lossy(&written);
        let ran = text.split('\u{1e}').filter(|record| !record.is_empty()).map(|record| {
            let mut fields: Vec<String> = record.split('\u{1f}').map(str::to_owned).collect();
            fields.pop();
            let argv = fields.split_off(1);
            Ran { cwd: fields.swap_remove(0), argv }
        });
        let new = listing(&top).difference(&before).cloned().collect();
        (ran.collect(), new)
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

fn listing(dir: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut todo = vec![dir.to_path_buf()];
    while let Some(dir) = todo.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                todo.push(entry.path());
            } else {
                found.insert(entry.path().to_string_lossy().into_owned());
            }
        }
    }
    found
}
