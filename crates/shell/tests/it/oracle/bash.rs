//! Runs a text in real Bash and tells which stubs it executed.
//!
//! Each run gets an empty scratch folder, a `PATH` that holds nothing but stubs (or nothing at all, see
//! [`Manner`]), an unprivileged user when the tests run as root, limits on time and file size, and no standard
//! streams. The stub `PWN` writes its arguments to a log outside the scratch folder.
//!
//! One Bash for each sandbox, the *starter*, lives on and starts a fresh one for every text: so a text costs one
//! process, not three.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process_group};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// User that runs the texts when the tests run as root.
const UNPRIVILEGED: u32 = 64_123;

/// Longest a text may run.
const DEADLINE: Timespec = Timespec { tv_sec: 2, tv_nsec: 0 };

/// Reads words from its standard input: `run` and `programs` start the text in the file `text` and tell its process group,
/// `check` parses it in a child, as `bash -n` does, and tells the status. Whatever a text leaves running holds the pipe
/// `ended`.
///
/// A program that is not found is given to the exported function, in the child that Bash made for it. It does what the
/// stubs do without starting another program, and so takes a fifth of the time.
const STARTER: &str = r#"
set -m
ulimit -f 200; ulimit -u 200 2>/dev/null || ulimit -p 200
root=$PWD
command_not_found_handle() {
  case $1 in
    PWN) shift; local a l=; for a; do l+=$a$'\x1f'; done; builtin printf '%s\x1e' "$l" >>'LOG'; return 1 ;;
    time) shift; while [[ $1 == -* ]]; do shift; done; "$@" ;;
    cat | grep | ls | foo | bar | sed | head | if | {) return 0 ;;
    *) return 127 ;;
  esac
}
export -f command_not_found_handle
start() {
  (ulimit -t 1; cd scratch; export PATH=$root/$1; unset OLDPWD what text root
   exec /bin/bash --norc --noprofile -c -- "$2") </dev/null >/dev/null 2>&1 9>ended &
  echo $!
}
while read -r what; do
  IFS= read -r -d '' text < text
  case $what in
    run) start none "$text" ;;
    programs) start bin "$text" ;;
    check)
      (ulimit -t 1; eval "set -n
$text") </dev/null >/dev/null 2>objection
      echo $? ;;
  esac
done
"#;

/// Programs that texts may name; they do nothing.
const HARMLESS: [&str; 9] = ["cat", "grep", "ls", "foo", "bar", "sed", "head", "if", "{"];

/// One place to run texts in, used by one thread.
pub(super) struct Sandbox {
    root: PathBuf,
    starter: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Where executions of `PWN` are written.
    log: File,
}

/// How the programs of a text are met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As files on the `PATH`, also for `exec`.
    Programs,
    /// By the function that Bash calls for a program it does not find: much quicker.
    Handler,
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
            "#!/bin/sh\nl=\nfor a; do l=\"$l$a\u{1f}\"; done\nprintf '%s\\036' \"$l\" >> '{}'\nexit 1\n",
            log.display()
        );
        write_program(&bin.join("PWN"), &record);
        // The program, not the keyword: runs what it is given.
        write_program(
            &bin.join("time"),
            "#!/bin/sh\nwhile true; do case $1 in -*) shift;; *) break;; esac; done\n\"$@\"\n",
        );
        let nothing =
            ["/bin/true", "/usr/bin/true"].into_iter().find(|path| Path::new(path).exists()).unwrap();
        for name in HARMLESS {
            symlink(nothing, bin.join(name)).unwrap();
        }
        assert!(Command::new("mkfifo").arg(root.join("ended")).status().unwrap().success());
        for name in ["text", "objection", "log"] {
            fs::write(root.join(name), "").unwrap();
        }
        for name in ["ended", "objection", "log"] {
            fs::set_permissions(root.join(name), fs::Permissions::from_mode(0o666)).unwrap();
        }
        let log = File::options().read(true).write(true).open(log).unwrap();
        let mut starter = starter(&root).spawn().unwrap();
        let asks = starter.stdin.take().unwrap();
        let answers = BufReader::new(starter.stdout.take().unwrap());
        Self { root, starter, asks, answers, log }
    }

    /// Gives the starter a word; tells the number it answers with.
    fn ask(&mut self, word: &str) -> i32 {
        writeln!(self.asks, "{word}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().parse().unwrap()
    }

    /// Runs `text` with `bash -c`.
    pub(super) fn run(&mut self, text: &str, manner: Manner) -> Truth {
        self.clear();
        fs::write(self.root.join("text"), text).unwrap();
        let ended =
            rustix::fs::open(self.root.join("ended"), OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())
                .unwrap();
        let word = if manner == Manner::Programs { "programs" } else { "run" };
        let group = Pid::from_raw(self.ask(word)).unwrap();
        // Hung up once every writer is gone: the text and its background jobs.
        let late = poll(&mut [PollFd::new(&ended, PollFlags::IN)], Some(&DEADLINE)).unwrap() == 0;
        if late {
            // Twice, for a member that was just being made.
            let _ = kill_process_group(group, Signal::KILL);
            let _ = kill_process_group(group, Signal::KILL);
        }
        let mut written = Vec::new();
        self.log.seek(SeekFrom::Start(0)).unwrap();
        self.log.read_to_end(&mut written).unwrap();
        let written = String::from_utf8_lossy(&written).into_owned();
        let executed = written.split_terminator('\u{1e}').map(arguments).collect();
        Truth { executed, late }
    }

    /// Empties the log and the scratch folder, which most texts leave empty.
    fn clear(&mut self) {
        self.log.set_len(0).unwrap();
        let scratch = self.root.join("scratch");
        let empty = fs::read_dir(&scratch).is_ok_and(|mut entries| entries.next().is_none());
        if !empty {
            let _ = fs::remove_dir_all(&scratch);
            fs::create_dir(&scratch).unwrap();
            fs::set_permissions(&scratch, fs::Permissions::from_mode(0o777)).unwrap();
        }
    }

    /// What `bash -n` has against the text.
    pub(super) fn objection(&mut self, text: &str) -> Option<String> {
        fs::write(self.root.join("text"), text).unwrap();
        if self.ask("check") == 0 {
            return None;
        }
        let said = fs::read(self.root.join("objection")).unwrap();
        Some(String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned())
    }
}

/// The Bash that starts the others.
fn starter(root: &Path) -> Command {
    let root_user = fs::metadata("/proc/self").is_ok_and(|meta| {
        use std::os::unix::fs::MetadataExt as _;
        meta.uid() == 0
    });
    let mut command = Command::new("/bin/bash");
    command
        .args(["--norc", "--noprofile", "-c"])
        .arg(STARTER.replace("LOG", &root.join("log").to_string_lossy()))
        .current_dir(root)
        .env_clear()
        .env("PATH", root.join("none"))
        .env("HOME", root.join("scratch"))
        .env("LC_ALL", "C.UTF-8")
        .env("FUNCNEST", "5")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0);
    if root_user {
        command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
    }
    command
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.starter.kill();
        let _ = self.starter.wait();
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Arguments of one record of the log.
fn arguments(record: &str) -> Vec<String> {
    record.split_terminator('\u{1f}').map(str::to_owned).collect()
}

fn write_program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
