//! A gateway of one test: `placet serve` on a port of its own, with a folder of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::world::{Ran, World};

/// A running gateway and a world whose commands know it.
pub(crate) struct Gateway {
    pub(crate) world: World,
    pub(crate) url: String,
    child: Child,
}

impl Gateway {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let world = World::new();
        let (child, url) = Self::serve(&world, "127.0.0.1:0", arguments);
        Self { world, url, child }
    }

    /// Starts it again at the same address, after it ended.
    pub(crate) fn start_again(&mut self, arguments: &[&str]) {
        let address = self.url.strip_prefix("http://").unwrap().to_owned();
        self.stop();
        (self.child, self.url) = Self::serve(&self.world, &address, arguments);
    }

    fn serve(world: &World, listen: &str, arguments: &[&str]) -> (Child, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_placet"))
            .env_clear()
            .env("HOME", world.path("home"))
            .args(["serve", "--listen", listen, "--data"])
            .arg(world.path("home/data"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url =
            line.trim().strip_prefix("Placet listens on ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        (child, url)
    }

    /// Runs a command of an administrator and gives what it says as it is.
    pub(crate) fn raw(&self, arguments: &[&str]) -> Ran {
        let token = self.world.read("home/data/admin-token");
        let variables = [("PLACET_GATEWAY", self.url.as_str()), ("PLACET_ADMIN_TOKEN", token.trim())];
        self.world.run_with(&variables, arguments, "")
    }

    /// Runs a command that is told the gateway by a variable and the token by its file.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let token = std::fs::read_to_string(self.world.path("home/data/admin-token")).unwrap();
        self.run_as(&[("PLACET_GATEWAY", &self.url), ("PLACET_ADMIN_TOKEN", token.trim())], arguments)
    }

    /// Runs a command with these variables.
    pub(crate) fn run_as(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        self.steady(self.world.run_with(variables, arguments, ""))
    }

    /// What differs from run to run replaced.
    pub(crate) fn steady(&self, ran: Ran) -> Ran {
        let steady = |text: &str| steady(&text.replace(&self.url, "http://127.0.0.1:[PORT]"));
        Ran { code: ran.code, stdout: steady(&ran.stdout), stderr: steady(&ran.stderr) }
    }

    /// Makes an agent and gives its key.
    pub(crate) fn agent(&self, name: &str) -> String {
        let ran = self.world.run_with(
            &[
                ("PLACET_GATEWAY", &self.url),
                ("PLACET_ADMIN_TOKEN", self.world.read("home/data/admin-token").trim()),
            ],
            &["agent", "create", name, "--json"],
            "",
        );
        assert_eq!(ran.code, 0, "{}", ran.whole());
        ran.json()["api_key"].as_str().unwrap().to_owned()
    }

    pub(crate) fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ids, keys, times and durations in a text, each replaced by as many characters.
fn steady(text: &str) -> String {
    let mut out = text.to_owned();
    for (pattern, with) in [
        (r"\b(agt|rec|org|opr|tok)_[0-9a-z]{26}", "${1}_00000000000000000000000000"),
        (r"plc_(live|admin|token|session)_[0-9a-z]{32}", "plc_${1}_00000000000000000000000000000000"),
        (r"eyJ[-\w.]+", "[TOKEN]"),
        (r"plc_token_[0-9a-z]{4}\b", "plc_token_0000"),
        (r"\*{8}[0-9a-z]{4}", "********0000"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "2000-01-01T00:00:00.000Z"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d", "2000-01-01 00:00"),
        (r"20\d\d-\d\d-\d\d", "2000-01-01"),
        (r"\b\d\d-\d\d \d\d:\d\d:\d\d\b", "01-01 00:00:00"),
        (r"\b\d+ ms\b", "0 ms"),
        (r"1[6-9]\d{11}\b", "1600000000000"),
    ] {
        out = regex_lite::Regex::new(pattern).unwrap().replace_all(&out, with).into_owned();
    }
    out
}

/// Whether a person at a terminal of 80 columns sees it as it is meant.
pub(crate) fn assert_fits(ran: &Ran) {
    let stdout = if ran.stdout.starts_with(['{', '[']) { "" } else { &ran.stdout };
    let lines = stdout.lines().chain(ran.stderr.lines());
    for line in lines.filter(|line| !line.starts_with("error: ")) {
        let line = line.replace("[VERSION]", "0.1.0");
        assert!(line.chars().count() <= 80, "{line:?} in {}", ran.whole());
    }
}
