//! One Bash that lives on and starts a fresh one for every text: so a text costs one process, not three.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process_group};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Longest a text may run.
const DEADLINE: Timespec = Timespec { tv_sec: 2, tv_nsec: 0 };

/// Reads words from its standard input. `check` parses the text in the file `text` in a child, as `bash -n` does, and
/// tells the status; any other word names the folder that is to be the `PATH` of a Bash that runs the text, and it
/// tells that Bash's process group; the word `zsh` runs it in zsh, as agents do. Whatever a text leaves running holds the pipe `ended`. The second word is the
/// number of the run, which stands first in every record: a process that outlived its text tells nothing of the next.
///
/// A program that is not found is given to the exported function HANDLER, in the child that Bash made for it: it
/// does what stubs would do without starting another program.
const SCRIPT: &str = r#"
set -m
ulimit -f 200; ulimit -u 200 2>/dev/null || ulimit -p 200
root=$PWD
command_not_found_handle() {
HANDLER
}
export -f command_not_found_handle
while read -r what run; do
  IFS= read -r -d '' text < text
  case $what in
    check)
      (ulimit -t 1; eval "set -n
$text") </dev/null >/dev/null 2>objection
      echo $? ;;
    zsh)
      (ulimit -t 1; cd "$SCRATCH"; export PATH=/none PLACET_RUN=$run; handler=$root/handler.zsh; unset OLDPWD SCRATCH what run root
       exec /usr/bin/zsh -f -c 'setopt NO_BARE_GLOB_QUAL NO_EQUALS; source $1; shift; eval "$1"' zsh "$handler" "$text") </dev/null >/dev/null 2>&1 9>ended &
      echo $! ;;
    *)
      (ulimit -t 1; cd "$SCRATCH"; export PATH=$root/$what PLACET_RUN=$run; unset OLDPWD SCRATCH what run root
       exec /bin/bash --norc --noprofile -c -- "$text") </dev/null >/dev/null 2>&1 9>ended &
      echo $! ;;
  esac
done
"#;

/// The Bash and the folder it stands in.
pub(crate) struct Starter {
    root: PathBuf,
    command: Command,
    bash: Running,
    /// Number of the last run.
    run: u64,
}

/// One life of it.
struct Running {
    process: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut process = command.spawn().unwrap();
        let asks = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, asks, answers }
    }

    /// Gives it a word; the number it answers with, none when it is dead.
    fn ask(&mut self, word: &str) -> Option<i32> {
        writeln!(self.asks, "{word}").ok()?;
        let mut line = String::new();
        self.answers.read_line(&mut line).ok()?;
        line.trim().parse().ok()
    }
}

impl Starter {
    /// Starts it in `root`. `handler` is the body of the function that stands in for programs, `variables` the whole
    /// environment of the texts but for `PATH`; `user` runs them, if given.
    pub(crate) fn new(
        root: &Path,
        scratch: &Path,
        handler: &str,
        variables: &[(&str, &str)],
        user: Option<u32>,
    ) -> Self {
        use std::os::unix::process::CommandExt as _;
        assert!(Command::new("mkfifo").arg(root.join("ended")).status().unwrap().success());
        for name in ["text", "objection"] {
            fs::write(root.join(name), "").unwrap();
        }
        for name in ["ended", "objection"] {
            fs::set_permissions(root.join(name), fs::Permissions::from_mode(0o666)).unwrap();
        }
        let mut command = Command::new("/bin/bash");
        command
            .args(["--norc", "--noprofile", "-c"])
            .arg(SCRIPT.replace("HANDLER", handler))
            .current_dir(root)
            .env_clear()
            .env("PATH", "/none")
            .env("SCRATCH", scratch)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        if let Some(user) = user {
            command.uid(user).gid(user);
        }
        let bash = Running::start(&mut command);
        Self { root: root.to_owned(), command, bash, run: 0 }
    }

    /// Gives it a word; tells the number it answers with. A text may have ended it, or taken every process its user
    /// may have: then a new one is asked.
    fn ask(&mut self, word: &str) -> i32 {
        for _ in 0..3 {
            if let Some(number) = self.bash.ask(word) {
                return number;
            }
            let _ = self.bash.process.kill();
            let _ = self.bash.process.wait();
            self.bash = Running::start(&mut self.command);
        }
        panic!("Bash does not start");
    }

    /// Runs `text` with the programs of the folder `path` until it and all it started have ended; `false` when it had
    /// to be killed.
    pub(crate) fn run(&mut self, text: &str, path: &str) -> bool {
        fs::write(self.root.join("text"), text).unwrap();
        let ended =
            rustix::fs::open(self.root.join("ended"), OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())
                .unwrap();
        self.run += 1;
        let group = Pid::from_raw(self.ask(&format!("{path} {}", self.run))).unwrap();
        // Hung up once every writer is gone.
        let late = poll(&mut [PollFd::new(&ended, PollFlags::IN)], Some(&DEADLINE)).unwrap() == 0;
        if late {
            // Twice, for a member that was just being made.
            let _ = kill_process_group(group, Signal::KILL);
            let _ = kill_process_group(group, Signal::KILL);
        }
        !late
    }

    /// The records of the last run in what its programs wrote, the number of the run taken off. A record without a
    /// number is of a program that was given another environment.
    pub(crate) fn records<'w>(&self, written: &'w str) -> Vec<&'w str> {
        let number = self.run.to_string();
        let of_this_run = |record: &'w str| match record.split_once('\u{1f}') {
            Some((run, rest)) if run.is_empty() || run == number => Some(rest),
            _ => None,
        };
        written.split_terminator('\u{1e}').filter_map(of_this_run).collect()
    }

    /// What `bash -n` has against the text.
    pub(crate) fn objection(&mut self, text: &str) -> Option<String> {
        fs::write(self.root.join("text"), text).unwrap();
        if self.ask("check") == 0 {
            return None;
        }
        let said = fs::read(self.root.join("objection")).unwrap();
        Some(String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned())
    }
}

impl Drop for Starter {
    fn drop(&mut self) {
        let _ = self.bash.process.kill();
        let _ = self.bash.process.wait();
    }
}
