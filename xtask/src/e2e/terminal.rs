//! The agent as a person sees it: a full terminal, by tmux on a socket of its own.
//!
//! Nothing is read from the screen, as its texts change from release to release. That a question is open is
//! seen from outside: the model has spoken and the agent neither runs the call nor reports back.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::api::Api;
use super::scenario::{Person, Run};
use super::session::{PROMPT, Seen};
use super::world::World;
use crate::tools;

/// A session that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(60);
/// Silence after the model has spoken that counts as an open question.
const SILENCE: Duration = Duration::from_secs(6);

/// Plays the scenario in a terminal until the model has said its last word.
pub(crate) fn play(world: &World, run: &Run, api: &Api) -> Result<Seen, String> {
    let terminal = Terminal {
        socket: format!("placet-e2e-{}-{}", std::process::id(), run.name.replace(['/', '.'], "-")),
    };
    let mut words = vec!["env".to_owned(), "-i".to_owned()];
    let replaced = [("TERM", "screen-256color".to_owned()), ("ANTHROPIC_BASE_URL", api.url.clone())];
    let kept = world.environment().into_iter().filter(|(name, _)| *name != "TERM");
    words.extend(kept.chain(replaced).map(|(name, value)| quoted(&format!("{name}={value}"))));
    words.push(quoted(&run.host.program().to_string_lossy()));
    words.extend(["--permission-mode", &run.mode, PROMPT].map(quoted));
    let project = world.project.to_string_lossy().into_owned();
    terminal.run(&["new-session", "-d", "-x", "160", "-y", "50", "-c", &project, &words.join(" ")])?;
    let seen = terminal.watch(run, api);
    let screen = terminal.run(&["capture-pane", "-p"]).unwrap_or_default();
    seen.map(|asked| Seen { asked, output: screen.clone() })
        .map_err(|error| format!("{error}; the screen:\n{screen}"))
}

struct Terminal {
    socket: String,
}

impl Terminal {
    /// Waits for the last turn, pressing the key of the person's answer whenever a question is open.
    fn watch(&self, run: &Run, api: &Api) -> Result<Vec<String>, String> {
        let started = Instant::now();
        let mut last = (0, Instant::now());
        let mut asked = Vec::new();
        loop {
            std::thread::sleep(Duration::from_millis(200));
            let played =
                api.stage.lock().map_err(|_| "the scripted model fell over".to_owned())?.turns_played("main");
            if played > run.scenario.turns.len() {
                // The last word still has to reach the screen and the last events the hooks.
                std::thread::sleep(Duration::from_millis(500));
                return Ok(asked);
            }
            if started.elapsed() > LIMIT {
                return Err(format!("no end after {} s; {played} turns played", LIMIT.as_secs()));
            }
            if played != last.0 {
                last = (played, Instant::now());
            } else if played > 0 && last.1.elapsed() > SILENCE {
                asked.push("terminal".to_owned());
                // The first choice of the dialog is yes, and Escape is no, in every release so far.
                let key = if run.scenario.person == Person::Allows { "Enter" } else { "Escape" };
                self.run(&["send-keys", key])?;
                last.1 = Instant::now();
            }
        }
    }

    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        tools::output_of(Command::new("tmux").args(["-L", &self.socket, "-f", "/dev/null"]).args(arguments))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Our own server on our own socket; gone already if the agent ended.
        let _ = Command::new("tmux").args(["-L", &self.socket, "kill-server"]).stderr(Stdio::null()).status();
    }
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
