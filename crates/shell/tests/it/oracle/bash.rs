//! Runs a text in real Bash and tells which stubs it executed.
//!
//! Each run gets an empty scratch folder, a `PATH` that holds nothing but stubs (or nothing at all, see
//! [`Manner`]), an unprivileged user when the tests run as root, limits on time and file size, and no standard
//! streams. The stub `PWN` writes its arguments to a log outside the scratch folder.

use crate::starter::Starter;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// First of the users that run the texts when the tests run as root: each sandbox has one of its own, so that limits
/// and signals do not reach the others.
const UNPRIVILEGED: u32 = 200_000;

/// Programs that texts may name; they do nothing.
const HARMLESS: [&str; 9] = ["cat", "grep", "ls", "foo", "bar", "sed", "head", "if", "{"];

/// The stubs as one function. Bash writes at each newline, so there is none in a record.
const HANDLER: &str = r#"
  case $1 in
    PWN) shift; local a l=${PLACET_RUN-}$'\x1f'; for a; do l+=${a//$'\n'/$'\x1d'}$'\x1f'; done; builtin printf '%s\x1e' "$l" >>'LOG'; return 1 ;;
    time) shift; while [[ $1 == -* ]]; do shift; done; [[ $(type -t -- "$1") != builtin ]] && "$@" ;;
    cat | grep | ls | foo | bar | sed | head | if | {) return 0 ;;
    *) return 127 ;;
  esac
"#;

/// How the programs of a text are met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As files on the `PATH`, also for `exec`.
    Programs,
    /// By the function that Bash calls for a program it does not find: much quicker.
    Handler,
    /// The same, in zsh.
    Zsh,
}

impl Manner {
    pub(super) fn shell(self) -> placet_model::Dialect {
        match self {
            Self::Programs | Self::Handler => placet_model::Dialect::Bash,
            Self::Zsh => placet_model::Dialect::Zsh,
        }
    }
}

/// One place to run texts in, used by one thread.
pub(super) struct Sandbox {
    root: PathBuf,
    starter: Starter,
    /// Where executions of `PWN` are written.
    log: File,
}

/// What Bash did with a text.
pub(super) struct Truth {
    /// Arguments of every execution of `PWN`.
    pub(super) executed: Vec<Vec<String>>,
    /// The run went past the deadline.
    pub(super) late: bool,
}

impl Sandbox {
    /// Makes the folders and stubs.
    pub(super) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("placet-oracle-{}-{number}", std::process::id()));
        let bin = root.join("bin");
        fs::create_dir_all(&bin).unwrap();
        let log = root.join("log");
        // One write for each execution, so that several at a time do not mix.
        let record = format!(
            "#!/bin/sh\nl=\"${{PLACET_RUN-}}\u{1f}\"\nfor a; do l=\"$l$a\u{1f}\"; done\nprintf '%s\\036' \"$l\" >> '{}'\nexit 1\n",
            log.display()
        );
        write_program(&bin.join("PWN"), &record);
        // The program, not the keyword: runs what it is given.
        write_program(
            &bin.join("time"),
            "#!/bin/sh\nwhile true; do case $1 in -*) shift;; command | exec | export) exit;; *) break;; esac; done\n\"$@\"\n",
        );
        let nothing =
            ["/bin/true", "/usr/bin/true"].into_iter().find(|path| Path::new(path).exists()).unwrap();
        for name in HARMLESS {
            symlink(nothing, bin.join(name)).unwrap();
        }
        let in_zsh = HANDLER.replace("LOG", &log.to_string_lossy()).replace("| {)", "| '{')");
        fs::write(root.join("handler.zsh"), format!("command_not_found_handler() {{\n{in_zsh}\n}}\n"))
            .unwrap();
        let scratch = root.join("scratch");
        make_open(&scratch);
        fs::write(&log, "").unwrap();
        fs::set_permissions(&log, fs::Permissions::from_mode(0o666)).unwrap();
        let handler = HANDLER.replace("LOG", &log.to_string_lossy());
        let home = scratch.to_string_lossy();
        let variables = [("HOME", &*home), ("LC_ALL", "C.UTF-8"), ("FUNCNEST", "5")];
        let user = UNPRIVILEGED + std::process::id() % 10_000 * 32 + number as u32 % 32;
        let is_root = fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0);
        let starter = Starter::new(&root, &scratch, &handler, &variables, is_root.then_some(user));
        let log = File::options().read(true).write(true).open(log).unwrap();
        Self { root, starter, log }
    }

    /// Runs `text` with `bash -c`.
    pub(super) fn run(&mut self, text: &str, manner: Manner) -> Truth {
        self.clear();
        let path = match manner {
            Manner::Programs => "bin",
            Manner::Handler => "none",
            Manner::Zsh => "zsh",
        };
        let ended = self.starter.run(text, path);
        let mut written = Vec::new();
        self.log.seek(SeekFrom::Start(0)).unwrap();
        self.log.read_to_end(&mut written).unwrap();
        let written = String::from_utf8_lossy(&written).into_owned();
        let executed = self.starter.records(&written).into_iter().map(arguments).collect();
        Truth { executed, late: !ended }
    }

    /// Empties the log and the scratch folder, which most texts leave empty.
    fn clear(&mut self) {
        self.log.set_len(0).unwrap();
        let scratch = self.root.join("scratch");
        let empty = fs::read_dir(&scratch).is_ok_and(|mut entries| entries.next().is_none());
        if !empty {
            let _ = fs::remove_dir_all(&scratch);
            make_open(&scratch);
        }
    }

    /// What `bash -n` has against the text.
    pub(super) fn objection(&mut self, text: &str) -> Option<String> {
        self.starter.objection(text)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Makes a folder that every user may write to.
fn make_open(path: &Path) {
    let _ = fs::create_dir(path);
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
}

/// Arguments of one record of the log.
fn arguments(record: &str) -> Vec<String> {
    record.split_terminator('\u{1f}').map(|argument| argument.replace('\u{1d}', "\n")).collect()
}

fn write_program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
