//! Runs the real agent once: headless, or behind a host that answers its questions.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::api::Api;
use super::scenario::{Person, Run, Scenario, Session};
use super::world::World;

/// What a session showed from outside.
#[derive(Default)]
pub(crate) struct Seen {
    /// Tools for which `can_use_tool` arrived, in order.
    pub(crate) asked: Vec<String>,
    /// The agent's output, for failure reports.
    pub(crate) output: String,
}

/// A session that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// What the person types.
pub(crate) const PROMPT: &str = "[[script:main]] go";

/// Runs the scenario's session against the scripted model `api`.
pub(crate) fn play(world: &World, run: &Run, api: &Api) -> Result<Seen, String> {
    let mut command = world.command(&run.host.program());
    command.env("ANTHROPIC_BASE_URL", &api.url);
    command.args(["--output-format", "stream-json", "--verbose", "--permission-mode", &run.mode]);
    let world_path = world.root.to_string_lossy();
    command.args(run.scenario.arguments.iter().map(|argument| argument.replace("{WORLD}", &world_path)));
    match run.scenario.session {
        Session::Print => {
            command.args(["-p", PROMPT]);
        }
        Session::Host => {
            command.args(["--input-format", "stream-json", "--permission-prompt-tool", "stdio"]);
            command.stdin(Stdio::piped());
        }
        Session::Terminal => return super::terminal::play(world, run, api),
    }
    talk(&mut command, world, &run.scenario)
}

fn talk(command: &mut Command, world: &World, scenario: &Scenario) -> Result<Seen, String> {
    let errors = world.root.join("agent.stderr");
    let errors =
        std::fs::File::create(&errors).map_err(|error| format!("`{}`: {error}", errors.display()))?;
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(errors)
        .spawn()
        .map_err(|error| format!("the agent could not be started: {error}"))?;
    let mut to_agent = child.stdin.take();
    if let Some(pipe) = &mut to_agent {
        let message = json!({"type": "user", "message": {"role": "user", "content": PROMPT},
            "parent_tool_use_id": null, "session_id": ""});
        say(pipe, &message)?;
    }
    let lines = lines_of(&mut child)?;
    let seen = listen(&lines, to_agent, scenario);
    if seen.is_err() {
        // It hangs; a child that is already gone is fine too.
        let _ = child.kill();
    }
    child.wait().map_err(|error| format!("the agent: {error}"))?;
    seen
}

/// Reads until the output ends, answering questions on the way.
fn listen(
    lines: &Receiver<String>,
    mut to_agent: Option<ChildStdin>,
    scenario: &Scenario,
) -> Result<Seen, String> {
    let started = Instant::now();
    let mut seen = Seen::default();
    loop {
        let line = match lines.recv_timeout(LIMIT.saturating_sub(started.elapsed())) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => return Ok(seen),
            Err(RecvTimeoutError::Timeout) => return Err(format!("no end after {} s", LIMIT.as_secs())),
        };
        seen.output.push_str(&line);
        seen.output.push('\n');
        let message: Value = serde_json::from_str(&line).unwrap_or_default();
        match message.get("type").and_then(Value::as_str) {
            Some("control_request") => {
                std::thread::sleep(Duration::from_millis(scenario.person_delay_ms));
                let (asked, answer) = answer_to(&message, scenario.person);
                seen.asked.extend(asked);
                if let Some(pipe) = &mut to_agent {
                    say(pipe, &answer)?;
                }
            }
            // Closing its input tells the agent that no further message comes.
            Some("result") => to_agent = None,
            _ => {}
        }
    }
}

/// The tool that is asked for, if it is a question, and what the host says.
fn answer_to(message: &Value, person: Person) -> (Option<String>, Value) {
    let request = message.get("request").cloned().unwrap_or_default();
    let text = |name: &str| request.get(name).and_then(Value::as_str).map(str::to_owned);
    let asked = text("subtype").filter(|subtype| subtype == "can_use_tool").and_then(|_| text("tool_name"));
    let answer = match person {
        Person::Allows => json!({"behavior": "allow", "updatedInput": request.get("input")}),
        Person::Denies => json!({"behavior": "deny", "message": "no"}),
    };
    let response = json!({"subtype": "success", "request_id": message.get("request_id"), "response": answer});
    (asked, json!({"type": "control_response", "response": response}))
}

fn say(pipe: &mut ChildStdin, message: &Value) -> Result<(), String> {
    writeln!(pipe, "{message}")
        .and_then(|()| pipe.flush())
        .map_err(|error| format!("the agent's input: {error}"))
}

fn lines_of(child: &mut Child) -> Result<Receiver<String>, String> {
    let output = child.stdout.take().ok_or("the agent has no output")?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}
