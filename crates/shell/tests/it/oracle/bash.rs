//! Runs a text in real Bash and tells which stubs it executed.
//!
//! Each run gets an empty scratch folder, a `PATH` that holds nothing but stubs, an unprivileged user when the
//! tests run as root, limits on time and file size, and no standard streams. The stub `PWN` writes its
//! arguments to a log outside the scratch folder.

use rustix::process::{Pid, Signal, kill_process_group};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// User that runs the texts when the tests run as root.
const UNPRIVILEGED: u32 = 64_123;

/// Longest a text may run.
const DEADLINE: Duration = Duration::from_secs(2);

/// Programs that texts may name; they do nothing.
const HARMLESS: [&str; 9] = ["cat", "grep", "ls", "foo", "bar", "sed", "head", "if", "{"];

/// One place to run texts in, used by one thread.
pub(super) struct Sandbox {
    root: PathBuf,
    root_user: bool,
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
        let root_user = fs::metadata("/proc/self").is_ok_and(|meta| {
            use std::os::unix::fs::MetadataExt as _;
            meta.uid() == 0
        });
        Self { root, root_user }
    }

    /// Runs `text` with `bash -c`.
    pub(super) fn run(&self, text: &str) -> Truth {
        let scratch = self.root.join("scratch");
        let log = self.root.join("log");
        let _ = fs::remove_dir_all(&scratch);
        fs::create_dir(&scratch).unwrap();
        fs::set_permissions(&scratch, fs::Permissions::from_mode(0o777)).unwrap();
        fs::write(&log, "").unwrap();
        fs::set_permissions(&log, fs::Permissions::from_mode(0o666)).unwrap();
        let late = self.wait(self.bash(&scratch, &["-c", "--", text]));
        let written = fs::read(&log).unwrap();
        let written = String::from_utf8_lossy(&written).into_owned();
        let executed = written.split_terminator('\u{1e}').map(arguments).collect();
        Truth { executed, late }
    }

    /// What `bash -n` has against the text.
    pub(super) fn objection(&self, text: &str) -> Option<String> {
        let output =
            self.bash(&self.root, &["-n", "-c", "--", text]).stderr(Stdio::piped()).output().unwrap();
        if output.status.success() {
            return None;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Some(said.lines().next().unwrap_or_default().to_owned())
    }

    fn bash(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "ulimit -t 1; ulimit -f 200; ulimit -u 200 2>/dev/null || ulimit -p 200; exec 9>&1 >/dev/null; exec /bin/bash --norc --noprofile \"$@\"", "sh"])
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", self.root.join("bin"))
            .env("HOME", folder)
            .env("LC_ALL", "C.UTF-8")
            .env("FUNCNEST", "5")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        if self.root_user {
            command.uid(UNPRIVILEGED).gid(UNPRIVILEGED);
        }
        command
    }

    /// Waits for the command and its background jobs; `true` when they had to be stopped.
    ///
    /// All of them hold descriptor 9 of the pipe that is standard output here, so its end is their end.
    fn wait(&self, mut command: Command) -> bool {
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdout.take().unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let reader = std::thread::spawn(move || {
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
            let _ = sender.send(());
        });
        let late = receiver.recv_timeout(DEADLINE).is_err();
        if late {
            let group = Pid::from_child(&child);
            // Twice, for a member that was just being made.
            let _ = kill_process_group(group, Signal::KILL);
            let _ = kill_process_group(group, Signal::KILL);
        }
        child.wait().unwrap();
        reader.join().unwrap();
        late
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
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
