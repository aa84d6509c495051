//! Settings of the machine and of the user (`placet.yaml`).

use std::fmt;
use std::path::{Path, PathBuf};

use placet_model::AgentIdentity;
use serde::{Deserialize, Serialize};

use crate::organisation::OrganisationTerms;

/// One settings file as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserFile {
    /// Policies in force: names of shipped ones, or files relative to this one.
    pub policies: Option<Vec<String>>,
    /// Whether decisions bind.
    pub mode: Option<Mode>,
    /// The identity of agents on this machine.
    pub agent: AgentFile,
    /// How records are kept.
    pub ledger: LedgerFile,
    /// Which environment variables may loosen a decision.
    pub environment: EnvironmentFile,
    /// Folder of ledger and trust; default `state` beside this file.
    pub state_dir: Option<PathBuf>,
    /// What holds while a policy cannot be compiled. Counts in the machine's file only.
    pub on_bad_policy: Option<OnBadPolicy>,
}

/// `agent:` of a settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentFile {
    /// Name; default `claude-code`.
    pub name: Option<String>,
    /// Tags; default `claude-code`, `dev-agent`, `dev-assistant`.
    pub tags: Option<Vec<String>>,
    /// Trust tier; default `verified`.
    pub tier: Option<String>,
}

/// `ledger:` of a settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LedgerFile {
    /// Whether each record is synced to the disk before the answer.
    pub fsync: Option<Fsync>,
    /// What the answer is when a record cannot be written.
    pub on_failure: Option<LedgerFailure>,
    /// Longest wait for the lock, in milliseconds, before a side segment is opened.
    pub max_wait_ms: Option<u64>,
}

/// `environment:` of a settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentFile {
    /// Variables that may switch enforcement off: `PLACET_MODE`, `MESHGUARD_MODE`.
    pub may_loosen: Vec<String>,
}

/// Whether each record is synced to the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fsync {
    /// Survives the death of the process, not of the power.
    #[default]
    Never,
    /// Survives both; slower.
    Always,
}

/// Whether decisions bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// They do.
    #[default]
    Enforce,
    /// They are recorded, nothing is blocked. The floor still holds.
    Audit,
}

/// What the answer is when a record cannot be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LedgerFailure {
    /// The call is denied.
    #[default]
    Deny,
    /// Allows become asks; denies stay.
    Ask,
    /// The decision stands without a record.
    Ignore,
}

/// What holds while a policy cannot be compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnBadPolicy {
    /// Every call is denied.
    #[default]
    Deny,
    /// The last set that compiled stays in force.
    LastGood,
}

/// Settings in force: the machine's file over the user's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether decisions bind.
    pub mode: Mode,
    /// The identity of agents on this machine.
    pub agent_name: String,
    /// Tags of that identity.
    pub agent_tags: Vec<String>,
    /// Its trust tier.
    pub agent_tier: String,
    /// Whether each record is synced.
    pub fsync: Fsync,
    /// What the answer is when a record cannot be written.
    pub on_ledger_failure: LedgerFailure,
    /// Longest wait for the ledger's lock, in milliseconds.
    pub ledger_wait_ms: u64,
    /// Variables that may switch enforcement off.
    pub may_loosen: Vec<String>,
    /// Folder of ledger and trust.
    pub state: PathBuf,
    /// What holds while a policy cannot be compiled.
    pub on_bad_policy: OnBadPolicy,
    /// What the organisation says beside its policies, where the user is enrolled in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationTerms>,
}

/// A settings file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong, with line and column where they are known.
    pub message: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "settings `{}`: {}", self.file.display(), self.message)
    }
}

impl std::error::Error for SettingsError {}

impl UserFile {
    /// Reads the text of a settings file. An empty one says nothing.
    ///
    /// # Errors
    /// For anything that is not the documented form, unknown keys included.
    pub fn parse(file: &Path, text: &str) -> Result<Self, SettingsError> {
        if text.lines().all(|line| line.trim_start().starts_with('#') || line.trim().is_empty()) {
            return Ok(Self::default());
        }
        serde_saphyr::from_str(text).map_err(|error| SettingsError {
            file: file.to_path_buf(),
            message: first_line(&error.to_string()),
        })
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or(text).to_owned()
}

impl Settings {
    /// Lays the machine's file over the user's. Where a value loosens (`mode: audit`, `may_loosen`,
    /// `on_failure`), the machine's word is final once it is given.
    pub fn merge(machine: &UserFile, user: &UserFile, state: PathBuf, config: &Path) -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let pick = |machine: &Option<PathBuf>, user: &Option<PathBuf>, default: PathBuf| {
            machine.as_ref().or(user.as_ref()).map_or(default, |dir| config.join(dir))
        };
        let may_loosen = if machine.environment.may_loosen.is_empty() {
            user.environment.may_loosen.clone()
        } else {
            machine.environment.may_loosen.clone()
        };
        Self {
            mode: machine.mode.or(user.mode).unwrap_or_default(),
            agent_name: machine
                .agent
                .name
                .clone()
                .or_else(|| user.agent.name.clone())
                .unwrap_or_else(|| "claude-code".to_owned()),
            agent_tags: machine
                .agent
                .tags
                .clone()
                .or_else(|| user.agent.tags.clone())
                .unwrap_or_else(|| names(&["claude-code", "dev-agent", "dev-assistant"])),
            agent_tier: machine
                .agent
                .tier
                .clone()
                .or_else(|| user.agent.tier.clone())
                .unwrap_or_else(|| "verified".to_owned()),
            fsync: machine.ledger.fsync.or(user.ledger.fsync).unwrap_or_default(),
            on_ledger_failure: machine.ledger.on_failure.or(user.ledger.on_failure).unwrap_or_default(),
            ledger_wait_ms: machine.ledger.max_wait_ms.or(user.ledger.max_wait_ms).unwrap_or(20),
            may_loosen,
            state: pick(&machine.state_dir, &user.state_dir, state),
            on_bad_policy: machine.on_bad_policy.unwrap_or_default(),
            organisation: None,
        }
    }

    /// Who agents on this machine are.
    pub fn identity(&self) -> AgentIdentity {
        AgentIdentity {
            name: self.agent_name.clone(),
            tags: self.agent_tags.clone(),
            tier: self.agent_tier.clone(),
            registered: self.organisation.as_ref().map(|terms| Box::new(terms.agent())),
            ..AgentIdentity::default()
        }
    }

    /// The mode after the variables that may loosen it: `audit` counts only from a variable that settings
    /// name; `enforce` always counts. What an organisation enforces is not lifted by anything here.
    pub fn effective_mode(&self, variable: &dyn Fn(&str) -> Option<String>) -> Mode {
        if self.organisation.as_ref().is_some_and(|terms| terms.mode == Mode::Enforce) {
            return Mode::Enforce;
        }
        let mut mode = self.mode;
        for name in ["MESHGUARD_MODE", "PLACET_MODE"] {
            match variable(name).as_deref() {
                Some("enforce") => mode = Mode::Enforce,
                Some("audit") if self.may_loosen.iter().any(|known| known == name) => mode = Mode::Audit,
                _ => {}
            }
        }
        mode
    }
}
