//! The policies a command judges by: those in force, or given files alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use placet_agents::claude_code::{self, Incoming, ProcessFacts};
use placet_client::{LoadError, Loaded, Locations, MachineFacts, Mode};
use placet_hook::{Decided, Deciding};
use placet_model::{
    Action, AgentIdentity, Decision, Enforcement, Facts, Layer, NoFacts, PermissionMode, ToolCall,
};
use placet_policy::{Compiled, FLOOR, Options, PolicySet, Situation, Source, Trace};
use serde_json::{Value, json};

use crate::commands::Session;
use crate::diagnostics;
use crate::failure::Failure;
use crate::file;
use crate::outline::Outline;
use crate::surroundings::{Surroundings, variable};

/// Compiled policies with who is judged by them.
pub(crate) struct Judge {
    bytes: Vec<u8>,
    agent: AgentIdentity,
    enforcement: Enforcement,
    facts: Box<dyn Facts>,
    unix_seconds: i64,
}

/// What an action is decided with beside the policies.
pub(crate) struct Circumstances<'a> {
    /// Tool name; empty when no tool is known.
    pub(crate) tool: &'a str,
    /// The tool's input.
    pub(crate) input: &'a Value,
    /// Current directory.
    pub(crate) cwd: &'a str,
    /// Project root.
    pub(crate) project: &'a str,
    /// Home directory.
    pub(crate) home: Option<&'a str>,
    /// Permission mode.
    pub(crate) mode: PermissionMode,
    /// What a client says about the call.
    pub(crate) context: &'a Value,
}

impl Judge {
    /// Those in force here.
    ///
    /// # Errors
    /// When settings or policies cannot be used.
    pub(crate) fn installed(session: &Session<'_>) -> Result<Self, Failure> {
        let locations = session.place.locations()?;
        let loaded = placet_client::load(&locations, &session.place.project)
            .map_err(|error| load_failure(session, error))?;
        if let Some(why) = &loaded.stale {
            session.printer.warning(format_args!("the last good policies stand in: {why}"));
        }
        let Loaded { settings, policy, .. } = loaded;
        let read = |name: &str| variable(name).and_then(|value| value.into_string().ok());
        Ok(Self {
            bytes: policy.bytes().to_vec(),
            agent: AgentIdentity {
                name: settings.agent_name.clone(),
                tags: settings.agent_tags.clone(),
                tier: settings.agent_tier.clone(),
                ..AgentIdentity::default()
            },
            enforcement: match settings.effective_mode(&read) {
                Mode::Enforce => Enforcement::Enforce,
                Mode::Audit => Enforcement::Audit,
            },
            facts: Box::new(MachineFacts::new()),
            unix_seconds: now(),
        })
    }

    /// Given files and nothing else, for an agent they apply to.
    ///
    /// # Errors
    /// When a file cannot be read or does not compile.
    pub(crate) fn alone(session: &Session<'_>, files: &[PathBuf]) -> Result<Self, Failure> {
        let sources = read_sources(&session.place, files)?;
        // Mistakes are shown with the text as it is.
        compile(session, &sources)?;
        let agent = applicable_agent(&sources);
        let bare: Vec<Source> =
            sources.into_iter().map(|source| Source { text: for_everybody(&source.text), ..source }).collect();
        Ok(Self::compiled(compile(session, &bare)?, agent))
    }

    /// The floor and one shipped policy, without facts of this machine.
    ///
    /// # Errors
    /// When they do not compile, which tests rule out.
    pub(crate) fn shipped(session: &Session<'_>, name: &str) -> Result<Self, Failure> {
        let text = placet_policy::shipped(name)
            .ok_or_else(|| Failure::new(format!("no policy named `{name}` is shipped")))?;
        let source = |name: &str, text: &str, layer| Source {
            name: format!("{name} (shipped)"),
            text: text.to_owned(),
            layer,
            trusted: true,
        };
        let sources = [source("floor", FLOOR, Layer::Floor), source(name, text, Layer::User)];
        let compiled = compile(session, &sources)?;
        Ok(Self::compiled(compiled, claude_code::local_agent()))
    }

    fn compiled(compiled: Compiled, agent: AgentIdentity) -> Self {
        Self {
            bytes: compiled.bytes,
            agent,
            enforcement: Enforcement::Enforce,
            facts: Box::new(NoFacts),
            unix_seconds: now(),
        }
    }

    /// The same, looking at the real machine.
    #[must_use]
    pub(crate) fn on_this_machine(mut self) -> Self {
        self.facts = Box::new(MachineFacts::new());
        self
    }

    /// The same for an agent of this name.
    #[must_use]
    pub(crate) fn for_agent(mut self, name: &str) -> Self {
        name.clone_into(&mut self.agent.name);
        self
    }

    /// The machine, as this judge sees it.
    pub(crate) fn facts(&self) -> &dyn Facts {
        self.facts.as_ref()
    }

    /// The compiled policies.
    ///
    /// # Errors
    /// When the compiled form is damaged.
    pub(crate) fn set(&self) -> Result<PolicySet<'_>, Failure> {
        PolicySet::open(&self.bytes).map_err(Failure::new)
    }

    /// Decides a tool call the way the hook does.
    ///
    /// # Errors
    /// When the compiled form is damaged.
    pub(crate) fn call(&self, call: &ToolCall) -> Result<Decided, Failure> {
        let set = self.set()?;
        let read = |name: &str| variable(name).and_then(|value| value.into_string().ok()).filter(|v| !v.is_empty());
        let (autonomy, environment) = (read("CLAUDE_AUTONOMY"), read("ENVIRONMENT"));
        let call = ToolCall { agent: self.agent.clone(), ..call.clone() };
        let with = Deciding {
            set: &set,
            facts: self.facts(),
            enforcement: self.enforcement,
            autonomy: autonomy.as_deref(),
            environment: environment.as_deref(),
            unix_seconds: self.unix_seconds,
        };
        Ok(placet_hook::decide(&call, &with))
    }

    /// Decides actions as they are.
    ///
    /// # Errors
    /// When the compiled form is damaged.
    pub(crate) fn actions(&self, actions: &[Action], with: &Circumstances<'_>) -> Result<Decision, Failure> {
        Ok(placet_policy::decide(&self.set()?, &self.situation(with), actions))
    }

    /// Decides actions as they are, and says why.
    ///
    /// # Errors
    /// When the compiled form is damaged.
    pub(crate) fn explain(&self, actions: &[Action], with: &Circumstances<'_>) -> Result<Trace, Failure> {
        Ok(placet_policy::explain(&self.set()?, &self.situation(with), actions))
    }

    /// The situation policies see.
    pub(crate) fn situation<'a>(&'a self, with: &Circumstances<'a>) -> Situation<'a> {
        Situation {
            agent: &self.agent,
            mode: with.mode,
            tool: with.tool,
            input: with.input,
            cwd: with.cwd,
            project: with.project,
            home: with.home,
            autonomy: None,
            environment: None,
            unix_seconds: self.unix_seconds,
            context: with.context,
            facts: self.facts(),
        }
    }
}

impl<'a> Circumstances<'a> {
    /// Those of a tool call.
    pub(crate) fn of(call: &'a ToolCall) -> Self {
        Self {
            tool: &call.tool,
            input: &call.input,
            cwd: &call.cwd,
            project: &call.project,
            home: call.home.as_deref(),
            mode: call.mode,
            context: &Value::Null,
        }
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Policy files as sources of the user's layer.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn read_sources(place: &Surroundings, files: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    files
        .iter()
        .map(|path| {
            let text = file::read(&place.cwd.join(path))?
                .ok_or_else(|| Failure::new(format!("`{}` does not exist", path.display())))?;
            Ok(Source { name: path.display().to_string(), text, layer: Layer::User, trusted: true })
        })
        .collect()
}

/// Compiles sources that stand for themselves; relative `extends` are looked up in the current directory.
///
/// # Errors
/// When they do not compile; the mistakes are shown.
pub(crate) fn compile(session: &Session<'_>, sources: &[Source]) -> Result<Compiled, Failure> {
    let variables = variables(&session.place);
    let read = |path: &str| std::fs::read_to_string(session.place.cwd.join(path)).ok();
    let options = Options { variables: Some(&variables), read: Some(&read) };
    placet_policy::compile_with(sources, &options).map_err(|error| {
        diagnostics::show(session.printer, &error, &|name| text_of(sources, name));
        Failure::new(match error.errors.len() {
            1 => "the policy has a mistake".to_owned(),
            count => format!("the policy has {count} mistakes"),
        })
    })
}

fn text_of(sources: &[Source], name: &str) -> Option<String> {
    sources.iter().find(|source| source.name == name).map(|source| source.text.clone())
}

/// Compiles what is in force, the floor on top, without touching the cache.
///
/// # Errors
/// When it does not compile.
pub(crate) fn compile_in_force(
    locations: &Locations,
    collected: &placet_client::Collected,
) -> Result<Compiled, placet_policy::CompileError> {
    let floor = Source {
        name: "floor (built in)".to_owned(),
        text: FLOOR.to_owned(),
        layer: Layer::Floor,
        trusted: true,
    };
    let sources: Vec<Source> = std::iter::once(floor).chain(collected.sources.iter().cloned()).collect();
    let variables = placet_client::variables(locations, &collected.settings);
    let read = |path: &str| std::fs::read_to_string(path).ok();
    placet_policy::compile_with(&sources, &Options { variables: Some(&variables), read: Some(&read) })
}

/// Values of `${…}` in path patterns, as far as this machine has them.
pub(crate) fn variables(place: &Surroundings) -> BTreeMap<String, Vec<String>> {
    let collected = place
        .locations()
        .ok()
        .and_then(|locations| Some((placet_client::collect(&locations, &place.project).ok()?.settings, locations)));
    collected.map(|(settings, locations)| placet_client::variables(&locations, &settings)).unwrap_or_default()
}

/// An agent every one of these policies applies to, as far as one can be made up: with the tags they ask for
/// and a tier they accept.
fn applicable_agent(sources: &[Source]) -> AgentIdentity {
    let mut agent = claude_code::local_agent();
    for outline in sources.iter().filter_map(|source| Outline::read(&source.text)) {
        agent.tags.extend(outline.applies_to("tags"));
        if let Some(tier) = outline.applies_to("trustTiers").first() {
            agent.tier.clone_from(tier);
        }
        if let Some(name) = outline.applies_to("agentIds").first() {
            agent.name.clone_from(name);
        }
    }
    agent
}

/// A policy's text without the keys that decide whether it is heard at all (`appliesTo`, `enforcement`). Lines
/// keep their numbers.
fn for_everybody(text: &str) -> String {
    let mut skipping = false;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let starts_key = !line.starts_with([' ', '\t', '-', '#', '\n', '\r', '}', ']']);
        if starts_key {
            skipping = ["appliesTo:", "enforcement:"].iter().any(|key| line.starts_with(key));
        }
        out.push_str(if skipping { "\n" } else { line });
    }
    out
}

/// What to say when the policies in force cannot be used. Mistakes in files are shown with their lines.
pub(crate) fn load_failure(session: &Session<'_>, error: LoadError) -> Failure {
    let hint = "`placet doctor` looks at everything the gate needs; until this is repaired every call is denied";
    match error {
        LoadError::Compile(error) => {
            diagnostics::show(session.printer, &error, &|name| std::fs::read_to_string(name).ok());
            Failure::new("the policies in force do not compile").hint(hint)
        }
        other => Failure::new(other).hint(hint),
    }
}

/// A tool call as Claude Code would send it, read by the same reader.
///
/// # Errors
/// When the input is not what the tool needs.
pub(crate) fn tool_call(
    place: &Surroundings,
    tool: &str,
    input: &Value,
    mode: &str,
    cwd: Option<&Path>,
) -> Result<ToolCall, Failure> {
    let cwd = cwd.map_or_else(|| place.cwd.clone(), |cwd| place.cwd.join(cwd));
    let payload = json!({
        "hook_event_name": "PreToolUse", "session_id": "", "cwd": cwd, "permission_mode": mode,
        "tool_name": tool, "tool_input": input,
    });
    match claude_code::parse(payload.to_string().as_bytes(), &process_facts(place)) {
        Ok(Incoming::Call(call)) => Ok(call),
        Ok(Incoming::Notice(_)) => Err(Failure::new("this is not a tool call")),
        Err(malformed) => Err(Failure::arguments(malformed)),
    }
}

/// What the hook process would know about itself here.
pub(crate) fn process_facts(place: &Surroundings) -> ProcessFacts {
    ProcessFacts {
        cwd: place.cwd.display().to_string(),
        project_dir: Some(place.project.display().to_string()),
        home: place.home.as_ref().map(|home| home.display().to_string()),
        ai_agent: None,
    }
}

/// Placet's folders, for commands that show or change them.
pub(crate) fn locations_and_sources(
    session: &Session<'_>,
) -> Result<(Locations, placet_client::Collected), Failure> {
    let locations = session.place.locations()?;
    let collected = placet_client::collect(&locations, &session.place.project)
        .map_err(|error| load_failure(session, error))?;
    Ok((locations, collected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_judged_alone_is_heard_by_everybody() {
        let text = "name: x\nappliesTo:\n  tags:\n  - a\n\nenforcement: dry_run\nrules: []\n";
        assert_eq!(for_everybody(text), "name: x\n\n\n\n\n\nrules: []\n");
        let text = "appliesTo: {\n tags: [a]\n}\nname: x";
        assert_eq!(for_everybody(text), "\n\n\nname: x");
    }
}
