//! Policies as plain data, and the YAML text that says the same.

use placet_model::Layer;
use placet_policy::Source;
use serde_json::{Map, Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Ask,
    Deny,
}

impl Effect {
    fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) layer: Layer,
    pub(crate) trusted: bool,
    pub(crate) first_match: bool,
    pub(crate) dry_run: bool,
    pub(crate) ask_means_deny: bool,
    /// The word after `defaultEffect:`.
    pub(crate) default: Option<&'static str>,
    /// Keys of `appliesTo` and their values.
    pub(crate) applies_to: Option<Vec<(&'static str, Vec<String>)>>,
    pub(crate) rules: Vec<Rule>,
    /// Action patterns of `humanInTheLoop`.
    pub(crate) approvals: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) effect: Effect,
    pub(crate) name: Option<String>,
    /// Empty: the key is not written (then `tool` is).
    pub(crate) actions: Vec<String>,
    pub(crate) tool: Vec<String>,
    pub(crate) regex: Vec<String>,
    pub(crate) conditions: Vec<Test>,
    pub(crate) unless: Vec<Test>,
    pub(crate) fix: bool,
    pub(crate) last_word: bool,
}

/// One key under `conditions` or `unless`.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// Operators and their texts.
    Resource(Vec<(&'static str, Vec<String>)>),
    Command(CommandTest),
    Path(PathTest),
    Host(Vec<String>),
    /// `mode`, `autonomy`, `environment`, `tier`, `tags` or `tool` with its texts.
    Call(&'static str, Vec<String>),
    Time(TimeTest),
    Context(&'static str, ContextTest),
    /// An older spelling of one resource operator or of `path: {matches}`.
    Alias(&'static str, Vec<String>),
}

/// Empty lists are keys that are not written.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommandTest {
    pub(crate) program: Vec<String>,
    pub(crate) subcommand: Vec<String>,
    pub(crate) flags_any: Vec<String>,
    pub(crate) flags_all: Vec<String>,
    pub(crate) flags_none: Vec<String>,
    pub(crate) arguments: Vec<String>,
    pub(crate) does: Vec<String>,
    pub(crate) understood: Option<bool>,
    pub(crate) location: Vec<String>,
    pub(crate) wrapped_by: Vec<String>,
    pub(crate) operands: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct PathTest {
    pub(crate) matches: Vec<String>,
    pub(crate) inside: Vec<String>,
    pub(crate) outside: Vec<String>,
    pub(crate) reach: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct TimeTest {
    /// Minutes of the day, from and to.
    pub(crate) between: Option<(i64, i64)>,
    /// First and last day, 0 is Monday.
    pub(crate) days: Option<(usize, usize)>,
    pub(crate) zone: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) enum ContextTest {
    Equal(Vec<Value>),
    In(Vec<Value>),
    NotMatches(String),
    Between(i64, i64),
}

pub(crate) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Policy {
    pub(crate) fn source(&self) -> Source {
        Source {
            name: format!("{}.yaml", self.name),
            text: self.yaml(),
            layer: self.layer,
            trusted: self.trusted,
        }
    }

    /// Values are JSON, which is YAML; one rule a line.
    pub(crate) fn yaml(&self) -> String {
        let mut out = format!("name: {}\nversion: \"1\"\n", self.name);
        if self.first_match {
            out.push_str("evaluation: first-match\n");
        }
        if self.dry_run {
            out.push_str("enforcement: dry_run\n");
        }
        if self.ask_means_deny {
            out.push_str("onAsk: deny\n");
        }
        if let Some(word) = self.default {
            out.push_str(&format!("defaultEffect: {word}\n"));
        }
        if let Some(keys) = &self.applies_to {
            let keys: Map<String, Value> =
                keys.iter().map(|(key, values)| ((*key).to_owned(), json!(values))).collect();
            out.push_str(&format!("appliesTo: {}\n", Value::Object(keys)));
        }
        if !self.approvals.is_empty() {
            out.push_str(&format!("humanInTheLoop: {}\n", json!({ "requireApproval": self.approvals })));
        }
        out.push_str("rules:\n");
        for rule in &self.rules {
            out.push_str(&format!("  - {}\n", rule.json()));
        }
        out
    }
}

impl Rule {
    /// Whether the specification calls it conditional.
    pub(crate) fn conditional(&self) -> bool {
        !(self.tool.is_empty()
            && self.regex.is_empty()
            && self.conditions.is_empty()
            && self.unless.is_empty())
    }

    fn json(&self) -> Value {
        let mut map = Map::new();
        map.insert("effect".to_owned(), json!(self.effect.word()));
        if let Some(name) = &self.name {
            map.insert("name".to_owned(), json!(name));
        }
        put(&mut map, "actions", &self.actions);
        put(&mut map, "tool", &self.tool);
        put(&mut map, "regex", &self.regex);
        for (key, tests) in [("conditions", &self.conditions), ("unless", &self.unless)] {
            if !tests.is_empty() {
                map.insert(key.to_owned(), Value::Object(tests.iter().map(Test::json).collect()));
            }
        }
        if self.fix {
            map.insert("fix".to_owned(), json!("another form"));
        }
        if self.last_word {
            map.insert("final".to_owned(), json!(true));
        }
        Value::Object(map)
    }
}

fn put(map: &mut Map<String, Value>, key: &str, values: &[String]) {
    if !values.is_empty() {
        map.insert(key.to_owned(), json!(values));
    }
}

impl Test {
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Resource(_) => "resource",
            Self::Command(_) => "command",
            Self::Path(_) => "path",
            Self::Host(_) => "host",
            Self::Call(key, _) | Self::Alias(key, _) => key,
            Self::Time(_) => "time",
            Self::Context(..) => "context",
        }
    }

    fn json(&self) -> (String, Value) {
        let value = match self {
            Self::Resource(operators) => Value::Object(
                operators.iter().map(|(key, texts)| ((*key).to_owned(), json!(texts))).collect(),
            ),
            Self::Command(test) => test.json(),
            Self::Path(test) => test.json(),
            Self::Host(texts) | Self::Call(_, texts) | Self::Alias(_, texts) => json!(texts),
            Self::Time(test) => test.json(),
            Self::Context(key, test) => json!({ (*key): test.json() }),
        };
        (self.key().to_owned(), value)
    }
}

impl CommandTest {
    fn json(&self) -> Value {
        let mut map = Map::new();
        let mut flags = Map::new();
        put(&mut flags, "any", &self.flags_any);
        put(&mut flags, "all", &self.flags_all);
        put(&mut flags, "none", &self.flags_none);
        if !flags.is_empty() {
            map.insert("flags".to_owned(), Value::Object(flags));
        }
        put(&mut map, "program", &self.program);
        put(&mut map, "subcommand", &self.subcommand);
        put(&mut map, "arguments", &self.arguments);
        put(&mut map, "does", &self.does);
        put(&mut map, "location", &self.location);
        put(&mut map, "wrapped_by", &self.wrapped_by);
        if let Some(understood) = self.understood {
            map.insert("understood".to_owned(), json!(understood));
        }
        if let Some(operands) = self.operands.first() {
            map.insert("operands".to_owned(), json!(operands));
        }
        Value::Object(map)
    }
}

impl PathTest {
    fn json(&self) -> Value {
        let mut map = Map::new();
        put(&mut map, "matches", &self.matches);
        put(&mut map, "inside", &self.inside);
        put(&mut map, "outside", &self.outside);
        if let Some(reach) = self.reach {
            map.insert("reach".to_owned(), json!(reach));
        }
        Value::Object(map)
    }
}

impl TimeTest {
    fn json(&self) -> Value {
        let mut map = Map::new();
        map.insert("zone".to_owned(), json!(self.zone));
        if let Some((from, to)) = self.between {
            let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            map.insert("between".to_owned(), json!(format!("{}-{}", clock(from), clock(to))));
        }
        if let Some((first, last)) = self.days {
            map.insert("days".to_owned(), json!(format!("{}-{}", DAYS[first], DAYS[last])));
        }
        Value::Object(map)
    }
}

impl ContextTest {
    fn json(&self) -> Value {
        match self {
            Self::Equal(values) => json!(values),
            Self::In(values) => json!({ "in": values }),
            Self::NotMatches(glob) => json!({ "not_matches": glob }),
            Self::Between(min, max) => json!({ "min": min, "max": max }),
        }
    }
}
