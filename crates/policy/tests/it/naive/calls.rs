//! Random calls: a situation and its actions.

use placet_model::path::Base;
use placet_model::{
    Action, ActionKind, AgentIdentity, Facts, NoFacts, Origin, PathCertainty, PathRef, PermissionMode, Reach,
    Resource, UrlRef,
};
use placet_policy::Situation;
use serde_json::{Value, json};

use super::command_lines::command;
use super::random::Random;
use super::vocabulary as words;
use super::world::World;

const PROJECT: &str = "/home/dev/proj";

/// What is known about files.
#[derive(Clone, Copy, Debug)]
enum Sight {
    Nothing,
    Plain,
    LinkedHome,
}

/// What there is to see.
pub(crate) struct Worlds {
    plain: World,
    linked: World,
}

impl Worlds {
    pub(crate) fn new() -> Self {
        Self { plain: World::plain(), linked: World::linked() }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    agent: AgentIdentity,
    mode: PermissionMode,
    tool: &'static str,
    input: Value,
    cwd: &'static str,
    home: Option<&'static str>,
    autonomy: Option<&'static str>,
    environment: Option<&'static str>,
    unix_seconds: i64,
    context: Value,
    sight: Sight,
    pub(crate) actions: Vec<Action>,
}

impl Call {
    pub(crate) fn new(random: &mut Random, worlds: &Worlds) -> Self {
        let mut call = Self {
            agent: agent(random),
            mode: PermissionMode::parse(random.pick(&[
                "default",
                "default",
                "acceptEdits",
                "bypassPermissions",
                "auto",
                "future",
            ])),
            tool: random.pick(&words::TOOLS),
            input: if random.chance(10) {
                json!({ "command": random.pick(&words::TEXTS) })
            } else {
                Value::Null
            },
            cwd: random.pick(&[PROJECT, PROJECT, PROJECT, "/home/dev/proj/src"]),
            home: random.chance(92).then_some("/home/dev"),
            autonomy: random.chance(50).then(|| random.pick(&words::AUTONOMY)),
            environment: random.chance(50).then(|| random.pick(&words::ENVIRONMENTS)),
            unix_seconds: 1_700_000_000 + i64::try_from(random.below(86_400 * 500)).unwrap(),
            context: context(random),
            sight: random.pick(&[Sight::Nothing, Sight::Plain, Sight::LinkedHome]),
            actions: Vec::new(),
        };
        let count = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3][random.below(16)];
        call.actions = (0..count).map(|_| call.action(random, worlds)).collect();
        call
    }

    pub(crate) fn situation<'a>(&'a self, worlds: &'a Worlds) -> Situation<'a> {
        Situation {
            agent: &self.agent,
            mode: self.mode,
            tool: self.tool,
            input: &self.input,
            cwd: self.cwd,
            project: PROJECT,
            home: self.home,
            autonomy: self.autonomy,
            environment: self.environment,
            unix_seconds: self.unix_seconds,
            context: &self.context,
            facts: self.facts(worlds),
        }
    }

    fn facts<'a>(&self, worlds: &'a Worlds) -> &'a dyn Facts {
        match self.sight {
            Sight::Nothing => &NoFacts,
            Sight::Plain => &worlds.plain,
            Sight::LinkedHome => &worlds.linked,
        }
    }

    fn action(&self, random: &mut Random, worlds: &Worlds) -> Action {
        let (kind, resource) = match random.below(12) {
            0..=4 => (
                random.pick(&["read:file", "write:file", "delete:file", "mention:file"]),
                self.path(random, worlds),
            ),
            5..=8 => {
                let kind = if random.chance(5) { "execute:unknown" } else { "execute:shell" };
                (kind, Resource::Command(Box::new(command(random))))
            }
            9 => (random.pick(&["read:web_fetch", "read:web_browse", "send:web"]), url(random)),
            10 if random.chance(50) => ("connect:host", host(random)),
            _ => (random.pick(&words::ACTION_NAMES), Resource::Text(random.pick(&words::TEXTS).to_owned())),
        };
        let chain = if random.chance(20) {
            random.some(&["sudo", "env", "bash -c", "/usr/bin/sudo -u root"], 2)
        } else {
            Vec::new()
        };
        Action {
            origin: random.pick(&[Origin::Call, Origin::Command, Origin::Effect]),
            chain,
            ..Action::direct(ActionKind::parse(kind), resource)
        }
    }

    fn path(&self, random: &mut Random, worlds: &Worlds) -> Resource {
        let reach = if random.chance(30) { Reach::Tree } else { Reach::Entry };
        let (raw, certainty) = match random.below(12) {
            0..=6 => (random.pick(&words::PATHS), PathCertainty::Exact),
            7..=9 => (random.pick(&words::PATHNAME_PATTERNS), PathCertainty::Glob),
            10 => (random.pick(&words::PATHS), PathCertainty::Under),
            _ => return Resource::Path(PathRef::unknown("$X", reach)),
        };
        let base = Base { cwd: self.cwd, project: PROJECT, home: self.home };
        Resource::Path(PathRef::new(raw, certainty, reach, base, self.facts(worlds)))
    }
}

fn url(random: &mut Random) -> Resource {
    Resource::Url(UrlRef::parse(random.pick(&words::URLS)))
}

fn host(random: &mut Random) -> Resource {
    Resource::Host(random.chance(85).then(|| random.pick(&words::BARE_HOSTS).to_owned()))
}

fn agent(random: &mut Random) -> AgentIdentity {
    AgentIdentity {
        name: random.pick(&["claude-code", "claude-code", "other"]).to_owned(),
        tags: random.some(&words::TAGS, 3),
        tier: random.pick(&words::TIERS).to_owned(),
        subagent: None,
        subagent_type: None,
        registered: None,
    }
}

fn context(random: &mut Random) -> Value {
    match random.below(6) {
        0 => json!({ "amount": random.below(200), "branch": random.pick(&["main", "topic"]) }),
        1 => json!({ "user": { "role": random.pick(&["admin", "guest"]) }, "amount": 100.0 }),
        2 => json!({ "a.b": "main", "a": { "b": 1.5 }, "branch": true }),
        3 => json!({ "amount": "100", "user.role": 100 }),
        _ => Value::Null,
    }
}
