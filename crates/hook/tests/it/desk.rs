//! A place to decide at: compiled policies and a small pretended file system.

use std::collections::BTreeMap;

use placet_agents::claude_code::local_agent;
use placet_hook::{Decided, Deciding, decide};
use placet_model::{CallEvent, Enforcement, Entries, EntryKind, Facts, PermissionMode, SessionId, ToolCall};
use placet_policy::{FLOOR, Layer, Options, PolicySet, SHIPPED, Source, compile_with};
use serde_json::{Value, json};

/// Where every row of the corpora takes place.
pub(crate) const PROJECT: &str = "/home/dev/project";
pub(crate) const HOME: &str = "/home/dev";

/// Files and links that exist; everything else does not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pretended {
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) links: BTreeMap<String, String>,
    pub(crate) variables: BTreeMap<String, String>,
    /// Files that earlier steps wrote, and whether what they hold is more than computing.
    pub(crate) written: BTreeMap<String, bool>,
}

impl Facts for Pretended {
    fn variable(&self, name: &str) -> Option<String> {
        match name {
            "HOME" => Some(HOME.to_owned()),
            "PATH" => Some("/usr/bin:/bin".to_owned()),
            "USER" => Some("dev".to_owned()),
            other => self.variables.get(other).cloned(),
        }
    }

    fn canonical(&self, path: &str) -> Option<String> {
        for (link, target) in &self.links {
            if path == link {
                return Some(target.clone());
            }
            if let Some(rest) = path.strip_prefix(&format!("{link}/")) {
                return Some(format!("{target}/{rest}"));
            }
        }
        Some(path.to_owned())
    }

    fn kind(&self, path: &str) -> Option<EntryKind> {
        if self.files.contains_key(path) {
            return Some(EntryKind::File);
        }
        let below = format!("{path}/");
        let known = [PROJECT, HOME, "/", "/tmp", "/etc", "/usr", "/bin", "/home"].contains(&path);
        (known || self.files.keys().any(|file| file.starts_with(&below))).then_some(EntryKind::Directory)
    }

    fn text(&self, path: &str, limit_bytes: usize) -> Option<String> {
        self.files.get(path).filter(|text| text.len() <= limit_bytes).cloned()
    }

    fn entries(&self, path: &str, deep: bool, _limit: usize) -> Entries {
        let below = if path == "/" { "/".to_owned() } else { format!("{path}/") };
        let mut names: Vec<String> = self
            .files
            .keys()
            .filter_map(|file| file.strip_prefix(&below))
            .map(
                |rest| if deep { rest.to_owned() } else { rest.split('/').next().unwrap_or(rest).to_owned() },
            )
            .collect();
        names.dedup();
        Entries::All(names)
    }

    fn session_wrote(&self, path: &str) -> bool {
        self.written.contains_key(path)
    }

    fn session_planted(&self) -> Option<String> {
        self.written.iter().find(|(_, planted)| **planted).map(|(path, _)| path.clone())
    }
}

/// Compiled policies under the floor.
pub(crate) struct Desk {
    bytes: Vec<u8>,
}

impl Desk {
    /// A shipped policy under the floor.
    pub(crate) fn shipped(name: &str) -> Self {
        let text = SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).unwrap();
        Self::of(&[(name, text)])
    }

    pub(crate) fn of(policies: &[(&str, &str)]) -> Self {
        let floor = Source { name: "floor".into(), text: FLOOR.into(), layer: Layer::Floor, trusted: true };
        Self::compiled(vec![floor], policies)
    }

    /// A policy with nothing above it.
    pub(crate) fn alone(name: &str, text: &str) -> Self {
        Self::compiled(Vec::new(), &[(name, text)])
    }

    fn compiled(mut sources: Vec<Source>, policies: &[(&str, &str)]) -> Self {
        sources.extend(policies.iter().map(|(name, text)| Source {
            name: (*name).into(),
            text: (*text).into(),
            layer: Layer::User,
            trusted: true,
        }));
        let variables = variables();
        let options = Options { variables: Some(&variables), read: None, on_trial: None };
        let compiled = compile_with(&sources, &options).unwrap_or_else(|error| panic!("{error}"));
        Self { bytes: compiled.bytes }
    }

    pub(crate) fn decide(&self, call: &ToolCall, facts: &dyn Facts) -> Decided {
        self.decide_in(call, facts, None, None)
    }

    /// The same where decisions may not bind.
    pub(crate) fn decide_as(&self, call: &ToolCall, facts: &dyn Facts, enforcement: Enforcement) -> Decided {
        let set = PolicySet::open(&self.bytes).unwrap();
        let with = Deciding {
            set: &set,
            facts,
            enforcement,
            autonomy: None,
            environment: None,
            unix_seconds: 1_800_000_000,
        };
        decide(call, &with)
    }

    /// The same, with autonomy level and environment.
    pub(crate) fn decide_in(
        &self,
        call: &ToolCall,
        facts: &dyn Facts,
        autonomy: Option<&str>,
        environment: Option<&str>,
    ) -> Decided {
        let set = PolicySet::open(&self.bytes).unwrap();
        let with = Deciding {
            set: &set,
            facts,
            enforcement: Enforcement::Enforce,
            autonomy,
            environment,
            unix_seconds: 1_800_000_000,
        };
        decide(call, &with)
    }
}

/// What `${…}` stands for.
pub(crate) fn variables() -> BTreeMap<String, Vec<String>> {
    let home = |rest: &str| vec![format!("{HOME}/{rest}")];
    BTreeMap::from([
        ("placet.config".to_owned(), vec![format!("{HOME}/.config/placet"), "/etc/placet".to_owned()]),
        ("placet.state".to_owned(), home(".config/placet/state")),
        ("placet.cache".to_owned(), home(".config/placet/cache")),
        (
            "placet.binary".to_owned(),
            vec!["/usr/local/bin/placet".to_owned(), "/usr/local/bin/placet-hook".to_owned()],
        ),
        ("claude.config".to_owned(), home(".claude")),
    ])
}

pub(crate) fn call(tool: &str, input: Value) -> ToolCall {
    ToolCall {
        event: CallEvent::PreToolUse,
        agent: local_agent(),
        session: SessionId("s".into()),
        tool_use: None,
        tool: tool.into(),
        input,
        cwd: PROJECT.into(),
        project: PROJECT.into(),
        home: Some(HOME.into()),
        mode: PermissionMode::Default,
    }
}

pub(crate) fn bash(command: &str) -> ToolCall {
    call("Bash", json!({"command": command}))
}
