//! The policies a command judges by: those in force, or given files alone.

mod call;
mod sources;

use std::path::PathBuf;

use placet_agents::claude_code;
use placet_client::{Loaded, MachineFacts, Mode};
use placet_hook::{Decided, Deciding};
use placet_model::{
    Action, AgentIdentity, Decision, Enforcement, Facts, Layer, NoFacts, PermissionMode, ToolCall,
};
use placet_policy::{Compiled, FLOOR, PolicySet, Situation, Source, Standing, Trace};
use serde_json::Value;

use crate::commands::Session;
use crate::failure::Failure;
use crate::surroundings::variable;
use sources::{applicable_agent, for_everybody};

pub(crate) use call::{process_facts, tool_call};
pub(crate) use sources::{
    compile, compile_in_force, load_failure, locations_and_sources, read_sources, variables,
};

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
        let Loaded { settings, policy, programs, .. } = loaded;
        let read = |name: &str| variable(name).and_then(|value| value.into_string().ok());
        Ok(Self {
            bytes: policy.bytes().to_vec(),
            agent: settings.identity(),
            enforcement: match settings.effective_mode(&read) {
                Mode::Enforce => Enforcement::Enforce,
                Mode::Audit => Enforcement::Audit,
            },
            facts: Box::new(MachineFacts::new().with_programs(&programs)),
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
        let bare: Vec<Source> = sources
            .into_iter()
            .map(|source| Source { text: for_everybody(&source.text), ..source })
            .collect();
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

    /// What the agent may do, before any call.
    ///
    /// # Errors
    /// When the compiled form is damaged.
    pub(crate) fn standing(&self, sources: &[Source]) -> Result<Standing, Failure> {
        Ok(placet_policy::standing(&self.set()?, &self.agent, sources))
    }

    /// Decides a tool call the way the hook does.
    ///
    /// # Errors
    /// When the compiled form is damaged.
    pub(crate) fn call(&self, call: &ToolCall) -> Result<Decided, Failure> {
        let set = self.set()?;
        let read =
            |name: &str| variable(name).and_then(|value| value.into_string().ok()).filter(|v| !v.is_empty());
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
