//! Scenarios are data: what they may say, and how one entry becomes several runs.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::hosts::Host;
use crate::tools;

/// One file of scenarios.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scenario: Vec<Scenario>,
}

/// What happens, and what must have come of it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// Unique, lower case, with hyphens.
    pub(crate) name: String,
    /// The promise that is tested, in one sentence.
    pub(crate) claim: String,
    /// Permission modes to run in; one run for each.
    #[serde(default = "default_modes")]
    pub(crate) modes: Vec<String>,
    /// Versions of the agent to run with; one run for each.
    #[serde(default = "default_hosts")]
    pub(crate) hosts: Vec<Host>,
    /// Who sits in front of the agent.
    #[serde(default)]
    pub(crate) session: Session,
    /// What a host with a person answers to `can_use_tool`.
    #[serde(default)]
    pub(crate) person: Person,
    /// How long that takes, in milliseconds; time for somebody else to answer first.
    #[serde(default)]
    pub(crate) person_delay_ms: u64,
    /// File of `xtask/e2e/policies/`, without `.yaml`; or `shipped:` and the name of a shipped policy.
    #[serde(default = "default_policy")]
    pub(crate) policy: String,
    /// Files written before the gate is installed, below the project; `{WORLD}` stands for the run's folder.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// More arguments for the agent; `{WORLD}` stands for the run's folder.
    #[serde(default)]
    pub(crate) arguments: Vec<String>,
    /// What is done to the installed gate before the session.
    #[serde(default)]
    pub(crate) fault: Fault,
    /// What the model says, turn by turn.
    pub(crate) turns: Vec<Turn>,
    /// What the model says inside a subagent whose prompt carries `[[script:sub]]`.
    #[serde(default)]
    pub(crate) subagent: Vec<Turn>,
    /// Effects to look for.
    #[serde(default)]
    pub(crate) expect: Expect,
}

/// Who sits in front of the agent.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Session {
    /// Nobody: `-p`.
    #[default]
    Print,
    /// A host that answers questions over the control protocol.
    Host,
    /// A person at a terminal (tmux).
    Terminal,
}

/// What the person answers.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Person {
    /// Yes to everything.
    #[default]
    Allows,
    /// No to everything.
    Denies,
}

/// What is done to the gate after its installation.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Fault {
    /// The hook program is replaced by this script.
    pub(crate) script: Option<String>,
    /// The hook program is removed.
    pub(crate) removed: bool,
    /// The hook program may not be executed any more.
    pub(crate) not_executable: bool,
    /// Only this event's calls meet the fault; all others reach the real hook.
    pub(crate) only: Option<String>,
    /// Seconds that the host waits for the hook.
    pub(crate) timeout: Option<u32>,
    /// The policy file is replaced by this text.
    pub(crate) policy: Option<String>,
    /// The folder of records is replaced by a plain file.
    pub(crate) ledger_blocked: bool,
}

/// One answer of the model.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Turn {
    /// Tool calls; they run side by side.
    pub(crate) calls: Vec<Call>,
    /// What somebody does to the project just before this answer.
    #[serde(default)]
    pub(crate) before: Meddling,
}

/// Changes to files from outside, in mid-session.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Meddling {
    /// Files to write, below the project.
    pub(crate) write: BTreeMap<String, String>,
    /// Files to delete, below the project.
    pub(crate) delete: Vec<String>,
    /// How long the host gets to notice, in milliseconds.
    pub(crate) wait_ms: u64,
}

/// One tool call, with what must become of it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Call {
    /// Short for a Bash call with this command.
    bash: Option<String>,
    /// Short for an Agent call that runs the `subagent` turns.
    #[serde(default)]
    delegate: bool,
    tool: Option<String>,
    #[serde(default)]
    input: BTreeMap<String, toml::Value>,
    /// What the next request must carry for it.
    pub(crate) result: Option<Outcome>,
}

/// What the model is told about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// A result.
    Ok,
    /// An error: refused, or failed.
    Error,
    /// Nothing: the turn ended before.
    None,
}

/// Effects to look for afterwards. Paths are below the project.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expect {
    /// Files that must exist.
    pub(crate) present: Vec<String>,
    /// Files that must not exist.
    pub(crate) absent: Vec<String>,
    /// Files whose text must be exactly this.
    pub(crate) text: BTreeMap<String, String>,
    /// Tools for which the host was asked, in order; `None`: not looked at.
    pub(crate) asked: Option<Vec<String>>,
    /// How many answers of the model the agent asked for before it stopped.
    pub(crate) turns_played: Option<usize>,
    /// Facts that some record of the ledger must hold: dotted path and value.
    pub(crate) records: Vec<BTreeMap<String, toml::Value>>,
    /// Whether records must exist at all (they must, unless the hook was replaced).
    pub(crate) no_records: bool,
}

impl Call {
    /// The tool's name and input as the model would say them; `{PROJECT}` in texts is filled in.
    pub(crate) fn tool_use(&self, project: &str) -> (String, Value) {
        if let Some(command) = &self.bash {
            let command = command.replace("{PROJECT}", project);
            return ("Bash".to_owned(), json!({"command": command, "description": "scripted"}));
        }
        if self.delegate {
            let input = json!({
                "description": "scripted", "prompt": "[[script:sub]] go", "subagent_type": "general-purpose",
                "run_in_background": false,
            });
            return ("Agent".to_owned(), input);
        }
        let mut input = json!(self.input);
        fill(&mut input, project);
        (self.tool.clone().unwrap_or_default(), input)
    }
}

fn fill(value: &mut Value, project: &str) {
    match value {
        Value::String(text) => *text = text.replace("{PROJECT}", project),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, project)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, project)),
        _ => {}
    }
}

/// One scenario in one mode with one version of the agent.
#[derive(Clone)]
pub(crate) struct Run {
    /// `scenario/mode/host`, parts left out where the scenario has only one.
    pub(crate) name: String,
    /// The scenario.
    pub(crate) scenario: Scenario,
    /// The permission mode of this run.
    pub(crate) mode: String,
    /// The agent of this run.
    pub(crate) host: Host,
}

/// Every run of every file in `xtask/e2e`, in the order written.
pub(crate) fn load() -> Result<Vec<Run>, String> {
    let folder = tools::root().join("xtask/e2e");
    let mut runs: Vec<Run> = Vec::new();
    for path in tools::files_below(&folder, ".toml", &[])? {
        let file: File =
            toml::from_str(&tools::read(&path)?).map_err(|error| format!("`{}`: {error}", path.display()))?;
        runs.extend(file.scenario.iter().flat_map(expand));
    }
    let mut names: Vec<&str> = runs.iter().map(|run| run.name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair.first() == pair.last()) {
        Some(pair) => Err(format!("two scenarios are called `{}`", pair.concat())),
        None => Ok(runs),
    }
}

fn expand(scenario: &Scenario) -> Vec<Run> {
    let mut runs = Vec::new();
    for host in &scenario.hosts {
        for mode in &scenario.modes {
            let mut name = scenario.name.clone();
            if scenario.modes.len() > 1 {
                name = format!("{name}/{mode}");
            }
            if scenario.hosts.len() > 1 {
                name = format!("{name}/{}", host.version());
            }
            runs.push(Run { name, scenario: scenario.clone(), mode: mode.clone(), host: *host });
        }
    }
    runs
}

fn default_modes() -> Vec<String> {
    vec!["default".to_owned()]
}

fn default_hosts() -> Vec<Host> {
    vec![Host::Current]
}

fn default_policy() -> String {
    "standard".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_reads_and_makes_a_claim() {
        let runs = load().unwrap();
        assert!(runs.len() >= 30, "{} runs", runs.len());
        for run in &runs {
            assert!(run.scenario.claim.len() > 10, "`{}` claims nothing", run.name);
            let file = match run.scenario.policy.strip_prefix("shipped:") {
                Some(name) => format!("policies/{name}.yaml"),
                None => format!("xtask/e2e/policies/{}.yaml", run.scenario.policy),
            };
            assert!(tools::root().join(file).is_file(), "`{}` names no policy file", run.name);
        }
    }
}
