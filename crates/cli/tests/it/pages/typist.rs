//! A person who types the console blocks of a page, line by line, and compares what the page shows.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::docs::{Block, blocks_of};
use crate::world::{Ran, World};

/// What operators sign in with.
const PASSWORD: &str = "correct horse battery";

/// The address in the pages; tests run side by side, so each gets its own.
const ADDRESS: &str = "127.0.0.1:3100";

/// How long something may take that goes on in the background.
const PATIENCE: Duration = Duration::from_secs(30);

/// Commands of a page may end otherwise than with 0, where the text around says so.
pub(super) type Codes<'a> = &'a [(&'a str, &'a [i32])];

/// The person, and what was started.
pub(super) struct Typist {
    pub(super) world: World,
    address: String,
    running: Vec<Child>,
    last: i32,
    /// Words of the page, and what stands for them here.
    words: Vec<(String, String)>,
}

impl Typist {
    pub(super) fn new() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let words = vec![(ADDRESS.to_owned(), address.clone())];
        Self { world: World::new(), address, running: Vec::new(), last: 0, words }
    }

    /// Address and port of its gateway.
    pub(super) fn address(&self) -> String {
        self.address.clone()
    }

    /// From now on this word of the page means that one.
    pub(super) fn means(&mut self, word: &str, here: &str) {
        self.words.push((word.to_owned(), here.to_owned()));
    }

    /// Types every console block of a page and saves every file it shows. `each` is told of each line before it is typed, and
    /// again with what came of it. Gives the number of lines.
    pub(super) fn types(
        &mut self,
        page: &str,
        codes: Codes<'_>,
        mut each: impl FnMut(&mut Self, &str, Option<&Ran>),
    ) -> usize {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(page);
        let mut typed = 0;
        for block in blocks_of(&path) {
            if let Some(path) = block.text.lines().next().and_then(|line| line.strip_prefix("# policies/")) {
                self.world.write(&format!("home/project/policies/{path}"), &block.text);
            }
            if block.language != "console" {
                continue;
            }
            for (line, shown) in lines(&block) {
                let place = format!("{page}:{}: `{line}`", block.line);
                let (line, shown) = (self.here(&line), self.here(&shown));
                each(self, &line, None);
                let ran = self.enter(&line, &shown);
                let prefixed = codes.iter().find(|(prefix, _)| line.starts_with(prefix));
                let wanted = prefixed.map_or(&[0][..], |(_, codes)| codes);
                assert!(wanted.contains(&ran.code), "{place}: {}", ran.whole());
                assert_eq!(missing(&shown, &ran.stdout), None, "{place} does not print it: {}", ran.whole());
                each(self, &line, Some(&ran));
                typed += 1;
            }
        }
        typed
    }

    fn here(&self, text: &str) -> String {
        self.words.iter().fold(text.to_owned(), |text, (word, here)| text.replace(word, here))
    }

    /// Types one line; what does not end by itself goes on in the background.
    fn enter(&mut self, line: &str, shown: &str) -> Ran {
        if let Some(words) = line.strip_prefix("placet serve") {
            let shown = format!("Placet listens on http://{}\n{shown}", self.address);
            return self.background(&format!("placet serve{words}"), &shown);
        }
        if line == "systemctl --user enable --now placet-sync" {
            let unit = self.world.read("home/.config/systemd/user/placet-sync.service");
            let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
            return self.background(start, "");
        }
        let operator =
            ["add", "login"].iter().any(|word| line.starts_with(&format!("placet operator {word}")));
        if operator {
            return self.run(&format!("echo '{PASSWORD}' | {line} --password-stdin"));
        }
        if ["placet token revoke", "placet init"].iter().any(|start| line.starts_with(start)) {
            // The person at the terminal says yes.
            return self.run(&format!("{} --yes", line.trim_end_matches(" --yes")));
        }
        self.run(line)
    }

    /// Runs a line; variables it exports hold for the next ones.
    pub(super) fn run(&mut self, line: &str) -> Ran {
        let kept = self.world.path("variables");
        let (kept, last) = (kept.display(), self.last);
        let ran = self.world.run_line(&format!(
            "PLACET_LISTEN={}; export PLACET_LISTEN\n[ ! -f {kept} ] || . {kept}\n(exit {last})\n{line}\nended=$?\n\
             export -p > {kept}\nexit $ended",
            self.address
        ));
        self.last = ran.code;
        ran
    }

    /// Starts what goes on until the test ends, and waits until it shows this.
    pub(super) fn background(&mut self, line: &str, shown: &str) -> Ran {
        let program = format!("'{}'", env!("CARGO_BIN_EXE_placet"));
        let line = line.strip_prefix("placet ").map_or(line.to_owned(), |words| format!("{program} {words}"));
        let (out, err) = (self.world.path("background.out"), self.world.path("background.err"));
        let file = |path: &Path| Stdio::from(std::fs::File::create(path).unwrap());
        let child = Command::new("sh")
            .env_clear()
            .env("HOME", self.world.path("home"))
            .env("PATH", "/usr/bin:/bin")
            .env("PLACET_LISTEN", &self.address)
            .args(["-c", &format!("exec {line}")])
            .current_dir(self.world.path("home/project"))
            .stdin(Stdio::null())
            .stdout(file(&out))
            .stderr(file(&err))
            .spawn()
            .unwrap();
        self.running.push(child);
        let read = |path: &Path| self.world.filter(&std::fs::read_to_string(path).unwrap());
        let ran = || Ran { code: 0, stdout: read(&out), stderr: read(&err) };
        let came = wait(|| missing(shown, &ran().stdout).is_none());
        let ran = ran();
        assert!(came, "`{line}` does not show `{}`: {}", missing(shown, &ran.stdout).unwrap(), ran.whole());
        ran
    }

    /// What the last line in the background has shown by now.
    pub(super) fn shown_in_background(&self, text: &str) -> bool {
        wait(|| self.world.read("background.out").contains(text))
    }

    /// Ends what was started, as Ctrl-C does.
    pub(super) fn ends_everything(&mut self) {
        for mut child in self.running.drain(..) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Typist {
    fn drop(&mut self) {
        self.ends_everything();
    }
}

/// Waits until it is so; says whether it came to that.
pub(super) fn wait(so: impl Fn() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    while !so() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    true
}

/// The commands of a block, each with what is shown below it. A line that ends in `\` goes on in the next.
fn lines(block: &Block) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(typed), _) => found.push((typed.to_owned(), String::new())),
            (None, Some((typed, _))) if typed.ends_with('\\') => {
                *typed = format!("{} {}", typed.trim_end_matches('\\'), line.trim_start());
            }
            (None, Some((_, shown))) => shown.push_str(&format!("{line}\n")),
            (None, None) => panic!("{}:{}: output of nothing", block.page, block.line),
        }
    }
    found
}

/// The first line that the page shows and the program does not print. `...` stands for anything.
fn missing(shown: &str, printed: &str) -> Option<String> {
    let prints = |line: &&str| !printed.lines().any(|printed| is_like(line, printed));
    shown.lines().filter(|line| !line.trim().is_empty()).find(prints).map(str::to_owned)
}

fn is_like(shown: &str, printed: &str) -> bool {
    match shown.split_once("...") {
        None => shown == printed,
        Some((start, end)) => {
            printed.strip_prefix(start).is_some_and(|rest| end.is_empty() || rest.ends_with(end))
        }
    }
}
