//! Policies, rules and conditions.

use placet_model::{Layer, Reach, Verdict};

use super::{CommandCond, HostPattern, PathPattern, UrlPattern, Words};

/// One policy with everything it extends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) layer: Layer,
    pub(crate) trusted: bool,
    pub(crate) dry_run: bool,
    pub(crate) first_match: bool,
    /// An ask of this policy is a deny.
    pub(crate) asks_deny: bool,
    /// `None`: silent when no rule matches.
    pub(crate) default: Option<Verdict>,
    /// Line of `defaultEffect`; 0 when it was not written.
    pub(crate) default_line: u32,
    /// `None`: every agent.
    pub(crate) applies_to: Option<AppliesTo>,
    /// How much of the records is kept.
    pub(crate) audit: Option<Audit>,
    pub(crate) rules: Vec<Rule>,
}

/// `audit:` as written; what is absent keeps everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Audit {
    pub(crate) enabled: bool,
    /// Denials and asks only.
    pub(crate) grave_only: bool,
    pub(crate) include: Vec<String>,
    pub(crate) retention_days: Option<u32>,
}

/// Which agents a policy reaches. A key that is not there is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AppliesTo {
    pub(crate) tags: Option<Vec<String>>,
    /// Canonical tier names.
    pub(crate) tiers: Option<Vec<String>>,
    pub(crate) agents: Option<Vec<String>>,
    pub(crate) organisations: Option<Vec<String>>,
}

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    Allow,
    Ask,
    Deny,
}

impl Effect {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) name: String,
    /// Whether the name was written, so that an extending policy may replace the rule.
    pub(crate) named: bool,
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) effect: Effect,
    pub(crate) actions: Vec<String>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) unless: Vec<Condition>,
    pub(crate) reason: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) fix: Option<String>,
    pub(crate) last_word: bool,
    pub(crate) interrupt: bool,
    pub(crate) alert: Option<String>,
    /// JSON of `approval:`.
    pub(crate) approval: Option<String>,
    /// JSON of `rewrite:`.
    pub(crate) rewrite: Option<String>,
}

impl Rule {
    pub(crate) fn conditional(&self) -> bool {
        !self.conditions.is_empty() || !self.unless.is_empty()
    }
}

/// One key under `conditions:` (or `tool:`, `regex:` beside it).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Resource(ResourceCond),
    Command(CommandCond),
    Path(PathCond),
    Host(Vec<HostPattern>),
    /// Bit n: mode n in the order of `source::conditions::MODES`.
    Mode(u32),
    Autonomy(Vec<String>),
    Environment(Vec<String>),
    Time(TimeCond),
    Tier(Vec<String>),
    Tags(Vec<String>),
    Context {
        key: String,
        test: ContextTest,
    },
    Tool(Vec<String>),
}

/// Operator under `resource:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResourceOp {
    Matches,
    StartsWith,
    Contains,
    Regex,
}

/// One operator under `resource:`, read for every kind of resource it may meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResourceCond {
    pub(crate) op: ResourceOp,
    /// As written, braces expanded.
    pub(crate) texts: Vec<String>,
    pub(crate) paths: Vec<PathPattern>,
    pub(crate) urls: Vec<UrlPattern>,
    pub(crate) words: Vec<Words>,
}

/// `path:`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PathCond {
    /// `None`: not asked. May be empty: matches nothing.
    pub(crate) matches: Option<Vec<PathPattern>>,
    /// Bit 0 project, 1 home, 2 cwd, 3 tmp.
    pub(crate) inside: u32,
    pub(crate) outside: u32,
    pub(crate) reach: Option<Reach>,
}

/// `time:`; minutes of the day, days as bits from Monday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimeCond {
    /// Empty: the whole day.
    pub(crate) between: Vec<(u32, u32)>,
    pub(crate) days: u32,
    /// Seconds since 1970 from which an offset (seconds east) holds; sorted, the first at the beginning.
    pub(crate) offsets: Vec<(i64, i32)>,
}

/// One test under `context:`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ContextTest {
    /// Equal to one of them; JSON texts.
    In(Vec<String>),
    /// A text that none of the globs matches.
    NotMatches(Vec<String>),
    /// A number in this range (ends included).
    Range(Option<f64>, Option<f64>),
}
