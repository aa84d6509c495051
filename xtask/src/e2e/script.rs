//! Which words the scripted model says next, and what it was told: no sockets here.
//!
//! A script is chosen by a marker in a user text, `[[script:NAME]]`; the last marker of a conversation wins,
//! and the number of assistant messages after it is the turn to play. The server thus keeps no state for
//! a conversation, and an agent that retries gets the same answer again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::scenario::{Meddling, Outcome, Turn};

/// The scripts of one run, and what has been seen of it so far.
pub(crate) struct Stage {
    project: PathBuf,
    scripts: BTreeMap<&'static str, Vec<Turn>>,
    played: BTreeSet<(String, usize)>,
    results: BTreeMap<String, Outcome>,
    texts: BTreeMap<String, String>,
}

/// The tool-use id of a scripted call: tells script, turn and place, so that results can be found again.
pub(crate) fn call_id(script: &str, turn: usize, index: usize) -> String {
    format!("toolu_e2e_{script}_{turn}_{index}")
}

impl Stage {
    /// Scripts `main` and `sub`.
    pub(crate) fn new(project: PathBuf, main: &[Turn], sub: &[Turn]) -> Self {
        let scripts = BTreeMap::from([("main", main.to_vec()), ("sub", sub.to_vec())]);
        Self { project, scripts, played: BTreeSet::new(), results: BTreeMap::new(), texts: BTreeMap::new() }
    }

    /// Takes in one request and gives the content blocks of the answer, after any meddling it calls for.
    pub(crate) fn answer(&mut self, request: &Value) -> Vec<Value> {
        self.remember_results(request);
        let done = || vec![json!({"type": "text", "text": "done"})];
        let Some((name, turn_number)) = self.place(request) else { return done() };
        let first_time = self.played.insert((name.clone(), turn_number));
        let Some(turn) = self.scripts.get(name.as_str()).and_then(|turns| turns.get(turn_number)).cloned()
        else {
            return done();
        };
        if first_time {
            self.meddle(&turn.before);
        }
        let project = self.project.to_string_lossy().into_owned();
        let mut blocks = Vec::new();
        for (index, call) in turn.calls.iter().enumerate() {
            let (tool, input) = call.tool_use(&project);
            let id = call_id(&name, turn_number, index);
            blocks.push(json!({"type": "tool_use", "id": id, "name": tool, "input": input}));
        }
        blocks
    }

    /// How many answers of script `name` were asked for.
    pub(crate) fn turns_played(&self, name: &str) -> usize {
        self.played.iter().filter(|(script, _)| script == name).count()
    }

    /// Ids of all calls of the turns that were played.
    pub(crate) fn calls_made(&self) -> Vec<String> {
        let calls_of = |(script, turn): &(String, usize)| {
            let calls = self
                .scripts
                .get(script.as_str())
                .and_then(|turns| turns.get(*turn))
                .map_or(0, |turn| turn.calls.len());
            (0..calls).map(|index| call_id(script, *turn, index)).collect::<Vec<_>>()
        };
        self.played.iter().flat_map(calls_of).collect()
    }

    /// What the model was told about a call.
    pub(crate) fn result(&self, id: &str) -> Outcome {
        self.results.get(id).copied().unwrap_or(Outcome::None)
    }

    /// The text of that, for failure reports only.
    pub(crate) fn told(&self, id: &str) -> &str {
        self.texts.get(id).map_or("", String::as_str)
    }

    fn place(&self, request: &Value) -> Option<(String, usize)> {
        // Requests without tools are the agent's own errands (titles, classifiers).
        request.get("tools").and_then(Value::as_array).filter(|tools| !tools.is_empty())?;
        let messages = request.get("messages")?.as_array()?;
        let is = |message: &Value, role: &str| message.get("role").and_then(Value::as_str) == Some(role);
        let (index, name) =
            messages.iter().enumerate().rev().filter(|(_, message)| is(message, "user")).find_map(
                |(index, message)| {
                    texts(message).iter().rev().find_map(|text| marker(text)).map(|name| (index, name))
                },
            )?;
        let after = messages.iter().skip(index + 1).filter(|message| is(message, "assistant")).count();
        Some((name, after))
    }

    fn remember_results(&mut self, request: &Value) {
        let empty = Vec::new();
        let messages = request.get("messages").and_then(Value::as_array).unwrap_or(&empty);
        for block in messages.iter().filter_map(|message| message.get("content")?.as_array()).flatten() {
            if block.get("type").and_then(Value::as_str) != Some("tool_result") {
                continue;
            }
            let Some(id) = block.get("tool_use_id").and_then(Value::as_str) else { continue };
            let error = block.get("is_error").and_then(Value::as_bool).unwrap_or(false);
            self.results.insert(id.to_owned(), if error { Outcome::Error } else { Outcome::Ok });
            let content = block.get("content").map(ToString::to_string).unwrap_or_default();
            self.texts.insert(id.to_owned(), content);
        }
    }

    fn meddle(&self, meddling: &Meddling) {
        for (path, text) in &meddling.write {
            let text = text.replace("{PROJECT}", &self.project.to_string_lossy());
            // A failure shows as an effect that does not come; nothing to add here.
            let _ = crate::tools::write(&self.project.join(path), text.as_bytes());
        }
        for path in &meddling.delete {
            let _ = std::fs::remove_file(self.project.join(path));
        }
        std::thread::sleep(Duration::from_millis(meddling.wait_ms));
    }
}

fn texts(message: &Value) -> Vec<&str> {
    match message.get("content") {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(blocks)) => {
            blocks.iter().filter_map(|block| block.get("text").and_then(Value::as_str)).collect()
        }
        _ => Vec::new(),
    }
}

fn marker(text: &str) -> Option<String> {
    let (_, rest) = text.rsplit_once("[[script:")?;
    let (name, _) = rest.split_once("]]")?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_marker_and_the_answers_after_it_tell_the_turn() {
        let stage = Stage::new(PathBuf::from("/p"), &[], &[]);
        let request = json!({"tools": [{}], "messages": [
            {"role": "user", "content": "[[script:main]] go"},
            {"role": "assistant", "content": "a"},
            {"role": "user", "content": [{"type": "text", "text": "[[script:sub]] go"}]},
            {"role": "assistant", "content": "b"},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "x"}]},
        ]});
        assert_eq!(stage.place(&request), Some(("sub".to_owned(), 1)));
        assert_eq!(stage.place(&json!({"messages": request.get("messages")})), None, "no tools: an errand");
    }
}
