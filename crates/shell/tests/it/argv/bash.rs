//! Runs a line in real Bash; programs that only write down how they were called stand on its `PATH`.

use crate::starter::Starter;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Programs that record.
pub(super) const STUBS: [&str; 4] = ["tool", "other", "touch", "rm"];

/// Programs that start others, and so need those as files.
const STARTING: [&str; 4] = ["env", "exec", "timeout", "nice"];

/// The recording programs as one function. Bash writes at each newline, so there is none in a record.
const HANDLER: &str = r#"
  case $1 in
    tool | other | touch | rm)
      builtin cd -P .
      local a l=${PLACET_RUN-}$'\x1f'$PWD$'\x1f'
      for a; do l+=${a//$'\n'/$'\x1d'}$'\x1f'; done
      builtin printf '%s\x1e' "$l" >>'LOG' ;;
    cat)
      shift
      local f l
      for f in "${@:-/dev/stdin}"; do
        while IFS= builtin read -r l || [[ $l ]]; do builtin printf '%s\n' "$l"; done <"$f"
      done ;;
    *) return 127 ;;
  esac
"#;

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
    starter: Starter,
    log: File,
    /// Files that stand there before a line runs; none when they have to be made.
    before: BTreeSet<String>,
}

impl Shell {
    pub(super) fn new(number: usize) -> Self {
        let root = std::env::temp_dir().join(format!("placet-argv-{}-{number}", std::process::id()));
        let bin = root.join("bin");
        fs::create_dir_all(&bin).unwrap();
        fs::create_dir_all(root.join("few")).unwrap();
        let root = root.canonicalize().unwrap();
        let log = root.join("log");
        for name in STUBS {
            let text = format!(
                "#!/bin/sh\nl=${{PLACET_RUN-}}\u{1f}$(pwd -P)\u{1f}{name}\u{1f}\nfor a; do l=\"$l$a\u{1f}\"; done\nprintf '%s\\036' \"$l\" >> '{}'\n",
                log.display()
            );
            let file = bin.join(name);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for (name, target) in [
            ("env", "/usr/bin/env"),
            ("timeout", "/usr/bin/timeout"),
            ("nice", "/usr/bin/nice"),
            ("sh", "/bin/bash"),
        ] {
            std::os::unix::fs::symlink(target, bin.join(name)).unwrap();
        }
        std::os::unix::fs::symlink("/bin/bash", root.join("few/sh")).unwrap();
        let scratch = root.join("top/scratch");
        let home = root.join("top/home");
        let handler = HANDLER.replace("LOG", &log.to_string_lossy());
        let shown = home.to_string_lossy();
        let variables = [("HOME", &*shown), ("LC_ALL", "C.UTF-8"), ("FUNCNEST", "20")];
        let starter = Starter::new(&root, &scratch, &handler, &variables, None);
        let log = File::options().read(true).write(true).create(true).truncate(true).open(log).unwrap();
        Self { scratch, home, starter, log, before: BTreeSet::new(), root }
    }

    /// Runs `line`; what was called and which files are new.
    pub(super) fn run(&mut self, line: &str) -> (Vec<Ran>, Vec<String>) {
        let top = self.root.join("top");
        if self.before.is_empty() {
            let _ = fs::remove_dir_all(&top);
            for dir in ["scratch/a/c", "scratch/b", "home"] {
                fs::create_dir_all(top.join(dir)).unwrap();
            }
            for file in ["scratch/x.txt", "scratch/y.txt", "scratch/a/x.txt", "scratch/n1"] {
                fs::write(top.join(file), "").unwrap();
            }
            self.before = listing(&top);
        }
        self.log.set_len(0).unwrap();
        let starts = STARTING.iter().any(|program| line.contains(program));
        self.starter.run(line, if starts { "bin" } else { "few" });
        let mut written = Vec::new();
        self.log.seek(SeekFrom::Start(0)).unwrap();
        self.log.read_to_end(&mut written).unwrap();
        let text = String::from_utf8_lossy(&written);
        let ran = self.starter.records(&text).into_iter().map(|record| {
            let mut fields: Vec<String> =
                record.split('\u{1f}').map(|field| field.replace('\u{1d}', "\n")).collect();
            fields.pop();
            let argv = fields.split_off(1);
            Ran { cwd: fields.swap_remove(0), argv }
        });
        let after = listing(&top);
        let new = after.difference(&self.before).cloned().collect();
        if after != self.before {
            self.before.clear();
        }
        (ran.collect(), new)
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn listing(dir: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut todo = vec![dir.to_path_buf()];
    while let Some(dir) = todo.pop() {
        for entry in fs::read_dir(dir).unwrap() {
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
