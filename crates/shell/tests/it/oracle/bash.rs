//! Runs a text in real Bash and tells which stubs it executed.
//!
//! Each run gets an empty scratch folder, a `PATH` that holds nothing but stubs, an unprivileged user when the
//! tests run as root, limits on time and file size, and no standard streams. The stub `PWN` writes its
//! arguments to a log outside the scratch folder.
//!
//! One Bash for each sandbox, the *starter*, lives on and starts a fresh one for every text: so a text costs one process, not three.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process_group};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// User that runs the texts when the tests run as root.
const UNPRIVILEGED: u32 = 64_123;

/// Longest a text may run.
const DEADLINE: Timespec = Timespec { tv_sec: 2, tv_nsec: 0 };

/// Reads words from its standard input: `run` starts the text in the file `text` and tells its process group, `check` asks
/// `bash -n` about it and tells the status. Whatever a text leaves running holds the pipe `ended`.
const STARTER: &str = r#"
set -m
ulimit -f 200; ulimit -u 200 2>/dev/null || ulimit -p 200
while read -r what; do
  IFS= read -r -d '' text < text
  case $what in
    run)
      (ulimit -t 1; cd scratch; unset OLDPWD what; exec /bin/bash --norc --noprofile -c -- "$text") \
        </dev/null >/dev/null 2>&1 9>ended &
      echo $! ;;
    check)
      (ulimit -t 1; exec /bin/bash --norc --noprofile -n -c -- "$text") </dev/null >/dev/null 2>objection
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
        for name in ["text", "objection"] {
            fs::write(root.join(name), "").unwrap();
        }
        for name in ["ended", "objection"] {
            fs::set_permissions(root.join(name), fs::Permissions::from_mode(0o666)).unwrap();
        }
        let mut starter = starter(&root).spawn().unwrap();
        let asks = starter.stdin.take().unwrap();
        let answers = BufReader::new(starter.stdout.take().unwrap());
        Self { root, starter, asks, answers }
    }

    /// Gives the starter a word; tells the number it answers with.
    fn ask(&mut self, word: &str) -> i32 {
        writeln!(self.asks, "{word}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().parse().unwrap()
    }

    /// Runs `text` with `bash -c`.
    pub(super) fn run(&mut self, text: &str) -> Truth {
        let scratch = self.root.join("scratch");
        let log = self.root.join("log");
        let _ = fs::remove_dir_all(&scratch);
        fs::create_dir(&scratch).unwrap();
        fs::set_permissions(&scratch, fs::Permissions::from_mode(0o777)).unwrap();
        fs::write(&log, "").unwrap();
        fs::set_permissions(&log, fs::Permissions::from_mode(0o666)).unwrap();
        fs::write(self.root.join("text"), text).unwrap();
        let ended =
            rustix::fs::open(self.root.join("ended"), OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())
                .unwrap();
        let group = Pid::from_raw(self.ask("run")).unwrap();
        // Hung up once every writer is gone: the text and its background jobs.
        let late = poll(&mut [PollFd::new(&ended, PollFlags::IN)], Some(&DEADLINE)).unwrap() == 0;
        if late {
            // Twice, for a member that was just being made.
            let _ = kill_process_group(group, Signal::KILL);
            let _ = kill_process_group(group, Signal::KILL);
        }
        let written = fs::read(&log).unwrap();
        let written = String::from_utf8_lossy(&written).into_owned();
        let executed = written.split_terminator('\u{1e}').map(arguments).collect();
        Truth { executed, late }
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
        .args(["--norc", "--noprofile", "-c", STARTER])
        .current_dir(root)
        .env_clear()
        .env("PATH", root.join("bin"))
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
